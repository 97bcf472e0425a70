"""How the exam of effects marks what a comparison says, and the truth it is held against."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import erfc, nan, sqrt

import numpy as np

from sujin.engine.effect_panel import design, lay_out
from sujin.engine.effects import Card, Effect, Interval, Measure, Terms, Verdict
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
    ``is_even`` says no difference; ``covers`` whether the interval holds the truth, None of what
    an item that does something does overall, which nobody planted as such."""

    item: int
    measure: Measure
    planted: float
    branches: int
    sign: int
    is_even: bool
    covers: bool | None

    @property
    def is_right(self) -> bool:
        return self.planted * self.sign < 0

    @property
    def is_reversed(self) -> bool:
        return self.planted * self.sign > 0


def truth(bank: Bank, effect: Effect, terms: Terms) -> Truth:
    """The truth of one measure of a card."""
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


def called(bank: Bank, cards: Sequence[Card], truths: Mapping[Effect, Truth]) -> list[Call]:
    """The engine's calls on the cards of a bank."""
    found = []
    for effect in (one for card in cards for one in (card.overall, *card.effects)):
        idle = None if bank.effects[effect.item] else effect.low <= 0 <= effect.high
        held = truths.get(effect)
        covers = idle if held is None else effect.low <= held.weighed <= effect.high
        is_even = effect.verdict is Verdict.NO_DIFFERENCE
        found.append(_call(bank, effect, SIGNS.get(effect.verdict, 0), is_even, covers))
    return found


Reading = Callable[[Effect, Truth], tuple[Interval, float]]
# Of each plain comparison its interval and the truth that the interval should hold.
PLAIN: dict[str, Reading] = {
    "users/others": lambda one, real: (one.naive, real.users),
    "after/before": lambda one, real: (one.before_after, real.after),
}


def plainly(rule: str, bank: Bank, truths: Mapping[Effect, Truth], alpha: float) -> list[Call]:
    """The calls of a plain rule on the same measures, adjusted for their number by Holm's
    procedure (Scandinavian Journal of Statistics 6, 1979)."""
    read = [PLAIN[rule](one, real) for one, real in truths.items()]
    scores = [_score(one, told) for one, (told, _real) in zip(truths, read, strict=True)]
    named = _holm([erfc(abs(score) / sqrt(2)) for score in scores], alpha)
    return [
        _call(bank, one, int(np.sign(score)) * is_named, False, told.low <= real <= told.high)
        for one, score, is_named, (told, real) in zip(truths, scores, named, read, strict=True)
    ]


def _call(bank: Bank, effect: Effect, sign: int, is_even: bool, covers: bool | None) -> Call:
    planted = bank.effects[effect.item]
    return Call(effect.item, effect.measure, planted, bank.branches, sign, is_even, covers)


def _score(effect: Effect, told: Interval) -> float:
    """Standard errors for the better."""
    ends = np.array([told.value, told.low, told.high])
    value, low, high = np.log(ends) if effect.measure.is_ratio else ends
    return float(effect.measure.better * value / ((high - low) / 2 / Z95))


def _holm(chances: Sequence[float], alpha: float) -> list[bool]:
    order = sorted(range(len(chances)), key=chances.__getitem__)
    named = [False] * len(chances)
    for rank, place in enumerate(order):
        if chances[place] > alpha / (len(chances) - rank):
            break
        named[place] = True
    return named


def marks(banks: Sequence[Sequence[Call]]) -> Figures:
    """Shares of cards, items and banks; an item is called when a measure or the whole of it is."""
    cards = [one for bank in banks for one in bank]
    items = [item for bank in banks for item in _by_item(bank)]
    idle = [item for item in items if item[0].planted == 0]
    return {
        "coverage": _covered(cards),
        "coverage_by_measure": {
            name: _covered([one for one in cards if one.measure is name]) for name in Measure
        },
        "false_cards": _share(one.sign != 0 for item in idle for one in item),
        "false_items": _share(any(one.sign for one in item) for item in idle),
        "banks_with_false": _share(_has_false(bank) for bank in banks),
        "reversed_items": _share(any(one.is_reversed for one in item) for item in items),
        "even_if_idle": _share(one.is_even for item in idle for one in item),
        "even_if_not": _share(one.is_even for one in cards if one.planted),
        "found": _found(items),
        "found_by_branches": {
            f"{low}-{high}": _found([one for one in items if low <= one[0].branches <= high])
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


def _covered(cards: Iterable[Call]) -> float | None:
    return _share(one.covers for one in cards if one.covers is not None)


def _found(items: Sequence[Sequence[Call]]) -> dict[str, float | None]:
    """By size of what was planted, the share of items said to do what they do."""
    return {
        f"{size:+.0%}": _share(
            any(one.is_right for one in item) for item in items if item[0].planted == size
        )
        for size in sorted({item[0].planted for item in items} - {0.0})
    }


def _share(flags: Iterable[bool | int | None]) -> float | None:
    told = list(map(bool, flags))
    return round(sum(told) / len(told), 4) if told else None
