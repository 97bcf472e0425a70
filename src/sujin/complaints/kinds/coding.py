"""What it is called: codes and tiers corrected, complaint turned into consultation and back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sujin.complaints.kinds.base import DocketKind, in_language


@dataclass(frozen=True)
class Recoded(DocketKind):
    """A person corrected what the machine read; corrections are what it learns from."""

    code, icon, title = "complaint.recoded", "tag", pgettext_lazy("记录", "更正分类")
    caches = {
        "business": "business",
        "cause": "cause",
        "touchpoint": "touchpoint",
        "demand": "demand",
        "line": "line",
        "seen_by": "seen_by",
    }
    business: str
    cause: str
    touchpoint: str
    demand: str
    line: str
    seen_by: tuple[str, ...]
    before: Mapping[str, str]
    because: str
    # The axes about which the queue of corrections had asked: they are not asked again.
    settles: tuple[str, ...] = ()

    def sentence(self) -> str:
        return _t("更正分类：%(because)s") % {"because": self.because}


@dataclass(frozen=True)
class CodeConfirmed(DocketKind):
    """A person looked at a suspected code and kept it; the machine had said ``machine``."""

    code, icon, title = "complaint.code_confirmed", "check", _("确认分类")
    axis: str
    kept: str
    machine: str
    because: str = ""

    def sentence(self) -> str:
        return _t("看过，分类不变。%(because)s") % {"because": self.because}


@dataclass(frozen=True)
class CodeRestored(DocketKind):
    """A correction or confirmation of one axis was taken back as a slip: ``entry`` is the one that
    counts for nothing now, and the queue of corrections asks about the axis again."""

    code, icon, title = "complaint.code_restored", "rotate", _("撤销更正")
    caches = Recoded.caches
    axis: str
    entry: int
    business: str
    cause: str
    touchpoint: str
    demand: str
    line: str
    seen_by: tuple[str, ...]

    def sentence(self) -> str:
        return _t("撤销刚才的更正或确认，分类恢复原样")


@dataclass(frozen=True)
class FactsAdded(DocketKind):
    """A further contact told more: a larger sum, more people, other signals."""

    code, icon, title = "complaint.facts_added", "list-check", _("补充事实")
    caches = {
        "amount": "amount",
        "people": "people",
        "signals": "signals",
        "vulnerable": "vulnerable",
    }
    amount: Decimal | None
    people: int
    signals: tuple[str, ...]
    vulnerable: bool


@dataclass(frozen=True)
class Retiered(DocketKind):
    """A person overrode the tier, with a reason."""

    code, icon, title = "complaint.retiered", "stairs-up", pgettext_lazy("记录", "调整分级")
    caches = {
        "tier": "tier",
        "due_at": "due_at",
        "due_clock": "due_clock",
        "awaits_tier": "awaits_tier",
    }
    before: str
    tier: str
    because: str
    due_at: datetime | None = None
    due_clock: str = ""
    # The table's own words, where a table and not a person decided.
    reasons: Mapping[str, str] = field(default_factory=dict)
    awaits_tier: bool = False

    def sentence(self) -> str:
        return _t("调整分级：%(because)s") % {"because": in_language(self.reasons) or self.because}


@dataclass(frozen=True)
class ReclassificationProposed(DocketKind):
    """Above the threshold a second pair of eyes decides; until then nothing changes."""

    code, icon, title = "complaint.reclassification_proposed", "hourglass", _("提请改类")
    caches = {"proposed_kind": "kind", "proposed_by_id": "proposer"}
    kind: str
    proposer: int | None
    because: str
    threshold: str

    def sentence(self) -> str:
        return _t("提请改类：%(because)s（%(threshold)s，需复核）") % {
            "because": self.because,
            "threshold": _t(self.threshold),
        }


@dataclass(frozen=True)
class ReclassificationRejected(DocketKind):
    """The second pair of eyes said no."""

    code, icon, title = "complaint.reclassification_rejected", "ban", _("改类未通过")
    caches = {"proposed_kind": "kind", "proposed_by_id": "proposer"}
    because: str
    kind: str = ""
    proposer: int | None = None

    def sentence(self) -> str:
        return _t("改类复核未通过：%(because)s") % {"because": self.because}


@dataclass(frozen=True)
class Reclassified(DocketKind):
    """Complaint, consultation and suggestion turned into one another: always with a reason."""

    code, icon, title, public = (
        "complaint.reclassified",
        "arrows-exchange",
        pgettext_lazy("记录", "改类"),
        True,
    )
    caches = {
        "kind": "kind",
        "proposed_kind": "proposed_kind",
        "proposed_by_id": "proposer",
        "due_at": "due_at",
        "due_clock": "due_clock",
    }
    before: str
    kind: str
    because: str
    due_at: datetime | None = None
    due_clock: str = ""
    proposed_kind: str = ""
    proposer: int | None = None

    def sentence(self) -> str:
        return _t("改类：%(because)s") % {"because": self.because}
