"""What can happen to an accountability: opened, the person heard, decided, appealed, in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

OPENED, RESPONDED, DECIDED, APPEALED, ENDED = (
    "opened", "responded", "decided", "appealed", "ended",
)  # fmt: skip
ACCOUNTABILITY_STATES = {
    OPENED: _("待本人陈述"), RESPONDED: _("待决定"), DECIDED: _("已决定，可申诉"),
    APPEALED: _("申诉中"), ENDED: _("已终结"),
}  # fmt: skip
STANDS, LIGHTER, SET_ASIDE = "stands", "lighter", "set_aside"
APPEAL_VERDICTS = {STANDS: _("维持原决定"), LIGHTER: _("减轻"), SET_ASIDE: _("撤销原决定")}


@dataclass(frozen=True, kw_only=True)
class AccountabilityOpened(Kind):
    """Whom, for what that was confirmed, on which evidence, and which measure is asked for."""

    code, icon, title = "accountability.opened", "scale", _("提起问责")
    caches: ClassVar[Mapping[str, str]] = {
        "evidence": "evidence", "asked": "measure", "respond_by": "respond_by", "state": "state",
    }  # fmt: skip
    person_name: str
    evidence: str
    measure: str
    measure_name: str
    respond_by: datetime
    state: str = OPENED

    def sentence(self) -> str:
        said = {
            "name": self.person_name, "measure": self.measure_name, "words": self.evidence,
        }  # fmt: skip
        return _t("%(name)s，拟%(measure)s：%(words)s") % said


@dataclass(frozen=True, kw_only=True)
class AccountabilityAnswered(Kind):
    """The person's own words."""

    code, icon, title = "accountability.answered", "message", _("本人陈述")
    caches: ClassVar[Mapping[str, str]] = {"response": "words", "state": "state"}
    words: str
    state: str = RESPONDED

    def sentence(self) -> str:
        return self.words


@dataclass(frozen=True, kw_only=True)
class AccountabilityDecided(Kind):
    """By another hand. An empty ``measure``: nobody is held accountable. Not in force before the
    days for an appeal have passed."""

    code, icon, title = "accountability.decided", "gavel", _("问责决定")
    caches: ClassVar[Mapping[str, str]] = {
        "measure": "measure", "because": "because", "decided_by_id": "decided_by",
        "appeal_by": "appeal_by", "state": "state",
    }  # fmt: skip
    measure: str
    measure_name: str
    because: str
    decided_by: int
    appeal_by: datetime
    state: str = DECIDED

    def sentence(self) -> str:
        said = {"measure": self.measure_name or _t("不予问责"), "because": self.because}
        return _t("%(measure)s：%(because)s") % said


@dataclass(frozen=True, kw_only=True)
class AccountabilityAppealed(Kind):
    """The person does not accept it."""

    code, icon, title = "accountability.appealed", "message-report", _("申诉")
    caches: ClassVar[Mapping[str, str]] = {"appeal": "words", "state": "state"}
    words: str
    state: str = APPEALED

    def sentence(self) -> str:
        return self.words


@dataclass(frozen=True, kw_only=True)
class AccountabilityHeard(Kind):
    """The appeal was decided, by neither who opened nor who decided; that is the end."""

    code, icon, title = "accountability.heard", "rubber-stamp", _("申诉决定")
    caches: ClassVar[Mapping[str, str]] = {
        "verdict": "verdict", "heard_because": "because", "measure": "measure", "state": "state",
        "in_force_at": "in_force_at",
    }  # fmt: skip
    verdict: str
    measure: str
    measure_name: str
    because: str
    in_force_at: datetime | None
    state: str = ENDED

    def sentence(self) -> str:
        said = {
            "verdict": APPEAL_VERDICTS.get(self.verdict, self.verdict),
            "measure": self.measure_name or _t("不予问责"), "because": self.because,
        }  # fmt: skip
        return _t("%(verdict)s，%(measure)s：%(because)s") % said


@dataclass(frozen=True, kw_only=True)
class AccountabilityInForce(Kind):
    """Nobody appealed in time."""

    code, icon, title = "accountability.in_force", "circle-check", _("生效")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "in_force_at": "in_force_at"}
    in_force_at: datetime | None
    state: str = ENDED

    def sentence(self) -> str:
        if self.in_force_at is None:
            return _t("不予问责，终结")
        return _t("申诉期满，没有申诉，决定生效")


ACCOUNTABILITY_KINDS: list[type[Kind]] = [
    AccountabilityOpened, AccountabilityAnswered, AccountabilityDecided, AccountabilityAppealed,
    AccountabilityHeard, AccountabilityInForce,
]  # fmt: skip
