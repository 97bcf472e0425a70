"""The first second: registered, triaged, linked to what we already knew, routed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import DocketKind, in_language


@dataclass(frozen=True)
class Registered(DocketKind):
    """A case got its number. The first receiver is accountable from this moment."""

    code, icon, title, tick, public = (
        "complaint.registered",
        "clipboard",
        _("登记受理"),
        "received",
        True,
    )
    caches = {
        "kind": "kind",
        "lane": "lane",
        "received_at": "received_at",
        "accountable_id": "accountable",
        "seen_by": "seen_by",
        "regimes": "regimes",
    }
    number: str
    channel: str
    kind: str
    lane: str
    received_at: datetime
    accountable: int | None
    seen_by: tuple[str, ...]
    # The rules in force on that day: a case keeps them when the law changes.
    regimes: tuple[str, ...] = ()

    def sentence(self) -> str:
        return _t("登记受理，编号 %(number)s") % {"number": self.number}


@dataclass(frozen=True)
class Transferred(DocketKind):
    """A regulator passed it to us; the letter's own reply date is a fact of the case."""

    code, icon, title = "complaint.transferred", "building-bank", _("监管转办")
    caches = {"regulator_due_at": "due_at", "lane": "lane", "regimes": "regimes"}
    agency: str
    reference: str
    transferred_at: datetime | None
    due_at: datetime | None
    regimes: tuple[str, ...]
    lane: str = "regulator"

    def sentence(self) -> str:
        return _t("%(agency)s 转来，文号 %(reference)s") % {
            "agency": self.agency,
            "reference": self.reference,
        }


@dataclass(frozen=True)
class Triaged(DocketKind):
    """What it is about and how grave it is, with the words and the table row that say so."""

    code, icon, title = "complaint.triaged", "filter", _("分类分级")
    caches = {
        "business": "business",
        "cause": "cause",
        "touchpoint": "touchpoint",
        "demand": "demand",
        "line": "line",
        "amount": "amount",
        "people": "people",
        "signals": "signals",
        "vulnerable": "vulnerable",
        "tier": "tier",
        "awaits_tier": "referred",
    }
    business: str
    cause: str
    touchpoint: str
    demand: str
    line: str
    tier: str
    tier_row: str
    tier_because: Mapping[str, str]
    amount: Decimal | None = None
    people: int = 1
    signals: tuple[str, ...] = ()
    vulnerable: bool = False
    confidence: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    repeats: int = 0
    # Which words and which model of each axis judged, by their versions.
    models: Mapping[str, str] = field(default_factory=dict)
    # The axes that the source itself named.
    declared: tuple[str, ...] = ()
    # The second look: by which calibration, how urgent, and what raised it when a person must see.
    assured: str = ""
    urgency: float | None = None
    strange: float = 0.0
    referred: bool = False
    raised_by: tuple[str, ...] = ()

    def sentence(self) -> str:
        because = in_language(self.tier_because)
        if not self.referred:
            return because
        return _t("%(because)s；近似紧急，待人定级") % {"because": because}


@dataclass(frozen=True)
class Contacted(DocketKind):
    """The same customer told the same matter again, through this or another door."""

    code, icon, title, public = "complaint.contacted", "message-2", _("客户再次联系"), True
    channel: str
    contact: int | None = None
    because: Mapping[str, str] = field(default_factory=dict)

    def sentence(self) -> str:
        return in_language(self.because) or str(self.title)


@dataclass(frozen=True, kw_only=True)
class Parted(DocketKind):
    """A contact of this case was another customer's, or about another matter, and has a number of
    its own now; a letter that came with it has gone with it."""

    code, icon, title, public = "complaint.parted", "git-fork", _("拆出一次联系"), True
    caches = {"lane": "lane", "regulator_due_at": "regulator_due_at"}
    of: int
    number: str
    contact: int
    because: str
    lost_letter: bool = False
    lane: str = ""
    regulator_due_at: datetime | None = None

    def cached(self) -> dict[str, Any]:
        return super().cached() if self.lost_letter else {}

    @property
    def other(self) -> int:
        return self.of

    def sentence(self) -> str:
        return _t(
            "一次联系拆出为 %(number)s：%(because)s；本件的分级和金额没有随之调整，请核对"
        ) % {
            "number": self.number,
            "because": self.because,
        }


@dataclass(frozen=True)
class Repeated(DocketKind):
    """A second complaint on the same matter: linked, counted once, owned one level up."""

    code, icon, title = "complaint.repeated", "repeat", _("重复投诉")
    caches = {"repeat_of_id": "of", "counted": "counted", "level": "level"}
    of: int
    number: str
    row: str
    because: Mapping[str, str]
    likeness: float
    level: int
    counted: bool = False

    @property
    def other(self) -> int:
        return self.of

    def sentence(self) -> str:
        return _t("与 %(number)s 同一事项，提级办理：%(because)s") % {
            "number": self.number,
            "because": in_language(self.because),
        }


@dataclass(frozen=True)
class Grouped(DocketKind):
    """Other customers wrote nearly the same words; a group is looked at together, never refused."""

    code, icon, title = "complaint.grouped", "users", _("相同文本归组")
    caches = {"group_id": "group"}
    group: int
    number: str
    likeness: float

    @property
    def other(self) -> int:
        return self.group

    def sentence(self) -> str:
        return _t("与 %(number)s 文本近乎相同（%(share)d%%），归为一组") % {
            "number": self.number,
            "share": round(self.likeness * 100),
        }


@dataclass(frozen=True)
class Ungrouped(DocketKind):
    """A person looked: the words are alike, the matter does not belong to the group."""

    code, icon, title = "complaint.ungrouped", "users", _("移出相同文本组")
    caches = {"group_id": "group"}
    before: int
    number: str
    because: str
    group: int | None = None

    @property
    def other(self) -> int:
        return self.before

    def sentence(self) -> str:
        return _t("移出 %(number)s 的一组：%(because)s") % {
            "number": self.number,
            "because": self.because,
        }


@dataclass(frozen=True)
class Regrouped(DocketKind):
    """It belongs after all."""

    code, icon, title = "complaint.regrouped", "users-group", _("放回相同文本组")
    caches = {"group_id": "group"}
    group: int
    number: str

    @property
    def other(self) -> int:
        return self.group

    def sentence(self) -> str:
        return _t("放回 %(number)s 的一组") % {"number": self.number}


@dataclass(frozen=True)
class Routed(DocketKind):
    """Sent to a desk by a row of the routing table."""

    code, icon, title, public = "complaint.routed", "direction-sign", _("流转"), True
    caches = {
        "desk_id": "desk",
        "accountable_id": "accountable",
        "seen_by": "seen_by",
        "due_at": "due_at",
        "due_clock": "due_clock",
    }
    desk: int
    desk_name: str
    row: str
    because: Mapping[str, str]
    accountable: int | None
    seen_by: tuple[str, ...]
    due_at: datetime | None
    due_clock: str

    def sentence(self) -> str:
        return _t("流转至 %(desk)s：%(because)s") % {
            "desk": self.desk_name,
            "because": in_language(self.because),
        }
