"""What every template may use."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from sujin.config import navigation
from sujin.platform.models import Notice
from sujin.platform.ui.request import AnyRequest


def house(request: HttpRequest) -> dict[str, Any]:
    """The institution, and for staff: who they are, where they can go, how many notices wait."""
    asked = cast(AnyRequest, request)
    person = getattr(asked, "person", None)
    known: dict[str, Any] = {
        "institution": {"name": settings.INSTITUTION, "phone": settings.INSTITUTION_PHONE},
        "demo": settings.DEMO,
        "person": person,
        "at": getattr(asked, "at", None),
    }
    if person is not None:
        known["reach"] = asked.reach
        known["nav"] = navigation.items(asked)
        known["notice_count"] = Notice.objects.to(person).unread()[:100].count()
    return known
