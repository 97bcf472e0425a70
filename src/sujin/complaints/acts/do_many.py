"""One verb on several cases: each stands or falls alone, and what was done can be undone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints import kinds
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


VERBS: Mapping[str, Verb] = {
    "claim": Verb(_("接手"), "claim", claim, put_back),
    "hand_over": Verb(_("移交"), "hand_over", hand_over, take_back),
    "urge": Verb(_("催办"), "urge", urge, None),
}


def do_many(
    verb: str, cases: Sequence[Complaint], *, given: Mapping[str, Any], by: Person, at: datetime
) -> Batch:
    """Try the verb on every case; what is refused is kept with its reason. Raises CannotDoMany."""
    if not cases:
        raise CannotDoMany(_t("请先勾选要处理的件"))
    if len(cases) > CASES_MAX:
        raise CannotDoMany(_t("一次最多 %(n)d 件") % {"n": CASES_MAX})
    may = reach.of(by, at)
    batch = Batch.objects.create(act=verb, by=by, at=at)
    for case in cases:
        refused = _try(VERBS[verb].act, case, may, VERBS[verb].permission, given, by=by, at=at)
        BatchLine.objects.create(batch=batch, complaint=case, refused=refused)
    return batch


def _try(
    act: Act,
    case: Complaint,
    may: reach.Reach,
    permission: str,
    given: Mapping[str, Any],
    *,
    by: Person,
    at: datetime,
) -> str:
    """Why it was refused, or nothing when it is done."""
    # What belongs to the legal entity that has the case is refused to the other one here, too.
    if not may.allows(permission, case.seen_by) or Entities().look(case, may).is_partial:
        case.write(kinds.Denied(permission), by=by, at=at)
        return _t("没有这一件的权限")
    try:
        with transaction.atomic():
            act(case, **given, by=by, at=at)
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
        return sum(_undo(line, undo, by=by, at=at) for line in lines)


def _undo(line: BatchLine, undo: Act, *, by: Person, at: datetime) -> bool:
    try:
        with transaction.atomic():
            _refuse_another_offer(line)
            undo(line.complaint, by=by, at=at)
    except Refusal as refusal:
        line.kept = str(refusal)[:200]
        line.save(update_fields=["kept"])
        return False
    return True


def _refuse_another_offer(line: BatchLine) -> None:
    """What stands offered now may not be what this batch had offered."""
    last = line.complaint.entries.of(kinds.Offered).order_by("-pk").first()
    is_ours = last is not None and (last.by_id, last.at) == (line.batch.by_id, line.batch.at)
    if line.batch.act == "hand_over" and not is_ours:
        raise CannotDoMany(_t("这一件后来另行移交过"))
