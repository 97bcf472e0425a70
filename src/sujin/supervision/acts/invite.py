"""Ask the customer of a case how it was handled: once it has closed, and not again too soon."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints.acts.withdraw import WITHDRAWN
from sujin.complaints.draft import CaseKind
from sujin.complaints.models import Complaint
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Entry, Person
from sujin.platform.refusal import Refusal
from sujin.supervision.kinds import survey as kinds
from sujin.supervision.models import Invitation
from sujin.supervision.questionnaires import CASE, numbers, of_sort
from sujin.supervision.sampling import asked_since
from sujin.supervision.turns import ask_alone


class CannotInvite(Refusal):
    """This customer is not asked about this case; the message says why."""


def invite_customer(entry: Entry) -> None:
    """A case has closed: its customer is asked, unless there is a reason not to."""
    case = Complaint.objects.get(pk=entry.subject_id)
    if not why_not_ask(case, entry.at):
        invite(case, by=system_person(), at=entry.at)


@transaction.atomic
def invite(complaint: Complaint, *, by: Person, at: datetime) -> Invitation:
    """The invitation; whoever sends it out comes after the commit."""
    ask_alone(complaint.customer_keys)
    case = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    if because := why_not_ask(case, at):
        raise CannotInvite(because)
    asked = of_sort(CASE)[0].code
    made = Invitation.objects.create(
        complaint=case, unit_id=case.origin_id, made_at=at, questionnaire=asked
    )
    made.write(kinds.Invited(questionnaire=asked, number=case.number), by=by, at=at)
    return made


def why_not_ask(case: Complaint, at: datetime) -> str:
    """Empty when the customer may be asked."""
    if case.closed_at is None:
        return _t("还没有办结，办结后再请客户评价")
    if case.kind != CaseKind.COMPLAINT or case.outcome == WITHDRAWN or case.merged_into_id:
        return _t("不是投诉、客户撤诉或已并入别的件，不请客户评价")
    if not of_sort(CASE):
        return _t("规则包里没有办结后的问卷（surveys.csv）")
    if Invitation.objects.filter(complaint=case, sample__isnull=True).exists():
        return _t("这一件已经请客户评价过")
    days = int(numbers()["quiet_days"])
    again = Invitation.objects.filter(
        complaint__customer_keys__overlap=case.customer_keys, made_at__gt=asked_since(at)
    )
    if case.customer_keys and again.exists():
        return _t("这位客户 %(n)d 天内已经请过一次，不再打扰") % {"n": days}
    return ""
