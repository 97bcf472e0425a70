"""漏判保证: what is promised of urgent complaints, what was found since, and what it costs."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints import assurance as promises
from sujin.complaints.models import Complaint, Vigil
from sujin.complaints.settled import missed_since
from sujin.engine.conformal import Method, fewest
from sujin.engine.rates import Share
from sujin.platform.ui.listing import Column, Listing, Sort
from sujin.platform.ui.request import StaffRequest, staff

READERS = frozenset({"approve", "export", "journal"})
COLUMNS = [
    Column("number", _("编号")),
    Column("tier", _("分级")),
    Column("text", _("诉求")),
    Column("business", _("业务")),
    Column("desk", _("承办")),
    Column("received", _("受理"), sort="received"),
    Column("due", _("时限")),
]


@require_safe
def assurance(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The promise in force and its watch; below it the misses found, within the person's reach."""
    asked = staff(request)
    if not READERS & asked.reach.may:
        raise PermissionDenied
    promise = promises.current()
    context: dict[str, Any] = {"rules": _rules(), "waiting": _waiting(asked)}
    if promise is not None:
        card = promise.card
        vigil = Vigil.objects.filter(assured=card.assured).first() or Vigil(
            assured=card.assured, begun_at=card.since, alpha=card.promised.alpha
        )
        context |= {"card": card, "vigil": vigil, "listing": _missed(asked, card.assured)}
        context |= _figures(vigil)
    return render(request, "complaints/assurance.html", context)


def _rules() -> dict[str, Any]:
    pack = promises.rules()
    least = fewest(pack["alpha"], Method(pack["method"]), pack["delta"])
    return {"alpha": pack["alpha"] * 100, "least": max(least, pack["urgent_min"])}


def _waiting(request: StaffRequest) -> int:
    return Complaint.objects.within(request.reach).open().filter(awaits_tier=True).count()


def _missed(request: StaffRequest, assured: str) -> Listing[Complaint]:
    rows = Complaint.objects.within(request.reach).filter(pk__in=missed_since(assured).values("pk"))
    rows = rows.select_related("desk", "accountable")
    return Listing(
        request.GET,
        rows.defer("tokens", "minhash", "bands", "customer_keys", "known"),
        sorts=[Sort("received", _("受理时间"), ("-received_at",))],
        columns=COLUMNS,
    )


def _figures(vigil: Vigil) -> dict[str, Any]:
    low, high = vigil.tally.interval()
    return {
        "missed": Share(vigil.missed, vigil.urgent),
        "alpha": f"{vigil.alpha:.1%}",
        "low": low * 100,
        "high": high * 100,
        "referred": Share(vigil.referred, vigil.looked),
    }
