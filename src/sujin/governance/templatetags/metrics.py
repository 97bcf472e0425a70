"""``{% load metrics %}``: words and marks of the catalogue."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t

from sujin.engine.standing import Standing
from sujin.governance.metric_board import Line
from sujin.governance.metricbook import Metric
from sujin.governance.topics import Topic
from sujin.governance.wave_words import names
from sujin.platform.templatetags.ui import icon

register = template.Library()


@register.filter
def told(metric: Metric, what: str) -> str:
    """A word of the metric in the reader's language."""
    return metric.said(what)


@register.filter
def minus(whole: int, part: int) -> int:
    return whole - part


@register.filter
def topic_url(topic: Topic) -> str:
    """Where its cases and their course are."""
    return names([topic.node]).page("complaint", topic.node)


@register.simple_tag
def turn(line: Line) -> SafeString:
    """``变好`` or ``变差``, by shape and word; nothing where one cannot tell."""
    if not line.turn:
        return SafeString("")
    is_better = line.turn == "better"
    return format_html(
        '<span class="badge metric-{}">{} {}</span>', line.turn,
        icon("circle-check" if is_better else "alert-triangle"),
        _t("变好") if is_better else _t("变差"),
    )  # fmt: skip


@register.simple_tag
def standing(metric: Metric, found: Standing | None) -> SafeString:
    """Higher or lower than all together, for better or worse; or that one cannot tell."""
    if found is None:
        return format_html("<small>{}</small>", _t("件数太少，不比"))
    if found is Standing.SAME:
        return format_html("<small>{}</small>", _t("分不开"))
    word = _t("高于合计") if found is Standing.ABOVE else _t("低于合计")
    if metric.better == "none":
        return format_html('<span class="badge">{}</span>', word)
    is_good = (found is Standing.ABOVE) == (metric.better == "more")
    look, shape = ("better", "circle-check") if is_good else ("worse", "alert-triangle")
    return format_html('<span class="badge metric-{}">{} {}</span>', look, icon(shape), word)
