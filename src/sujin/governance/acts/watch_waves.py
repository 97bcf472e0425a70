"""Look over every stream: raise what is new, follow what stands, end what has calmed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone

from sujin.engine.series.panel import Axis
from sujin.governance import watching
from sujin.governance.acts.raise_wave import grow_wave, hear_of_wave, raise_wave
from sujin.governance.kinds import wave as kinds
from sujin.governance.models import Watch, Wave
from sujin.governance.sighting import Look, Sighted, alike, look
from sujin.governance.watchbook import WORDS, Watched, limits, watched
from sujin.platform.models import Person

# One watch at a time: "SUJIWAVE" as a number.
TURN = 0x53554A4957415645
# What was thrice called false in a quarter must say so much more than it did.
TWICE = 2.0


def watch_waves(*, by: Person, at: datetime, today: bool = False) -> list[Wave]:
    """The waves raised. Each wave is a transaction of its own; periods that were looked at when
    they were over are not looked at again, so a second watch of the same night writes nothing. Only
    a look that held some back is taken again on the days after.
    ``today`` looks at the day so far, too, as if the rest of it brought nothing."""
    with _alone():
        now = timezone.localdate(at)
        looks = [one for row in watched() for one in _looks(row, now, today=today)]
        morning = _Morning(watching.axes(), by, at)
        for seen in sorted(_all(looks), key=_order):
            morning.take(seen)
        for one in looks:
            morning.note(one)
        _end(by=by, at=at)
        return morning.raised


def _looks(row: Watched, now: date, *, today: bool) -> Iterator[Look]:
    """Of a day that goes on only counts are looked at, which can but rise: words of half a day
    would be one more chance of a false warning."""
    for period, is_whole in watching.periods(row, now):
        if not is_whole and row.grain == WORDS:
            continue
        taken = Watch.objects.filter(row=row.row, period=period, is_whole=True)
        is_known = taken.filter(Q(held=0) | Q(seen_at__date=now)).exists()
        if not is_known and (is_whole or today):
            yield look(row, period, is_whole=is_whole, today=now)


def _order(seen: Sighted) -> tuple[bool, float]:
    """Counts before words, which say less of where; the most telling first."""
    return seen.row.grain == WORDS, -seen.alarm.evidence


def _all(looks: Sequence[Look]) -> list[Sighted]:
    return [seen for one in looks for seen in one.sighted]


class _Morning:
    """Takes what the looks of one morning saw, the most telling first."""

    def __init__(self, axes: Sequence[Axis], by: Person, at: datetime) -> None:
        self.axes, self.by, self.at = axes, by, at
        self.raised: list[Wave] = []
        self._standing = list(Wave.objects.seen_still().order_by("pk"))
        self._taken: set[tuple[str, date, int]] = set()
        self._hushed: list[Sighted] = []
        self._counts: dict[tuple[str, str], int] = {}
        morning = timezone.localdate(at)
        today = Wave.objects.filter(raised_at__date=morning).count()
        self._room = max(limits().new_a_morning - today, 0)

    def take(self, seen: Sighted) -> None:
        """Follow the wave it belongs to; raise a new one while there is room."""
        wave = self._known(seen)
        if wave is not None:
            self._follow(wave, seen)
        elif self._is_hushed(seen):
            self._hushed.append(seen)
            self._count(seen, "hushed")
        elif self._room <= 0:
            self._count(seen, "held")
        else:
            self._room -= 1
            made = raise_wave(seen, self.axes, by=self.by, at=self.at)
            self._standing.append(made)
            self._taken.add((seen.row.row, seen.alarm.last_alarm, made.pk))
            self.raised.append(made)
            self._count(seen, "raised")

    def _follow(self, wave: Wave, seen: Sighted) -> None:
        """The most telling sighting of the morning gives the figures; words give none to a wave
        that was counted."""
        only_heard = any(pk == wave.pk for _row, _day, pk in self._taken)
        only_heard = only_heard or (seen.row.grain == WORDS != wave.grain)
        self._taken.add((seen.row.row, seen.alarm.last_alarm, wave.pk))
        if only_heard:
            hear_of_wave(wave, seen, by=self.by, at=self.at)
        else:
            grow_wave(wave, seen, self.axes, by=self.by, at=self.at)

    def _known(self, seen: Sighted) -> Wave | None:
        """The wave of this stream that is the most alike and that this look has not seen yet."""
        node, look_of = seen.alarm.node, (seen.row.row, seen.alarm.last_alarm)
        found = [
            (alike(wave.node, node, self.axes), -wave.pk, wave)
            for wave in self._standing
            if wave.stream == seen.row.stream and (*look_of, wave.pk) not in self._taken
        ]
        best = max(found, key=lambda one: one[:2], default=None)
        return best[2] if best is not None and best[0] else None

    def _is_hushed(self, seen: Sighted) -> bool:
        """Whether this very node was called false too often lately for so little evidence; what
        another detector saw of the same trouble this morning goes with it."""
        if any(self._is_same(one, seen) for one in self._hushed):
            return True
        org, business, cause, channel = seen.alarm.node
        judged = Wave.objects.filter(
            stream=seen.row.stream, org_path=org, business=business, cause=cause, channel=channel,
            is_false=True, dismissed_at__gt=self.at - limits().quarter,
        )  # fmt: skip
        if judged.count() < limits().false_thrice:
            return False
        most = judged.aggregate(most=Max("evidence"))["most"]
        return bool(seen.alarm.evidence < TWICE * most)

    def _is_same(self, one: Sighted, other: Sighted) -> bool:
        same_stream = one.row.stream == other.row.stream
        return same_stream and alike(one.alarm.node, other.alarm.node, self.axes) > 0

    def _count(self, seen: Sighted, what: str) -> None:
        key = (f"{seen.row.row} {seen.alarm.last_alarm}", what)
        self._counts[key] = self._counts.get(key, 0) + 1

    def note(self, one: Look) -> None:
        """That this look was taken."""
        key = f"{one.row.row} {one.period}"
        counts = {what: self._counts.get((key, what), 0) for what in ("raised", "held", "hushed")}
        told = {
            "is_whole": one.is_whole, "seen_at": self.at, "by": self.by, "series": one.series,
            "found": len(one.sighted), "stream": one.row.stream, "grain": one.row.grain, **counts,
        }  # fmt: skip
        Watch.objects.update_or_create(row=one.row.row, period=one.period, defaults=told)


def _end(*, by: Person, at: datetime) -> None:
    """Waves not seen for as long as the row of their grain calls calm."""
    for row in watched():
        last = timezone.localdate(at) - row.calm - row.terms.grain.step
        mine = Q(stream=row.stream, grain=row.grain, last_alarm__lt=last)
        for wave in Wave.objects.seen_still().filter(mine).order_by("pk"):
            _over(wave, by=by, at=at)


@transaction.atomic
def _over(wave: Wave, *, by: Person, at: datetime) -> None:
    held = Wave.objects.select_for_update(of=("self",)).get(pk=wave.pk)
    state = kinds.DISMISSED if held.state == kinds.DISMISSED else kinds.OVER
    told = kinds.WaveOver(last_alarm=held.last_alarm, over_at=at, state=state)
    held.write(told, by=by, at=at)


@contextmanager
def _alone() -> Iterator[None]:
    """Held by this connection, not by a transaction: every wave has one of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [TURN])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [TURN])
