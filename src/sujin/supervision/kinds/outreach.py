"""What can happen to a 宣教活动: planned from complaint topics, held, cancelled, judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.engine.verify import Verdict
from sujin.platform.journal import Kind

PLANNED, HELD, CANCELLED, JUDGED = "planned", "held", "cancelled", "judged"
STATES = {
    PLANNED: _("已计划"), HELD: _("已举行，待看走势"), CANCELLED: _("已取消"),
    JUDGED: _("已有结论"),
}  # fmt: skip
VERDICTS = {
    Verdict.WORKED: _("同类投诉少了"), Verdict.FAILED: _("同类投诉没有少"),
    Verdict.UNCLEAR: _("证据不足"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class OutreachPlanned(Kind):
    """Chosen because of ``hits`` complaints of the topic among ``among`` at the place. When it is
    judged, and with whom it is compared, is declared now."""

    code, icon, title = "outreach.planned", "calendar-event", _("计划宣教")
    caches: ClassVar[Mapping[str, str]] = {
        "topic": "topic", "business": "business", "cause": "cause", "segment": "segment",
        "method": "method", "planned_on": "planned_on", "judge_on": "judge_on", "why": "why",
        "version_id": "version", "hits": "hits", "among": "among", "controls": "controls",
        "state": "state",
    }  # fmt: skip
    topic: str
    topic_name: str
    business: str
    cause: str
    place_name: str
    segment: str
    method: str
    planned_on: date
    judge_on: date
    why: str
    version: int | None
    hits: int
    among: int
    controls: tuple[Mapping[str, str], ...]
    state: str = PLANNED

    def sentence(self) -> str:
        said = {
            "place": self.place_name, "topic": self.topic_name, "hits": self.hits,
            "among": self.among,
        }  # fmt: skip
        return _t("%(place)s：%(topic)s（近期 %(among)d 件里有 %(hits)d 件）") % said


@dataclass(frozen=True, kw_only=True)
class OutreachHeld(Kind):
    """How many people were reached, and how they were counted."""

    code, icon, title = "outreach.held", "speakerphone", _("举行")
    caches: ClassVar[Mapping[str, str]] = {
        "held_on": "held_on", "reached": "reached", "counted_how": "counted_how", "state": "state",
    }  # fmt: skip
    held_on: date
    reached: int
    counted_how: str
    state: str = HELD

    def sentence(self) -> str:
        said = {"day": self.held_on.isoformat(), "n": self.reached, "how": self.counted_how}
        return _t("%(day)s，覆盖 %(n)d 人（%(how)s）") % said


@dataclass(frozen=True, kw_only=True)
class OutreachCancelled(Kind):
    """It is not held, for a reason."""

    code, icon, title = "outreach.cancelled", "ban", _("取消")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    because: str
    state: str = CANCELLED

    def sentence(self) -> str:
        return self.because


@dataclass(frozen=True, kw_only=True)
class OutreachJudged(Kind):
    """What the weeks since say, on the declared day and against other places."""

    code, icon, title = "outreach.judged", "scale", _("事后走势")
    caches: ClassVar[Mapping[str, str]] = {
        "verdict": "verdict", "figures": "figures", "judged_at": "judged_at", "state": "state",
    }  # fmt: skip
    verdict: str
    figures: Mapping[str, Any]
    judged_at: datetime
    state: str = JUDGED

    def sentence(self) -> str:
        return str(VERDICTS[Verdict(self.verdict)])


OUTREACH_KINDS: list[type[Kind]] = [
    OutreachPlanned, OutreachHeld, OutreachCancelled, OutreachJudged,
]  # fmt: skip
