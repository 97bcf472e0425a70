"""What happens to the claim of a reward for a fraud that was stopped."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

WAITING, GRANTED, REFUSED = "waiting", "granted", "refused"
REWARD_STATES = {WAITING: _("待认定"), GRANTED: _("已认定"), REFUSED: _("不予认定")}


@dataclass(frozen=True, kw_only=True)
class RewardKind(Kind):
    """What every kind of a claim shares: its state after it."""

    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    state: str


@dataclass(frozen=True, kw_only=True)
class RewardClaimed(RewardKind):
    """Somebody at the counter stopped a fraud and says how."""

    code, icon, title = "reward.claimed", "shield-check", _("申报拦截奖励")
    amount: Decimal

    def sentence(self) -> str:
        return _t("申报拦截 %(amount)s 元") % {"amount": f"{self.amount:,.2f}"}


@dataclass(frozen=True, kw_only=True)
class RewardDecided(RewardKind):
    """The desk that answers for the scam has looked, and why."""

    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "decided_by_id": "decided_by",
        "because": "because",
    }
    decided_by: int
    because: str


@dataclass(frozen=True, kw_only=True)
class RewardGranted(RewardDecided):
    """It was stopped as told."""

    code, icon, title = "reward.granted", "circle-check", _("认定拦截")

    def sentence(self) -> str:
        return _t("认定：%(because)s") % {"because": self.because}


@dataclass(frozen=True, kw_only=True)
class RewardRefused(RewardDecided):
    """It was not, or not by this person."""

    code, icon, title = "reward.refused", "circle-x", _("不予认定")

    def sentence(self) -> str:
        return _t("不予认定：%(because)s") % {"because": self.because}


REWARD_KINDS: list[type[Kind]] = [RewardClaimed, RewardGranted, RewardRefused]
