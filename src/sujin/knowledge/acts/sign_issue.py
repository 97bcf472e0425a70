"""Sign an issue off: a second person vouches for it, and its text is frozen."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.knowledge import kinds
from sujin.knowledge.acts.compile_issue import open_issue, refuse_unfit
from sujin.knowledge.frozen import digest_of, frozen
from sujin.knowledge.kinds.issue import SIGNED
from sujin.knowledge.models import Issue, Version
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotSign(Refusal):
    """It is not this person's to sign, or there is nothing to sign; the message says why."""


@transaction.atomic
def sign_issue(issue: Issue, *, by: Person, at: datetime) -> None:
    """By somebody who had no hand in it; with nothing in it that is not in force now."""
    held = open_issue(issue)
    if by.pk == held.compiled_by_id or held.entries.filter(by=by).exists():
        raise CannotSign(_t("参与编辑的人不能签发，请由另一人签发"))
    _hold_versions(held)
    lines = list(held.lines.select_related("version__item", "version__successor"))
    if not lines:
        raise CannotSign(_t("还没有收入任何条目"))
    refuse_unfit([line.version for line in lines], at)
    held.frozen = frozen(held, lines, signed_by=by.name, at=at)
    held.save(update_fields=["frozen"])
    told = kinds.IssueSigned(
        state=SIGNED, signed_by=by.pk, signed_at=at, digest=digest_of(held.frozen),
        items=len(lines),
    )  # fmt: skip
    held.write(told, by=by, at=at)


def _hold_versions(issue: Issue) -> None:
    """None is withdrawn or replaced until the signature has committed. In the order of their keys,
    as a release takes them: two acts cannot lock crosswise."""
    inside = issue.lines.values("version")
    list(Version.objects.select_for_update().filter(pk__in=inside).order_by("pk"))
