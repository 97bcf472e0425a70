"""What the past year would have looked like with other settings: asked for, run by a worker."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.engine.series.panel import Node
from sujin.engine.watch import Alarm, sweep
from sujin.governance import watching
from sujin.governance.kinds.wave import ReplayAsked
from sujin.governance.models import Replay
from sujin.governance.models.replay import DONE, FAILED, RUNNING
from sujin.governance.watchbook import WORDS, Watched, watched
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.queue import job_of
from sujin.platform.refusal import Refusal

YEAR = timedelta(days=365)
JUDGE = "judge_waves"
JOB = "sujin.governance.jobs.replay"


class CannotReplay(Refusal):
    """There is no such row to replay, or the person may not ask."""


@transaction.atomic
def ask_replay(row: str, settings: dict[str, Any], *, by: Person, at: datetime) -> Replay:
    """``settings``: q, false_a_month and least instead of the row's own."""
    if JUDGE not in reach.of(by, at).may:
        raise CannotReplay(_t("您的岗位不能回放预警"))
    if row not in {one.row for one in watched() if one.grain != WORDS}:
        raise CannotReplay(_t("没有这一项可以回放"))
    asked = Replay.objects.create(asked_by=by, asked_at=at, row=row, settings=settings)
    asked.write(ReplayAsked(row=row, settings=settings), by=by, at=at)
    job_of(JOB).defer(replay=asked.pk)
    return asked


def run_replay(replay_id: int, *, by: Person, at: datetime) -> None:
    """Run what was asked up to the day it was asked; how far it is can be read meanwhile."""
    asked = Replay.objects.get(pk=replay_id)
    row = _row(asked)
    try:
        _run(asked, row, timezone.localdate(asked.asked_at))
    except Exception:
        Replay.objects.filter(pk=asked.pk).update(state=FAILED, finished_at=at)
        raise
    Replay.objects.filter(pk=asked.pk).update(state=DONE, finished_at=at)


def _row(asked: Replay) -> Watched:
    row = next(one for one in watched() if one.row == asked.row)
    settings = asked.settings
    terms = replace(
        row.terms, q=float(settings["q"]), false_a_month=float(settings["false_a_month"]),
        least=int(settings["least"]),
    )  # fmt: skip
    return replace(row, terms=terms, look_back=row.look_back + YEAR)


def _run(asked: Replay, row: Watched, today: date) -> None:
    last = row.terms.grain.of(today) - timedelta(days=1)
    streams = watching.streams(row, last)
    starts = streams.cases.starts
    days = [day for day in starts if day >= last - YEAR]
    rows = Replay.objects.filter(pk=asked.pk)
    rows.update(state=RUNNING, done=0, total=len(days))
    waves = sweep(
        streams, row.terms, calendar=watching.house_calendar(), first=days[0], last=days[-1]
    )
    told: list[dict[str, Any]] = []
    for done, (day, alarm) in enumerate(_new(days, waves), 1):
        if alarm is None:
            rows.update(done=done - len(told))
        else:
            told.append(_plain(day, alarm))
    months = Counter(str(one["first_alarm"])[:7] for one in told)
    known = sorted({day.isoformat()[:7] for day in days})
    rows.update(done=len(days), alarms=told, months=[[month, months[month]] for month in known])


def _new(days: Sequence[date], waves: Iterator[list[Alarm]]) -> Iterator[tuple[date, Alarm | None]]:
    """Every alarm on the day it was first given, and after each day nothing."""
    for day, standing in zip(days, waves, strict=True):
        for alarm in standing:
            if alarm.first_alarm == day:
                yield day, alarm
        yield day, None


def _plain(day: date, alarm: Alarm) -> dict[str, Any]:
    node: Node = alarm.node
    return {
        "first_alarm": day.isoformat(), "since": alarm.since.isoformat(), "node": list(node),
        "observed": alarm.observed, "expected": round(alarm.expected, 2), "p": alarm.p,
        "detectors": list(alarm.detectors),
    }  # fmt: skip
