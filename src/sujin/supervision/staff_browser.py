"""Browsers at which staff work: a mark that outlives their signing out by some hours.

Whoever signs out and answers for a customer at the same desk is told by it. The mark says that
somebody of staff was here, never who; it goes to the customers' page alone and is signed.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sujin.platform.models import Person
from sujin.supervision.questionnaires import numbers

COOKIE, SALT, MARK, PLACE = "desk", "survey.staff_browser", "staff", "/s/"


def mark_staff(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Marks the browser of whoever is signed in, anew with every page."""

    def answer(request: HttpRequest) -> HttpResponse:
        # Asked before: signing out forgets who it was.
        is_signed_in = isinstance(request.user, Person)
        response = get_response(request)
        if is_signed_in or isinstance(request.user, Person):
            response.set_signed_cookie(
                COOKIE, MARK, salt=SALT, max_age=_seconds(), path=PLACE, httponly=True,
                samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response

    return answer


def is_staff(request: HttpRequest) -> bool:
    """Whether somebody of staff was signed in here some hours ago."""
    told = request.get_signed_cookie(COOKIE, default=None, salt=SALT, max_age=_seconds())
    return told == MARK


def _seconds() -> int:
    return int(numbers()["staff_hours"]) * 3600
