"""``{% load prospects %}``: shares as whole or tenths of a percent."""

from django import template

register = template.Library()


@register.filter
def in_percent(share: float | None, places: int = 1) -> str:
    """``8.3%``; a dash of nothing."""
    return "—" if share is None else f"{100 * share:.{places}f}%"
