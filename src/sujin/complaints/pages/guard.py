"""The two questions every page asks first: may this person see the case, and do this to it?"""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from sujin.complaints import kinds
from sujin.complaints.acts.claim import MustStandAside, refuse_recused
from sujin.complaints.models import Complaint
from sujin.complaints.sides import Entities
from sujin.platform.ui.request import StaffRequest, staff


def visible(request: HttpRequest, number: str) -> Complaint:
    """The case if it lies within the person's reach; 404 otherwise, as if it did not exist."""
    asked = staff(request)
    cases = Complaint.objects.within(asked.reach).select_related(
        "desk", "origin", "accountable", "offered_to", "proposed_by", "repeat_of", "merged_into"
    )
    try:
        return cases.get(number=number)
    except Complaint.DoesNotExist:
        raise Http404 from None


def allowed(
    request: HttpRequest,
    number: str,
    permission: str,
    *,
    shared: bool = False,
    open_to_recused: bool = False,
) -> Complaint:
    """The case if the person may see it and holds ``permission`` for it; the refusal is logged.

    What is not ``shared`` is done only by the side that has the case: bank or company. Whoever
    stands aside reads the case like others, and does nothing but what is ``open_to_recused``.
    """
    asked = staff(request)
    case = visible(request, number)
    if not open_to_recused:
        bar_recused(case, asked)
    is_mine = shared or not Entities().look(case, asked.reach).is_partial
    if not is_mine or not asked.reach.allows(permission, case.seen_by):
        case.write(kinds.Denied(permission), by=asked.person, at=asked.at)
        raise PermissionDenied
    return case


def bar_recused(case: Complaint, request: StaffRequest) -> None:
    """403, with the article, for whoever stands aside."""
    try:
        refuse_recused(case, request.person)
    except MustStandAside as refusal:
        raise PermissionDenied(str(refusal)) from None
