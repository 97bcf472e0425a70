"""Say on Monday what the weeks ahead will bring, and keep it; score it once they have come."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import groupby

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.engine.events.scoring import Scored
from sujin.engine.foresight import Foresight as Told
from sujin.engine.foresight import foresee
from sujin.engine.series.panel import Grain, Node
from sujin.governance import foreseeing, watching
from sujin.governance.foreseeing import Coming
from sujin.governance.foresight_rules import rules
from sujin.governance.kinds.foresight import ForesightMade, ForesightScored
from sujin.governance.models import Foresight, Prospect
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotForesee(Refusal):
    """The week is foreseen already, or too little is known."""


@transaction.atomic
def foresee_week(*, by: Person, at: datetime) -> Foresight:
    """The weeks from that of ``at`` on. Only weeks that are over are known to it, so what is said
    later in the week is said as on its Monday; a week is foreseen once."""
    monday = Grain.WEEK.of(timezone.localdate(at))
    if Foresight.objects.filter(week=monday).exists():
        raise CannotForesee(_t("本周已经研判过"))
    past = foreseeing.past(monday)
    if past is None:
        raise CannotForesee(_t("还没有一整周的投诉，无从研判"))
    coming, terms = foreseeing.coming(monday, at), rules().terms
    told = foresee(*past, terms, calendar=watching.house_calendar(), extra=coming.extra)
    if not told.prospects:
        raise CannotForesee(_t("历史太短或件数太少，无从研判"))
    made = Foresight.objects.create(week=monday, made_at=at)
    Prospect.objects.bulk_create(_rows(made, told, coming))
    made.write(_entry(told, monday), by=by, at=at)
    return made


def _rows(made: Foresight, told: Told, coming: Coming) -> Iterator[Prospect]:
    for one in told.prospects:
        org, business = one.node
        yield Prospect(
            foresight=made, org_path=org, business=business, week=one.week, ahead=one.ahead,
            usual=one.usual, low=one.low, mid=one.mid, high=one.high, hot_from=one.hot_from,
            chance=round(one.chance, 4), called=one.chance >= rules().call_at, naive=one.naive,
            parts={name: round(cases, 2) for name, cases in one.parts.items()},
            events=list(coming.events.get((one.node, one.week), ())),
        )  # fmt: skip


def _entry(told: Told, monday: date) -> ForesightMade:
    leads = tuple({**asdict(one), "helps": one.helps} for one in told.leads)
    nodes = len({one.node for one in told.prospects})
    return ForesightMade(week=monday, nodes=nodes, weeks=rules().terms.weeks, leads=leads)


@transaction.atomic
def score_prospects(*, by: Person, at: datetime) -> int:
    """Compare what was said with what came in every week that is over; how many rows. What is
    scored is never touched again, nor is what was said."""
    rows = Prospect.objects.select_for_update(of=("self",)).select_related("foresight")
    due = list(rows.due(timezone.localdate(at)).order_by("foresight_id", "pk"))
    if not due:
        return 0
    came = _came(due)
    for _key, group in groupby(due, key=lambda one: one.foresight_id):
        _score(list(group), came, by=by, at=at)
    return len(due)


def _came(due: Sequence[Prospect]) -> dict[tuple[Node, date], int]:
    first, last = min(one.week for one in due), max(one.last_day for one in due)
    seen = foreseeing.came(first, last)
    return {
        (node, week): int(count)
        for node, counts in zip(seen.nodes, seen.counts, strict=True)
        for week, count in zip(seen.starts, counts, strict=True)
    }


def _score(
    rows: list[Prospect], came: dict[tuple[Node, date], int], *, by: Person, at: datetime
) -> None:
    for row in rows:
        row.actual = came.get(((row.org_path, row.business), row.week), 0)
        scored = Scored((row.low, row.mid, row.high), row.actual, row.naive)
        row.loss, row.naive_loss, row.scored_at = scored.loss, scored.naive_loss, at
    Prospect.objects.bulk_update(rows, ["actual", "loss", "naive_loss", "scored_at"])
    called = [row for row in rows if row.called]
    entry = ForesightScored(
        rows=len(rows), within=sum(row.is_within for row in rows), called=len(called),
        true=sum(row.was_hot for row in called),
    )  # fmt: skip
    rows[0].foresight.write(entry, by=by, at=at)
