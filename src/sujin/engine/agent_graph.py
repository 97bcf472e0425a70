"""Complaints on one side, traces on the other; and the cells where they meet twice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sujin.engine.agent_chance import Chance, Written
from sujin.engine.agent_homes import homes, principals, root
from sujin.engine.agent_rules import APART, NO, PEOPLE, YES, Rules
from sujin.engine.agent_words import clusters
from sujin.engine.signature import Signature

WORDS_TRACE, ADDRESS = "words", "address"


class Trace(NamedTuple):
    """Something a complaint shows; ``value`` is a blind index or a code, never clear data."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, eq=False)
class Filing:
    """One complaint as this judgement sees it. ``principal`` are blind keys that make two
    complaints the same customer's, unless the identity ``numbers`` among them are of two people;
    ``traces`` are what it shows besides its words."""

    key: int
    at: datetime
    principal: frozenset[str]
    business: str
    branch: str
    traces: frozenset[Trace]
    signature: Signature | None
    numbers: frozenset[str] = frozenset()


class Cell(NamedTuple):
    """Complaints that share who acts and what is written."""

    who: Trace
    words: Trace
    keys: frozenset[int]
    bits: float
    principals: int
    expected: float


class Graph:
    """Complaints on one side, traces on the other."""

    def __init__(self, filings: Sequence[Filing], rules: Rules) -> None:
        self.rules = rules
        self.filings = {one.key: one for one in filings}
        self.people = principals(filings)
        said = clusters({one.key: one.signature for one in filings}, rules.words_like)
        self.words = {key: Trace(WORDS_TRACE, str(leader)) for key, leader in said.items()}
        self.holders: defaultdict[Trace, set[int]] = defaultdict(set)
        for one in filings:
            for trace in self.traces(one.key):
                self.holders[trace].add(one.key)
        self.chance = Chance({one.key: _written(one, said.get(one.key)) for one in filings})
        self.comparisons = sum(self._founds(who, keys) for who, keys in self._who())

    def traces(self, key: int) -> Iterable[Trace]:
        """Everything the complaint shows that the rules know, its words included."""
        known = (one for one in self.filings[key].traces if one.kind in self.rules.rows)
        return (*known, self.words[key]) if key in self.words else known

    def count(self, keys: Iterable[int]) -> int:
        """How many customers these complaints are of."""
        return len({self.people[key] for key in keys})

    def family(self, trace: Trace) -> str:
        return self.rules.rows[trace.kind].family

    def bits(self, trace: Trace, members: frozenset[int]) -> float:
        outside = len(self.holders[trace] - members)
        return self.rules.rows[trace.kind].bits(outside, len(self.filings) - len(members))

    def cells(self, without: frozenset[Trace] = frozenset()) -> list[Cell]:
        """Strong cells, of the traces that are left."""
        found = []
        for who, keys in self._who():
            if who in without:
                continue
            for words, both in self._worded(keys).items():
                cell = None if words in without else self._cell(who, words, keys, both)
                if cell is not None:
                    found.append(cell)
        return found

    def stands(self, cells: Sequence[Cell]) -> bool:
        """Whether overlapping cells are a group: large enough, and not to be had by chance."""
        enough = self.count(key for cell in cells for key in cell.keys) >= self.rules.principals_min
        return enough and least_expected(cells) <= self.rules.false_per_year

    def _who(self) -> list[tuple[Trace, set[int]]]:
        """Traces of people that at least two customers hold and that may tie them."""
        return [
            (trace, keys)
            for trace, keys in self.holders.items()
            if self.rules.rows[trace.kind].founds != NO
            and self.family(trace) == PEOPLE
            and self.count(keys) > 1
        ]

    def _founds(self, who: Trace, keys: set[int]) -> bool:
        """Whether enough people who do not live together share it to be looked at as a group."""
        founds, people = self.rules.rows[who.kind].founds, self.count(keys)
        if founds == YES or people < self.rules.principals_min:
            return people >= self.rules.principals_min
        known, unknown = homes({key: self.people[key] for key in keys}, self._addresses(keys))
        if founds == APART or people > self.rules.household_max:
            return known + unknown >= self.rules.principals_min
        return known >= self.rules.principals_min

    def _addresses(self, keys: Iterable[int]) -> dict[int, frozenset[str]]:
        return {
            key: frozenset(t.value for t in self.filings[key].traces if t.kind == ADDRESS)
            for key in keys
        }

    def _worded(self, keys: Iterable[int]) -> Mapping[Trace, set[int]]:
        found: defaultdict[Trace, set[int]] = defaultdict(set)
        for key in keys:
            if key in self.words:
                found[self.words[key]].add(key)
        return found

    def _cell(self, who: Trace, words: Trace, keys: set[int], both: set[int]) -> Cell | None:
        people, members = self.count(both), frozenset(both)
        sums = {self.family(one): self.bits(one, members) for one in (who, words)}
        if people < 2 or not self.rules.ties(sums):
            return None
        # Those who agree must not be one household either, whoever else shares the telephone.
        is_home = self.rules.rows[who.kind].founds != YES and not self._founds(who, both)
        expected = float("inf") if is_home else self._expected(who, keys, int(words.value))
        return Cell(who, words, members, self.rules.weight(sums), people, expected)

    def _expected(self, who: Trace, keys: set[int], words: int) -> float:
        """Such cells expected by chance in a year: all looks, all comparisons."""
        people: defaultdict[int, set[int]] = defaultdict(set)
        for key in keys:
            people[self.people[key]].add(key)
        if not self._founds(who, keys):
            return float("inf")  # never compared, so it founds no group
        chance = self.chance.agreeing([frozenset(one) for one in people.values()], words)
        return chance * max(1, self.comparisons) * self.rules.looks_per_year


def _written(one: Filing, words: int | None) -> Written:
    return Written(f"{one.at:%Y-%m}", one.business, one.branch, words)


def least_expected(cells: Iterable[Cell]) -> float:
    return min((cell.expected for cell in cells), default=float("inf"))


def overlapping(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Cells that share a complaint, together."""
    seen: dict[int, int] = {}
    ties = {place: place for place in range(len(cells))}
    for place, cell in enumerate(cells):
        for key in cell.keys:
            one, other = root(ties, seen.setdefault(key, place)), root(ties, place)
            ties[max(one, other)] = min(one, other)
    found: defaultdict[int, list[Cell]] = defaultdict(list)
    for place, cell in enumerate(cells):
        found[root(ties, place)].append(cell)
    return list(found.values())
