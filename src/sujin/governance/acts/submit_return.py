"""Submit a return: what it says now is kept as what was said."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _t

from sujin.governance.acts.propose_visit import spoken
from sujin.governance.kinds.submission import ReturnSubmitted
from sujin.governance.models.submission import Submission
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

NOTE_LEAST = 10
# One at a time submits a period: any number of our own.
_TURN = 7_401_021


class CannotSubmit(Refusal):
    """The return was not submitted; the message says why."""


@transaction.atomic
def submit_return(
    report: str, period: str, values: Mapping[str, str], prints: Mapping[str, str], *, note: str,
    by: Person, at: datetime,
) -> Submission:  # fmt: skip
    """The submission, as its next version. The same figures are not submitted twice, and others
    only with a word on why. Raises CannotSubmit."""
    mine = reach.of(by, at)
    if not mine.everything or "export" not in mine.may:
        raise CannotSubmit(_t("只有总行有导出权限的人可以报送"))
    told = {"report": report, "period": period}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_TURN, f"{report} {period}"]
        )
    last = Submission.objects.select_for_update().filter(**told).order_by("-version").first()
    said = spoken(note)
    if last is not None:
        if (last.values, last.prints) == (dict(values), dict(prints)):
            raise CannotSubmit(_t("与上次报送没有差别，不必再报"))
        if len(said) < NOTE_LEAST:
            raise CannotSubmit(_t("请写明为什么更正（至少 %(n)s 个字）") % {"n": NOTE_LEAST})
    version = last.version + 1 if last else 1
    made = Submission.objects.create(
        **told, version=version, values=dict(values), prints=dict(prints), note=said,
        submitted_at=at, submitted_by=by,
    )  # fmt: skip
    kind = ReturnSubmitted(**told, version=version, note=said, n=len(values) + len(prints))
    made.write(kind, by=by, at=at)
    return made
