"""``{% load indicators %}``: figures, their intervals, and what they may say, by shape and word."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sujin.engine.indicators import State
from sujin.governance.indicatorbook import Indicator
from sujin.governance.kinds import order
from sujin.governance.kinds.order import figure
from sujin.governance.models import Gauge
from sujin.governance.models.order import GAUGE_STATES
from sujin.platform.templatetags.ui import icon

register = template.Library()
ICONS = {
    State.INSIDE: "check",
    State.BEYOND: "point",
    State.BREACHED: "alert-triangle",
    State.FEW: "circle-minus",
}


@register.filter
def measured(gauge: Gauge) -> str:
    """The figure; a dash of nothing."""
    return figure(gauge.indicator, gauge.value)


@register.filter
def span(gauge: Gauge) -> str:
    """Its 95 % interval in brackets; nothing where there are too few cases for one."""
    return order.span(gauge.indicator, gauge.low, gauge.high)


@register.filter
def goal(row: Indicator) -> str:
    """The target of today."""
    return figure(row.code, row.threshold)


@register.filter
def goal_then(gauge: Gauge) -> str:
    """The target that the figure was judged by."""
    return figure(gauge.indicator, gauge.threshold)


@register.filter
def told(row: Indicator, what: str) -> str:
    """A word of the row in the reader's language."""
    return row.said(what)


@register.filter
def unlocalised(value: float) -> str:
    """A coordinate, whatever the language writes for a decimal point."""
    return f"{value:g}"


@register.simple_tag
def gauge_state(gauge: Gauge) -> SafeString:
    """The state with its shape and word."""
    return _badge(State(gauge.state))


@register.simple_tag
def gauge_mark(gauge: Gauge) -> SafeString:
    """The shape alone; its word for whoever hears the page."""
    state = State(gauge.state)
    return icon(ICONS[state], str(GAUGE_STATES[state]))


@register.simple_tag
def gauge_key() -> SafeString:
    """What the shapes mean."""
    return format_html_join(" ", "{}", ((_badge(state),) for state in State))


def _badge(state: State) -> SafeString:
    shown = '<span class="badge gauge-badge-{}">{} {}</span>'
    return format_html(shown, state, icon(ICONS[state]), GAUGE_STATES[state])


@register.filter
def moved(share: float) -> str:
    """``+12%``: how much more than before."""
    return "∞" if share == float("inf") else f"{100 * share:+.0f}%"
