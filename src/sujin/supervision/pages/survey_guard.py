"""May this person read surveys, and of which place?"""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from sujin.platform.models import Org
from sujin.platform.ui.request import StaffRequest
from sujin.supervision.models.survey import SAMPLE, SURVEY


def places(asked: StaffRequest) -> list[Org]:
    """Where the person reads surveys: the whole house for the head office; 403 for nowhere."""
    if asked.reach.everything:
        return list(Org.objects.filter(parent__isnull=True))
    found = {place.pk: place for place in asked.reach.places(SURVEY)}
    if not found:
        raise PermissionDenied
    return list(found.values())


def chosen(asked: StaffRequest) -> Org:
    """The place of ``?unit=``, else the first one; 404 outside the reach."""
    own, code = places(asked), asked.GET.get("unit", "")
    if not code:
        return own[0]
    found = Org.objects.filter(pk=int(code)).first() if is_number(code) else None
    if found is None or not any(found.path.startswith(place.path) for place in own):
        raise Http404
    return found


def draws(asked: StaffRequest) -> bool:
    """Whether the person may draw a sample somewhere."""
    return SAMPLE in asked.reach.may


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12
