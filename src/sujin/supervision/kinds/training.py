"""What happens to a person's enrolment in a training, to each attempt at its test, and to the
verdict on what it did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

ASSIGNED, PASSED, FAILED, EXCUSED = "assigned", "passed", "failed", "excused"
LAPSED, RELEASED = "lapsed", "released"
STATES = {
    ASSIGNED: _("待考"), PASSED: _("已通过"), FAILED: _("未通过，次数用完"), EXCUSED: _("免训"),
    LAPSED: _("证书到期"), RELEASED: _("不再需要"),
}  # fmt: skip
# Of these a person has one at most for each training.
CURRENT = (ASSIGNED, PASSED, FAILED, EXCUSED)
MATRIX, AGAIN, SHORTCOMING, THEME = "matrix", "again", "shortcoming", "theme"
BECAUSE = {
    MATRIX: _("岗位应学"), AGAIN: _("证书到期再训"), SHORTCOMING: _("检查发现的问题"),
    THEME: _("投诉主题上升"),
}  # fmt: skip
BEGUN, ANSWERED, VOID = "begun", "answered", "void"
ATTEMPT_STATES = {BEGUN: _("作答中"), ANSWERED: _("已交卷"), VOID: _("作废")}


@dataclass(frozen=True, kw_only=True)
class Enrolled(Kind):
    """A person is to pass a training by a day; ``source`` says what it comes from."""

    code, icon, title = "enrolment.enrolled", "user-plus", _("安排培训")
    caches: ClassVar[Mapping[str, str]] = {
        "org_id": "org", "because": "because", "source": "source", "due_on": "due_on",
        "state": "state", "tries": "tries",
    }  # fmt: skip
    training: str
    org: int
    org_name: str
    because: str
    due_on: date
    source: str = ""
    tries: int = 0
    state: str = ASSIGNED

    def sentence(self) -> str:
        said = {"because": BECAUSE.get(self.because, self.because), "day": self.due_on.isoformat()}
        told = _t("%(because)s，%(day)s 前通过") % said
        return f"{told}{_t('：')}{self.source}" if self.source else told


@dataclass(frozen=True, kw_only=True)
class EnrolledByMatrix(Enrolled):
    """The same for many at once, by what their posts ask for: nobody is told of each, the workbench
    says what is due."""

    code = "enrolment.enrolled_by_matrix"


@dataclass(frozen=True, kw_only=True)
class Passed(Kind):
    """The test is passed; ``first`` at the first try."""

    code, icon, title = "enrolment.passed", "certificate", _("通过")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state", "tries": "tries", "first_passed": "first", "passed_at": "passed_at",
        "valid_until": "valid_until",
    }  # fmt: skip
    tries: int
    first: bool
    passed_at: datetime
    valid_until: date
    state: str = PASSED

    def sentence(self) -> str:
        said = {"tries": self.tries, "day": self.valid_until.isoformat()}
        return _t("第 %(tries)d 次通过，有效至 %(day)s") % said


@dataclass(frozen=True, kw_only=True)
class Missed(Kind):
    """An attempt was not enough; ``retake_on`` is the first day of the next, None when the tries
    are used up."""

    code, icon, title = "enrolment.missed", "repeat", _("未通过")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state", "tries": "tries", "first_passed": "first", "retake_on": "retake_on",
    }  # fmt: skip
    tries: int
    retake_on: date | None
    first: bool = False

    @property
    def state(self) -> str:
        return ASSIGNED if self.retake_on else FAILED

    def sentence(self) -> str:
        if self.retake_on is None:
            return _t("第 %(tries)d 次未通过，次数用完，由主管安排") % {"tries": self.tries}
        said = {"tries": self.tries, "day": self.retake_on.isoformat()}
        return _t("第 %(tries)d 次未通过，%(day)s 起可以再考") % said


@dataclass(frozen=True, kw_only=True)
class Reassigned(Kind):
    """Whoever failed or passed learns again: new tries, a new day; ``retake_on`` as it would have
    been, had the last try not been the last."""

    code, icon, title = "enrolment.reassigned", "repeat", _("再次安排")
    caches: ClassVar[Mapping[str, str]] = {
        "because": "because", "source": "source", "state": "state", "tries": "tries",
        "retake_on": "retake_on", "due_on": "due_on", "first_passed": "first",
    }  # fmt: skip
    because: str
    source: str
    due_on: date
    tries: int = 0
    # Tries are counted anew, and with them which was the first.
    first: bool | None = None
    retake_on: date | None = None
    state: str = ASSIGNED

    def sentence(self) -> str:
        return _t("%(source)s，%(day)s 前通过") % {
            "source": self.source, "day": self.due_on.isoformat(),
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Exempted(Kind):
    """Not asked for until a day, with a reason."""

    code, icon, title = "enrolment.excused", "user-x", _("免训")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "excused_until": "until"}
    until: date
    because: str
    state: str = EXCUSED

    def sentence(self) -> str:
        said = {"because": self.because, "day": self.until.isoformat()}
        return _t("%(because)s（至 %(day)s）") % said


@dataclass(frozen=True, kw_only=True)
class Lapsed(Kind):
    """The time of a certificate, or of an exemption, is over."""

    code, icon, title = "enrolment.lapsed", "clock-exclamation", _("到期")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    day: date
    state: str = LAPSED

    def sentence(self) -> str:
        return _t("有效期到 %(day)s") % {"day": self.day.isoformat()}


@dataclass(frozen=True, kw_only=True)
class Released(Kind):
    """No post of the person asks for it any more."""

    code, icon, title = "enrolment.released", "circle-minus", _("不再需要")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    day: date
    state: str = RELEASED

    def sentence(self) -> str:
        return _t("所任岗位不再要求")


@dataclass(frozen=True, kw_only=True)
class AttemptBegun(Kind):
    """``paper`` is a fingerprint of what was shown; the right answers are kept nowhere."""

    code, icon, title = "attempt.begun", "player-play", _("开始作答")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "paper": "paper", "asked": "asked"}
    paper: str
    asked: int
    state: str = BEGUN

    def sentence(self) -> str:
        return _t("%(n)d 题") % {"n": self.asked}


@dataclass(frozen=True, kw_only=True)
class AttemptAnswered(Kind):
    """``answers``: of each question its key, its words, what was said, and whether it is right."""

    code, icon, title = "attempt.answered", "checklist", _("交卷")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state", "right": "right", "passed": "passed", "ended_at": "ended_at",
    }  # fmt: skip
    right: int
    asked: int
    passed: bool
    ended_at: datetime
    answers: tuple[Mapping[str, Any], ...]
    state: str = ANSWERED

    def sentence(self) -> str:
        return _t("答对 %(right)d / %(asked)d") % {"right": self.right, "asked": self.asked}


@dataclass(frozen=True, kw_only=True)
class AttemptVoided(Kind):
    """Its questions changed meanwhile, which is no try; or it was ``abandoned``."""

    code, icon, title = "attempt.voided", "circle-x", _("作废")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "ended_at": "ended_at"}
    because: str
    ended_at: datetime
    abandoned: bool = False
    state: str = VOID

    def sentence(self) -> str:
        return self.because


@dataclass(frozen=True, kw_only=True)
class UnitsTrained(Kind):
    """These units came to be trained in one month, each on its day. It stands from the first night
    on which it is so: who comes and goes later moves neither the day nor the group."""

    code, icon, title = "training_effect.trained", "users", _("单位已培训")
    caches: ClassVar[Mapping[str, str]] = {
        "units": "all_units", "starts_on": "starts_on", "until": "until",
    }  # fmt: skip
    training: str
    units: tuple[int, ...]
    days: tuple[date, ...]
    starts_on: date
    until: date

    @property
    def all_units(self) -> list[int]:
        return list(self.units)


@dataclass(frozen=True, kw_only=True)
class EffectJudged(Kind):
    """What a training did at the units trained in one month, judged once on its day."""

    code, icon, title = "training_effect.judged", "scale", _("训后成效")
    caches: ClassVar[Mapping[str, str]] = {
        "verdict": "verdict", "figures": "figures", "judged_at": "judged_at",
        "controls": "beside",
    }  # fmt: skip
    training: str
    verdict: str
    figures: Mapping[str, Any]
    judged_at: datetime
    controls: tuple[int, ...] = ()

    @property
    def beside(self) -> list[int]:
        return list(self.controls)


TRAINING_KINDS: list[type[Kind]] = [
    Enrolled, EnrolledByMatrix, Passed, Missed, Reassigned, Exempted, Lapsed, Released,
    AttemptBegun, AttemptAnswered, AttemptVoided, UnitsTrained, EffectJudged,
]  # fmt: skip
