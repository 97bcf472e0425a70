"""``{% load training %}``: shares of people and tests as a reader expects them."""

from django import template

from sujin.engine.training import Share

register = template.Library()


@register.filter
def share(one: Share) -> str:
    """Whole percent; a dash of nothing."""
    return "—" if one.value is None else f"{one.value:.0%}"


@register.filter
def whole(one: Share) -> str:
    """As `share`, but 100 % only of all: 999 of 1000 are 99 %."""
    return "—" if not one.of else f"{100 * one.hits // one.of}%"


@register.filter
def between(one: Share) -> str:
    """The interval; nothing of nothing."""
    if not one.of:
        return ""
    low, high = one.between
    return f"{low:.0%}–{high:.0%}"
