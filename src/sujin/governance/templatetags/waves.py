"""``{% load waves %}``: shares and small chances in words."""

from django import template
from django.utils.translation import gettext as _t

register = template.Library()
_SMALL = 0.001
_ALMOST = 0.999


@register.filter
def percent(share: float | None) -> str:
    """``8.3%``; a dash of nothing."""
    return "—" if share is None else f"{100 * share:.3g}%"


@register.filter
def chance(p: float) -> str:
    """How unlikely, as one in so many."""
    if p >= _SMALL:
        return percent(p)
    if p < 1e-6:
        return _t("不到百万分之一")
    return _t("约 %(n)s 分之一") % {"n": f"{1 / p:,.0f}"}


@register.filter
def surely(p: float) -> str:
    """A chance near 1 is never said to be 1."""
    return f"> {_ALMOST:.1%}" if p > _ALMOST else f"{p:.1%}"
