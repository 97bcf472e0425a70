"""What can happen to a 优化建议: written, joined, assessed, adopted or declined, carried out,
measured, awarded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

SUBMITTED, ASSESSED, ADOPTED, DECLINED = "submitted", "assessed", "adopted", "declined"
CARRIED_OUT, MEASURED, REWARDED = "carried_out", "measured", "rewarded"
STATES = {
    SUBMITTED: _("待评分"), ASSESSED: _("待答复"), ADOPTED: _("已采纳，待落实"),
    DECLINED: _("未采纳"), CARRIED_OUT: _("已落实，待核验"), MEASURED: _("已核验"),
    REWARDED: _("已奖励"),
}  # fmt: skip
UNDECIDED = (SUBMITTED, ASSESSED)
DONE = (CARRIED_OUT, MEASURED, REWARDED)
STAFF, CUSTOMER = "staff", "customer"
ORIGINS = {STAFF: _("员工"), CUSTOMER: _("客户")}


@dataclass(frozen=True, kw_only=True)
class ProposalSubmitted(Kind):
    """``likes`` were shown before it was submitted, ``differs`` says why it is none of them."""

    code, icon, title = "proposal.submitted", "bulb", _("提出")
    caches: ClassVar[Mapping[str, str]] = {
        "name": "name", "words": "words", "hurts": "hurts", "expected": "expected",
        "business": "business", "cause": "cause", "about_id": "about", "owner_id": "owner",
        "writers": "writers", "likes": "likes", "differs": "differs", "state": "state",
    }  # fmt: skip
    name: str
    words: str
    hurts: str
    expected: str
    business: str = ""
    cause: str = ""
    about: int
    about_name: str
    owner: int
    owner_name: str
    writers: tuple[int, ...]
    likes: tuple[int, ...] = ()
    differs: str = ""
    state: str = SUBMITTED

    def sentence(self) -> str:
        return _t("由%(owner)s归口：%(name)s") % {"owner": self.owner_name, "name": self.name}


@dataclass(frozen=True, kw_only=True)
class ProposalJoined(Kind):
    """Somebody who was about to write the same wrote on this one: both are credited."""

    code, icon, title = "proposal.joined", "user-plus", _("加入")
    caches: ClassVar[Mapping[str, str]] = {"writers": "writers"}
    writers: tuple[int, ...]
    name: str
    words: str

    def sentence(self) -> str:
        return _t("%(name)s：%(words)s") % {"name": self.name, "words": self.words}


@dataclass(frozen=True, kw_only=True)
class ProposalAssessed(Kind):
    """One assessor's points; ``assessments`` are all so far, ``mean`` and ``spread`` theirs."""

    code, icon, title = "proposal.assessed", "checklist", _("评分")
    caches: ClassVar[Mapping[str, str]] = {
        "assessments": "assessments", "mean": "mean", "spread": "spread", "hands": "hands",
        "state": "state",
    }  # fmt: skip
    score: float
    because: str
    assessments: tuple[Mapping[str, Any], ...]
    mean: float
    spread: float
    hands: tuple[int, ...]
    state: str

    def sentence(self) -> str:
        return _t("%(score)s 分：%(because)s") % {"score": self.score, "because": self.because}


@dataclass(frozen=True, kw_only=True)
class ProposalAdopted(Kind):
    """It is to be done, and why."""

    code, icon, title = "proposal.adopted", "thumb-up", _("采纳")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state", "reason": "because", "decided_at": "decided_at", "hands": "hands",
    }  # fmt: skip
    because: str
    decided_at: datetime
    hands: tuple[int, ...]
    state: str = ADOPTED

    def sentence(self) -> str:
        return self.because


@dataclass(frozen=True, kw_only=True)
class ProposalDeclined(ProposalAdopted):
    """It is not done; its writers read why."""

    code, icon, title = "proposal.declined", "circle-x", _("不采纳")
    state: str = DECLINED


@dataclass(frozen=True, kw_only=True)
class ProposalEntered(Kind):
    """It stands in the ledger, where its measure is declared before it begins."""

    code, icon, title = "proposal.entered", "notebook", _("列入台账")
    caches: ClassVar[Mapping[str, str]] = {"problem_id": "problem"}
    problem: int

    def sentence(self) -> str:
        return _t("问题 %(number)d") % {"number": self.problem}


@dataclass(frozen=True, kw_only=True)
class ProposalTied(Kind):
    """The measure by which its benefit will be verified."""

    code, icon, title = "proposal.tied", "target-arrow", _("对应措施")
    caches: ClassVar[Mapping[str, str]] = {"measure_id": "measure", "problem_id": "problem"}
    measure: int
    problem: int
    words: str

    def sentence(self) -> str:
        return self.words


@dataclass(frozen=True, kw_only=True)
class ProposalCarriedOut(Kind):
    """It is done, as the measure's proof says."""

    code, icon, title = "proposal.carried_out", "checks", _("落实")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "carried_at": "carried_at"}
    words: str
    carried_at: datetime
    state: str = CARRIED_OUT

    def sentence(self) -> str:
        return self.words


@dataclass(frozen=True, kw_only=True)
class ProposalMeasured(Kind):
    """What the verification said of its measure; a further look says it anew."""

    code, icon, title = "proposal.measured", "scale", _("核验结论")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state", "verdict": "verdict", "measured_at": "measured_at",
    }  # fmt: skip
    verdict: str
    words: str
    measured_at: datetime
    state: str

    def sentence(self) -> str:
        return self.words


@dataclass(frozen=True, kw_only=True)
class ProposalAwarded(Kind):
    """A level of the award. ``before``: the level it was raised from."""

    code, icon, title = "proposal.awarded", "trophy", _("奖励")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state", "level": "level", "level_on_verdict": "on_verdict", "yuan": "yuan",
        "awarded_at": "awarded_at", "hands": "hands",
    }  # fmt: skip
    level: str
    level_name: str
    on_verdict: bool
    yuan: int
    before: str
    because: str
    awarded_at: datetime
    hands: tuple[int, ...]
    state: str = REWARDED

    def sentence(self) -> str:
        said = {"level": self.level_name, "yuan": self.yuan, "because": self.because}
        return _t("%(level)s，%(yuan)d 元：%(because)s") % said


PROPOSAL_KINDS: list[type[Kind]] = [
    ProposalSubmitted, ProposalJoined, ProposalAssessed, ProposalAdopted, ProposalDeclined,
    ProposalEntered, ProposalTied, ProposalCarriedOut, ProposalMeasured, ProposalAwarded,
]  # fmt: skip
