"""Whose it is: claimed, offered, accepted, declined, recused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sujin.complaints.kinds.base import DocketKind, in_language


@dataclass(frozen=True)
class Claimed(DocketKind):
    """A person of the desk took it; from now on that person is accountable."""

    code, icon, title, tick, public = (
        "complaint.claimed",
        "user-check",
        pgettext_lazy("记录", "接手"),
        "accepted",
        True,
    )
    caches = {
        "accountable_id": "person",
        "claimed_at": "claimed_at",
        "seen_by": "seen_by",
        "due_at": "due_at",
        "due_clock": "due_clock",
    }
    person: int
    name: str
    claimed_at: datetime
    seen_by: tuple[str, ...]
    post: str
    due_at: datetime | None = None
    due_clock: str = ""

    def sentence(self) -> str:
        return _t("%(name)s 接手办理") % {"name": self.name}


@dataclass(frozen=True)
class Offered(DocketKind):
    """Handed over, not yet accepted: the giver stays accountable and the clock runs."""

    code, icon, title, tick = (
        "complaint.offered",
        "arrow-right",
        pgettext_lazy("记录", "移交"),
        "offered",
    )
    caches = {
        "offered_to_id": "desk",
        "offered_at": "offered_at",
        "seen_by": "seen_by",
        "due_at": "due_at",
        "due_clock": "due_clock",
    }
    desk: int
    desk_name: str
    because: str
    offered_at: datetime
    seen_by: tuple[str, ...]
    due_at: datetime | None = None
    due_clock: str = ""
    # The table's own words, where a table and not a person decided.
    reasons: Mapping[str, str] = field(default_factory=dict)
    # How the customer was told that it goes up.
    told: str = ""

    def sentence(self) -> str:
        return _t("移交 %(desk)s，待其接收：%(because)s") % {
            "desk": self.desk_name,
            "because": in_language(self.reasons) or self.because,
        }


@dataclass(frozen=True)
class Accepted(DocketKind):
    """The other desk accepted; accountability passes now and not before."""

    code, icon, title, tick, public = (
        "complaint.accepted",
        "circle-check",
        pgettext_lazy("记录", "接收移交"),
        "accepted",
        True,
    )
    caches = {
        "desk_id": "desk",
        "accountable_id": "person",
        "claimed_at": "claimed_at",
        "offered_to_id": "offered_to",
        "offered_at": "offered_at",
        "seen_by": "seen_by",
        "due_at": "due_at",
        "due_clock": "due_clock",
    }
    desk: int
    desk_name: str
    person: int
    name: str
    claimed_at: datetime
    seen_by: tuple[str, ...]
    post: str
    due_at: datetime | None = None
    due_clock: str = ""
    offered_to: int | None = None
    offered_at: datetime | None = None

    def sentence(self) -> str:
        return _t("%(desk)s %(name)s 接收移交") % {"desk": self.desk_name, "name": self.name}


@dataclass(frozen=True)
class Declined(DocketKind):
    """The other desk refused; it bounces back to the giver, who never stopped being accountable."""

    code, icon, title, tick = (
        "complaint.declined",
        "arrow-back-up",
        pgettext_lazy("记录", "退回移交"),
        "refused",
    )
    caches = {
        "offered_to_id": "offered_to",
        "offered_at": "offered_at",
        "seen_by": "seen_by",
        "due_at": "due_at",
        "due_clock": "due_clock",
    }
    desk_name: str
    because: str
    seen_by: tuple[str, ...]
    due_at: datetime | None = None
    due_clock: str = ""
    offered_to: int | None = None
    offered_at: datetime | None = None

    def sentence(self) -> str:
        return _t("%(desk)s 退回：%(because)s") % {"desk": self.desk_name, "because": self.because}


@dataclass(frozen=True)
class TakenBack(DocketKind):
    """The giver took the offer back before anybody had accepted it."""

    code, icon, title, tick = (
        "complaint.taken_back",
        "rotate",
        pgettext_lazy("记录", "收回移交"),
        "refused",
    )
    caches = Declined.caches
    desk_name: str
    seen_by: tuple[str, ...]
    due_at: datetime | None = None
    due_clock: str = ""
    offered_to: int | None = None
    offered_at: datetime | None = None

    def sentence(self) -> str:
        return _t("收回给 %(desk)s 的移交") % {"desk": self.desk_name}


@dataclass(frozen=True)
class PutBack(DocketKind):
    """A claim was undone before anything had been done: the case waits at its desk again."""

    code, icon, title = "complaint.put_back", "rotate", pgettext_lazy("记录", "放回待接手")
    undoes = "complaint.claimed"
    caches = {
        "accountable_id": "person",
        "claimed_at": "claimed_at",
        "seen_by": "seen_by",
        "due_at": "due_at",
        "due_clock": "due_clock",
    }
    person: int
    name: str
    seen_by: tuple[str, ...]
    due_at: datetime | None = None
    due_clock: str = ""
    claimed_at: datetime | None = None

    def sentence(self) -> str:
        return _t("放回待接手，由 %(name)s 负责") % {"name": self.name}


@dataclass(frozen=True)
class Relieved(DocketKind):
    """The accountable person has left or stands aside; whoever is on duty answers for it now."""

    code, icon, title = (
        "complaint.relieved",
        "user-exclamation",
        _("责任人不能办理，转由在岗人员负责"),
    )
    caches = {
        "accountable_id": "person",
        "claimed_at": "claimed_at",
        "seen_by": "seen_by",
        "due_at": "due_at",
        "due_clock": "due_clock",
    }
    left: str
    person: int
    name: str
    seen_by: tuple[str, ...]
    due_at: datetime | None = None
    due_clock: str = ""
    claimed_at: datetime | None = None
    # Otherwise they have left, or are away with nobody in their place who may act.
    stands_aside: bool = False

    def sentence(self) -> str:
        said = {"left": self.left, "name": self.name}
        if self.stands_aside:
            return _t("%(left)s 须回避，由 %(name)s 负责") % said
        return _t("%(left)s 不在岗，由 %(name)s 负责") % said


@dataclass(frozen=True)
class Recused(DocketKind):
    """A person with a direct interest may not handle the case (Order 3 of 2020, article 17)."""

    code, icon, title = "complaint.recused", "user-x", _("回避")
    caches = {"recused": "recused"}
    recused: tuple[int, ...]
    name: str
    because: str

    def sentence(self) -> str:
        return _t("%(name)s 回避：%(because)s") % {"name": self.name, "because": self.because}
