"""How a case stops being one of its own: merged, withdrawn, or over before it reached us."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sujin.complaints.kinds.base import DocketKind, in_language, outcome_name


@dataclass(frozen=True)
class Merged(DocketKind):
    """Same matter, same period: goes on under the other number (Order 3 of 2020, article 18-3)."""

    code, icon, title, tick, public = (
        "complaint.merged",
        "git-merge",
        pgettext_lazy("记录", "并案"),
        "closed",
        True,
    )
    caches = {
        "merged_into_id": "into",
        "counted": "counted",
        "closed_at": "closed_at",
        "outcome": "outcome",
        "due_at": "due_at",
        "due_clock": "due_clock",
    }
    into: int
    number: str
    because: str
    closed_at: datetime
    before: Mapping[str, bool]
    counted: bool = False
    outcome: str = "merged"
    due_at: datetime | None = None
    due_clock: str = ""

    def sentence(self) -> str:
        return _t("并入 %(number)s：%(because)s") % {"number": self.number, "because": self.because}


@dataclass(frozen=True)
class Unmerged(DocketKind):
    """The merge was wrong; the case stands on its own, its clocks as if never merged."""

    code, icon, title = "complaint.unmerged", "git-fork", pgettext_lazy("记录", "撤销并案")
    caches = {
        "merged_into_id": "into",
        "counted": "counted",
        "closed_at": "closed_at",
        "outcome": "outcome",
    }
    because: str
    counted: bool
    into: int | None = None
    closed_at: datetime | None = None
    outcome: str = ""

    def sentence(self) -> str:
        return _t("撤销并案：%(because)s") % {"because": self.because}


@dataclass(frozen=True)
class Rescheduled(DocketKind):
    """The limits were read again from the docket, because what was heard of it has changed."""

    code, icon, title = "complaint.rescheduled", "clock", _("重新计时")
    caches = {"due_at": "due_at", "due_clock": "due_clock"}
    due_at: datetime | None
    due_clock: str

    def sentence(self) -> str:
        return _t("按登记重新计算时限")


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


@dataclass(frozen=True)
class Withdrawn(DocketKind):
    """The complainant withdrew; the procedure ends on the day (Order 3 of 2020, article 15)."""

    code, icon, title, tick, public = (
        "complaint.withdrawn",
        "corner-up-right",
        pgettext_lazy("记录", "客户撤诉"),
        "withdrawn",
        True,
    )
    caches = {
        "closed_at": "closed_at",
        "outcome": "outcome",
        "due_at": "due_at",
        "due_clock": "due_clock",
    }
    because: str
    closed_at: datetime
    outcome: str = "withdrawn"
    due_at: datetime | None = None
    due_clock: str = ""

    def sentence(self) -> str:
        return _t("客户撤回投诉：%(because)s") % {"because": self.because}


@dataclass(frozen=True)
class Concluded(DocketKind):
    """An imported case that had ended before it reached us; the source's own word for how."""

    code, icon, title, tick = "complaint.concluded", "archive", _("历史办结"), "closed"
    caches = {
        "closed_at": "closed_at",
        "outcome": "outcome",
        "due_at": "due_at",
        "due_clock": "due_clock",
    }
    closed_at: datetime
    outcome: str
    due_at: datetime | None = None
    due_clock: str = ""
    because: Mapping[str, str] = field(default_factory=dict)

    def sentence(self) -> str:
        return in_language(self.because) or _t("来源已办结：%(outcome)s") % {
            "outcome": outcome_name(self.outcome)
        }
