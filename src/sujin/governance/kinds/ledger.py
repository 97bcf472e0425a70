"""What can happen to a problem of the ledger, and to each measure against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.governance import verdict_words
from sujin.governance.kinds.late import Escalated
from sujin.governance.ledgerbook import cause_name
from sujin.platform.journal import Kind

# Of a problem.
OPENED, ACTING, SOLVED, DROPPED = "opened", "acting", "solved", "dropped"
PROBLEM_STATES = {
    OPENED: _("待定因"),
    ACTING: _("整改中"),
    SOLVED: _("已办结"),
    DROPPED: _("不成立"),
}
STANDING = (OPENED, ACTING)
# Of a measure.
DECLARED, DONE, JUDGED = "declared", "done", "judged"
WAIVED, CANCELLED, LAPSED = "waived", "cancelled", "lapsed"
MEASURE_STATES = {
    DECLARED: _("已声明"),
    DONE: _("已落实，待核验"),
    JUDGED: _("已核验"),
    WAIVED: _("已豁免核验"),
    CANCELLED: _("已取消"),
    LAPSED: _("到期没有落实"),
}
# Nothing is to be waited for any more.
SETTLED = (JUDGED, WAIVED, CANCELLED, LAPSED)


@dataclass(frozen=True, kw_only=True)
class ProblemOpened(Kind):
    """Somebody wrote it down, with whose it is and until when its cause is to be known."""

    code, icon, title = "problem.opened", "notebook", _("登记问题")
    caches: ClassVar[Mapping[str, str]] = {
        "name": "name", "owner_id": "owner", "acknowledge_by": "acknowledge_by", "state": "state",
        "due_on": "due_on",
    }  # fmt: skip
    name: str
    owner: int
    owner_name: str
    acknowledge_by: datetime
    due_on: date
    source: str = ""
    source_key: int | None = None
    state: str = OPENED

    def sentence(self) -> str:
        said = {"owner": self.owner_name, "words": self.name, "day": self.due_on.isoformat()}
        return _t("归口%(owner)s，%(day)s 前办结：%(words)s") % said


@dataclass(frozen=True, kw_only=True)
class CauseFound(Kind):
    """Why it happens, and who can change it."""

    code, icon, title = "problem.cause_found", "zoom-question", _("定因")
    caches: ClassVar[Mapping[str, str]] = {"root": "root", "why": "why"}
    root: str
    why: str

    def sentence(self) -> str:
        return _t("%(cause)s：%(why)s") % {"cause": cause_name(self.root), "why": self.why}


@dataclass(frozen=True, kw_only=True)
class ProblemEscalated(Escalated):
    """Nobody found its cause in time."""

    code, title = "problem.escalated", _("逾期未定因")

    def sentence(self) -> str:
        return _t("%(owner)s 逾期未定因，已报上级") % {"owner": self.owner_name}


@dataclass(frozen=True, kw_only=True)
class ProblemUrged(Kind):
    """督办: somebody who oversees asks for it."""

    code, icon, title = "problem.urged", "bell-ringing", _("督办")
    caches: ClassVar[Mapping[str, str]] = {"urged": "urged"}
    words: str
    urged: int

    def sentence(self) -> str:
        return _t("第 %(n)s 次督办：%(words)s") % {"n": self.urged, "words": self.words}


@dataclass(frozen=True, kw_only=True)
class MeasurePlanned(Kind):
    """On the problem's docket: a measure against it was declared."""

    code, icon, title = "problem.measure_planned", "target-arrow", _("提出措施")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    number: int
    words: str
    state: str = ACTING

    def sentence(self) -> str:
        return _t("措施 %(n)s：%(words)s") % {"n": self.number, "words": self.words}


@dataclass(frozen=True, kw_only=True)
class ProblemSolved(Kind):
    """Closed: every measure has its verdict, a signed waiver, or was cancelled."""

    code, icon, title = "problem.solved", "circle-check", _("办结")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "closed_at": "closed_at"}
    because: str
    closed_at: datetime
    worked: int
    waived: int
    state: str = SOLVED

    def sentence(self) -> str:
        said = {"worked": self.worked, "waived": self.waived, "words": self.because}
        return _t("有效措施 %(worked)s 项，豁免 %(waived)s 项。%(words)s") % said


@dataclass(frozen=True, kw_only=True)
class ProblemDropped(Kind):
    """It is no problem, or it stands elsewhere in the ledger."""

    code, icon, title = "problem.dropped", "circle-x", _("不成立")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "closed_at": "closed_at"}
    because: str
    closed_at: datetime
    state: str = DROPPED

    def sentence(self) -> str:
        return self.because


