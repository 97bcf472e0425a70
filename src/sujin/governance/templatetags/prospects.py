"""``{% load prospects %}``: shares as whole or tenths of a percent."""

from django import template

register = template.Library()


@register.filter
def in_percent(share: float | None, places: int = 1) -> str:
    """``8.3%``; a dash of nothing. What is not quite everything is never rounded to it."""
    if share is None:
        return "—"
    told = f"{100 * share:.{places}f}%"
    return "> 99%" if share < 1 and told == "100%" else told
