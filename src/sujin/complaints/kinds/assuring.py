"""What happens to the promise about urgent complaints: looked at by a person, watched, broken."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import DocketKind
from sujin.platform.journal import Kind

ALARMS = {
    "misses": _("漏判已超出保证，须复核规则并重新校准"),
    "shift": _("来件与校准时已不一样，保证不再成立，须重新校准"),
}

TIERS = {"urgent": _("紧急"), "complex": _("复杂"), "ordinary": _("普通")}


@dataclass(frozen=True)
class TierConfirmed(DocketKind):
    """A case that looked urgent beside the rules was looked at by a person: the tier stays."""

    code, icon, title = "complaint.tier_confirmed", "check", _("确认分级")
    caches = {"awaits_tier": "awaits_tier"}
    tier: str
    awaits_tier: bool = False

    def sentence(self) -> str:
        return _t("看过，仍为%(tier)s") % {"tier": TIERS.get(self.tier, self.tier)}


@dataclass(frozen=True, kw_only=True)
class ReferredUp(DocketKind):
    """Nobody at the desk or above it may set tiers today: the head office's own desk looks."""

    code, icon, title = "complaint.referred_up", "eye", _("定级转请总行看")
    caches = {"seen_by": "seen_by"}
    desk: int
    desk_name: str
    seen_by: tuple[str, ...]

    def sentence(self) -> str:
        return _t("承办机构和上级都没有能定级的在岗人员，请%(desk)s看") % {"desk": self.desk_name}


@dataclass(frozen=True, kw_only=True)
class Watched(Kind):
    """The promise was compared with what people have found since; ``open`` misses are not counted
    yet, because the others of their time have not been closed either."""

    code, icon, title = "vigil.watched", "eye", _("盯守漏判")
    caches = {
        "looked": "looked",
        "referred": "referred",
        "urgent": "urgent",
        "missed": "missed",
        "open_missed": "open_missed",
        "evidence": "evidence",
        "capital": "capital",
        "watched_at": "watched_at",
    }
    looked: int
    referred: int
    urgent: int
    missed: int
    open_missed: int
    evidence: float
    capital: float
    watched_at: datetime

    def sentence(self) -> str:
        said = {"urgent": self.urgent, "missed": self.missed, "looked": self.looked}
        return _t("已看 %(looked)d 件；紧急 %(urgent)d 件，其中漏判 %(missed)d 件") % said


@dataclass(frozen=True, kw_only=True)
class GuardRang(Kind):
    """One of the two guards rang for the first time: too many misses, or cases of another sort."""

    code, icon, title = "vigil.rang", "alert-triangle", _("漏判保证告警")
    alarm: str
    rang_at: datetime

    def cached(self) -> dict[str, datetime]:
        return {"shifted_at" if self.alarm == "shift" else "broken_at": self.rang_at}

    def sentence(self) -> str:
        return str(ALARMS[self.alarm])
