"""Revisions: somebody says that an item does not work, its owner answers within working days."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.engine.redaction import redact
from sujin.knowledge import kinds
from sujin.knowledge.acts.draft import draft_next, locked
from sujin.knowledge.kinds.revision import OPEN, REFUSED, REVISED, REVISING, UNANSWERED, UNCHANGED
from sujin.knowledge.kinds.version import DRAFT, SUBMITTED
from sujin.knowledge.models import Feedback, Item, Revision, Version
from sujin.knowledge.models.revision import CASE
from sujin.knowledge.rules import due_on, reasons
from sujin.platform.models import Entry, Org, Person
from sujin.platform.refusal import Refusal

LONGEST = 500


class CannotRevise(Refusal):
    """It cannot be said or answered so; the message says why and what to do."""


@transaction.atomic
def give_feedback(
    version: Version,
    *,
    reason: str,
    words: str = "",
    case: str = "",
    org: Org | None = None,
    by: Person,
    at: datetime,
) -> Revision:
    """Somebody who used it says why it does not work; its owner has it as a task. ``case`` is the
    number of a case or nothing: whatever else is typed there may be anybody's own number."""
    known = reasons().get(reason)
    if known is None or not known.offered:
        raise CannotRevise(_t("请选择哪里不好用"))
    if not version.is_in_force(at):
        raise CannotRevise(_t("这一版已停用，请看新版"))
    number = case.strip()
    if number and not CASE.fullmatch(number):
        raise CannotRevise(_t("投诉编号写作 2026-0000417；不知道就不填"))
    said = redact(words.strip()).text[:LONGEST]
    because = f"{known.zh}：{said}" if said else known.zh
    task = open_revision(version.item, because=because, source=reason, by=by, at=at)
    Feedback.objects.create(
        version=version, revision=task, reason=reason, words=said, case=number,
        person=by, org=org, at=at,
    )  # fmt: skip
    return task


@transaction.atomic
def open_revision(item: Item, *, because: str, source: str, by: Person, at: datetime) -> Revision:
    """A task of the item's owner; ``source`` is a row of feedback.csv and gives the working days.
    What is open already is joined, and its limit comes nearer if this one is more pressing."""
    held = locked(item)
    known = reasons().get(source)
    if known is None:
        raise CannotRevise(_t("没有这种来源：%(source)s") % {"source": source})
    due = due_on(at, known.days)
    there = _unanswered(held)
    if there is not None:
        nearer = min(due, there.due_on or due)
        joined = kinds.RevisionJoined(because=because, source=source, due_on=nearer)
        there.write(joined, by=by, at=at)
        return there
    served = Version.objects.in_force(at).filter(item=held).order_by("-number").first()
    made = Revision.objects.create(
        item=held, version=served, source=source, because=because, opened_by=by, opened_at=at
    )
    told = kinds.RevisionOpened(
        state=OPEN, item=str(made), because=because, source=source, due_on=due
    )
    made.write(told, by=by, at=at)
    return made


def _unanswered(item: Item) -> Revision | None:
    rows = Revision.objects.select_for_update(of=("self",)).filter(item=item)
    return rows.filter(state__in=UNANSWERED).first()


@transaction.atomic
def begin_revision(revision: Revision, *, words: str, by: Person, at: datetime) -> Version:
    """The owner agrees: the version being written is to settle it, or the next one is begun. The
    item is held, so that what is being written is not released meanwhile."""
    held = _held(revision)
    said = _said(words)
    if held.state == REVISING:
        raise CannotRevise(_t("已经在修订"))
    writing = held.item.versions.filter(state__in=[DRAFT, SUBMITTED]).first()
    if writing is None:
        writing = draft_next(held.item, because=said, by=by, at=at)
    told = kinds.RevisionBegun(
        state=REVISING, words=said, version=writing.pk, number=writing.number
    )
    held.write(told, by=by, at=at)
    return writing


@transaction.atomic
def refuse_revision(revision: Revision, *, words: str, by: Person, at: datetime) -> None:
    """The owner will not change it, and says why."""
    held = _held(revision)
    told = kinds.RevisionRefused(state=REFUSED, ended_at=at, item=str(held), words=_said(words))
    held.write(told, by=by, at=at)


@transaction.atomic
def leave_unchanged(revision: Revision, *, words: str, by: Person, at: datetime) -> None:
    """The wording is right as it is, and the owner says how to use it."""
    held = _held(revision)
    told = kinds.RevisionUnchanged(state=UNCHANGED, ended_at=at, item=str(held), words=_said(words))
    held.write(told, by=by, at=at)


@transaction.atomic
def settle_revisions(entry: Entry) -> None:
    """A version was released: what it was to settle is settled."""
    for held in _waiting_for(entry.subject_id):
        version = held.next_version
        assert version is not None
        told = kinds.RevisionSettled(
            state=REVISED, ended_at=entry.at, item=version.title, number=version.number
        )
        held.write(told, by=entry.by, at=entry.at)


@transaction.atomic
def return_revisions(entry: Entry) -> None:
    """A draft was given up: what it was to settle waits for an answer again."""
    for held in _waiting_for(entry.subject_id):
        held.write(kinds.RevisionReturned(state=OPEN), by=entry.by, at=entry.at)


def _waiting_for(version: int) -> list[Revision]:
    rows = Revision.objects.select_for_update(of=("self",)).select_related("next_version")
    return list(rows.filter(next_version=version, state=REVISING))


def escalate_all(*, by: Person, at: datetime) -> int:
    """Tasks that nobody answered in time go up once; how many."""
    late = Revision.objects.unanswered().filter(escalated_at__isnull=True)
    keys = [one.pk for one in late.order_by("pk") if one.is_late(at)]
    for key in keys:
        _escalate(key, by=by, at=at)
    return len(keys)


@transaction.atomic
def _escalate(key: int, *, by: Person, at: datetime) -> None:
    held = Revision.objects.select_for_update(of=("self",)).select_related("item", "version")
    found = held.get(pk=key)
    if found.escalated_at is None and found.is_late(at) and found.due_on is not None:
        told = kinds.RevisionEscalated(escalated_at=at, item=str(found), due_on=found.due_on)
        found.write(told, by=by, at=at)


def _held(revision: Revision) -> Revision:
    """The task as it is now; its item first, as whoever opens a task or releases a version does."""
    locked(revision.item)
    rows = Revision.objects.select_for_update(of=("self",)).select_related("item", "version")
    held = rows.get(pk=revision.pk)
    if not held.is_unanswered:
        raise CannotRevise(_t("这一项已经答复"))
    return held


def _said(words: str) -> str:
    said = redact(words.strip()).text[:LONGEST]
    if not said:
        raise CannotRevise(_t("请写明答复，提出的人会看到"))
    return said
