"""The owner takes a work order in hand, and says what was done; only figures close it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.engine.text import redact
from sujin.governance.kinds import order as kinds
from sujin.governance.models import WorkOrder
from sujin.governance.models.owned import WATCH
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal

WORDS_LEAST = 4


class CannotAnswerOrder(Refusal):
    """It is not this person's, not now, or nothing was said; the message says which."""


def may_answer(order: WorkOrder, held: Reach) -> bool:
    """Whoever watches at the owner's desk or above it."""
    return order.owner is not None and held.allows(WATCH, order.owner.tokens)


@transaction.atomic
def acknowledge_order(order: WorkOrder, *, words: str, by: Person, at: datetime) -> None:
    """The owner says what is to be done; the clock stops."""
    held, said = _answerable(order, words, by, at)
    if held.is_acknowledged:
        raise CannotAnswerOrder(_t("已经签收"))
    held.write(kinds.OrderAcknowledged(words=said, acknowledged_at=at), by=by, at=at)


@transaction.atomic
def report_order(order: WorkOrder, *, words: str, by: Person, at: datetime) -> None:
    """What was done so far, on the docket; it closes nothing."""
    held, said = _answerable(order, words, by, at)
    if not held.is_acknowledged:
        raise CannotAnswerOrder(_t("请先签收"))
    held.write(kinds.OrderReported(words=said), by=by, at=at)


def _answerable(order: WorkOrder, words: str, by: Person, at: datetime) -> tuple[WorkOrder, str]:
    rows = WorkOrder.objects.select_for_update(of=("self",)).select_related("owner")
    held, said = rows.get(pk=order.pk), redact(words.strip()).text
    if not may_answer(held, reach.of(by, at)):
        raise CannotAnswerOrder(_t("这张督办单由 %(owner)s 签收和办理") % {"owner": held.owner})
    if not held.stands:
        raise CannotAnswerOrder(_t("指标已经回到目标以内，督办单已自动办结"))
    if len(said) < WORDS_LEAST:
        raise CannotAnswerOrder(_t("请写明做什么、谁来做"))
    return held, said
