"""Make an inspection: marks and photographs as they come in, each once; then hand the list in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _t

from sujin.governance.acts.propose_visit import WORDS_LEAST, end_of, spoken
from sujin.governance.visitbook import severities
from sujin.platform.acts.attach import attach
from sujin.platform.files import Checked
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal
from sujin.supervision.acts.draw_plan import barred, inspectors
from sujin.supervision.inspectionbook import Item, checklist, numbers
from sujin.supervision.kinds import inspection as kinds
from sujin.supervision.kinds import shortcoming
from sujin.supervision.models import Inspection, Mark, Photo, Shortcoming

WORDS_MAX = 500


class CannotInspect(Refusal):
    """It is not this person's, not now, or something is missing; the message says what."""


@dataclass(frozen=True, slots=True)
class Note:
    """What was seen of one item. ``key`` is the sending's own; ``noted_at`` by the telephone's
    clock; ``replaces`` the key of the mark that the telephone knew then."""

    key: UUID
    item: str
    mark: str
    words: str
    noted_at: datetime
    replaces: UUID | None = None


@transaction.atomic
def note_marks(inspection: Inspection, notes: Sequence[Note], *, by: Person, at: datetime) -> None:
    """All of them or none. What was sent before is known by its key and changes nothing; of two
    words about one item the one that was noted later stands, whenever it arrives."""
    held = _held(inspection, by, at)
    known = {one.item: one for one in held.marks.all()}
    items = {one.code for one in checklist(held.plan.sort)}
    latest: dict[str, Note] = {}
    for one in sorted(notes, key=lambda note: note.noted_at):
        _refuse_unless_of(one.item, items)
        if one.mark not in kinds.MARKS:
            raise CannotInspect(_t("请选择合格、不合格或不适用"))
        latest[one.item] = one
    new = [one for one in latest.values() if _is_new(one, known.get(one.item), at)]
    if new:
        _keep(held, new, by=by, at=at)


def _is_new(note: Note, known: Mark | None, at: datetime) -> bool:
    """Whoever saw what stands and says otherwise is later, whatever the clocks say."""
    if known is None or known.key == note.replaces:
        return True
    return note.key != known.key and min(note.noted_at, at) >= known.noted_at


def _keep(held: Inspection, new: Iterable[Note], *, by: Person, at: datetime) -> None:
    rows = [
        Mark(
            inspection=held, item=one.item, mark=one.mark, words=spoken(one.words)[:WORDS_MAX],
            key=one.key, noted_at=min(one.noted_at, at),
        )
        for one in new
    ]  # fmt: skip
    Mark.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["inspection", "item"],
        update_fields=["mark", "words", "key", "noted_at"],
    )  # fmt: skip
    held.write(kinds.InspectionNoted(marks=tuple(map(_plain, rows))), by=by, at=at)


def _plain(row: Mark) -> Mapping[str, str]:
    return {
        "item": row.item, "mark": row.mark, "words": row.words,
        "noted_at": row.noted_at.isoformat(),
    }  # fmt: skip


@transaction.atomic
def keep_photo(
    inspection: Inspection, item: str, file: Checked, *, key: UUID, taken_at: datetime, by: Person,
    at: datetime,
) -> None:  # fmt: skip
    """A photograph of one item, once however often it is sent."""
    held = _held(inspection, by, at)
    _refuse_unless_of(item, {one.code for one in checklist(held.plan.sort)})
    if not file.media_type.startswith("image/"):
        raise CannotInspect(_t("“%(name)s” 不是照片") % {"name": file.name})
    kept = list(held.photos.values_list("key", "item"))
    if key in {known for known, _item in kept}:
        return
    most = int(numbers()["photos"])
    if sum(of == item for _known, of in kept) >= most:
        raise CannotInspect(_t("每个检查项最多 %(n)d 张照片") % {"n": most})
    row = attach(held, [file], by=by, at=at)[0]
    Photo.objects.create(inspection=held, item=item, key=key, file=row)
    told = kinds.PhotoKept(item=item, sha256=file.sha256, taken_at=min(taken_at, at))
    held.write(told, by=by, at=at)


def _refuse_unless_of(item: str, items: set[str]) -> None:
    if item not in items:
        raise CannotInspect(_t("检查单里没有“%(item)s”这一项") % {"item": item[:24]})


