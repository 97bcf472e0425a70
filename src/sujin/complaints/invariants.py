"""What must never be so, whoever wrote it into the database: one list, each read by the night."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sujin import packs
from sujin.complaints import clock, kinds, rounds, tally
from sujin.complaints.able import Able
from sujin.complaints.models import Complaint, Dispatch, Letter
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine.sla import State
from sujin.platform.models import Entry, Person

GAPS_MAX = 200  # more gaps than these are one catastrophe, not two hundred errands
POINTS_MAX = 5  # the first businesses of a day that is wrong say enough
GAPS = """
SELECT lost.year, min(lost.serial), max(lost.serial) FROM (
    SELECT series.year, serial, serial - row_number() OVER (PARTITION BY year ORDER BY serial)
        AS run
    FROM complaints_series AS series, generate_series(1, series.last) AS serial
    WHERE NOT EXISTS (
        SELECT FROM complaints_complaint
        WHERE number = series.year || '-' || lpad(serial::text, 7, '0')
    )
) AS lost GROUP BY lost.year, lost.run ORDER BY 1, 2 LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Found:
    """One breach as it is now; ``complaint`` is the case's key, None for a case that is lost."""

    about: str
    complaint: int | None = None
    points: tuple[str, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule of the house: its code, its words, what to do, and how its breaches are found."""

    code: str
    title: str | Promise
    remedy: str | Promise
    look: Callable[[datetime], Iterable[Found]]


def closed_incomplete(at: datetime) -> Iterator[Found]:
    """Complaints closed by ``Closed`` of which a step is missing on the row or on the docket; and
    whatever else was closed so while a complaint went on under its number."""
    steps = {
        "investigated": (Q(investigated_at__isnull=True), kinds.Investigated),
        "answered": (Q(answered_at__isnull=True), kinds.Answered),
        "called_back": (Q(called_back_at__isnull=True), kinds.CalledBack),
    }
    went_on = Exists(Complaint.objects.filter(kind="complaint", merged_into=OuterRef("pk")))
    rows = Complaint.objects.filter(Q(kind="complaint") | went_on, closed_at__isnull=False)
    rows = rows.filter(_has(kinds.Closed)).annotate(
        **{f"no_{name}": lost | ~_has(kind) for name, (lost, kind) in steps.items()}
    )
    any_lost = Q(fault="")
    for name in steps:
        any_lost |= Q(**{f"no_{name}": True})
    for row in rows.filter(any_lost).values("pk", "number", "closed_at", "fault", *_lost(steps)):
        points = [name for name in steps if row[f"no_{name}"]]
        points += [] if row["fault"] else ["coded"]
        yield Found(row["number"], row["pk"], tuple(points), row["closed_at"])


def nobody_acts(at: datetime) -> Iterator[Found]:
    """Open cases for which neither the accountable person nor a stand-in could do anything: they
    are gone, elsewhere, away, or stand aside."""
    rows = Complaint.objects.open()
    able = Able(Person.objects.filter(pk__in=rows.values("accountable")), at)
    held = rows.values_list("pk", "number", "accountable_id", "seen_by", "recused", "received_at")
    for pk, number, person, seen_by, recused, received_at in held.iterator(chunk_size=5000):
        if not able.can_act(person, seen_by, recused):
            yield Found(number, pk, since=received_at)


def offer_forgotten(at: datetime) -> Iterator[Found]:
    """Open cases offered to a desk that has let the limit for taking them pass."""
    rows = Complaint.objects.open().filter(offered_to__isnull=False).order_by("offered_at")
    for case in rows.select_related("desk").iterator(chunk_size=500):
        readings = clock.of(case, now=at)
        if any(one.clock == "hand_over" and one.state is State.OVERDUE for one in readings):
            yield Found(case.number, case.pk, since=case.offered_at)


def letter_forgotten(at: datetime) -> Iterator[Found]:
    """Approved letters that nobody has sent for longer than the pack allows."""
    limit = at - timedelta(days=packs.manifest(HOUSE_PACK)["examine"]["letter_days"])
    rows = Letter.objects.filter(
        sent_at__isnull=True, approved_at__lt=limit, complaint__closed_at__isnull=True
    )
    yield from _of_letters(rows, "approved_at")


def letter_unapproved(at: datetime) -> Iterator[Found]:
    """Letters sent of which the docket knows no approval, or, of decisions, no answer."""
    docket = Entry.objects.filter(subject=Complaint.subject, subject_id=OuterRef("complaint_id"))
    told = docket.annotate(letter=KeyTextTransform("letter", "data")).filter(
        letter=Cast(OuterRef("pk"), TextField())
    )
    approved = Exists(told.filter(kind=kinds.Approved.code))
    answered = Exists(told.filter(kind=kinds.Answered.code))
    rows = Letter.objects.filter(sent_at__isnull=False)
    rows = rows.filter(
        ~approved | (Q(kind="decision") & ~answered) | Q(approved_by=F("drafted_by"))
    )
    yield from _of_letters(rows, "sent_at")


def decided_twice(at: datetime) -> Iterator[Found]:
    """Decisions told after another one, with neither a reopening nor a restart between them; and
    those that the wire delivered unheard while another one was told."""
    marks = [kinds.Answered.code, *rounds.CODES]
    docket = Entry.objects.filter(subject=Complaint.subject)
    earlier = docket.filter(subject_id=OuterRef("subject_id"), pk__lt=OuterRef("pk"))
    last = earlier.filter(kind__in=marks).order_by("-pk").values("kind")[:1]
    number = Complaint.objects.filter(pk=OuterRef("subject_id")).values("number")[:1]
    rows = docket.filter(kind=kinds.Answered.code).annotate(last=Subquery(last))
    rows = rows.filter(last=kinds.Answered.code).annotate(number=Subquery(number)).order_by("pk")
    for pk, moment, shown in rows.values_list("subject_id", "at", "number"):
        yield Found(shown, pk, since=moment)
    unheard = Dispatch.objects.unheard().filter(letter__kind="decision")
    for sent in unheard.select_related("letter__complaint").order_by("pk"):
        if rounds.is_answered_beside(sent.letter):
            case = sent.letter.complaint
            yield Found(case.number, case.pk, since=sent.sent_at)


def numbers_lost(at: datetime) -> Iterator[Found]:
    """Numbers given out in a year that no case bears: a case was removed."""
    with connection.cursor() as cursor:
        cursor.execute(GAPS, [GAPS_MAX])
        for year, first, last in cursor.fetchall():
            end = f"–{last:07d}" if last > first else ""
            yield Found(f"{year}-{first:07d}{end}")


def tally_differs(at: datetime) -> Iterator[Found]:
    """Days and organisations for which the tally says other numbers than the cases; of each the
    businesses, with how many too many (or too few)."""
    found: dict[str, list[str]] = {}
    for one in tally.differences():
        points = found.setdefault(f"{one.day} {one.kind} {one.org}"[:40], [])
        points.append(f"{one.business[:30]} {one.cases or one.repeats:+d}")
    for about, points in found.items():
        yield Found(about, points=tuple(points[:POINTS_MAX]))


REPLAY = "row_differs"
INVARIANTS = [
    Invariant(
        "closed_incomplete",
        _("办结但手续不全"),
        _("查明谁办结的；重新打开，补齐调查、答复、回访"),
        closed_incomplete,
    ),
    Invariant("nobody_acts", _("没有能办理的责任人"), _("移交给在岗人员"), nobody_acts),
    Invariant("offer_forgotten", _("移交无人理会"), _("催对方接收或退回"), offer_forgotten),
    Invariant("letter_forgotten", _("已复核的信函没有送达"), _("送达并登记凭据"), letter_forgotten),
    Invariant(
        "letter_unapproved",
        _("未经复核送达的信函"),
        _("查明谁送达的；另起草一份，经复核后送达"),
        letter_unapproved,
    ),
    Invariant(
        "decided_twice",
        _("同一件答复了两次"),
        _("查明哪一份是本行的决定；提级重办，再书面答复客户一次"),
        decided_twice,
    ),
    Invariant("numbers_lost", _("编号有缺号"), _("查数据库日志：件被删除"), numbers_lost),
    Invariant(
        "tally_differs",
        _("看板计数与件不符"),
        _("有人绕过触发器改了件或计数：查数据库日志，再运行 sujin tally --recount 重新计数"),
        tally_differs,
    ),
]
# Compared case by case, some every night, so it is not asked of the whole house at once.
OF_REPLAY = Invariant(
    REPLAY,
    _("内容与来龙去脉不符"),
    _("有人绕过系统改了数据：查数据库日志，按来龙去脉改回"),
    lambda at: (),
)


def named(code: str) -> Invariant | None:
    """The invariant by its code; None for one that the house no longer has."""
    return next((one for one in (*INVARIANTS, OF_REPLAY) if one.code == code), None)


def _has(kind: type[kinds.Closed] | type[Any]) -> Exists:
    rows = Entry.objects.filter(
        subject=Complaint.subject, subject_id=OuterRef("pk"), kind=kind.code
    )
    return Exists(rows)


def _lost(steps: Iterable[str]) -> list[str]:
    return [f"no_{name}" for name in steps]


def _of_letters(rows: QuerySet[Letter], since: str) -> Iterator[Found]:
    for pk, kind, case, number, moment in rows.values_list(
        "pk", "kind", "complaint_id", "complaint__number", since
    ):
        yield Found(f"{number} #{pk}", case, (kind,), moment)
