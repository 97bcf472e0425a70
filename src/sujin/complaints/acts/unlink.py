"""The earlier case was another matter after all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.acts.claim import held_for
from sujin.complaints.models import Complaint
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotUnlink(Refusal):
    """There is nothing to undo, or no reason was given."""


@transaction.atomic
def unlink(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
    """Undo the link to an earlier case; the level it rose to stays."""
    case = held_for(complaint, by)
    if case.repeat_of_id is None:
        raise CannotUnlink(_t("这一件没有关联前件"))
    if not case.is_open:
        raise CannotUnlink(_t("已经结束；并案的件请先撤销并案"))
    if not because.strip():
        raise CannotUnlink(_t("请写明解除理由"))
    case.write(kinds.Unlinked(because.strip()), by=by, at=at)
