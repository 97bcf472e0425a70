"""May this person read findings, and this one?"""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from sujin.platform.ui.request import StaffRequest
from sujin.supervision.models import Finding

READERS = frozenset({"inspect", "explain"})


def reader(request: HttpRequest) -> StaffRequest:
    """The request of somebody who reads findings at all; 403 otherwise."""
    asked = cast(StaffRequest, request)
    if not READERS & asked.reach.may:
        raise PermissionDenied
    return asked


def inspector(request: HttpRequest) -> StaffRequest:
    """The request of somebody who looks at the whole house; 403 otherwise."""
    asked = cast(StaffRequest, request)
    if "inspect" not in asked.reach.may or not asked.reach.everything:
        raise PermissionDenied
    return asked


def visible(request: StaffRequest, pk: int) -> Finding:
    """The finding if it lies within the person's reach; 404 otherwise, as if it did not exist."""
    found = Finding.objects.within(request.reach).select_related("unit").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
