"""登记来电: the agent's intake page and the receipt that is read out to the caller."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sujin.channels.channel import HOTLINE
from sujin.channels.hotline import receive
from sujin.channels.hotline.forms import HotlineForm
from sujin.channels.intake import Door

DOOR = Door(HOTLINE.code, HotlineForm, receive.draft)


@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    return DOOR.take(request)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    return DOOR.read(request)


@require_safe
def done(request: HttpRequest, number: str) -> HttpResponse:
    return DOOR.done(request, number)
