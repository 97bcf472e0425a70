"""``{% load supervision %}``: how figures of this room are said."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

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
