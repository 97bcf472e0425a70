"""One verb on several cases: each stands or falls alone, and what was done can be undone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints import kinds
from sujin.complaints.acts import confirm
from sujin.complaints.acts.ask_again import ask_again
from sujin.complaints.acts.claim import claim, put_back
from sujin.complaints.acts.hand_over import hand_over, take_back
from sujin.complaints.acts.press import urge
from sujin.complaints.models import Batch, BatchLine, Complaint
from sujin.complaints.sides import Entities
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

UNDO_WITHIN = timedelta(minutes=30)
CASES_MAX = 50
Act = Callable[..., Any]


class CannotDoMany(Refusal):
    """Nothing was done at all; the message says why."""


@dataclass(frozen=True, slots=True)
class Verb:
    """What can be done to several cases, by whom, and how it is undone."""

    label: Promise
    permission: str
    act: Act
    undo: Act | None


# Offered below the list of cases.
OF_CASES: Mapping[str, Verb] = {
    "claim": Verb(_("接手"), "claim", claim, put_back),
    "hand_over": Verb(_("移交"), "hand_over", hand_over, take_back),
    "urge": Verb(_("催办"), "urge", urge, None),
}
# Offered below the queue of corrections.
OF_CODES: Mapping[str, Verb] = {
    "correct": Verb(_("更正分类"), "reclassify", confirm.correct, ask_again),
    "keep": Verb(_("保留现有分类"), "reclassify", confirm.keep, ask_again),
}
VERBS: Mapping[str, Verb] = {**OF_CASES, **OF_CODES}


@dataclass(frozen=True, slots=True)
class Errand:
    """One case and what its act is given; of a correction the row of the queue that is looked at,
    and what speaks ``against`` it before anybody tries."""

    case: Complaint
    given: Mapping[str, Any]
    axis: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    against: str = ""


def do_many(
    verb: str, cases: Sequence[Complaint], *, given: Mapping[str, Any], by: Person, at: datetime
) -> Batch:
    """Try the verb on every case, each in the same way. Raises CannotDoMany."""
    return do_each(verb, [Errand(case, given) for case in cases], by=by, at=at)


def do_each(verb: str, errands: Sequence[Errand], *, by: Person, at: datetime) -> Batch:
    """Try the verb on every case; what is refused is kept with its reason. Raises CannotDoMany."""
    if not errands:
        raise CannotDoMany(_t("请先勾选要处理的件"))
    if len(errands) > CASES_MAX:
        raise CannotDoMany(_t("一次最多 %(n)d 件") % {"n": CASES_MAX})
    may = reach.of(by, at)
    batch = Batch.objects.create(act=verb, by=by, at=at)
    for errand in errands:
        line = BatchLine(batch=batch, complaint=errand.case, axis=errand.axis)
        line.code, line.asked = errand.given.get("code", ""), dict(errand.asked)
        # What was done and that it can be undone are written together.
        with transaction.atomic():
            line.refused = errand.against or _try(VERBS[verb], errand, may, by=by, at=at)
            line.save()
    return batch


def _try(verb: Verb, errand: Errand, may: reach.Reach, *, by: Person, at: datetime) -> str:
    """Why it was refused, or nothing when it is done."""
    case = errand.case
    # What belongs to the legal entity that has the case is refused to the other one here, too.
    if not may.allows(verb.permission, case.seen_by) or Entities().look(case, may).is_partial:
        case.write(kinds.Denied(verb.permission), by=by, at=at)
        return _t("没有这一件的权限")
    try:
        with transaction.atomic():
            verb.act(case, **errand.given, by=by, at=at)
    except Refusal as refusal:
        return str(refusal)[:200]
    return ""


def undo_many(batch: Batch, *, by: Person, at: datetime) -> int:
    """Undo what can still be undone, case by case; returns how many. Raises CannotDoMany."""
    undo = VERBS[batch.act].undo
    with transaction.atomic():
        held = Batch.objects.select_for_update().get(pk=batch.pk)
        if undo is None or held.undone_at is not None:
            raise CannotDoMany(_t("这一批不能撤销，或已经撤销过"))
        if held.by_id != by.pk or at - held.at > UNDO_WITHIN:
            raise CannotDoMany(
                _t("只有本人可以在 %(n)d 分钟内撤销") % {"n": UNDO_WITHIN.seconds // 60}
            )
        held.undone_at = at
        held.save(update_fields=["undone_at"])
        lines = held.lines.filter(refused="").select_related("batch", "complaint")
        # The last first: of two axes of one case each is put back as it was found.
        lines = lines.order_by("-pk")
        return sum(_undo(line, undo, by=by, at=at) for line in lines)


def _undo(line: BatchLine, undo: Act, *, by: Person, at: datetime) -> bool:
    try:
        with transaction.atomic():
            _refuse_another_offer(line)
            undo(line.complaint, **_told(line), by=by, at=at)
    except Refusal as refusal:
        line.kept = str(refusal)[:200]
        line.save(update_fields=["kept"])
        return False
    return True


def _told(line: BatchLine) -> Mapping[str, Any]:
    """What the undoing act has to know beside the case."""
    if not line.axis:
        return {}
    return {"axis": line.axis, "asked": line.asked, "done_at": line.batch.at}


def _refuse_another_offer(line: BatchLine) -> None:
    """What stands offered now may not be what this batch had offered."""
    last = line.complaint.entries.of(kinds.Offered).order_by("-pk").first()
    is_ours = last is not None and (last.by_id, last.at) == (line.batch.by_id, line.batch.at)
    if line.batch.act == "hand_over" and not is_ours:
        raise CannotDoMany(_t("这一件后来另行移交过"))
