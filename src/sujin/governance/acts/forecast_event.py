"""Say what an event will bring before it comes, and keep it; score it once it has come."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.engine.events.baseline import TooShort
from sujin.engine.events.expected import Expected
from sujin.governance.event_expect import Seen, expected
from sujin.governance.kinds import event as kinds
from sujin.governance.models import Event, Forecast
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotForecast(Refusal):
    """It is over, or was forecast at this very moment."""


@transaction.atomic
def forecast_event(
    event: Event, *, by: Person, at: datetime, horizon: int | None = None
) -> list[Forecast]:
    """Quantiles of every day of the watch from today on, at most ``horizon`` days of them. Only
    days that are over are known to it, so a forecast of today is one, too."""
    today = timezone.localdate(at)
    if today > event.last_day or event.state == kinds.CLOSED:
        raise CannotForecast(_t("跟踪期已过，没有可预计的日子"))
    if event.forecasts.filter(made_at=at).exists():
        raise CannotForecast(_t("刚刚预计过"))
    try:
        told = expected(event, Seen.of(event, at))
    except TooShort as error:
        raise CannotForecast(_t("事件前的数据不足两周")) from error
    first = max(today, event.first_day)
    last = event.last_day if horizon is None else first + timedelta(days=horizon - 1)
    made = Forecast.objects.bulk_create(_rows(event, told, first, min(last, event.last_day), at))
    if horizon is None:
        event.write(_entry(event, told), by=by, at=at)
    return made


def _rows(
    event: Event, told: Expected, first: date, last: date, at: datetime
) -> Iterable[Forecast]:
    begins = event.first_day
    for place, ((low, mid, high), excess) in enumerate(zip(told.days, told.excess, strict=True)):
        day = begins + timedelta(days=place)
        if first <= day <= last:
            yield Forecast(
                event=event, made_at=at, day=day, low=low, mid=mid, high=high,
                excess=round(excess, 3), method=told.method.value, likes=told.likes,
            )  # fmt: skip


def _entry(event: Event, told: Expected) -> kinds.EventForecast:
    low, mid, high = (round(one, 1) for one in told.total)
    return kinds.EventForecast(
        method=told.method.value, likes=told.likes, low=low, mid=mid, high=high,
        days=event.row.watch,
    )  # fmt: skip


@transaction.atomic
def score_forecasts(*, at: datetime) -> int:
    """Compare what was said with what came on every day that is over; how many days. What is scored
    is never touched again, nor is what was said."""
    today = timezone.localdate(at)
    rows = Forecast.objects.select_for_update(of=("self",)).select_related("event")
    due = rows.filter(day__lt=today, scored_at__isnull=True).order_by("event_id", "day", "pk")
    scored = 0
    for _key, group in groupby(due, key=lambda one: one.event_id):
        scored += _score(list(group), at)
    return scored


def _score(rows: list[Forecast], at: datetime) -> int:
    seen = Seen.of(rows[0].event, at)
    for row in rows:
        row.actual = seen.counts.get(row.day, 0)
        row.naive = seen.naive(row.day, timezone.localdate(row.made_at))
        row.scored_at = at
    Forecast.objects.bulk_update(rows, ["actual", "naive", "scored_at"])
    return len(rows)
