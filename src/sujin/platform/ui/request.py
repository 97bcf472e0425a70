"""A request of a signed-in member of staff, as the middleware leaves it."""

from datetime import datetime

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
