"""A request of a signed-in member of staff, as the middleware leaves it."""

from datetime import datetime
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from sujin.platform.models import Person
from sujin.platform.reach import Reach


class StaffRequest(HttpRequest):
    """``at`` is the moment of the request; ``reach`` what ``person`` may see and do then."""

    at: datetime
    person: Person
    reach: Reach
    htmx: HtmxDetails


class AnyRequest(HttpRequest):
    """A request of anybody: ``person`` is absent for the public."""

    at: datetime
    person: Person | None
    reach: Reach | None
    htmx: HtmxDetails


def staff(request: HttpRequest) -> StaffRequest:
    """The request as the middleware left it; pages of staff are never reached without sign-in."""
    return cast(StaffRequest, request)


def holds(request: HttpRequest, permission: str) -> StaffRequest:
    """The request if the person holds ``permission`` anywhere; 403 otherwise."""
    asked = staff(request)
    if permission not in asked.reach.may:
        raise PermissionDenied
    return asked
