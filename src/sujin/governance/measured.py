"""The weekly counts that a measure was declared about, and units it may be compared with."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from sujin.engine.series.panel import ALL, Grain, Node
from sujin.engine.verify import Declared, Definition, Finding, Observed, judge
from sujin.engine.verify.estimate import INNER
from sujin.governance import watching
from sujin.governance.ledgerbook import limits
from sujin.governance.models.measure import Measure, node_of
from sujin.governance.models.problem import Problem
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind

WEEK = timedelta(weeks=1)
MONDAY = Grain.WEEK.of


def finding_of(measure: Measure, today: date) -> Finding:
    """What the weeks before ``today`` say of a measure. Each further look asks for more, so that
    all looks together call a measure without effect 有效 one time in twenty at most."""
    observed = observed_of(measure, today)
    return judge(observed, declared_of(measure), seed=measure.pk, inner=inner_of(measure.looks))


def inner_of(looks: int) -> float:
    """The share that the next interval holds: .95, .975, .9875, …"""
    return float(1 - (1 - INNER) / 2**looks)


def declared_of(measure: Measure) -> Declared:
    """As it was declared; a week begun before the measure is not judged."""
    monday = MONDAY(measure.starts_on)
    definitions = tuple(
        Definition(date.fromisoformat(one["at"]), one["ratio"], one["spread"])
        for one in measure.definitions
    )
    settle = measure.settle + (monday < measure.starts_on)
    return Declared(monday, measure.promised, settle, definitions)


def observed_of(measure: Measure, today: date) -> Observed:
    """Whole weeks up to ``today``: the targets together, controls and sinks, each by its number."""
    nodes = list(map(node_of, (*measure.targets, *measure.controls, *measure.sinks)))
    last = MONDAY(today) - WEEK
    first = MONDAY(measure.starts_on) - WEEK * limits().history_weeks
    starts, rows = _counted(measure.problem.stream, nodes, first, last)
    first_control = len(measure.targets)
    between = first_control + len(measure.controls)
    return Observed(
        starts,
        rows[:first_control].sum(axis=0),
        {f"c{at}": row for at, row in enumerate(rows[first_control:between])},
        {f"s{at}": row for at, row in enumerate(rows[between:])},
    )


def _counted(
    stream: str, nodes: Sequence[Node], first: date, last: date
) -> tuple[tuple[date, ...], np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    """A row for each node, a column for each week from the first with any case."""
    weeks = (last - first) // WEEK + 1
    table = np.zeros((len(nodes), max(weeks, 1)))
    known: dict[Node, list[int]] = {}
    for leaf, day, count in watching.counted(stream, first, last + WEEK - watching.DAY):
        inside = known.get(leaf)
        if inside is None:
            inside = [at for at, node in enumerate(nodes) if watching.lies_below(leaf, node)]
            known[leaf] = inside
        table[inside, (day - first) // WEEK] += count
    begun = int(np.argmax(table.any(axis=0))) if table.any() else 0
    starts = tuple(first + WEEK * week for week in range(begun, table.shape[1]))
    return starts, table[:, begun:]


def proposed_controls(problem: Problem, today: date) -> list[Node]:
    """Like units without the measure, the busiest first: the organisations beside it, or for the
    whole house the businesses beside it. A quiet one tells nothing."""
    return busiest_beside(problem.node, problem.stream, today)


def busiest_beside(node: Node, stream: str, today: date) -> list[Node]:
    """The same of any node."""
    beside = _beside(node)
    if not beside:
        return []
    last = MONDAY(today) - WEEK
    _starts, rows = _counted(stream, beside, last - 51 * WEEK, last)
    order = np.argsort(-rows.sum(axis=1), kind="stable")
    busy = [int(at) for at in order if rows[at].sum() > 0]
    return [beside[at] for at in busy[: limits().controls]]


def observed_between(
    stream: str, target: Node, *, controls: Sequence[Node], sinks: Sequence[Node], first: date,
    today: date,
) -> Observed:  # fmt: skip
    """Whole weeks from the one of ``first`` up to ``today``, of a node that nobody declared
    anything about."""
    last = MONDAY(today) - WEEK
    starts, rows = _counted(stream, [target, *controls, *sinks], MONDAY(first), last)
    between = 1 + len(controls)
    return Observed(
        starts, rows[0], {f"c{at}": row for at, row in enumerate(rows[1:between])},
        {f"s{at}": row for at, row in enumerate(rows[between:])},
    )  # fmt: skip


def _beside(node: Node) -> list[Node]:
    org, business, cause, channel = node
    if org:
        place = Org.objects.filter(path=org).first()
        if place is None:
            return []
        rows = Org.objects.filter(parent=place.parent_id, kind=place.kind).exclude(pk=place.pk)
        paths = rows.order_by("path").values_list("path", flat=True)
        return [(path, business, cause, channel) for path in paths]
    for at, code in ((1, business), (2, cause), (3, channel)):
        if code:
            others = _siblings(at, code)
            return [tuple(other if place == at else node[place] for place in range(4)) for other in others]  # noqa: E501 # fmt: skip
    return []


def _siblings(axis: int, code: str) -> list[str]:
    """Codes below the same parent."""
    parents = watching.axes()[axis].parents
    above = parents.get(code, ALL)
    return sorted(one for one, up in parents.items() if up == above and one != code)


def proposed_sinks(problem: Problem) -> list[Node]:
    """Where cases of a branch may be handed to: the companies and centres of the bank."""
    org, business, cause, channel = problem.node
    if not org:
        return []
    rows = Org.objects.filter(kind__in=(OrgKind.COMPANY, OrgKind.CENTRE)).order_by("path")
    paths = [path for path in rows.values_list("path", flat=True) if not path.startswith(org)]
    return [(path, business, cause, channel) for path in paths]
