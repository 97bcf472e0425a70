"""What would be lost if one case ended inside another: two numbers of one matter go on under the
heavier, so that no merge postpones a limit of the law or takes a duty away."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t

from sujin.complaints import clock, law, words
from sujin.complaints.draft import CaseKind, Lane
from sujin.complaints.kinds.base import in_language
from sujin.complaints.models import Complaint
from sujin.engine.sla import Reading, State
from sujin.engine.tier import Tier

# What was brought, by what is owed for it, the least first.
BY_DUTY = [CaseKind.BUD, CaseKind.SUGGESTION, CaseKind.CONSULTATION, CaseKind.COMPLAINT]
BY_GRAVITY = list(Tier)
UNFINISHED = (State.RUNNING, State.OVERDUE, State.PAUSED)


def lost(case: Complaint, target: Complaint, *, at: datetime) -> str:
    """Why ``case`` may not end inside ``target``, as a sentence that names neither; empty when
    ``target`` is owed everything that ``case`` is, and no later."""
    return (
        _kind(case, target)
        or _letter(case, target)
        or _tier(case, target)
        or _laws(case, target)
        or _limit(case, target, at)
    )


def _kind(case: Complaint, target: Complaint) -> str:
    if BY_DUTY.index(CaseKind(case.kind)) <= BY_DUTY.index(CaseKind(target.kind)):
        return ""
    named = {"kind": words.KINDS[case.kind], "other": words.KINDS[target.kind]}
    return _t("%(kind)s不能并入%(other)s") % named


def _letter(case: Complaint, target: Complaint) -> str:
    if case.lane == Lane.REGULATOR and target.lane != Lane.REGULATOR:
        return _t("监管转办件不能并入普通件")
    mine, theirs = case.regulator_due_at, target.regulator_due_at
    if mine is not None and (theirs is None or mine < theirs):
        return _t("监管反馈日期早的不能并入日期晚的")
    return ""


def _tier(case: Complaint, target: Complaint) -> str:
    if BY_GRAVITY.index(Tier(case.tier)) > BY_GRAVITY.index(Tier(target.tier)):
        return _t("分级高的不能并入分级低的")
    return ""


def _laws(case: Complaint, target: Complaint) -> str:
    missed = law.of(one for one in case.regimes if one not in target.regimes)
    named = {"laws": _t("、").join(in_language(one.title) for one in missed)}
    return _t("受《%(laws)s》约束的不能并入不受其约束的") % named if missed else ""


def _limit(case: Complaint, target: Complaint, at: datetime) -> str:
    """No limit of the law that runs for ``case`` ends later under ``target``, or not at all."""
    theirs = {(one.regime, one.clock): one for one in clock.of(target, now=at)}
    for mine in clock.of(case, now=at):
        if mine.regime in case.regimes and mine.basis != "window" and mine.state in UNFINISHED:
            if why := _later(mine, theirs.get((mine.regime, mine.clock))):
                return f"{why}（{mine.article}）"
    return ""


def _later(mine: Reading, other: Reading | None) -> str:
    ends = (other.stopped_at or other.due_at) if other else None
    if other is None or ends is None or mine.due_at is None:
        return _t("“%(clock)s”在计时的不能并入不计时的") % {"clock": in_language(mine.title)}
    if other.state is State.PAUSED and mine.state is not State.PAUSED:
        return _t("在计时的不能并入暂停计时的")
    if ends > mine.due_at:
        moments = {"mine": _moment(mine.due_at), "theirs": _moment(ends)}
        return _t("期限早的（%(mine)s）不能并入期限晚的（%(theirs)s）") % moments
    return ""


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT")
