"""Write down what was looked into and found, and what the bank's own part in it is."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.acts.claim import held_for
from sujin.complaints.models import Complaint
from sujin.engine.text import redact
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

NO_FAULT = "none"


class CannotInvestigate(Refusal):
    """The record is not accepted; the message says why."""


@transaction.atomic
def investigate(
    complaint: Complaint, *, findings: str, fault: str, liable: str, by: Person, at: datetime
) -> None:
    """``fault`` is the bank's own view of the cause, ``liable`` the unit or person answerable."""
    case = held_for(complaint, by)
    if not case.is_open:
        raise CannotInvestigate(_t("已经结束"))
    if not findings.strip():
        raise CannotInvestigate(_t("请写明查了什么、查到什么"))
    if fault != NO_FAULT and not liable.strip():
        raise CannotInvestigate(_t("请写明责任机构或岗位；银行无过错的，行方原因选“银行无过错”"))
    told = kinds.Investigated(
        findings=redact(findings.strip()).text,
        fault=fault,
        liable=liable.strip()[:24],
        investigated_at=at,
    )
    case.write(told, by=by, at=at)