@transaction.atomic
def submit_inspection(inspection: Inspection, *, by: Person, at: datetime) -> None:
    """The list is whole: what failed becomes a shortcoming each, and what was mended here before is
    looked at again."""
    held = _held(inspection, by, at)
    marks = {one.item: one for one in held.marks.all()}
    wanted = checklist(held.plan.sort)
    _refuse_unless_whole(wanted, marks, set(held.photos.values_list("item", flat=True)))
    result = tuple(_plain(marks[one.code]) for one in wanted)
    held.write(kinds.InspectionSubmitted(result=result, submitted_at=at), by=by, at=at)
    earlier = _earlier_here(held)
    for one in wanted:
        _compare(held, one, marks[one.code], earlier.get(one.code), by=by, at=at)


def _compare(
    held: Inspection, item: Item, mark: Mark, before: Shortcoming | None, *, by: Person,
    at: datetime,
) -> None:  # fmt: skip
    """What was mended here holds or does not; what stands is not found twice."""
    is_bad = mark.mark == kinds.FAIL
    if before is not None and mark.mark != kinds.SKIP and (is_bad or not before.stands):
        told = shortcoming.ShortcomingHeld(inspection=held.pk, holds=not is_bad, held_at=at)
        before.write(told, by=by, at=at)
    if is_bad and before is not None and before.stands:
        _send_back(before, mark, by=by, at=at)
    elif is_bad:
        _fall_short(held, item, mark, before, by=by, at=at)


def _send_back(before: Shortcoming, mark: Mark, *, by: Person, at: datetime) -> None:
    """Answered, and yet it does not hold: that is a look at the spot."""
    if before.state != shortcoming.ANSWERED:
        return
    told = shortcoming.ShortcomingReturned(
        because=mark.words, look=shortcoming.ON_THE_SPOT, returns=before.returns + 1,
        due_at=end_of(severities()[before.severity].days, at),
    )  # fmt: skip
    before.write(told, by=by, at=at)


def _refuse_unless_whole(
    wanted: Iterable[Item], marks: Mapping[str, Mark], photos: set[str]
) -> None:
    for one in wanted:
        mark = marks.get(one.code)
        if mark is None:
            raise CannotInspect(_t("还有检查项没有填：%(item)s") % {"item": one})
        if mark.mark == kinds.FAIL and len(mark.words) < WORDS_LEAST:
            raise CannotInspect(_t("不合格的要写看到了什么：%(item)s") % {"item": one})
        if one.wants_photo(mark.mark) and one.code not in photos:
            raise CannotInspect(_t("这一项要有照片：%(item)s") % {"item": one})


def _earlier_here(held: Inspection) -> dict[str, Shortcoming]:
    """The last of each item at this outlet that stands, or was mended and not looked at since."""
    rows = Shortcoming.objects.select_for_update().filter(
        Q(state__in=shortcoming.STANDING) | Q(holds=None), outlet=held.outlet_id
    )
    return {one.item: one for one in rows.order_by("pk")}


def _fall_short(
    held: Inspection, item: Item, mark: Mark, before: Shortcoming | None, *, by: Person,
    at: datetime,
) -> None:  # fmt: skip
    made = Shortcoming.objects.create(inspection=held, outlet_id=held.outlet_id, item=item.code)
    due_at = end_of(severities()[item.severity].days, at)
    told = shortcoming.ShortcomingFound(
        item=item.code, words=mark.words, severity=item.severity, due_at=due_at,
        again_of=before.pk if before else None,
    )  # fmt: skip
    made.write(told, by=by, at=at)


def _held(inspection: Inspection, by: Person, at: datetime) -> Inspection:
    """The inspection as it is now, held to the end of the transaction, if it is the person's, who
    is still of another unit."""
    rows = Inspection.objects.select_for_update(of=("self",))
    held = rows.select_related("plan__org", "outlet").get(pk=inspection.pk)
    if held.inspector_id != by.pk:
        raise CannotInspect(_t("这次检查由%(name)s做") % {"name": held.inspector})
    if not held.is_ahead:
        raise CannotInspect(_t("这次检查已经提交或已过期，不能再改"))
    row, sent = held.plan.row, inspectors(held.plan.org, at)
    if row is None or by.pk not in sent or by.pk in barred(held.outlet, row, sent):
        raise CannotInspect(_t("您现在不能检查这个网点（岗位有变，或它属于您的单位）：请换人检查"))
    return held
