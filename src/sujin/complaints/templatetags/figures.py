"""``{% load figures %}``: numbers for people, and the way from each number to its cases."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t

from sujin.complaints.figures.layers import Branch
from sujin.complaints.kinds.base import in_language
from sujin.complaints.rulebook import rulebook
from sujin.engine.rates import Share
from sujin.platform.ui import time

register = template.Library()
NOTHING = "—"
DAY = timedelta(days=1)


@register.simple_tag(takes_context=True)
def opens(context: Mapping[str, Any], count: int, **narrowed: str | int) -> SafeString | str:
    """A count as a link to exactly its cases; nothing is nothing to open."""
    if not count:
        return "0"
    shown = '<a class="num" href="{}">{}</a>'
    return format_html(shown, context["asked"].cases(**narrowed), f"{count:,}")


@register.simple_tag(takes_context=True)
def opens_route(
    context: Mapping[str, Any], count: int, row: str, *, after: bool
) -> SafeString | str:
    """The cases of a routing row before or from the day the policy changed, as ``opens``."""
    if not count:
        return "0"
    shown = '<a class="num" href="{}">{}</a>'
    return format_html(shown, context["asked"].of_route(row, after=after), f"{count:,}")


@register.simple_tag(takes_context=True)
def branch_cases(context: Mapping[str, Any], branch: Branch, layer: int = 0) -> str:
    """The address of a unit's cases, or of those it solved in one layer."""
    asked = context["asked"]
    narrowed: dict[str, str | int] = {"layer": layer} if layer else {}
    if branch.org is None:
        return str(asked.cases(outside=asked.top.code, **narrowed))
    name = "origin" if branch.org == asked.top else "brought"
    return str(asked.cases(**{name: branch.org.code}, **narrowed))


@register.filter
def cell(layer: int, outcome: str) -> str:
    """One number of the funnel, as the list's filter names it."""
    return f"{layer}-{outcome}"


@register.filter
def route_because(row: str) -> str:
    """Why the routing table sends cases by this row."""
    found = next((one for one in rulebook().routes if one.row == row), None)
    return in_language(found.because) if found else ""


@register.filter
def percent(share: Share) -> SafeString | str:
    """The share; of few cases with its 95 % interval."""
    if share.rate is None:
        return NOTHING
    rate = f"{share.rate:.1%}"
    if not share.is_small:
        return rate
    low, high = share.interval
    told = _t("95%% 区间 %(low)s–%(high)s") % {"low": f"{low:.0%}", "high": f"{high:.0%}"}
    return format_html('{} <small class="interval">{}</small>', rate, told)


@register.filter
def plain_percent(share: Share) -> str:
    """A share of time, which has no number of cases behind it."""
    return NOTHING if share.rate is None else f"{share.rate:.1%}"


@register.filter
def width(share: Share) -> str:
    """The share as the width of a bar."""
    return f"{(share.rate or 0) * 100:.2f}"


@register.filter
def span(value: timedelta | float | None) -> str:
    """A length of time in its two largest units; seconds are taken as they are."""
    if value is None:
        return NOTHING
    length = value if isinstance(value, timedelta) else timedelta(seconds=value)
    return time.words(max(length, timedelta(0)))


@register.filter
def change(value: timedelta | None) -> str:
    """A difference in days with its sign, in hours below one day."""
    if value is None:
        return NOTHING
    if abs(value) < DAY:
        return _t("%(n)s 小时") % {"n": _signed(value / timedelta(hours=1))}
    return _t("%(n)s 天") % {"n": _signed(value / DAY)}


def _signed(number: float) -> str:
    return f"{number:+.1f}".replace("-", "−")


@register.filter
def mean(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


@register.filter
def entry(table: Mapping[Any, Any], key: Any) -> Any:
    """``table[key]``, for a table that a template walks along with another."""
    return table[key]
