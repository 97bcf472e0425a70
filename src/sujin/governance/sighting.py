"""What one look of the watch saw, and what can be told of it: parts, words, telling cases."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sujin.complaints.desks import CONSUMER, Desks
from sujin.engine.series.panel import ALL, Axis, Node
from sujin.engine.watch import Alarm, review
from sujin.engine.watch import emerging as topics
from sujin.engine.watch.alarm import alike as alike_nodes
from sujin.engine.watch.alarm import interval
from sujin.engine.watch.wording import Word, distinctive, expressions, telling
from sujin.governance import watching
from sujin.governance.models.wave import line_of
from sujin.governance.watchbook import WORDS, Watched, limits
from sujin.knowledge.desks import line_desks
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind

# A topic is looked for in the cases of the last week.
TOPIC = timedelta(days=6)
BEFORE = timedelta(days=180)
# Words are compared with at most so many earlier cases of the node.
TEXTS_MAX = 2000
PARTS_MAX = 8
ANSWERS = (OrgKind.BRANCH1, OrgKind.BRANCH2, OrgKind.COMPANY, OrgKind.DEPARTMENT, OrgKind.CENTRE)


@dataclass(frozen=True, slots=True)
class Sighted:
    """One alarm of a look; a topic brings its own cases and words."""

    row: Watched
    alarm: Alarm
    cases: tuple[int, ...] = ()
    terms: tuple[str, ...] = ()

    @property
    def last_day(self) -> date:
        step = self.row.terms.grain.step
        return self.alarm.last_alarm + step - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Look:
    """One row of watch.csv at one period: over how many series, and what it saw."""

    row: Watched
    period: date
    is_whole: bool
    series: int
    sighted: tuple[Sighted, ...]


def look(row: Watched, period: date, *, is_whole: bool, today: date) -> Look:
    """What is seen on the day ``today``: what is usually registered later than that is allowed for.
    The same look gives the same answer twice."""
    if row.grain == WORDS:
        return _listen(row, period, is_whole)
    known_to = today - timedelta(days=1)
    streams = watching.streams(row, period, is_over=is_whole, known_to=known_to)
    found = review(
        streams, row.terms, calendar=watching.house_calendar(), now=period, seed=period.toordinal()
    )
    panels = [streams.cases, *([streams.repeats] if streams.repeats else [])]
    series = sum(len(one.nodes) for one in panels)
    return Look(row, period, is_whole, series, tuple(Sighted(row, one) for one in found))


def _listen(row: Watched, period: date, is_whole: bool) -> Look:
    """New words of the last seven days."""
    since = period - TOPIC
    gap = timedelta(days=row.terms.gap)
    first = since - row.look_back
    recent = watching.texts(row.stream, since, period)
    past = watching.past(row.stream, first, since - gap)
    found = topics.emerging(recent, past, watching.axes(), row.terms)
    heard = len({term for text in recent for term in text.terms})
    sighted = tuple(_topic(row, one, since, period) for one in found)
    return Look(row, period, is_whole, heard, sighted)


def _topic(row: Watched, topic: topics.Topic, since: date, period: date) -> Sighted:
    low, high = interval(topic.expected, topic.variance)
    alarm = Alarm(
        topic.node, (topics.NAME,), period, period, since, topic.observed, topic.expected, low,
        high, topic.evidence, topic.p, topic.silent_at,
    )  # fmt: skip
    return Sighted(row, alarm, topic.cases, topic.terms)


@dataclass(frozen=True, slots=True)
class Told:
    """What a wave says besides its figures."""

    parts: tuple[dict[str, Any], ...] = ()
    telling: tuple[int, ...] = ()
    words: tuple[dict[str, Any], ...] = field(default=())


def tell(sighted: Sighted, axes: Sequence[Axis], *, since: date) -> Told:
    """Parts, cases and words of a wave that has lasted ``since``."""
    alarm, stream = sighted.alarm, sighted.row.stream
    now = watching.terms_of(watching.cases(stream, alarm.node, since, sighted.last_day), TEXTS_MAX)
    earlier = watching.cases(stream, alarm.node, since - BEFORE, since - timedelta(days=1))
    before = watching.terms_of(earlier, TEXTS_MAX)
    words = distinctive(list(now.values()), list(before.values()))
    if sighted.terms:
        words = [word for word in words if word.term in sighted.terms] or words
    most = limits()
    shown = expressions(words, now.values(), most.words)
    cases = telling(now, words, most.telling_cases)
    if sighted.cases:
        cases = sighted.cases[: most.telling_cases]
    return Told(_parts(sighted, axes, since), cases, tuple(map(_plain, shown)))


def _plain(word: Word) -> dict[str, Any]:
    return {"term": word.term, "now": word.now, "before": word.before}


def _parts(sighted: Sighted, axes: Sequence[Axis], since: date) -> tuple[dict[str, Any], ...]:
    """The nodes one step below with the most excess: each would expect of the wave's expectation
    the share that it had of the node's cases before."""
    alarm, stream = sighted.alarm, sighted.row.stream
    now = _leaves(stream, alarm.node, since, sighted.last_day)
    before = _leaves(stream, alarm.node, since - 2 * BEFORE, since - timedelta(days=1))
    whole = sum(before.values())
    found = []
    for place, axis in enumerate(axes):
        here, there = (_below(place, axis, alarm.node, leaves) for leaves in (now, before))
        for code, observed in here.items():
            expected = alarm.expected * there[code] / whole if whole else 0.0
            node = [*alarm.node[:place], code, *alarm.node[place + 1 :]]
            found.append({"node": node, "observed": observed, "expected": round(expected, 2)})
    found.sort(key=lambda one: -(float(str(one["observed"])) - float(str(one["expected"]))))
    return tuple(found[:PARTS_MAX])


def _leaves(stream: str, node: Node, first: date, last: date) -> Counter[Node]:
    found: Counter[Node] = Counter()
    for leaf, _day, count in watching.counted(stream, first, last):
        found[leaf] += int(count)
    return Counter({leaf: n for leaf, n in found.items() if watching.lies_below(leaf, node)})


def _below(place: int, axis: Axis, node: Node, leaves: Mapping[Node, int]) -> Counter[str]:
    """Cases by the code one step below the node's on one axis."""
    found: Counter[str] = Counter()
    for leaf, count in leaves.items():
        chain = axis.chain(leaf[place])
        at = chain.index(node[place]) if node[place] in chain else 0
        if at:
            found[chain[at - 1]] += count
    return found


def alike(one: Node, other: Node, axes: Sequence[Axis]) -> int:
    """How much two nodes are the same trouble (`alarm.alike`)."""
    return alike_nodes(one, other, [axis.parents for axis in axes])


def owner_of(node: Node, at: datetime) -> Org:
    """Who answers for a node: the branch it lies in; of the whole house the line's department, or
    consumer protection where no line has it."""
    org, business, *_codes = node
    if org:
        return _branch(org)
    desks = line_desks()
    line = line_of(business)
    return desks.get(line) or desks.get(CONSUMER) or Desks(at).top(desks[ALL])


def _branch(path: str) -> Org:
    steps = [int(step) for step in path.split("/") if step]
    above = {org.pk: org for org in Org.objects.filter(pk__in=steps)}
    line: Iterable[Org] = (above[step] for step in reversed(steps))
    return next((org for org in line if org.kind in ANSWERS), above[steps[-1]])
