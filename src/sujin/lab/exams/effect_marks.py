"""How the exam of effects marks what a comparison says, and the truth it is held against."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import erfc, nan, sqrt

import numpy as np

from sujin.engine.effect_panel import design, lay_out
from sujin.engine.effects import Effect, Interval, Measure, Terms, Verdict, holm
from sujin.engine.proportion import Z95
from sujin.lab.exams.effect_bank import Bank
from sujin.lab.exams.exam import Figures

BANDS = ((8, 15), (16, 27), (28, 40))  # branches
SIGNS = {Verdict.HELPS: 1, Verdict.HARMS: -1}


@dataclass(frozen=True, slots=True)
class Truth:
    """What an item did to a measure, differences of shares and factors of hours: as the roll-out
    weighs cases, by case of use as it weighs them, plainly over users, plainly after release."""

    weighed: float
    by_use: float
    users: float
    after: float


@dataclass(frozen=True, slots=True)
class Call:
    """What a comparison says of one card. ``sign`` is 1 for helps, -1 for harms, 0 for neither;
    ``is_even`` says no difference; ``covers`` whether the interval holds the truth."""

    item: int
    measure: Measure
    planted: float
    branches: int
    sign: int
    is_even: bool
    covers: bool

    @property
    def is_right(self) -> bool:
        return self.planted * self.sign < 0

    @property
    def is_reversed(self) -> bool:
        return self.planted * self.sign > 0


def truth(bank: Bank, effect: Effect, terms: Terms) -> Truth:
    """The truth of one card."""
    roll_out = bank.roll_outs[effect.item]
    cases, of_item = bank.cases.of(effect.item), bank.cases.item == effect.item
    known = ~np.isnan(cases.outcome(effect.measure))
    moved = bank.moved[effect.measure][of_item][known]
    out, used = (roll_out.weeks_since(cases) >= 0)[known], cases.used[known]
    plan = design(panel := lay_out(cases.branch[known], cases.week[known], out, terms.weeks))
    weighed, dose = (
        float(plan.shares(panel.sums(column))[0].sum()) if plan else nan
        for column in (moved, used.astype(np.float64))
    )
    told = (weighed, weighed / dose, float(moved[used].mean()), float(moved[out].mean()))
    return Truth(*(np.exp(told) if effect.measure.is_ratio else told))


Reading = Callable[[Effect, Truth], tuple[Interval, float]]
# Ours first; of each comparison its interval and the truth that the interval should hold.
READINGS: dict[str, Reading] = {
    "roll-out": lambda one, real: (Interval(one.effect, one.low, one.high), real.weighed),
    "users/others": lambda one, real: (one.naive, real.users),
    "after/before": lambda one, real: (one.before_after, real.after),
}
OURS = next(iter(READINGS))


def called(
    rule: str, bank: Bank, effects: Sequence[Effect], truths: Sequence[Truth], alpha: float
) -> list[Call]:
    """The calls of a rule on the cards of a bank; a plain rule is adjusted by Holm as ours is."""
    read = [READINGS[rule](one, real) for one, real in zip(effects, truths, strict=True)]
    if rule == OURS:
        signs = [SIGNS.get(one.verdict, 0) for one in effects]
    else:
        signs = _plainly([one for one, _real in read], effects, alpha)
    return [
        Call(
            item=one.item,
            measure=one.measure,
            planted=bank.effects[one.item],
            branches=bank.branches,
            sign=sign,
            is_even=rule == OURS and one.verdict is Verdict.NO_DIFFERENCE,
            covers=told.low <= real <= told.high,
        )
        for one, sign, (told, real) in zip(effects, signs, read, strict=True)
    ]


def _plainly(told: Sequence[Interval], effects: Sequence[Effect], alpha: float) -> list[int]:
    scores = []
    for one, effect in zip(told, effects, strict=True):
        ends = np.array([one.value, one.low, one.high])
        value, low, high = np.log(ends) if effect.measure.is_ratio else ends
        scores.append(effect.measure.better * value / ((high - low) / 2 / Z95))
    chances = holm([erfc(abs(score) / sqrt(2)) for score in scores])
    return [int(np.sign(s)) if p <= alpha else 0 for s, p in zip(scores, chances, strict=True)]


def marks(banks: Sequence[Sequence[Call]]) -> Figures:
    """Shares of cards, items and banks; an item counts as called when any of its measures is."""
    cards = [one for bank in banks for one in bank]
    items = [item for bank in banks for item in _by_item(bank)]
    idle = [item for item in items if item[0].planted == 0]
    planted = sorted({one.planted for one in cards} - {0.0})
    return {
        "coverage": _share(one.covers for one in cards),
        "coverage_by_measure": {
            name: _share(one.covers for one in cards if one.measure is name) for name in Measure
        },
        "false_cards": _share(one.sign != 0 for item in idle for one in item),
        "false_items": _share(any(one.sign for one in item) for item in idle),
        "banks_with_false": _share(_has_false(bank) for bank in banks),
        "reversed_items": _share(any(one.is_reversed for one in item) for item in items),
        "even_if_idle": _share(one.is_even for item in idle for one in item),
        "even_if_not": _share(one.is_even for one in cards if one.planted),
        "found": {f"{size:+.0%}": _found(items, size) for size in planted},
        "found_by_branches": {
            f"{low}-{high}": {
                f"{size:+.0%}": _found([i for i in items if low <= i[0].branches <= high], size)
                for size in planted
            }
            for low, high in BANDS
        },
    }


def _by_item(bank: Sequence[Call]) -> list[list[Call]]:
    items: dict[int, list[Call]] = defaultdict(list)
    for one in bank:
        items[one.item].append(one)
    return list(items.values())


def _has_false(bank: Sequence[Call]) -> bool:
    return any(one.is_reversed or (one.sign and not one.planted) for one in bank)


def _found(items: Iterable[Sequence[Call]], size: float) -> float | None:
    return _share(any(one.is_right for one in item) for item in items if item[0].planted == size)


def _share(flags: Iterable[bool | int]) -> float | None:
    told = list(map(bool, flags))
    return round(sum(told) / len(told), 4) if told else None
