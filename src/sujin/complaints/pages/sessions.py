"""会商: which sittings are coming, lack minutes, can be checked, and what they came to."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints import tables
from sujin.complaints.models import Participant, Session
from sujin.complaints.models.session import KINDS
from sujin.complaints.pages import sittings
from sujin.complaints.pages.guard import visible
from sujin.complaints.sides import Entities
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, staff

STATES = (
    ("upcoming", _("将要召开")),
    ("minutes", _("欠纪要")),
    ("check", _("待核对")),
    ("held", _("已召开")),
    ("cancelled", _("已取消")),
)
PERIODS = (("30", _("近 30 天")), ("90", _("近 90 天")), ("365", _("近一年")), ("all", _("全部")))
AVOIDED = (("yes", _("已避免")), ("no", _("没有避免")))
COLUMNS = [
    Column("starts", _("时间"), sort="starts"),
    Column("number", _("编号")),
    Column("kind", _("形式")),
    Column("host", _("主持")),
    Column("came", _("到场")),
    Column("outcome", _("结果")),
    Column("avoided", _("升级")),
]
SORTS = [Sort("starts", _("时间"), ("-starts_at",))]
ICS_LINE_MAX = 75


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Sittings within the person's reach, counted; every figure opens its sittings."""
    asked = staff(request)
    params = request.GET.copy()
    params.setdefault("period", "365")
    branches = _branches()
    listing = Listing(
        params,
        _rows(asked),
        filters=_filters(asked, branches),
        sorts=SORTS,
        columns=COLUMNS,
    )
    context = {
        "listing": listing,
        "lines": sittings.lines(listing.page_rows),
        "figures": sittings.figures(listing.rows, branches),
        "waiting": _waiting(asked),
    }
    return render(request, "complaints/sessions.html", context)


def _rows(request: StaffRequest) -> QuerySet[Session]:
    """Those of the cases that the reader sees whole, and those the reader's desks sit at."""
    entities = Entities()
    whole = entities.whole(request.reach, "complaint__")
    desks = [post.org_id for post in request.reach.posts]
    mine = Participant.objects.filter(session=OuterRef("pk"), org__in=desks)
    rows = Session.objects.within(request.reach)
    if not request.reach.everything:
        rows = rows.filter(whole | Q(Exists(mine)) | Q(host=request.person))
    is_whole = Session.objects.filter(whole, pk=OuterRef("pk"))
    rows = rows.annotate(is_whole=Exists(is_whole))
    return rows.select_related("complaint", "complaint__origin", "host")


def _filters(request: StaffRequest, branches: dict[int, Org]) -> list[Filter[Session]]:
    named = tuple((str(pk), str(org)) for pk, org in branches.items())
    return [
        Filter("state", _("状态"), STATES, lambda rows, value: _state(rows, value, request.at)),
        Filter("period", _("期间"), PERIODS, lambda rows, value: _period(rows, value, request.at)),
        Filter("kind", _("形式"), tuple(KINDS.items()), lambda rows, v: rows.filter(kind=v)),
        Filter(
            "outcome",
            _("结果"),
            tuple(tables.choices(tables.outcomes())),
            lambda rows, value: rows.filter(outcome=value),
        ),
        # What became of a feared escalation is for the side that has the case.
        Filter(
            "avoided",
            _("升级"),
            AVOIDED,
            lambda rows, value: rows.filter(avoided=value, is_whole=True),
        ),
        Filter("branch", _("机构"), named, lambda rows, v: _branch(rows, branches[int(v)])),
    ]


def _state(rows: QuerySet[Session], value: str, at: datetime) -> QuerySet[Session]:
    asked = Session.objects
    found = {
        "upcoming": asked.upcoming(at),
        "minutes": asked.without_minutes(at),
        "check": asked.to_check(at),
        "held": asked.filter(held_at__isnull=False),
        "cancelled": asked.filter(cancelled_at__isnull=False),
    }[value]
    return rows.filter(pk__in=found.values("pk"))


def _period(rows: QuerySet[Session], value: str, at: datetime) -> QuerySet[Session]:
    return rows if value == "all" else rows.filter(starts_at__gte=at - timedelta(days=int(value)))


def _branch(rows: QuerySet[Session], org: Org) -> QuerySet[Session]:
    return rows.filter(complaint__origin__path__startswith=org.path)


def _branches() -> dict[int, Org]:
    """What stands directly below the head office and takes in cases."""
    kinds = (OrgKind.BRANCH1, OrgKind.COMPANY, OrgKind.CENTRE)
    return {org.pk: org for org in Org.objects.filter(kind__in=kinds).order_by("pk")}


def _waiting(request: StaffRequest) -> list[dict[str, Any]]:
    """What is to be done: three figures, whatever the filters say."""
    rows = _rows(request)
    wanted = {"upcoming", "minutes", "check"}
    return [
        {"state": code, "label": label, "count": _state(rows, code, request.at).count()}
        for code, label in STATES
        if code in wanted
    ]


@require_safe
def calendar(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One sitting for a calendar: when and which number; no name, no place, no word of the case."""
    case = visible(request, number)
    session = case.sessions.filter(pk=pk).first()
    if session is None:
        raise Http404
    link = request.build_absolute_uri(case.get_absolute_url())
    text = "\r\n".join(_ics(session, number, link, staff(request).at)) + "\r\n"
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{number}-{pk}.ics"'
    return response


def _ics(session: Session, number: str, link: str, at: datetime) -> Iterable[str]:
    title = f"{session.get_kind_display()}（{session.get_way_display()}） {number}"
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sujin//Sessions//ZH", "BEGIN:VEVENT")
    yield f"UID:session-{session.pk}@sujin"
    yield f"DTSTAMP:{_stamp(at)}"
    yield f"DTSTART:{_stamp(session.starts_at)}"
    yield f"DTEND:{_stamp(session.ends_at)}"
    yield f"SUMMARY:{title}"
    yield from _folded(f"URL:{link}")
    if session.cancelled_at is not None:
        yield "STATUS:CANCELLED"
    yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_t('会谈提醒')}")
    yield from ("TRIGGER:-PT30M", "END:VALARM", "END:VEVENT", "END:VCALENDAR")


def _folded(line: str) -> Iterable[str]:
    """A line of RFC 5545 is at most 75 octets; what is longer goes on after a space."""
    yield line[:ICS_LINE_MAX]
    rest = line[ICS_LINE_MAX:]
    while rest:
        yield f" {rest[: ICS_LINE_MAX - 1]}"
        rest = rest[ICS_LINE_MAX - 1 :]


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
