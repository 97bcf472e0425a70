"""One metric: its definition, its months, the units beside each other, before and after a day; and
the cases behind any of its figures."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints.figures.selection import Window
from sujin.complaints.models import Complaint
from sujin.complaints.pages.measured import read_day
from sujin.governance import cube
from sujin.governance.metric_board import cases_url, customers, small, trend, units, whole_month
from sujin.governance.metric_chart import draw
from sujin.governance.metric_figures import Figure, of_sample, said
from sujin.governance.metric_places import below, choices, own, peers, scope
from sujin.governance.metricbook import Metric
from sujin.governance.metricbook import metrics as catalogue
from sujin.governance.models.owned import WATCH
from sujin.governance.pages.metrics import ask
from sujin.platform.models import Org
from sujin.platform.ui.request import StaffRequest, holds, staff

MONTHS = 13
CASES_MAX = 200
# Before and after are as long as each other, and at most so long.
SIDE_MAX = 91
WINDOW_MAX = 800
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sides:
    """The same metric, by the same definition, before a day and from it on."""

    day: date
    before: Figure
    after: Figure
    before_url: str
    after_url: str

    @property
    def tells(self) -> bool:
        """Whether the intervals of the two do not touch."""
        ends = (self.before.low, self.before.high, self.after.low, self.after.high)
        if None in ends:
            return False
        low, high, then, end = (one or 0.0 for one in ends)
        return high < then or end < low


@require_safe
def metric(request: HttpRequest, code: str) -> HttpResponse:
    """At the place and in the month of the address; ``since`` asks for before and after a day."""
    person = holds(request, WATCH)
    asked, found = ask(person), _found(person, code)
    window = whole_month(asked.first)
    desks = own(person.reach, {WATCH})
    beside = ((_("下级机构"), below(asked.org)), (_("同级机构"), peers(asked.org)))
    past = trend(found, asked.org, asked.first, MONTHS)
    context: dict[str, Any] = {
        "metric": found, "org": asked.org, "orgs": asked.orgs, "month": f"{asked.first:%Y-%m}",
        "months": [(one, cases_url(found, asked.org, whole_month(first)), first)
                   for first, one in reversed(past)],
        "drawing": draw(found, past), "now": past[-1][1],
        "url": cases_url(found, asked.org, window),
        "tables": [(title, units(found, orgs, window, desks)) for title, orgs in beside
                   if len(orgs) > 1],
        "small": small(), "sides": _sides(person, found, asked.org),
        "late": cube.late_since() if cube.is_summed(scope(asked.org)) else None,
    }  # fmt: skip
    return render(request, "governance/metric.html", context)


@require_safe
def cases(request: HttpRequest, code: str) -> HttpResponse:
    """The cases behind a figure, as far as the reader's reach goes; ``side`` narrows them to the
    numerator or to the rest."""
    person = staff(request)
    found = _found(person, code)
    org, window = _place(person, found), _window(person)
    sample = cube.samples([found.fact], [scope(org)], window)[found.fact.code, scope(org)]
    rows = cube.of_scopes(found.fact, [scope(org)], window.since, window.until)
    side = person.GET.get("side", "")
    if side in ("yes", "no"):
        rows = rows.filter(value__gt=0) if side == "yes" else rows.filter(value__lte=0)
    n = {"yes": sample.hits, "no": sample.n - sample.hits}.get(side, sample.n)
    context: dict[str, Any] = {
        "metric": found, "org": org, "window": window, "n": sample.n, "hits": sample.hits,
        "shown": n, "side": side, "may_watch": WATCH in person.reach.may,
        "figure": of_sample(found, sample, customers(found, org, window)),
        **_seen(person, found, rows, n),
    }  # fmt: skip
    return render(request, "governance/metric_cases.html", context)


def _seen(person: StaffRequest, found: Metric, rows: QuerySet[Any], n: int) -> dict[str, Any]:
    """The first of those in reach; of the rest only how many there are. Five queries."""
    mine = Complaint.objects.within(person.reach)
    if not person.reach.everything:
        rows = rows.filter(key__in=mine.order_by().values("pk"))
    seen = n if person.reach.everything else rows.count()
    told = list(rows.order_by("-value", "at", "key").values_list("key", "value")[:CASES_MAX])
    cases = mine.select_related("desk", "origin").defer("tokens", "minhash", "bands")
    known = cases.in_bulk({case for case, _value in told})
    is_yes = not found.fact.is_measured
    return {
        "cases": [(known[case], value > 0 if is_yes else said(found, value))
                  for case, value in told],
        "is_yes": is_yes, "more": max(seen - CASES_MAX, 0), "hidden": n - seen,
    }  # fmt: skip


def _found(person: StaffRequest, code: str) -> Metric:
    """404 for one that there is not, or that is not for the reader."""
    found = catalogue().get(code)
    if found is None or not found.needs & person.reach.may:
        raise Http404
    return found


def _place(person: StaffRequest, found: Metric) -> Org:
    known = {org.code: org for org in choices(person.reach, found.needs)}
    code = person.GET.get("org", "") or next(iter(known), "")
    if code in known:
        return known[code]
    desks = own(person.reach, found.needs)
    org = Org.objects.filter(code=code).first()
    if org is None or not any(org.path.startswith(desk.path) for desk in desks):
        raise Http404
    return org


def _window(person: StaffRequest) -> Window:
    first, last = (read_day(person.GET.get(name, "")) for name in ("from", "to"))
    if first is None or last is None or not 0 <= (last - first).days <= WINDOW_MAX:
        raise Http404
    return Window(first, last)


def _sides(person: StaffRequest, found: Metric, org: Org) -> Sides | None:
    """None where no day was asked for, or none that has both a before and an after."""
    day, today = read_day(person.GET.get("since", "")), timezone.localdate(person.at)
    if day is None or day > today:
        return None
    length = min((today - day).days + 1, SIDE_MAX)
    windows = Window(day - length * DAY, day - DAY), Window(day, day + (length - 1) * DAY)
    key = found.fact.code, scope(org)
    before, after = (
        of_sample(found, cube.samples([found.fact], [scope(org)], one)[key]) for one in windows
    )
    return Sides(day, before, after, *(cases_url(found, org, one) for one in windows))
