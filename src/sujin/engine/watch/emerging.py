"""新话题: words that were hardly said before, and the cases that say them together.

A term's count in the last texts is compared with its share in the periods before, spread as those
periods were spread (quasi-Poisson, read as negative binomial). The terms answer one question
together (`sujin.engine.discoveries`); those that stand in the same cases are one topic.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from scipy import stats

from sujin.engine.discoveries import threshold
from sujin.engine.series.panel import ALL, Axis, Counts, Node
from sujin.engine.watch.terms import Terms

NAME = "emerging"
# Cases of two terms that overlap by this much are one topic's.
_TOGETHER = 0.4
# A node holds a topic when it has this share of its cases, and at most half as much of all cases.
_HOLDS, _USUALLY = 0.7, 0.5
# What is added to both sides of a ratio of small counts.
_HALF = 0.5
# What the evidence of all terms on the spread is worth to one, in periods.
_WORTH = 4.0
_LEAST_CHANCE = 1e-300


@dataclass(frozen=True, slots=True)
class Text:
    """One case: its key, its leaf on every axis, its terms."""

    key: int
    leaf: Node
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Past:
    """Of each period before: how many texts, and in how many each term stood."""

    texts: int
    held: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Topic:
    """``terms`` said together in ``cases``; ``observed`` texts held the first of them where
    ``expected`` (``variance``) were to be expected; with ``silent_at`` nobody would be warned."""

    terms: tuple[str, ...]
    cases: tuple[int, ...]
    node: Node
    observed: int
    expected: float
    variance: float
    p: float
    silent_at: int

    @property
    def evidence(self) -> float:
        return -log(max(self.p, _LEAST_CHANCE))


@dataclass(frozen=True, slots=True)
class _Term:
    name: str
    count: int
    mean: float
    variance: float
    p: float


def emerging(
    recent: Sequence[Text], past: Sequence[Past], axes: Sequence[Axis], terms: Terms
) -> list[Topic]:
    """The topics of ``recent``, the least likely first. Too little of a past gives none."""
    if not recent or sum(one.texts for one in past) < len(recent):
        return []
    # Numbers are sums and dates, no topics.
    heard = (term for text in recent for term in text.terms if not any(map(str.isdigit, term)))
    counts = Counter(heard)
    often = {term: count for term, count in counts.items() if count >= terms.least}
    judged = _judged(often, past, len(recent))
    cut = threshold([one.p for one in judged], terms.level, asked=max(len(counts), len(judged)))
    loud = sorted((one for one in judged if one.p <= cut), key=lambda one: (one.p, one.name))
    holders = {one.name: {text.key for text in recent if one.name in text.terms} for one in loud}
    return [_topic(group, holders, recent, axes, cut) for group in _together(loud, holders)]


def _judged(often: Mapping[str, int], past: Sequence[Past], texts: int) -> list[_Term]:
    totals = np.array([one.texts for one in past], np.float64)
    names = list(often)
    held = np.array([[one.held.get(name, 0) for one in past] for name in names], np.float64)
    if not names:
        return []
    rate = (held.sum(axis=1) + _HALF) / (totals.sum() + 2 * _HALF)
    fitted = np.maximum(rate[:, None] * totals, 1e-9)
    chi = ((held - fitted) ** 2 / fitted).sum(axis=1)
    usual = max(1.0, float(np.mean(chi)) / max(len(past) - 1, 1))
    spread = np.maximum((chi + _WORTH * usual) / (len(past) - 1 + _WORTH), 1.0)
    mean = rate * texts
    variance = mean * spread + mean**2 / (held.sum(axis=1) + _HALF)
    counts = np.array([often[name] for name in names], np.float64)
    p = chance(counts, mean, variance)
    rows = zip(names, counts, mean, variance, p, strict=True)
    return [_Term(name, int(n), float(m), float(v), float(one)) for name, n, m, v, one in rows]


def chance(
    counts: Counts,
    mean: Counts,
    variance: Counts,
) -> Counts:
    """Of as many or more, of counts of this mean and variance."""
    share = mean / np.maximum(variance, mean * 1.0001)
    size = mean * share / (1 - share)
    tail = stats.nbinom.sf(counts - 1, size, share)
    return np.clip(np.asarray(tail, np.float64), 0.0, 1.0)


def _together(loud: Sequence[_Term], holders: Mapping[str, set[int]]) -> list[list[_Term]]:
    """Terms grouped around the least likely one that shares their cases."""
    groups: list[list[_Term]] = []
    for term in loud:
        mine = holders[term.name]
        for group in groups:
            other = holders[group[0].name]
            if len(mine & other) >= _TOGETHER * min(len(mine), len(other)):
                group.append(term)
                break
        else:
            groups.append([term])
    return groups


def _topic(
    group: Sequence[_Term], holders: Mapping[str, set[int]], recent: Sequence[Text],
    axes: Sequence[Axis], cut: float,
) -> Topic:  # fmt: skip
    first = group[0]
    keys = sorted(holders[first.name])
    said = Counter(key for one in group for key in holders[one.name] if key in holders[first.name])
    ranked = tuple(sorted(keys, key=lambda key: (-said[key], key)))
    own = [text.leaf for text in recent if text.key in holders[first.name]]
    node = tuple(
        _holding(place, axis, own, [text.leaf for text in recent])
        for place, axis in enumerate(axes)
    )
    return Topic(
        tuple(one.name for one in group), ranked, node, first.count, first.mean, first.variance,
        first.p, _silent_at(first, cut),
    )  # fmt: skip


def _holding(place: int, axis: Axis, own: Sequence[Node], every: Sequence[Node]) -> str:
    """The lowest code that holds the topic on this axis; everything where none does."""
    mine = Counter(code for leaf in own for code in axis.chain(leaf[place]))
    usual = Counter(code for leaf in every for code in axis.chain(leaf[place]))
    held = [
        code
        for code, count in mine.items()
        if code != ALL
        and count >= _HOLDS * len(own)
        and usual[code] / len(every) <= _USUALLY * count / len(own)
    ]
    return max(held, key=lambda code: (len(axis.chain(code)), mine[code], code), default=ALL)


def _silent_at(term: _Term, cut: float) -> int:
    """The most texts that would have warned nobody."""
    counts = np.arange(1, term.count + 1, dtype=np.float64)
    mean, variance = np.full(len(counts), term.mean), np.full(len(counts), term.variance)
    quiet = np.flatnonzero(chance(counts, mean, variance) > cut)
    return int(counts[quiet[-1]]) if quiet.size else 0