@dataclass(frozen=True, kw_only=True)
class MeasureDeclared(Kind):
    """Written down before it begins: what, where, from when, how much less is promised, and with
    whom it is compared."""

    code, icon, title = "measure.declared", "target-arrow", _("声明措施")
    caches: ClassVar[Mapping[str, str]] = {
        "words": "words", "owner_id": "owner", "starts_on": "starts_on", "judge_on": "judge_on",
        "promised": "promised", "settle": "settle", "targets": "targets", "controls": "controls",
        "sinks": "sinks", "definitions": "definitions", "state": "state",
    }  # fmt: skip
    number: int
    words: str
    owner: int
    owner_name: str
    starts_on: date
    judge_on: date
    promised: float
    settle: int
    targets: tuple[dict[str, str], ...]
    controls: tuple[dict[str, str], ...]
    sinks: tuple[dict[str, str], ...] = ()
    definitions: tuple[dict[str, Any], ...] = ()
    state: str = DECLARED

    def sentence(self) -> str:
        also = {"settle": self.settle, "ratios": _ratios(self.definitions)}
        said = also | {
            "n": self.number, "day": self.starts_on.isoformat(), "judge": self.judge_on.isoformat(),
            "share": f"{self.promised:.0%}", "owner": self.owner_name, "words": self.words,
        }  # fmt: skip
        return (
            _t(
                "措施 %(n)s（%(owner)s）：%(day)s 起，头 %(settle)s 周不计，承诺减少 %(share)s，"
                "%(judge)s 核验%(ratios)s。%(words)s"
            )
            % said
        )


def _ratios(definitions: tuple[dict[str, Any], ...]) -> str:
    """Days from which other things are counted, with the ratio if one was stated."""
    return "".join(
        _t("，口径自 %(day)s 变化（%(ratio)s）")
        % {"day": one["at"], "ratio": "?" if one["ratio"] is None else f"×{one['ratio']:g}"}
        for one in definitions
    )


@dataclass(frozen=True, kw_only=True)
class MeasureRevised(MeasureDeclared):
    """Declared anew before it began; afterwards nobody can."""

    code, icon, title = "measure.revised", "pencil", _("修改声明")


@dataclass(frozen=True, kw_only=True)
class MeasureDone(Kind):
    """It is carried out; ``proof`` says how anybody can see it."""

    code, icon, title = "measure.done", "checks", _("落实")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "proof": "proof", "done_at": "done_at"}
    number: int
    proof: str
    done_at: datetime
    state: str = DONE

    def sentence(self) -> str:
        return _t("措施 %(n)s 已落实：%(words)s") % {"n": self.number, "words": self.proof}


@dataclass(frozen=True, kw_only=True)
class MeasureJudged(Kind):
    """The verdict, with the figures it rests on. A verdict of too little evidence may be followed
    by another look; ``looks`` counts them, and each asks for more."""

    code, icon, title = "measure.judged", "gavel", _("核验")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state", "verdict": "verdict", "figures": "figures", "judged_at": "judged_at",
        "looks": "looks",
    }  # fmt: skip
    number: int
    verdict: str
    figures: dict[str, Any]
    judged_at: datetime
    looks: int
    state: str = JUDGED

    def sentence(self) -> str:
        said = verdict_words.kept(self.verdict, self.figures)
        return _t("措施 %(n)s：%(words)s") % {"n": self.number, "words": said}


@dataclass(frozen=True, kw_only=True)
class MeasureProlonged(Kind):
    """There was too little evidence: it is looked at once more, on a later day."""

    code, icon, title = "measure.prolonged", "calendar-plus", _("延后再核验")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "judge_on": "judge_on"}
    number: int
    judge_on: date
    because: str
    state: str = DONE

    def sentence(self) -> str:
        said = {"n": self.number, "day": self.judge_on.isoformat(), "words": self.because}
        return _t("措施 %(n)s：%(day)s 再核验一次。%(words)s") % said


@dataclass(frozen=True, kw_only=True)
class MeasureWaived(Kind):
    """Somebody above signs that it need not be verified, and why."""

    code, icon, title = "measure.waived", "signature", _("豁免核验")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "waived_by_id": "waived_by"}
    number: int
    because: str
    waived_by: int
    state: str = WAIVED

    def sentence(self) -> str:
        return _t("措施 %(n)s 豁免核验：%(words)s") % {"n": self.number, "words": self.because}


@dataclass(frozen=True, kw_only=True)
class MeasureCancelled(Kind):
    """It is not carried out."""

    code, icon, title = "measure.cancelled", "ban", _("取消措施")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    number: int
    because: str
    state: str = CANCELLED

    def sentence(self) -> str:
        return _t("措施 %(n)s 取消：%(words)s") % {"n": self.number, "words": self.because}


@dataclass(frozen=True, kw_only=True)
class MeasureLapsed(Kind):
    """Its day of judgement came and nobody had said that it was carried out."""

    code, icon, title = "measure.lapsed", "alarm", _("到期没有落实")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    number: int
    state: str = LAPSED

    def sentence(self) -> str:
        return _t("措施 %(n)s 到核验日还没有落实，不作核验") % {"n": self.number}


LEDGER_KINDS: list[type[Kind]] = [
    ProblemOpened, CauseFound, ProblemEscalated, ProblemUrged, MeasurePlanned, ProblemSolved,
    ProblemDropped, MeasureDeclared, MeasureRevised, MeasureDone, MeasureJudged, MeasureProlonged,
    MeasureWaived, MeasureCancelled, MeasureLapsed,
]  # fmt: skip
