"""In whose court the ball is, and what comes next: two sentences and a date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t

from sujin.complaints.models import Complaint
from sujin.engine.sla import Reading, State


@dataclass(frozen=True, slots=True)
class Ball:
    """``where`` names the unit whose turn it is, ``promise`` the next step.

    ``answer_by`` is the latest date of a decision that is owed; ``is_late``: a promise was broken.
    """

    where: str
    promise: str
    answer_by: datetime | None = None
    is_late: bool = False


def of(case: Complaint, readings: Iterable[Reading]) -> Ball:
    """How the matter stands; ``case`` is the one under which it goes on."""
    found = list(readings)
    if not case.is_open:
        return _review(found) or Ball(
            _over(case), _t("有新的情况，可以在下面补充，也可以打电话告诉我们。")
        )
    owed = {
        reading.clock: reading
        for reading in found
        if reading.state in (State.RUNNING, State.OVERDUE, State.PAUSED)
    }
    decision, contact = owed.get("decision"), owed.get("first_response")
    late = [one for one in (contact, decision) if one and one.state is State.OVERDUE]
    promise = _apology(late[0]) if late else _promise(decision, contact)
    return Ball(_where(case), promise, decision.due_at if decision else None, bool(late))


def _review(readings: Iterable[Reading]) -> Ball | None:
    """While the decision is looked at again, the ball is with the organisation above."""
    open_states = (State.RUNNING, State.OVERDUE)
    found = next((r for r in readings if r.clock == "review" and r.state in open_states), None)
    if found is None or found.due_at is None:
        return None
    late = found.state is State.OVERDUE
    by = {"by": _day(found.due_at)}
    promise = (
        _t("我们应在 %(by)s 前告诉您核查决定，已经超过，对不起。请打电话催办，报编号即可。") % by
        if late
        else _t("最迟 %(by)s 告诉您核查决定和理由。") % by
    )
    return Ball(_t("上一级机构正在核查，您暂时不用做什么。"), promise, found.due_at, late)


def _over(case: Complaint) -> str:
    if case.outcome == "withdrawn":
        return _t("您已经撤回，这件事不再办理。")
    return _t("这件事已经办结。")


def _where(case: Complaint) -> str:
    unit = {"unit": str(case.desk or case.origin)}
    if case.claimed_at is None:
        return _t("在银行这边：%(unit)s正在安排经办人，您暂时不用做什么。") % unit
    return _t("在银行这边：%(unit)s正在办理，您暂时不用做什么。") % unit


def _promise(decision: Reading | None, contact: Reading | None) -> str:
    if contact and contact.due_at:
        return _t("%(by)s 之前，我们会联系您。") % {"by": _moment(contact.due_at)}
    if decision and decision.due_at:
        return _t("查清以后，最迟 %(by)s 告诉您处理决定。") % {"by": _day(decision.due_at)}
    return _t("办好以后，我们把结果告诉您。")


def _apology(reading: Reading) -> str:
    """A broken promise is named before the customer names it."""
    assert reading.due_at is not None
    if reading.clock == "decision":
        by = {"by": _day(reading.due_at)}
        return _t("我们应在 %(by)s 前答复您，已经超过，对不起。请打电话催办，报编号即可。") % by
    by = {"by": _moment(reading.due_at)}
    return _t("我们应在 %(by)s 前联系您，已经超过，对不起。请打电话催办，报编号即可。") % by


def _day(at: datetime) -> str:
    return date_format(localtime(at), "DATE_FORMAT")


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT")
