"""时限墙: what runs out within three days, what has run out, and which one action helps most."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints.models import Complaint
from sujin.complaints.nextstep import ACTIONS, Step, ranked, step, waiting
from sujin.complaints.pages.home import HARM
from sujin.platform.ui.request import StaffRequest, holds

LOOKED_AT = 500
AHEAD = timedelta(hours=72)
TOP = 6
OVER = "over"
# The upper ends of the columns, the nearest first; what is over stands below them all.
COLUMNS: Mapping[str, tuple[Promise, timedelta]] = {
    "h4": (_("4 小时内"), timedelta(hours=4)),
    "h24": (_("4–24 小时"), timedelta(hours=24)),
    "h48": (_("24–48 小时"), timedelta(hours=48)),
    "h72": (_("48–72 小时"), AHEAD),
    OVER: (_("已超限"), timedelta(0)),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One case on the wall: what it waits for, and in which column it stands."""

    case: Complaint
    step: Step
    column: str

    @property
    def action(self) -> Promise:
        return ACTIONS[self.step.action]


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """At most LOOKED_AT cases, the soonest first; ``step`` in the address shows one action's."""
    asked = holds(request, "search")
    rows = list(_at_risk(asked)[: LOOKED_AT + 1])
    cases = rows[:LOOKED_AT]
    given = waiting(cases, asked.reach)
    cards = [Card(case, step(case, given, asked.at), _column(case, asked.at)) for case in cases]
    groups = ranked((card.step, weight(card.case), card.column == OVER) for card in cards)
    chosen = request.GET.get("step", "")
    shown = [card for card in cards if not chosen or card.step.key == chosen]
    context = {
        "columns": _columns(shown),
        "groups": [(group, ACTIONS[group.step.action]) for group in groups[:TOP]],
        "chosen": chosen,
        "count": len(shown),
        "over": sum(card.column == OVER for card in cards),
        "total": len(cards),
        "is_cut": len(rows) > LOOKED_AT,
        "looked_at": LOOKED_AT,
    }
    return render(request, "complaints/wall.html", context)


def _at_risk(request: StaffRequest) -> QuerySet[Complaint]:
    rows = Complaint.objects.within(request.reach).open().filter(due_at__lt=request.at + AHEAD)
    rows = rows.select_related("desk", "accountable", "offered_to").order_by("due_at", "pk")
    return rows.defer("tokens", "minhash", "bands", "customer_keys", "known")


def weight(case: Complaint) -> float:
    """How bad it is when this one goes wrong, as the workbench weighs it."""
    extra = 2.0 if case.vulnerable or case.lane == "regulator" else 1.0
    return HARM.get(case.tier, 1.0) * extra


def _column(case: Complaint, now: datetime) -> str:
    assert case.due_at is not None
    left = case.due_at - now
    if left < timedelta(0):
        return OVER
    return next(code for code, (_name, end) in COLUMNS.items() if left <= end)


def _columns(cards: list[Card]) -> list[tuple[str, Promise, list[Card]]]:
    return [
        (code, name, [card for card in cards if card.column == code])
        for code, (name, _end) in COLUMNS.items()
    ]
