"""Go round: ask all detectors of all units, and keep what is a discovery as a finding."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from sujin.engine import dispersion
from sujin.engine.dispersion import Departure, Way
from sujin.engine.gaming import Reading, State, guard
from sujin.platform.models import Org, Person
from sujin.supervision import counting, kinds, rules
from sujin.supervision.counting import Span
from sujin.supervision.models import Finding, Round

OF_REMEDIES = {Way.LEVEL: "remedy_level", Way.SPREAD: "remedy_spread"}
POINTS_EACH = 60  # so many decisions of a unit are drawn
Key = tuple[int, str]
Figures = Mapping[str, Any]


@transaction.atomic
def watch(*, by: Person, at: datetime) -> Round:
    """One round over the quarters that are over. What is known grows or stays; a finding that was
    settled is not found again in the same quarters."""
    over = counting.span(at, rules.quarters())
    limits = {code: row.limits for code, row in rules.detectors().items()}
    readings = guard(counting.counted(over), limits, q=rules.q(), dependent=rules.is_strict())
    decided = list(counting.decisions(over))
    departures = dispersion.audit(decided, least=limits["remedy_level"].trials, q=rules.q())
    found = _gaming(readings, over) | _uneven(departures, over)
    for key, told in sorted(found.items()):
        _keep(*key, *told, over, by=by, at=at)
    run = Round.objects.create(at=at)
    run.write(_gone(readings, departures, decided, len(found), over), by=by, at=at)
    return run


def _gaming(readings: Iterable[Reading], over: Span) -> dict[Key, tuple[list[Figures], list[int]]]:
    """Discoveries by unit and detector, with their cases."""
    heard: dict[Key, list[Figures]] = defaultdict(list)
    for one in readings:
        if one.state is State.FOUND:
            heard[int(one.unit), one.detector].append(one.figures())
    return {
        (unit, detector): (told, counting.cases(detector, unit, _quarters(told, over), over))
        for (unit, detector), told in heard.items()
    }


def _quarters(told: Iterable[Figures], over: Span) -> Sequence[str]:
    periods = [str(one["period"]) for one in told]
    return over.quarters if over.name in periods else periods


def _uneven(
    departures: Iterable[Departure], over: Span
) -> dict[Key, tuple[list[Figures], list[int]]]:
    return {
        (int(one.unit), OF_REMEDIES[one.way]): ([_as_figures(one, over.name)], [*one.telling])
        for one in departures
        if one.found
    }


def _as_figures(one: Departure, period: str) -> Figures:
    """Numbers as JSON holds them: an interval without end has none."""
    kept = {name: value for name, value in asdict(one).items() if name != "telling"}
    bounded = {name: None if value == float("inf") else value for name, value in kept.items()}
    return {**bounded, "way": one.way.value, "period": period}


def _keep(
    unit: int,
    detector: str,
    told: list[Figures],
    hits: list[int],
    over: Span,
    *,
    by: Person,
    at: datetime,
) -> None:
    """A new finding, or more of the one that stands, or nothing that was not known."""
    earlier = list(Finding.objects.select_for_update().filter(unit=unit, detector=detector))
    standing = next((one for one in earlier if one.state != "settled"), None)
    known = {period for one in earlier for period in one.periods}
    new = [one for one in told if one["period"] not in known and not _is_old(one, known, over)]
    if not new:
        return
    if standing is None:
        org = Org.objects.get(pk=unit)
        by_when = at + timedelta(days=rules.explain_days())
        found = kinds.Found(
            readings=tuple(new), cases=tuple(hits),
            found_at=at, explain_by=by_when,
        )  # fmt: skip
        Finding.objects.create(unit=org, detector=detector).write(found, by=by, at=at)
        return
    more = kinds.Grown(
        readings=(*standing.readings, *new),
        cases=tuple(sorted({*standing.cases, *hits})),
        new=tuple(str(one["period"]) for one in new),
    )
    standing.write(more, by=by, at=at)


def _is_old(one: Figures, known: set[str], over: Span) -> bool:
    """The whole span says nothing new while any of its quarters, or a span that ended in one of
    them, was known before."""
    if one["period"] != over.name:
        return False
    ends = {f"20{period[-4:]}" for period in known if "-" in period}
    return bool({*over.quarters} & (known | ends))


def _gone(
    readings: Sequence[Reading],
    departures: Iterable[Departure],
    decided: Sequence[dispersion.Decision],
    found: int,
    over: Span,
) -> kinds.Gone:
    few = sum(one.state is State.TOO_FEW for one in readings)
    drawn: dict[str, list[dispersion.Point]] = defaultdict(list)
    for point in dispersion.points(decided):
        drawn[point.unit].append(point)
    shown = [point for rows in drawn.values() for point in _spread_out(rows)]
    return kinds.Gone(
        periods=over.quarters,
        asked=len(readings) - few,
        few=few,
        found=found,
        departures=tuple(
            {**_as_figures(one, over.name), "telling": [*one.telling]} for one in departures
        ),
        points=tuple({"unit": one.unit, "off": round(one.off, 3)} for one in shown),
    )


def _spread_out(rows: list[dispersion.Point]) -> list[dispersion.Point]:
    """At most POINTS_EACH of them, evenly over their order."""
    ordered = sorted(rows, key=lambda point: point.off)
    step = max(1, -(-len(ordered) // POINTS_EACH))
    return ordered[::step]
