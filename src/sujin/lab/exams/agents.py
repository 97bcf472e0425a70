"""How well organised agents are found, whom that takes for one, and what two plain rules would do.

The plain rules: crt-portal (United States Department of Justice) names a mass campaign when the
same text came fifty times; and one telephone that acts for many.
"""

from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from time import process_time
from typing import Any

from sujin.engine import agents
from sujin.engine.agent_rules import Rules
from sujin.engine.agent_words import clusters
from sujin.engine.agents import Filing
from sujin.lab.exams.exam import Exam, Figures
from sujin.lab.exams.filings import Told, rules_of, tell_year
from sujin.lab.lookalikes import hard
from sujin.lab.story import DEFAULT_SIZE

SEEDS = 3
TEXTS, PHONES = (5, 10, 50), (5, 10)
# A group counts as found when at least half of what was named is one planted group's, and at least
# half of the planted group was named.
HALF = 0.5
LOSSES = (0.3, 0.6, 0.8)

Found = list[frozenset[int]]
Finder = Callable[[Sequence[Filing]], Found]


def found_by_graph(rules: Rules) -> Finder:
    return lambda filings: [frozenset(g.members) for g in agents.find(filings, rules).groups]


def found_by_text(least: int, like: float) -> Finder:
    """The same text at least so many times."""

    def find(filings: Sequence[Filing]) -> Found:
        said = clusters({one.key: one.signature for one in filings}, like)
        return _at_least(((leader, key) for key, leader in said.items()), least)

    return find


def found_by_phone(least: int) -> Finder:
    """The same telephone, of whoever leaves it, at least so many times."""

    def find(filings: Sequence[Filing]) -> Found:
        held = (
            (trace.value.partition(":")[2], one.key)
            for one in filings
            for trace in one.traces
            if trace.kind in ("phone", "agent_phone")
        )
        return _at_least(held, least)

    return find


def _at_least(pairs: Iterable[tuple[object, int]], least: int) -> Found:
    held: defaultdict[object, set[int]] = defaultdict(set)
    for value, key in pairs:
        held[value].add(key)
    return [frozenset(keys) for keys in held.values() if len(keys) >= least]


def finders(rules: Rules) -> dict[str, Finder]:
    """Ours first, then the plain rules."""
    texts = {f"text>={n}": found_by_text(n, rules.words_like) for n in TEXTS}
    phones = {f"phone>={n}": found_by_phone(n) for n in PHONES}
    return {"graph": found_by_graph(rules), **texts, **phones}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=DEFAULT_SIZE, help="contacts of a year")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many stories")


def run(options: Mapping[str, Any]) -> Figures:
    """Each story told once with planted groups and innocents, looked at by every finder."""
    started = process_time()
    rules = rules_of()
    sums: dict[str, Counter[str]] = {name: Counter() for name in finders(rules)}
    disguised: dict[float, Counter[str]] = {loss: Counter() for loss in LOSSES}
    for seed in range(options["seed"], options["seed"] + options["seeds"]):
        told = tell_year(seed, options["size"], innocents=True)
        for name, finder in finders(rules).items():
            sums[name] += _marked(told, finder(told.filings))
            sums[name] += _false(told.without_groups(), finder)
        for loss in LOSSES:
            other = told.disguised(seed, loss)
            disguised[loss] += _marked(other, finders(rules)["graph"](other.filings))
    return {
        "seeds": options["seeds"],
        "size": options["size"],
        "finders": {name: _shares(one, options["seeds"]) for name, one in sums.items()},
        "disguised": {str(loss): _shares(one, options["seeds"]) for loss, one in disguised.items()},
        "cpu_seconds": round(process_time() - started, 1),
    }


def _marked(told: Told, found: Found) -> Counter[str]:
    """Counts of one story: members and groups named, planted, and rightly named."""
    planted = told.planted()
    ours = frozenset().union(*planted.values())
    named = frozenset().union(*found)
    right = [one for one in found if any(_is_found(one, group) for group in planted.values())]
    seen = [group for group in planted.values() if any(_is_found(one, group) for one in found)]
    return Counter(
        named=len(named),
        members=len(ours),
        named_members=len(named & ours),
        groups_named=len(found),
        groups_right=len(right),
        groups=len(planted),
        groups_seen=len(seen),
    )


def _is_found(one: Collection[int], group: frozenset[int]) -> bool:
    both = len(group.intersection(one))
    return both >= HALF * len(one) and both >= HALF * len(group)


def _false(told: Told, finder: Finder) -> Counter[str]:
    """What is named where nothing is planted: among strangers only, and among innocents."""
    plain = tuple(one for one in told.filings if not told.truths[one.key].lookalike)
    found = finder(told.filings)
    codes = [{told.truths[key].lookalike for key in one} - {""} for one in found]
    return Counter(
        false_plain=len(finder(plain)),
        false_innocent=sum(not code & hard() for code in codes),
        hard_named=sum(bool(code & hard()) for code in codes),
    )


def _shares(sums: Counter[str], stories: int) -> dict[str, float]:
    """Shares and yearly rates; nothing named is a precision of one."""
    return {
        "member_precision": _share(sums["named_members"], sums["named"]),
        "member_recall": _share(sums["named_members"], sums["members"]),
        "group_precision": _share(sums["groups_right"], sums["groups_named"]),
        "group_recall": _share(sums["groups_seen"], sums["groups"]),
        "false_per_year": sums["false_plain"] / stories,
        "false_innocent_per_year": sums["false_innocent"] / stories,
        "hard_per_year": sums["hard_named"] / stories,
    }


def _share(part: int, of: int) -> float:
    return round(part / of, 4) if of else 1.0


COLUMNS = {
    "member_precision": "members P",
    "member_recall": "R",
    "group_precision": "groups P",
    "group_recall": "R",
    "false_per_year": "false/yr",
    "false_innocent_per_year": "innocent/yr",
    "hard_per_year": "hard/yr",
}


def in_lines(figures: Figures) -> Iterable[str]:
    """The figures for a person."""
    yield f"{figures['seeds']} years of about {figures['size']} contacts, innocents beside them"
    yield f"{'finder':<12}" + "".join(f"{title:>12}" for title in COLUMNS.values())
    for name, one in figures["finders"].items():
        yield _line(name, one, COLUMNS)
    for loss, one in figures["disguised"].items():
        yield _line(f"hidden {loss}", one, list(COLUMNS)[:4])
    yield "false/yr: no group planted, no innocent told. innocent/yr: innocents taken for a group."
    yield "hard/yr: one lawyer filing one text for real clients; traces cannot tell (of 1 a year)."
    yield f"{figures['cpu_seconds']} s of CPU"


def _line(name: str, one: Mapping[str, float], columns: Iterable[str]) -> str:
    return f"{name:<12}" + "".join(f"{one[column]:>12.2f}" for column in columns)


EXAM = Exam(
    name="agents",
    title="organised complaint agents: precision, recall, and whom it takes for one",
    add_arguments=add_arguments,
    run=run,
    told=in_lines,
)
