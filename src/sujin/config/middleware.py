"""Who is asking and when: read once per request, handed down as arguments from here."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sujin.platform import reach
from sujin.platform.models import Person

YEAR = 365 * 24 * 3600


def who_and_when(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Set ``request.at``, ``.person`` and ``.reach``; keep the elder mode asked for."""

    def answer(request: HttpRequest) -> HttpResponse:
        if any("\0" in value for values in request.GET.lists() for value in values[1]):
            # No text column takes a NUL and nobody types one.
            raise BadRequest("NUL in the address")
        person = request.user if isinstance(request.user, Person) else None
        request.at = timezone.now()  # type: ignore[attr-defined]
        request.person = person  # type: ignore[attr-defined]
        request.reach = reach.of(person, request.at) if person else None  # type: ignore[attr-defined]
        response = get_response(request)
        _keep_elder_mode(request, response)
        if person is not None:
            # Pages of staff hold personal data: not for a shared cache, not for the back button.
            response.setdefault("Cache-Control", "no-store, private")
        return response

    return answer


def _keep_elder_mode(request: HttpRequest, response: HttpResponse) -> None:
    asked = request.GET.get("elder")
    if asked in {"0", "1"}:
        response.set_cookie(
            "elder", asked, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
