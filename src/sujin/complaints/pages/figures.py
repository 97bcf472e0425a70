"""漏斗与时效: who had the ball, per layer, route, desk and outlet; every number opens its cases."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints import words
from sujin.complaints.figures.layers import branches, layers, routes
from sujin.complaints.figures.promises import promises
from sujin.complaints.figures.selection import (
    DAYS,
    DAYS_MAX,
    Selection,
    Window,
    last_days,
    midnight,
)
from sujin.complaints.figures.times import waits
from sujin.complaints.figures.units import burdens, spots, units
from sujin.complaints.funnel import LAYERS, target
from sujin.complaints.pages.measured import OUTCOME_NAMES, read_day
from sujin.engine.rates import Share
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.reach import roles
from sujin.platform.ui.request import StaffRequest, staff

# Whoever answers for more than single cases.
NEEDS = frozenset({"approve", "export", "early_view", "journal"})
PRESETS = (7, 30, 90)
BESIDE_THE_TREE = (OrgKind.DEPARTMENT, OrgKind.COMPANY, OrgKind.CENTRE, OrgKind.HEAD)
SPAN_NAMES = {
    "contacted": _("受理到首次联系客户"),
    "answered": _("受理到答复客户"),
    "transfer": _("监管转办到首次联系客户"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as the address carries it, and what of it could not be read."""

    selection: Selection
    top: Org
    change: datetime | None
    notes: tuple[str, ...]

    def cases(self, **narrowed: str | int) -> str:
        """The address of the list that shows exactly the cases behind a number."""
        window, org = self.selection.window, self.selection.org
        base: dict[str, str | int] = {
            "kind": self.selection.kind,
            "handled": "yes",
            "from": window.first.isoformat(),
            "to": window.last.isoformat(),
        }
        if org is not None:
            base["org"] = org.code
        return f"{reverse('complaints:list')}?{urlencode(base | narrowed)}"

    def of_route(self, row: str, *, after: bool) -> str:
        """The cases of a routing row on one side of the day the policy changed."""
        if self.change is None:
            return self.cases(row=row)
        day = timezone.localdate(self.change)
        window = self.selection.window
        if after:
            return self.cases(row=row, **{"from": max(window.first, day).isoformat()})
        return self.cases(row=row, to=min(window.last, day - timedelta(days=1)).isoformat())


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of a period, within the person's reach."""
    asked = ask(request)
    context = contents(asked) | _frame(asked, staff(request))
    return render(request, "complaints/figures.html", context)


def ask(request: HttpRequest) -> Asked:
    """The question of the address; 403 for whoever answers for single cases only."""
    person = staff(request)
    if not NEEDS & person.reach.may:
        raise PermissionDenied
    notes: list[str] = []
    window = _window(person, notes)
    root = Org.objects.get(parent__isnull=True)
    org = _org(person, root, notes)
    kind = request.GET.get("kind", "complaint")
    if kind not in words.KINDS:
        notes.append(_t("没有“%(asked)s”这个类型，未采用。") % {"asked": kind[:40]})
        kind = "complaint"
    change = read_day(request.GET.get("change", ""))
    chosen = Selection(person.reach, window, kind, org, person.at)
    return Asked(chosen, org or root, midnight(change) if change else None, tuple(notes))


def _window(request: StaffRequest, notes: list[str]) -> Window:
    asked = [request.GET.get(name, "") for name in ("from", "to")]
    first, last = map(read_day, asked)
    if not any(asked):
        days = request.GET.get("days", "")
        return last_days(int(days) if days in map(str, PRESETS) else DAYS, request.at)
    if first is None or last is None or last < first:
        notes.append(_t("起止日期不完整或颠倒，已显示最近 %(n)d 天。") % {"n": DAYS})
        return last_days(DAYS, request.at)
    window = Window(first, last)
    if window.days > DAYS_MAX:
        notes.append(_t("一次最多看 %(n)d 天，已显示最近 %(m)d 天。") % {"n": DAYS_MAX, "m": DAYS})
        return last_days(DAYS, request.at)
    return window


def _org(request: StaffRequest, root: Org, notes: list[str]) -> Org | None:
    """The organisation asked for if it lies within reach; else where the person's post is."""
    own = _own(request)
    code = request.GET.get("org", "")
    if code:
        found = Org.objects.filter(code=code).first()
        if found is not None and _reaches(request, own, found):
            return None if found == root else found
        notes.append(_t("机构“%(asked)s”不在你的范围内，未采用。") % {"asked": code[:40]})
    at_tree = [org for org in own if org.kind not in BESIDE_THE_TREE]
    return None if request.reach.everything or not at_tree else at_tree[0]


def _own(request: StaffRequest) -> list[Org]:
    posts = request.reach.posts
    return [post.org for post in posts if roles()[post.role].sees == "desk"]


def _reaches(request: StaffRequest, own: list[Org], org: Org) -> bool:
    return request.reach.everything or any(org.path.startswith(one.path) for one in own)


def contents(asked: Asked) -> dict[str, Any]:
    """Every number of the page."""
    chosen = asked.selection
    desks, whole = units(chosen)
    lines, spot = spots(chosen)
    outlets, burden, burden_before = burdens(chosen)
    funnel = layers(chosen)
    kept, promised = promises(chosen)
    return {
        "funnel": funnel,
        "layer1": Share(
            funnel[0].outcomes["solved"], sum(one.outcomes["solved"] for one in funnel)
        ),
        "branches": branches(chosen, asked.top),
        "routes": routes(chosen, asked.change),
        "units": desks,
        "promises": kept,
        "promised": promised,
        "whole": whole,
        "waits": waits(chosen),
        "spots": lines,
        "spot": spot,
        "outlets": outlets,
        "burden": burden,
        "burden_before": burden_before,
        "history": chosen.history(),
    }


def _frame(asked: Asked, request: StaffRequest) -> dict[str, Any]:
    """What stands around the numbers: the question, and where one can go from here."""
    below = Org.objects.filter(parent=asked.top).exclude(kind__in=("outlet",)).order_by("code")
    steps = Org.objects.filter(pk__in=asked.top.lineage).order_by("path")
    own = _own(request)
    return {
        "asked": asked,
        "window": asked.selection.window,
        "org": asked.selection.org,
        "notes": asked.notes,
        "steps": [one for one in steps if _reaches(request, own, one)],
        "below": [one for one in below if _reaches(request, own, one)],
        "presets": PRESETS,
        "kinds": words.KINDS,
        "layer_names": LAYERS,
        "outcomes": OUTCOME_NAMES,
        "span_names": SPAN_NAMES,
        "target": target("layer1_share"),
    }
