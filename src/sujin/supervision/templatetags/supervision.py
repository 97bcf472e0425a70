"""``{% load supervision %}``: how figures of this room are said."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sujin.supervision import starbook
from sujin.supervision.kinds.inspection import FAIL

register = template.Library()


@register.filter
def share(value: float | None) -> str:
    """``12.3%``; a dash of nothing."""
    return "—" if value is None else f"{100 * value:.1f}%"


@register.filter
def failed(result: Sequence[Mapping[str, Any]]) -> int:
    """How many items of a handed-in list failed."""
    return sum(one["mark"] == FAIL for one in result)


@register.simple_tag
def stars(star: int) -> SafeString:
    """Full and empty stars, with the name of the star for who does not see them."""
    most = max(starbook.levels())
    drawn = "★" * star + "☆" * (most - star)
    label = starbook.level_name(star)
    return format_html('<span class="stars" role="img" aria-label="{}">{}</span>', label, drawn)
