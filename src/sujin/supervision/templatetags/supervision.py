"""``{% load supervision %}``: how figures of this room are said."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sujin.supervision import starbook
from sujin.supervision.kinds.inspection import FAIL
from sujin.supervision.models import StarSheet

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
def stars(sheet: StarSheet) -> SafeString:
    """An outlet's full and empty stars, with their name for who does not see them; of any other
    unit the name of its level."""
    if sheet.round.scheme != starbook.OUTLET:
        return format_html('<span class="badge">{}</span>', sheet.star_name)
    most = max(starbook.levels(sheet.round.scheme))
    drawn = "★" * sheet.star + "☆" * (most - sheet.star)
    shown = '<span class="stars" role="img" aria-label="{}">{}</span>'
    return format_html(shown, sheet.star_name, drawn)
