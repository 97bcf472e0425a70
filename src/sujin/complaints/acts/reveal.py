"""Look at personal data in the clear: allowed with a reason, and always on the docket."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.acts.claim import held_for
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import rulebook
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotReveal(Refusal):
    """The reason given is not one of the pack's."""


@transaction.atomic
def reveal(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
    """Record who looked and why, before anything is shown."""
    case = held_for(complaint, by)
    reasons = {row["code"]: row["zh"] for row in rulebook().manifest["personal"]["reveal"]}
    if because not in reasons:
        raise CannotReveal(_t("请选择查看个人信息的事由"))
    case.write(kinds.Revealed(reasons[because]), by=by, at=at)
