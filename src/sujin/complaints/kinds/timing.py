"""What moves a limit: extended, paused and resumed, agreed with the customer, begun anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import Anew, DocketKind, in_language
from sujin.engine.sla import Tick


@dataclass(frozen=True, kw_only=True)
class Moves(DocketKind):
    """The row's next limit, read again from the docket with this entry on it."""

    caches: ClassVar[Mapping[str, str]] = {"due_at": "due_at", "due_clock": "due_clock"}
    because: str
    due_at: datetime | None = None
    due_clock: str = ""


@dataclass(frozen=True, kw_only=True)
class Extended(Moves):
    """A limit was lifted to a later stage, under one body of rules."""

    code, icon, title, tick, public = (
        "complaint.extended",
        "calendar-event",
        _("延长办理期限"),
        "extended",
        True,
    )
    caches = {**Moves.caches, "untold": "untold"}
    regime: str
    clock: str
    stage: int
    until: datetime
    article: str
    titles: Mapping[str, str] = field(default_factory=dict)
    # The customer has still to be told of it, where the article says so.
    untold: bool = False

    def as_tick(self, at: datetime) -> Tick:
        return Tick(self.tick, at, self.stage, regime=self.regime)

    def sentence(self) -> str:
        return _t("%(what)s，至 %(until)s：%(because)s（%(article)s）") % {
            "what": in_language(self.titles) or self.title,
            "until": _day(self.until),
            "because": self.because,
            "article": self.article,
        }


@dataclass(frozen=True, kw_only=True)
class Told(DocketKind):
    """The customer was told of the extension, and why."""

    code, icon, title, public = "complaint.told", "message-2", _("告知客户延期"), True
    caches = {"untold": "untold"}
    way: str
    note: str
    untold: bool = False

    def sentence(self) -> str:
        return _t("已告知客户延期：%(note)s") % {"note": self.note}


@dataclass(frozen=True, kw_only=True)
class Paused(Moves):
    """Time that does not count has begun, for a cause that the rules accept."""

    code, icon, title, tick, public = (
        "complaint.paused",
        "clock-pause",
        _("中止计时"),
        "paused",
        True,
    )
    caches = {**Moves.caches, "paused_at": "paused_at"}
    cause: str
    titles: Mapping[str, str]
    paused_at: datetime

    def as_tick(self, at: datetime) -> Tick:
        return Tick(self.tick, at, cause=self.cause)

    def sentence(self) -> str:
        said = {"cause": in_language(self.titles), "because": self.because}
        return _t("%(cause)s，中止计时：%(because)s") % said


@dataclass(frozen=True, kw_only=True)
class Resumed(Moves):
    """Time counts again."""

    code, icon, title, tick, public = (
        "complaint.resumed",
        "clock-play",
        _("恢复计时"),
        "resumed",
        True,
    )
    caches = {**Moves.caches, "paused_at": "paused_at"}
    paused_at: datetime | None = None

    def sentence(self) -> str:
        return _t("恢复计时：%(because)s") % {"because": self.because}


@dataclass(frozen=True, kw_only=True)
class Agreed(Moves):
    """Both sides agreed on a date for the decision (Order 3 of 2020, article 21)."""

    code, icon, title, tick, public = (
        "complaint.agreed",
        "calendar",
        _("与客户约定期限"),
        "agreed",
        True,
    )
    until: datetime

    def as_tick(self, at: datetime) -> Tick:
        return Tick(self.tick, at, until=self.until)

    def sentence(self) -> str:
        said = {"until": _day(self.until), "because": self.because}
        return _t("与客户约定 %(until)s 前答复：%(because)s") % said


@dataclass(frozen=True, kw_only=True)
class Restarted(Anew, Moves):
    """New facts and reasons: the period runs anew from the new material (article 18), and what was
    looked into, planned, answered and granted before it does for them no more."""

    code, icon, title, tick, public = (
        "complaint.restarted",
        "repeat",
        _("补充新事实，重新计时"),
        "restarted",
        True,
    )
    clears_unnamed = frozenset({"answered_at", "finding", "called_back_at", "satisfied"})
    clears = clears_unnamed | {"investigated_at", "fault", "liable", "planned_at", "remedy"}
    caches = {**Moves.caches, **{column: column for column in sorted(clears)}}
    material_at: datetime
    answered_at: datetime | None = None
    called_back_at: datetime | None = None
    finding: str = ""
    satisfied: str = ""
    investigated_at: datetime | None = None
    planned_at: datetime | None = None
    fault: str = ""
    liable: str = ""
    remedy: Decimal | None = None

    def as_tick(self, at: datetime) -> Tick:
        return Tick(self.tick, self.material_at, entered=at)

    def sentence(self) -> str:
        said = {"at": _day(self.material_at), "because": self.because}
        return _t("%(at)s 收到新的事实和理由，重新计时：%(because)s") % said


def _day(at: datetime) -> str:
    return date_format(localtime(at), "DATE_FORMAT")
