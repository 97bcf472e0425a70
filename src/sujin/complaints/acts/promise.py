"""Promise the customer something, and keep it, miss it, or be released from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.acts.claim import held_for, locked, refuse_recused
from sujin.complaints.desks import Desks
from sujin.complaints.models import Complaint, Promise
from sujin.complaints.models.promise import NAMES, WHAT_MAX
from sujin.engine.text import redact
from sujin.platform.models import Org, Person
from sujin.platform.refusal import Refusal

NOTE_MAX = 300


class CannotPromise(Refusal):
    """It cannot be promised, or this promise has its result already; the message says why."""


@dataclass(frozen=True, slots=True)
class PromiseDraft:
    """A promise as somebody confirmed it."""

    kind: str
    what: str
    due_at: datetime
    amount: Decimal | None = None


@transaction.atomic
def promise(
    complaint: Complaint,
    *,
    kind: str,
    what: str,
    due_at: datetime,
    amount: Decimal | None = None,
    by: Person,
    at: datetime,
) -> Promise:
    """Promise ``what`` by ``due_at``: a row with a timer, and the entry. Raises CannotPromise."""
    case = held_for(complaint, by)
    return promised(case, kind=kind, what=what, due_at=due_at, amount=amount, by=by, at=at)


def promised(
    case: Complaint,
    *,
    kind: str,
    what: str,
    due_at: datetime,
    amount: Decimal | None = None,
    by: Person,
    at: datetime,
) -> Promise:
    """The promise itself, on a case that is held: whoever passes the case on makes one, too."""
    _refuse(case, kind, what, due_at, at)
    made = Promise.objects.create(
        complaint=case,
        kind=kind,
        what=redact(what.strip()).text[:WHAT_MAX],
        amount=amount,
        due_at=due_at,
        desk=_desk(case, by, at),
        made_by=by,
        made_at=at,
    )
    told = kinds.Promised(
        promise=made.pk,
        kind=kind,
        what=made.what,
        due_at=due_at,
        unit=made.desk_id,
        amount=amount,
        promise_due_at=nearest(case),
    )
    case.write(told, by=by, at=at)
    return made


def promise_all(
    complaint: Complaint, drafts: Iterable[PromiseDraft], *, by: Person, at: datetime
) -> None:
    """Promise each of them, in the transaction of the caller."""
    for one in drafts:
        given = {"kind": one.kind, "what": one.what, "due_at": one.due_at, "amount": one.amount}
        promise(complaint, **given, by=by, at=at)  # type: ignore[arg-type]


def _refuse(case: Complaint, kind: str, what: str, due_at: datetime, at: datetime) -> None:
    if not case.is_open:
        raise CannotPromise(_t("已经结束，不能再作承诺；请先重新登记"))
    if kind not in NAMES:
        raise CannotPromise(_t("请选择承诺做什么"))
    if not what.strip():
        raise CannotPromise(_t("请写明承诺的内容"))
    if due_at <= at:
        raise CannotPromise(_t("承诺的时间须在现在以后，请改到以后的时间"))


def _desk(case: Complaint, by: Person, at: datetime) -> Org:
    """The unit that promises: the desk of the case, or where the person works."""
    if case.desk is not None and Desks(at).employs(case.desk, by):
        return case.desk
    post = by.posts.held_at(at).select_related("org").order_by("pk").first()
    return post.org if post else case.desk or case.origin


@transaction.atomic
def keep(promise: Promise, *, how: str, by: Person, at: datetime) -> None:
    """It was done; one that had been missed is kept late, and both moments stay."""
    case, found = _held(promise, by)
    # Whoever pressed the button just before the limit may have waited for the one that tells it.
    found.kept_at = max(at, found.missed_at or at)
    found.note = _said(how, _t("请写明怎么兑现的"))
    found.save(update_fields=["kept_at", "note"])
    told = kinds.PromiseKept(
        promise=found.pk,
        kind=found.kind,
        what=found.what,
        how=found.note,
        is_late=found.was_kept_late,
        promise_due_at=nearest(case),
    )
    case.write(told, by=by, at=at)


@transaction.atomic
def release(promise: Promise, *, because: str, by: Person, at: datetime) -> None:
    """The customer agreed that it need not be done any more."""
    case, found = _held(promise, by)
    found.released_at, found.note = at, _said(because, _t("请写明客户怎么同意的"))
    found.save(update_fields=["released_at", "note"])
    told = kinds.PromiseReleased(
        promise=found.pk,
        kind=found.kind,
        what=found.what,
        because=found.note,
        promise_due_at=nearest(case),
    )
    case.write(told, by=by, at=at)


def _held(promise: Promise, by: Person) -> tuple[Complaint, Promise]:
    """The case first, then the row: every act takes its locks in this order."""
    case = _where_owed(promise)
    if case is None:
        raise CannotPromise(_t("这一件刚刚并案或撤销并案，请刷新页面"))
    refuse_recused(case, by)
    found = Promise.objects.select_for_update().get(pk=promise.pk)
    if not found.is_open:
        raise CannotPromise(_t("这项承诺已经有结果，请刷新页面"))
    return case, found


def _where_owed(promise: Promise) -> Complaint | None:
    """The case on which it is told what becomes of the promise, held: the one that was promised
    it, or the one into which that was merged. None when that changed while it was waited for."""
    into = Complaint.objects.filter(pk=promise.complaint_id).values_list("merged_into", flat=True)
    before = into.get()
    case = locked(Complaint(pk=before or promise.complaint_id))
    return case if into.get() == before else None


def _said(words: str, missing: str) -> str:
    if not words.strip():
        raise CannotPromise(missing)
    return redact(words.strip()).text[:NOTE_MAX]


def miss_overdue(*, by: Person, at: datetime) -> int:
    """Write down every promise whose moment has passed, each exactly once however many do this at
    the same time; returns how many."""
    overdue = Promise.objects.overdue(at).order_by("due_at", "pk")
    return sum(_miss(one, by=by, at=at) for one in overdue)


@transaction.atomic
def _miss(promise: Promise, *, by: Person, at: datetime) -> bool:
    case = _where_owed(promise)
    # Asked again under the lock: another worker, or the handler, may have been here meanwhile.
    found = Promise.objects.overdue(at).select_for_update(of=("self",)).filter(pk=promise.pk)
    owed = found.first()
    if case is None or owed is None:
        return False
    owed.missed_at = at
    owed.save(update_fields=["missed_at"])
    told = kinds.PromiseMissed(
        promise=owed.pk,
        kind=owed.kind,
        what=owed.what,
        due_at=owed.due_at,
        promise_due_at=nearest(case),
    )
    case.write(told, by=by, at=at)
    return True


def nearest(case: Complaint) -> datetime | None:
    """When the earliest promise is due that is owed under this case's number."""
    owed = Promise.objects.owed_under(case).open()
    found: datetime | None = owed.aggregate(found=Min("due_at"))["found"]
    return found
