"""What can happen to a work order: opened by a figure, taken in hand, and closed by figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.engine.indicators import Rule, State
from sujin.governance.indicatorbook import indicators
from sujin.governance.kinds.late import Escalated
from sujin.platform.journal import Kind

OPENED, ACKNOWLEDGED, CLOSED = "opened", "acknowledged", "closed"
ORDER_STATES = {OPENED: _("待签收"), ACKNOWLEDGED: _("办理中"), CLOSED: _("已办结")}
# Somebody still has something to do about these.
STANDING = (OPENED, ACKNOWLEDGED)


def figure(indicator: str, value: float | None) -> str:
    """``92.3%``, or ``12.5 天``; a dash of nothing."""
    row = indicators().get(indicator)
    if value is None:
        return "—"
    if row is not None and not row.is_share:
        return _t("%(n)s 天") % {"n": f"{value:.1f}"}
    return f"{100 * value:.1f}%"


def span(indicator: str, low: float | None, high: float | None) -> str:
    """``（90.1–95.0%）``; nothing where there are too few cases for an interval."""
    row = indicators().get(indicator)
    if low is None or high is None:
        return ""
    if row is not None and not row.is_share:
        return _t("（%(low)s–%(high)s 天）") % {"low": f"{low:.1f}", "high": f"{high:.1f}"}
    return _t("（%(low)s–%(high)s）") % {"low": f"{100 * low:.1f}", "high": f"{100 * high:.1f}%"}


@dataclass(frozen=True, kw_only=True)
class OrderGauged(Kind):
    """The figure of a period, as it stood when the order read it."""

    indicator: str
    first: date
    last: date
    n: int
    bad: int
    value: float | None
    low: float | None
    high: float | None
    threshold: float

    def _said(self) -> dict[str, object]:
        shown = {name: figure(self.indicator, getattr(self, name)) for name in _SHOWN}
        days = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        ends = span(self.indicator, self.low, self.high)
        return {**shown, **days, "span": ends, "n": self.n, "bad": self.bad}


_SHOWN = ("value", "threshold")


@dataclass(frozen=True, kw_only=True)
class OrderOpened(OrderGauged):
    """A figure lies beyond its target by more than chance; the owner has until
    ``acknowledge_by``. ``p`` is how often a unit on target looks like this."""

    code, icon, title = "order.opened", "alarm", _("自动开出督办单")
    caches: ClassVar[Mapping[str, str]] = {
        "indicator": "indicator",
        "org_id": "org",
        "owner_id": "owner",
        "since": "first",
        "last": "first",
        "acknowledge_by": "acknowledge_by",
        "state": "state",
    }
    org: int
    owner: int
    rule: str
    p: float
    run: int
    acknowledge_by: datetime
    state: str = OPENED

    def sentence(self) -> str:
        said = {**self._said(), "run": self.run}
        told = _t(
            "%(first)s 至 %(last)s：%(value)s%(span)s，目标 %(threshold)s，"
            "%(n)d 件中 %(bad)d 件在不利一侧"
        )
        if self.rule == Rule.RUN:
            told += _t("；连续 %(run)d 期如此")
        return told % said


@dataclass(frozen=True, kw_only=True)
class OrderFollowed(OrderGauged):
    """The next period's figure; ``inside`` counts those in succession that are on target."""

    code, icon, title = "order.followed", "chart-line", _("下一期测值")
    caches: ClassVar[Mapping[str, str]] = {"last": "first", "inside": "inside"}
    state: str
    inside: int

    def sentence(self) -> str:
        said = {**self._said(), "inside": self.inside}
        told = _t("%(first)s 至 %(last)s：%(value)s，目标 %(threshold)s，%(n)d 件")
        if self.state == State.FEW:
            return (told + _t("；件数太少，不计")) % said
        if self.inside:
            return (told + _t("；连续 %(inside)d 期达标")) % said
        return (told + _t("；仍未达标")) % said


@dataclass(frozen=True, kw_only=True)
class OrderAcknowledged(Kind):
    """The owner has it in hand, and says what is to be done."""

    code, icon, title = "order.acknowledged", "checks", _("签收督办单")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "acknowledged_at": "acknowledged_at"}
    words: str
    acknowledged_at: datetime
    state: str = ACKNOWLEDGED

    def sentence(self) -> str:
        return _t("已签收：%(words)s") % {"words": self.words}


@dataclass(frozen=True, kw_only=True)
class OrderReported(Kind):
    """The owner says what was done meanwhile; only figures close an order."""

    code, icon, title = "order.reported", "message-2", _("整改情况")
    words: str

    def sentence(self) -> str:
        return self.words


@dataclass(frozen=True, kw_only=True)
class OrderEscalated(Escalated):
    code = "order.escalated"


@dataclass(frozen=True, kw_only=True)
class OrderClosed(Kind):
    """Enough periods in succession are on target; ``evidence`` are their figures."""

    code, icon, title = "order.closed", "circle-check", _("自动办结")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "closed_at": "closed_at"}
    indicator: str
    evidence: tuple[dict[str, Any], ...]
    closed_at: datetime
    state: str = CLOSED

    def sentence(self) -> str:
        told = [
            f"{one['first']} {figure(self.indicator, one['value'])}（{one['n']}）"
            for one in self.evidence
        ]
        said = {"n": len(self.evidence), "told": _t("、").join(told)}
        return _t("连续 %(n)d 期达标，自动办结：%(told)s") % said


ORDER_KINDS: list[type[Kind]] = [
    OrderOpened, OrderFollowed, OrderAcknowledged, OrderReported, OrderEscalated, OrderClosed,
]  # fmt: skip
