"""A request as the middleware leaves it: of a member of staff, or of anybody."""

from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import cast

from django.conf import settings
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


def network_of(request: HttpRequest) -> str:
    """Where the request comes from: the IPv4 address, or of IPv6 the /64 that one household has.
    Behind a proxy it is what the proxy itself saw, the last it wrote; empty when nobody can say."""
    said = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        address = ip_address(said)
    except ValueError:
        return ""
    bits = 32 if address.version == 4 else 64
    return str(ip_network((address.packed, bits), strict=False))
