"""The list of cases: filters and order in the URL, search over the full text and the people."""

import re
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints import words
from sujin.complaints.acts.do_many import OF_CASES
from sujin.complaints.desks import Desks
from sujin.complaints.forms_many import ManyForm
from sujin.complaints.kinds.together import STEPS
from sujin.complaints.models import Assignment, Complaint
from sujin.complaints.models.party import IDENTIFYING, identifying, index
from sujin.complaints.pages.measured import measured_filters
from sujin.complaints.rulebook import lines, taxonomy
from sujin.engine.text import tsquery
from sujin.platform.models import Org
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.query import PAGE
from sujin.platform.ui.request import StaffRequest, staff

NUMBER = re.compile(r"\d{4}-\d{7}")
DIGITS = re.compile(r"[\dXx \-]{6,30}")

STATES = (
    ("open", _("办理中")),
    ("awaiting", _("待接手")),
    ("offered", _("移交中")),
    ("overdue", _("已超限")),
    ("to_tier", _("待定级")),
    ("closed", _("已结束")),
)
COLUMNS = [
    Column("number", _("编号")),
    Column("tier", _("分级")),
    Column("text", _("诉求")),
    Column("business", _("业务")),
    Column("desk", _("承办")),
    Column("received", _("受理"), sort="received"),
    Column("due", _("时限"), sort="due"),
]
SORTS = [
    Sort("received", _("受理时间"), ("-received_at",)),
    Sort("due", _("时限"), ("due_at",)),
]


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Within the person's reach, whatever is asked for."""
    asked = staff(request)
    query = request.GET.get("q", "").strip()[:100]
    if NUMBER.fullmatch(query):
        found = Complaint.objects.within(asked.reach).filter(number=query).first()
        if found is not None:
            return redirect(found)
    listing = Listing(
        request.GET,
        search(asked, query),
        filters=[*filters(asked), *_of(asked)],
        sorts=SORTS,
        columns=COLUMNS,
    )
    # A search from here stays within the filters that are set.
    chosen = [pair for pair in request.GET.items() if pair[0] not in ("q", PAGE) and pair[1]]
    shown = {"listing": listing, "query": query, "kept_by_search": chosen, **_many(asked)}
    return render(request, "complaints/cases.html", {**shown, "title": _("投诉列表")})


def _many(request: StaffRequest) -> dict[str, Any]:
    """What is needed to do several cases at once, for whoever may."""
    if not {verb.permission for verb in OF_CASES.values()} & request.reach.may:
        return {}
    posts = request.reach.posts
    near = Desks(request.at).around(posts[0].org) if posts else []
    return {"many": ManyForm(), "desks": near}


def search(request: StaffRequest, query: str) -> QuerySet[Complaint]:
    """Cases in reach that mention the words, or belong to the person or number asked for."""
    rows = Complaint.objects.within(request.reach).select_related("desk", "accountable")
    rows = rows.defer("tokens", "minhash", "bands", "customer_keys", "known")
    if not query:
        return rows
    if NUMBER.fullmatch(query) or "search" not in request.reach.may:
        return rows.filter(number=query)
    if DIGITS.fullmatch(query):
        # As it is compared, and as it was written down: what is no number is found by nothing.
        keys = [identifying(field, query) or index(field, query) for field in IDENTIFYING]
        return rows.filter(Q(customer_keys__sharing=keys) | _mentioned(query))
    named = Q(parties__name_index=index("name", query)) if len(query) <= 20 else Q()
    if named and Complaint.objects.within(request.reach).filter(named).exists():
        return rows.filter(named | _mentioned(query)).distinct()
    return rows.mentioning(query)


def _mentioned(query: str) -> Q:
    wanted = tsquery(query)
    return Q(tokens__matching=wanted) if wanted else Q(pk__in=())


def filters(request: StaffRequest) -> list[Filter[Complaint]]:
    """The questions a list can be asked."""
    return [
        Filter("state", _("状态"), STATES, lambda rows, value: _in_state(rows, value, request)),
        Filter("tier", _("分级"), tuple(words.TIERS.items()), _equal("tier")),
        Filter("kind", _("类型"), tuple(words.KINDS.items()), _equal("kind")),
        Filter("lane", _("通道"), tuple(words.LANES.items()), _equal("lane")),
        Filter("channel", _("渠道"), tuple(words.CHANNELS.items()), _equal("channel")),
        Filter(
            "line", _("条线"), tuple((code, words.line(code)) for code in lines()), _equal("line")
        ),
        Filter("business", _("业务"), _top_classes(), _business),
        Filter("asked", _("会办"), tuple(STEPS.items()), _asked),
        Filter(
            "mine",
            _("范围"),
            (("me", _("我负责的")),),
            lambda rows, _value: rows.filter(accountable=request.person),
        ),
        *measured_filters(request),
    ]


def _of(request: StaffRequest) -> list[Filter[Complaint]]:
    """Asked of one organisation: a filter that only a link sets."""
    code = request.GET.get("of", "")
    org = Org.objects.filter(code=code).first() if code else None
    if org is None:
        return []
    step = request.GET.get("asked", "")
    return [Filter("of", _("向谁"), ((code, str(org)),), lambda rows, _v: _asked(rows, step, org))]


def _asked(rows: QuerySet[Complaint], step: str, org: Org | None = None) -> QuerySet[Complaint]:
    """Cases of which an answer to ``step`` is still owed, by anybody or by one organisation."""
    owed = Assignment.objects.owed().filter(step=step)
    return rows.filter(pk__in=(owed.filter(desk=org) if org else owed).values("complaint"))


def _equal(field: str):  # type: ignore[no-untyped-def]
    return lambda rows, value: rows.filter(**{field: value})


def _top_classes() -> tuple[tuple[str, str], ...]:
    rows = taxonomy().values()
    return tuple(
        (row.code, row.en if words.is_english() else row.zh)
        for row in rows
        if row.axis == "business" and not row.parent
    )


def _business(rows: QuerySet[Complaint], value: str) -> QuerySet[Complaint]:
    return rows.filter(Q(business=value) | Q(business__startswith=f"{value}."))


def _in_state(rows: QuerySet[Complaint], value: str, request: StaffRequest) -> QuerySet[Complaint]:
    still_open = rows.filter(closed_at__isnull=True)
    return {
        "open": still_open,
        "awaiting": still_open.filter(claimed_at__isnull=True),
        "offered": still_open.filter(offered_to__isnull=False),
        "overdue": still_open.filter(due_at__lt=request.at),
        "to_tier": still_open.filter(awaits_tier=True),
        "closed": rows.filter(closed_at__isnull=False),
    }[value]
