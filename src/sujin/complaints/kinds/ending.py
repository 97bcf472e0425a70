"""How a case stops being one of its own: merged, withdrawn, or over before it reached us."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sujin.complaints.kinds.base import DocketKind, in_language, outcome_name

# When the earliest promise is due that is owed under a number. The merge and its undoing change it
# only if the case that comes or goes was ever ``promised`` anything; older entries never did.
PROMISE = {"promise_due_at": "promise_due_at"}


@dataclass(frozen=True, kw_only=True)
class Ended(DocketKind):
    """What every ending does to the row: no clock, no offer and no proposal outlives the case, and
    whoever was only offered it sees it no more."""

    caches = {
        "closed_at": "closed_at",
        "outcome": "outcome",
        "due_at": "due_at",
        "due_clock": "due_clock",
        "offered_to_id": "offered_to",
        "offered_at": "offered_at",
        "proposed_kind": "proposed_kind",
        "proposed_by_id": "proposer",
        "seen_by": "seen_by",
    }
    closed_at: datetime
    seen_by: tuple[str, ...]
    outcome: str
    due_at: datetime | None = None
    due_clock: str = ""
    offered_to: int | None = None
    offered_at: datetime | None = None
    proposed_kind: str = ""
    proposer: int | None = None


@dataclass(frozen=True, kw_only=True)
class Merged(Ended):
    """Same matter, same period: goes on under the other number (Order 3 of 2020, article 18-3)."""

    code, icon, title, tick, public = (
        "complaint.merged",
        "git-merge",
        pgettext_lazy("记录", "并案"),
        "closed",
        True,
    )
    caches = {**Ended.caches, "merged_into_id": "into", "counted": "counted"}
    into: int
    number: str
    because: str
    before: Mapping[str, bool]
    counted: bool = False
    outcome: str = "merged"
    # How it was confirmed that both are one customer's, where no key of both says so.
    identity: str = ""

    @property
    def other(self) -> int:
        return self.into

    def sentence(self) -> str:
        said = {"number": self.number, "because": self.because, "identity": self.identity}
        if not self.identity:
            return _t("并入 %(number)s：%(because)s") % said
        return _t("并入 %(number)s：%(because)s（核实为同一客户：%(identity)s）") % said


@dataclass(frozen=True)
class Unmerged(DocketKind):
    """The merge was wrong; the case stands on its own, its clocks as if never merged."""

    code, icon, title, public = (
        "complaint.unmerged",
        "git-fork",
        pgettext_lazy("记录", "撤销并案"),
        True,
    )
    undoes = "complaint.merged"
    caches = {
        "merged_into_id": "into",
        "counted": "counted",
        "closed_at": "closed_at",
        "outcome": "outcome",
        **PROMISE,
    }
    because: str
    counted: bool
    into: int | None = None
    closed_at: datetime | None = None
    outcome: str = ""
    promised: bool = False
    promise_due_at: datetime | None = None

    def cached(self) -> dict[str, Any]:
        return _heard_of_promises(self, super().cached())

    def sentence(self) -> str:
        return _t("撤销并案：%(because)s") % {"because": self.because}


@dataclass(frozen=True)
class Absorbed(DocketKind):
    """Another number of the same matter goes on under this one; the matter is counted once."""

    code, icon, title = "complaint.absorbed", "git-merge", _("并入本件")
    caches = {
        "counted": "counted",
        "awaits_tier": "awaits_tier",
        "recused": "recused",
        **PROMISE,
    }
    of: int
    number: str
    counted: bool
    # A look that the other number waited for is owed here; a merge never says that one was made.
    awaits_tier: bool = False
    promised: bool = False
    promise_due_at: datetime | None = None
    # Everybody who stands aside from now on; empty where the other number brings nobody new.
    recused: tuple[int, ...] = ()

    def cached(self) -> dict[str, Any]:
        kept = _heard_of_promises(self, super().cached())
        if not self.awaits_tier:
            del kept["awaits_tier"]
        if not self.recused:
            del kept["recused"]
        return kept

    @property
    def other(self) -> int:
        return self.of

    def sentence(self) -> str:
        said = {"number": self.number}
        if self.recused:
            return _t("%(number)s 并入本件，在那一件回避的人员在本件同样回避") % said
        return _t("%(number)s 并入本件") % said


@dataclass(frozen=True)
class Released(DocketKind):
    """The other number stands on its own again; this one counts as it did before."""

    code, icon, title = "complaint.released", "git-fork", _("从本件分出")
    caches = {"counted": "counted", **PROMISE}
    of: int
    number: str
    counted: bool
    promised: bool = False
    promise_due_at: datetime | None = None

    def cached(self) -> dict[str, Any]:
        return _heard_of_promises(self, super().cached())

    @property
    def other(self) -> int:
        return self.of

    def sentence(self) -> str:
        return _t("%(number)s 从本件分出") % {"number": self.number}


@dataclass(frozen=True)
class Rescheduled(DocketKind):
    """The limits were read again from the docket, because what was heard of it has changed."""

    code, icon, title = "complaint.rescheduled", "clock", _("重新计时")
    caches = {"due_at": "due_at", "due_clock": "due_clock"}
    due_at: datetime | None
    due_clock: str
    # What had been told until then; None where nothing ran.
    before: datetime | None = None

    def sentence(self) -> str:
        if self.before is None or self.due_at is None:
            return _t("按登记重新计算时限")
        moments = {"before": _moment(self.before), "now": _moment(self.due_at)}
        return _t("节假日或规则有变，时限由 %(before)s 改为 %(now)s") % moments


def _heard_of_promises(
    kind: "Unmerged | Absorbed | Released", kept: dict[str, Any]
) -> dict[str, Any]:
    return kept if kind.promised else {name: kept[name] for name in kept if name not in PROMISE}


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT")


@dataclass(frozen=True)
class Unlinked(DocketKind):
    """The link to an earlier case was wrong; it counts on its own."""

    code, icon, title = "complaint.unlinked", "x", pgettext_lazy("记录", "解除关联")
    caches = {"repeat_of_id": "of", "counted": "counted"}
    because: str
    of: int | None = None
    counted: bool = True

    def sentence(self) -> str:
        return _t("解除关联：%(because)s") % {"because": self.because}


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Ended):
    """The complainant withdrew; the procedure ends on the day (Order 3 of 2020, article 15)."""

    code, icon, title, tick, public = (
        "complaint.withdrawn",
        "corner-up-right",
        pgettext_lazy("记录", "客户撤诉"),
        "withdrawn",
        True,
    )
    because: str
    outcome: str = "withdrawn"

    def sentence(self) -> str:
        return _t("客户撤回投诉：%(because)s") % {"because": self.because}


@dataclass(frozen=True)
class Reinstated(DocketKind):
    """The withdrawal was recorded by mistake; the clocks run as if it had never been."""

    code, icon, title, public = (
        "complaint.reinstated",
        "arrow-back-up",
        _("撤销撤诉登记"),
        True,
    )
    undoes = "complaint.withdrawn"
    caches = {"closed_at": "closed_at", "outcome": "outcome"}
    because: str
    closed_at: datetime | None = None
    outcome: str = ""

    def sentence(self) -> str:
        return _t("撤销撤诉登记：%(because)s") % {"because": self.because}


@dataclass(frozen=True, kw_only=True)
class Concluded(Ended):
    """An imported case that had ended before it reached us; the source's own word for how."""

    code, icon, title, tick = "complaint.concluded", "archive", _("历史办结"), "closed"
    because: Mapping[str, str] = field(default_factory=dict)

    def sentence(self) -> str:
        return in_language(self.because) or _t("来源已办结：%(outcome)s") % {
            "outcome": outcome_name(self.outcome)
        }
