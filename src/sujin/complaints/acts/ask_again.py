"""Take back one's own correction or confirmation: the queue of corrections asks again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.acts.claim import locked, refuse_recused
from sujin.complaints.acts.recode import lined
from sujin.complaints.acts.triage import AXES
from sujin.complaints.models import Complaint, Suspect
from sujin.complaints.sides import Entities
from sujin.platform import reach
from sujin.platform.journal import Kind
from sujin.platform.models import Entry, Person
from sujin.platform.refusal import Refusal

PERMISSION = "reclassify"


class CannotAskAgain(Refusal):
    """Nothing was taken back; the message says why."""


@transaction.atomic
def ask_again(
    complaint: Complaint,
    *,
    axis: str,
    asked: Mapping[str, Any],
    done_at: datetime,
    by: Person,
    at: datetime,
) -> None:
    """What ``by`` said of the axis at ``done_at`` counts for nothing, while nobody has said
    anything of it since; ``asked`` is the row of the queue as it was."""
    case = locked(complaint)
    refuse_recused(case, by)
    entry = _last(case, axis)
    if entry is None or (entry.by_id, entry.at) != (by.pk, done_at) or _is_other(case, axis, entry):
        raise CannotAskAgain(_t("这一项后来又更正或确认过"))
    was = case.replay(before=entry)
    _refuse_stranger(case, was["seen_by"], by, at)
    case.write(_restored(case, axis, entry, was, at), by=by, at=at)
    Suspect.objects.update_or_create(complaint=case, axis=axis, defaults=dict(asked))


def _last(case: Complaint, axis: str) -> Entry | None:
    """The last thing a person said of the axis."""
    said = case.entries.of(kinds.Recoded, kinds.CodeConfirmed, kinds.CodeRestored)
    return next((one for one in said.order_by("-pk") if _is_about(axis, one.what())), None)


def _is_about(axis: str, what: Kind) -> bool:
    if isinstance(what, kinds.Recoded):
        return axis in what.settles or what.before.get(axis, "") != getattr(what, axis)
    return isinstance(what, kinds.CodeConfirmed | kinds.CodeRestored) and what.axis == axis


def _is_other(case: Complaint, axis: str, entry: Entry) -> bool:
    """Taken back already, or the code on the case came from elsewhere since."""
    what = entry.what()
    if isinstance(what, kinds.CodeConfirmed):
        return bool(getattr(case, axis) != what.kept)
    return not isinstance(what, kinds.Recoded) or getattr(case, axis) != getattr(what, axis)


def _refuse_stranger(case: Complaint, seen_by: list[str], by: Person, at: datetime) -> None:
    """A correction may carry a case out of one's own reach: what counts is the reach before it."""
    may, now = reach.of(by, at), case.seen_by
    case.seen_by = seen_by
    is_theirs = may.allows(PERMISSION, seen_by) and not Entities().look(case, may).is_partial
    case.seen_by = now
    if not is_theirs:
        raise CannotAskAgain(_t("没有这一件的权限"))


def _restored(
    case: Complaint, axis: str, entry: Entry, was: Mapping[str, Any], at: datetime
) -> kinds.CodeRestored:
    """The axis as it was; line and sight as well, unless something else has moved them since."""
    what, codes = entry.what(), {one: getattr(case, one) for one in AXES}
    line, sees = case.line, tuple(case.seen_by)
    if isinstance(what, kinds.Recoded):
        codes[axis] = was.get(axis, "")
        is_still_so = (line, set(sees)) == (what.line, set(what.seen_by))
        line, sees = (
            (was.get("line", ""), tuple(was["seen_by"]))
            if is_still_so
            else lined(case, codes["business"], at)
        )
    return kinds.CodeRestored(axis, entry.pk, **codes, line=line, seen_by=sees)
