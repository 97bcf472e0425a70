"""What on this screen may be said no longer; asked by the screen, every minute."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sujin.knowledge.audience import audience_of
from sujin.knowledge.standing import fallen
from sujin.platform.ui.request import staff

MOST = 200


@require_safe
@never_cache
def standing(request: HttpRequest) -> JsonResponse:
    """``?v=1&v=2`` -> those of them that have fallen, each with why and what is said instead."""
    asked = staff(request)
    pks = [int(one) for one in request.GET.getlist("v")[:MOST] if one.isdecimal() and len(one) < 15]
    gone = fallen(pks, audience_of(asked.reach), asked.at)
    told = [
        {"version": one.pk, "why": one.why, "instead": one.instead, "title": one.title}
        for one in gone
    ]
    return JsonResponse({"fallen": told})
