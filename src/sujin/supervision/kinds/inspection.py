"""What can happen to a plan of inspections and to each inspection of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

RUNNING, OVER = "running", "over"
PLAN_STATES = {RUNNING: _("进行中"), OVER: _("已结束")}
AHEAD, SUBMITTED, MISSED = "ahead", "submitted", "missed"
INSPECTION_STATES = {AHEAD: _("待检查"), SUBMITTED: _("已提交"), MISSED: _("没有去")}
PASS, FAIL, SKIP = "pass", "fail", "skip"
MARKS = {PASS: _("合格"), FAIL: _("不合格"), SKIP: _("不适用")}


@dataclass(frozen=True, kw_only=True)
class PlanDrawn(Kind):
    """So many of the places were drawn. Nobody can know before; ``digest`` of the seed is told
    now, the seed when the plan is over, so that anybody can draw again and see it is the same."""

    code, icon, title = "inspection_plan.drawn", "calendar-plus", _("抽签定计划")
    caches: ClassVar[Mapping[str, str]] = {
        "name": "name", "sort": "sort", "first": "first", "last": "last", "visits": "visits",
        "digest": "digest", "factor": "factor", "pool": "pool", "state": "state",
    }  # fmt: skip
    name: str
    sort: str
    first: date
    last: date
    visits: int
    factor: float
    digest: str
    pool: tuple[Mapping[str, Any], ...]
    chances: tuple[float, ...]
    inspectors: tuple[int, ...]
    days: tuple[date, ...]
    state: str = RUNNING

    def sentence(self) -> str:
        said = {"n": self.visits, "of": len(self.pool), "factor": f"{self.factor:g}"}
        return _t("%(of)d 家网点中抽中 %(n)d 家；被抽中的机会不超过盲抽的 %(factor)s 倍") % said


@dataclass(frozen=True, kw_only=True)
class PlanOver(Kind):
    """The last day has passed; from now on everybody may check the draw."""

    code, icon, title = "inspection_plan.over", "circle-check", _("计划结束，公开抽签种子")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "over_at": "over_at"}
    seed: int
    done: int
    missed: int
    over_at: datetime
    state: str = OVER

    def sentence(self) -> str:
        said = {"seed": self.seed, "done": self.done, "missed": self.missed}
        return _t("已检查 %(done)d 家，没有去 %(missed)d 家；种子 %(seed)d，可据此重抽核对") % said


@dataclass(frozen=True, kw_only=True)
class InspectionSet(Kind):
    """Drawn: who goes on which day; ``chance`` is what the outlet had."""

    code, icon, title = "inspection.set", "calendar-event", _("安排检查")
    caches: ClassVar[Mapping[str, str]] = {
        "inspector_id": "inspector", "day": "day", "chance": "chance", "state": "state",
    }  # fmt: skip
    inspector: int
    inspector_name: str
    day: date
    chance: float
    state: str = AHEAD

    def sentence(self) -> str:
        return _t("%(name)s，%(day)s") % {
            "name": self.inspector_name, "day": self.day.isoformat()
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class InspectionPassedOn(Kind):
    """Whoever was drawn stands aside; another is drawn among those who may go."""

    code, icon, title = "inspection.passed_on", "arrows-exchange", _("换人检查")
    caches: ClassVar[Mapping[str, str]] = {"inspector_id": "inspector"}
    inspector: int
    inspector_name: str
    because: str

    def sentence(self) -> str:
        said = {"name": self.inspector_name, "because": self.because}
        return _t("改由 %(name)s：%(because)s") % said


@dataclass(frozen=True, kw_only=True)
class InspectionNoted(Kind):
    """Marks as they reach us from the telephone, perhaps hours after they were made."""

    code, icon, title = "inspection.noted", "checklist", _("记录检查项")
    caches: ClassVar[Mapping[str, str]] = {}
    marks: tuple[Mapping[str, Any], ...]

    def sentence(self) -> str:
        bad = sum(one["mark"] == FAIL for one in self.marks)
        said = {"n": len(self.marks), "bad": bad}
        return _t("%(n)d 项，其中不合格 %(bad)d 项") % said


@dataclass(frozen=True, kw_only=True)
class PhotoKept(Kind):
    """A photograph of one item; ``sha256`` is of its bytes."""

    code, icon, title = "inspection.photo", "photo", _("留存照片")
    caches: ClassVar[Mapping[str, str]] = {}
    item: str
    sha256: str
    taken_at: datetime

    def sentence(self) -> str:
        return self.sha256[:12]


@dataclass(frozen=True, kw_only=True)
class InspectionSubmitted(Kind):
    """The list is whole; what failed is now a shortcoming each. ``result`` is as it stands."""

    code, icon, title = "inspection.submitted", "send", _("提交检查结果")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state", "submitted_at": "submitted_at", "result": "result",
    }  # fmt: skip
    result: tuple[Mapping[str, Any], ...]
    submitted_at: datetime
    state: str = SUBMITTED

    def sentence(self) -> str:
        bad = sum(one["mark"] == FAIL for one in self.result)
        said = {"n": len(self.result), "bad": bad}
        return _t("%(n)d 项，其中不合格 %(bad)d 项") % said


@dataclass(frozen=True, kw_only=True)
class InspectionMissed(Kind):
    """The plan is over and nobody has been there."""

    code, icon, title = "inspection.missed", "circle-x", _("没有去")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    state: str = MISSED


INSPECTION_KINDS: list[type[Kind]] = [
    PlanDrawn, PlanOver, InspectionSet, InspectionPassedOn, InspectionNoted, PhotoKept,
    InspectionSubmitted, InspectionMissed,
]  # fmt: skip
