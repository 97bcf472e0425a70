"""Complaints about a training's theme, week by week and unit by unit, out of the tally."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sujin.engine.standing import Standing, compare
from sujin.engine.training import Demand
from sujin.engine.training_effect import WEEK, trained_on
from sujin.engine.verify.observed import Counts
from sujin.governance import watching
from sujin.governance.ledgerbook import limits
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.supervision import roll
from sujin.supervision.trainingbook import Training, demands, rule, trainings

# What is compared stands right below one place and has customers of its own.
COMPARED = (OrgKind.BRANCH1, OrgKind.BRANCH2, OrgKind.SUB, OrgKind.OUTLET, OrgKind.COMPANY)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Weeks:
    """Counts of each unit, by key, in the weeks that begin on ``starts``; of all complaints or of a
    theme."""

    starts: tuple[date, ...]
    rows: Mapping[int, Counts]


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def units_below(place: Org) -> list[Org]:
    """The units of one place that are compared with each other."""
    rows = Org.objects.filter(parent=place, kind__in=[kind.value for kind in COMPARED])
    return list(rows.order_by("path"))


def weeks(
    units: Sequence[Org], first: date, until: date, themes: Iterable[Training | None]
) -> dict[str, Weeks]:
    """By training ('' of all complaints): whole weeks from ``first`` to before ``until``, both
    Mondays. The tally is read once."""
    starts = tuple(first + WEEK * nth for nth in range((until - first) // WEEK))
    wanted = list(themes)
    found = {_name(one): {unit.pk: np.zeros(len(starts)) for unit in units} for one in wanted}
    places: dict[str, int | None] = {}
    if starts:
        for (path, business, cause, _channel), day, count in watching.counted(
            "complaint", first, until - DAY
        ):
            unit = places.setdefault(path, _unit_of(path, units))
            if unit is None:
                continue
            for one in wanted:
                if one is None or one.is_about(business, cause):
                    found[_name(one)][unit][(day - first) // WEEK] += count
    return {name: Weeks(starts, rows) for name, rows in found.items()}


def _name(one: Training | None) -> str:
    return one.code if one else ""


def _unit_of(path: str, units: Sequence[Org]) -> int | None:
    return next((unit.pk for unit in units if path.startswith(unit.path)), None)


def history(until: date) -> date:
    """The first Monday that a judgement made on ``until`` looks at."""
    return until - WEEK * (limits().history_weeks + rule("effect_weeks"))


def reached(
    units: Sequence[Org], training: Training, today: date, *percents: int
) -> list[dict[str, date | None]]:
    """For each of the shares, when each unit, by its key, reached it: so many of those who must
    hold it now had passed. A unit where nobody must hold it is nobody to compare with."""
    asked: Sequence[Demand] = [one for one in demands() if one.training == training.code]
    rows = roll.passed_days([unit.pk for unit in units], asked, today)
    return [
        {
            str(unit): trained_on(days, people, percent)
            for (unit, _code), (people, days) in rows.items()
        }
        for percent in percents
    ]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A unit whose complaints on a theme stand above those of the others: ``hits`` of its ``of``
    complaints, and the same of all others together."""

    unit: Org
    training: Training
    hits: int
    of: int
    others: int
    of_others: int

    @property
    def share(self) -> float:
        return self.hits / self.of

    @property
    def share_of_others(self) -> float:
        return self.others / self.of_others if self.of_others else 0.0


def proposals(place: Org, today: date) -> list[Proposal]:
    """For the units below a place, by the whole weeks of late; in the order of the organisation.
    Of what is proposed at most the pack's share is chance, of each theme by itself."""
    units = units_below(place)
    until = monday(today)
    themes = [one for one in trainings().values() if one.has_theme]
    found = weeks(units, until - WEEK * rule("theme_weeks"), until, [None, *themes])
    of = {unit: int(row.sum()) for unit, row in found[""].rows.items()}
    return [told for one in themes for told in _above(one, units, found[one.code], of)]


def _above(
    training: Training, units: Sequence[Org], found: Weeks, of: Mapping[int, int]
) -> Iterable[Proposal]:
    hits = [int(found.rows[unit.pk].sum()) for unit in units]
    told = compare(hits, [of[unit.pk] for unit in units], rule("theme_percent") / 100)
    for unit, count, standing in zip(units, hits, told.standings, strict=True):
        if standing is Standing.ABOVE:
            others, of_others = sum(hits) - count, sum(of.values()) - of[unit.pk]
            yield Proposal(unit, training, count, of[unit.pk], others, of_others)
