"""A product or index moved: past the pack's threshold that opens an event for its holders."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.governance import event_rules
from sujin.governance.acts.announce_event import (
    announce_event,
    draft_event,
)
from sujin.governance.duties import refuse_unless_announcer
from sujin.governance.kinds.event import CLOSED, DRAFT
from sujin.governance.models import Event
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

MARKET = "market"


class CannotRecord(Refusal):
    """The move is incomplete; the message says what to fill in."""


@transaction.atomic
def record_move(
    product: str,
    *,
    move: float,
    source: str,
    lines: Sequence[str],
    business: Sequence[str],
    customers: int | None,
    by: Person,
    at: datetime,
) -> Event:
    """A draft with the move; past the threshold the house announces it at once, in its own name.
    While an event of the same product is on, no second one is opened."""
    refuse_unless_announcer(by, at)
    row = event_rules.of_kind(MARKET)
    named = product.strip()
    if not named or not source.strip() or not lines:
        raise CannotRecord(_t("请填写产品或指数、来源和涉及条线"))
    on = Event.objects.exclude(state__in=[CLOSED, DRAFT])
    if on.filter(kind=MARKET, products__contains=[named]).exists():
        raise CannotRecord(_t("同一产品的事件正在应对中，请在那里更新"))
    told = {
        **_told(named, move), "source": source, "starts_at": at, "lines": lines,
        "business": business, "products": [named], "customers": customers,
        "customers_by": source if customers is not None else "",
    }  # fmt: skip
    event = draft_event(told, by=by, at=at)
    event.move = move
    event.save(update_fields=["move"])
    if row.move is not None and abs(move) >= row.move:
        return announce_event(event, by=system_person(), at=at, move=move)
    return event


def _told(product: str, move: float) -> dict[str, str]:
    said = {"product": product, "move": f"{move:+.2f}"}
    what = _t("%(product)s 当日波动 %(move)s%%，持有客户可能来电询问净值、赎回和风险") % said
    title = _t("%(product)s 波动 %(move)s%%") % said
    return {"kind": MARKET, "title": title, "what": what}
