"""From counts to warnings: the engine's panel and sweep, and the pictures and tables of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from sujin.archive import bands, parts
from sujin.archive.asked import Asked, Grain
from sujin.archive.axes import JOIN, Chain
from sujin.archive.cells import Counted
from sujin.archive.judged import Judged, Warned
from sujin.archive.nights import Nights
from sujin.archive.said import Refused, Said
from sujin.archive.sizing import Sized, fit
from sujin.engine.series.panel import Axis, Panel, panel
from sujin.engine.series.panel import Grain as Period
from sujin.engine.series.seasons import Season, season
from sujin.engine.watch import DAILY, WEEKLY, Alarm, Streams, Terms, sweep
from sujin.engine.workdays import Calendar

Tell = Callable[[int, str], None]
# Reviews of the past that a scan makes unless --since asks for more: a month, or half a year.
REVIEWS = {Grain.DAY: 31, Grain.WEEK: 26}
# With less history than the detectors were tried on they still learn, from this many periods on.
HISTORY_MIN = {Grain.DAY: 42, Grain.WEEK: 26}
# Fewer cases in the latest periods warn nobody; of a short past small nodes have too little.
LEAST, LEAST_IF_SHORT = 5, 20
_DAY = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Watched:
    """All that is needed to judge, and to draw what was judged. Reviews run from period ``first``
    to the last; there is none when ``first`` lies beyond it."""

    panel: Panel
    chains: tuple[Chain, ...]
    terms: Terms
    season: Season
    calendar: Calendar | None
    first: int


def judge(
    counted: Counted, chains: Sequence[Chain], asked: Asked, calendar: Calendar | None, tell: Tell
) -> Judged:
    """The warnings of the archive, the strongest first."""
    start, strays = _start(counted)
    grain = counted.grain
    start, end, cut, newest = _whole(counted, start, grain)
    periods = (end - start) // Period(grain.value).step + 1
    sized = fit(counted.cells, chains, periods)
    made = _panel(sized, grain, start, end)
    terms, short = _terms(asked, grain, periods)
    first, judged = _first(made, terms, grain, asked.since)
    moved = season(made.starts, terms.grain, calendar)
    watched = Watched(made, sized.chains, terms, moved, calendar, first)
    alarms = _swept(watched, tell)
    warned = [_warned(watched, alarm, days) for alarm, days in alarms]
    remarks = (_grained(grain, asked), *strays, *cut, *sized.remarks, *short, judged)
    return Judged(warned, bands.context(watched), remarks, _promise(terms), newest)


def _grained(grain: Grain, asked: Asked) -> Said:
    zh, en = ("周", "week") if grain is Grain.WEEK else ("日", "day")
    why = Said("指定", "as asked") if asked.grain else Said("按档案的长短", "by its length")
    return Said(f"按{zh}计数（{why.zh}，--grain）", f"counted by the {en} ({why.en}, --grain)")


def _start(counted: Counted) -> tuple[date, tuple[Said, ...]]:
    """The first day to judge from; a stray row of years ago does not make years of nothing."""
    days, seen = counted.cells.settled()
    day = date.fromordinal(int(days[0]))
    if not seen or (day - counted.first) * 2 < counted.last - counted.first:
        return counted.first, ()
    return day, (
        Said(
            f"{day} 以前零星 {seen} 行，计入总数，不作为历史",
            f"{seen} scattered rows before {day} are counted and not learnt from",
        ),
    )


def _whole(
    counted: Counted, start: date, grain: Grain
) -> tuple[date, date, tuple[Said, ...], tuple[Said, ...]]:
    """The first and last day without the weeks of which the archive holds only a part; what is to
    be said of those at the beginning, and of the newest days."""
    if grain is Grain.DAY:
        return start, counted.last, (), ()
    first = start + _DAY * (-start.weekday() % 7)
    last = counted.last - _DAY * ((counted.last.weekday() + 1) % 7)
    if last < first:
        raise Refused("不到一个整周，请用 --grain day", "not one whole week: use --grain day")
    days, counts = counted.cells.by_day()
    early = int(counts[days < first.toordinal()].sum())
    late = int(counts[days > last.toordinal()].sum())
    return first, last, _cut(first, early), _newest(last + _DAY, counted.last, late)


def _cut(first: date, rows: int) -> tuple[Said, ...]:
    if not rows:
        return ()
    return (
        Said(
            f"{first} 以前不满一周的 {rows} 行计入总数，不参与判断",
            f"{rows} rows of the incomplete week before {first} are counted and not judged",
        ),
    )


def _newest(since: date, until: date, rows: int) -> tuple[Said, ...]:
    """What a reader who looks for this week's wave must know first."""
    if not rows:
        return ()
    days = (until - since).days + 1
    return (
        Said(
            f"最新 {days} 天（{since} 至 {until}）的 {rows} 行没有判断：按周计数，这一周还不满。"
            "要判断请加 --grain day",
            f"the newest {days} days ({since} to {until}, {rows} rows) are not judged: counts are "
            "by the week, and this one is not complete. To judge them add --grain day",
        ),
    )


def _panel(sized: Sized, grain: Grain, first: date, last: date) -> Panel:
    """The engine's panel; its counts are put in at once and not cell by cell."""
    cells, period = sized.cells, Period(grain.value)
    axes = [
        Axis(chain.name, _parents({leaf[at] for leaf in cells.leaves}))
        for at, chain in enumerate(sized.chains)
    ]
    shape = [(leaf, first, 0.0) for leaf in cells.leaves]
    made = panel(shape, axes, grain=period, first=first, last=last, most_axes=sized.most_axes)
    at = (cells.day - made.starts[0].toordinal()) // period.step.days
    inside = (at >= 0) & (at < len(made.starts))
    table = np.zeros((len(cells.leaves), len(made.starts)))
    table[cells.leaf[inside], at[inside]] = cells.count[inside]
    # Chance is drawn node by node: in another order of nodes the same archive would say otherwise.
    order = sorted(range(len(made.nodes)), key=lambda row: made.nodes[row])
    below = made.below[order]
    return replace(
        made,
        nodes=tuple(made.nodes[row] for row in order),
        leaf_counts=table,
        below=below,
        counts=np.asarray(below @ table),
    )


def _parents(codes: set[str]) -> dict[str, str]:
    """The code above each code, and above those."""
    above = {}
    for code in codes:
        pieces = code.split(JOIN)
        for at in range(len(pieces), 0, -1):
            above[JOIN.join(pieces[:at])] = JOIN.join(pieces[: at - 1])
    return above


def _terms(asked: Asked, grain: Grain, periods: int) -> tuple[Terms, tuple[Said, ...]]:
    terms = WEEKLY if grain is Grain.WEEK else DAILY
    terms = replace(terms, false_a_month=asked.false_alarms_a_month, least=asked.least or LEAST)
    # A third of what there is is left to be judged.
    least = max(HISTORY_MIN[grain], periods * 2 // 3)
    if least >= terms.history:
        return terms, ()
    cases, usual = asked.least or LEAST_IF_SHORT, terms.history
    short = Said(
        f"历史只有 {periods} 个周期，少于 {usual}：只判断近期至少 {cases} 件的节点（--least）",
        f"{periods} periods of history only, not {usual}: no node with fewer than {cases} recent "
        "cases is judged (--least)",
    )
    return replace(terms, history=least, least=cases), (short,)


def _first(made: Panel, terms: Terms, grain: Grain, since: date | None) -> tuple[int, Said]:
    """The first period that is reviewed, and the sentence that says so."""
    last = len(made.starts) - 1
    least = max(terms.history, terms.waves.back + terms.gap)
    if least > last:
        return last + 1, Said(
            f"只有 {last + 1} 个周期，至少要 {least + 1} 个才能判断：本次没有预警，只有计数",
            f"{last + 1} periods only, and {least + 1} are needed to judge: counts, no warnings",
        )
    wanted = last - REVIEWS[grain] + 1
    if since is not None:
        wanted = (made.grain.of(since) - made.starts[0]) // made.grain.step
    first = min(max(least, wanted), last)
    days = made.starts[first], made.starts[last]
    return first, Said(
        f"判断 {days[0]} 至 {days[1]}，每期只看它以前的数据（更早的用 --since）",
        f"judged {days[0]} to {days[1]}, each period from what lay before it (--since for more)",
    )


def _swept(watched: Watched, tell: Tell) -> list[tuple[Alarm, tuple[Alarm, ...]]]:
    """Every wave once, as it was when its evidence was strongest, with all its nights."""
    made = watched.panel
    if watched.first >= len(made.starts):
        return []
    first, last = made.starts[watched.first], made.starts[-1]
    found = sweep(Streams(made), watched.terms, calendar=watched.calendar, first=first, last=last)
    nights = Nights([axis.parents for axis in made.axes])
    for at, standing in enumerate(found, start=watched.first):
        nights.add(made.starts[at], standing)
        tell(at + 1 - watched.first, str(made.starts[at]))
    told = [(max(each, key=lambda one: one.evidence), tuple(each)) for each in nights.waves]
    return sorted(told, key=lambda pair: (-pair[0].evidence, pair[0].node))


def _warned(watched: Watched, peak: Alarm, nights: Sequence[Alarm]) -> Warned:
    last = nights[-1].last_alarm
    days = frozenset(night.last_alarm for night in nights)
    span = watched.panel.place(peak.since), watched.panel.place(peak.last_alarm)
    return Warned(
        node=parts.named(peak.node, watched.chains),
        detectors=peak.detectors,
        first_alarm=peak.first_alarm,
        last_alarm=last,
        since=peak.since,
        peak=peak.last_alarm,
        observed=peak.observed,
        expected=peak.expected,
        low=peak.low,
        high=peak.high,
        p=peak.p,
        evidence=peak.evidence,
        silent_at=peak.silent_at,
        relatives=len(peak.relatives),
        line=bands.line(watched, watched.panel.where(peak.node), days),
        parts=parts.below(watched.panel, watched.chains, peak.node, span),
        cells=parts.cells(watched.panel, watched.chains, peak.node, span),
    )


def _promise(terms: Terms) -> Said:
    share, month = f"{terms.q:.0%}", f"{terms.false_a_month:g}"
    return Said(
        f"没有异常时，平均每月至多 {month} 条误报；每次判断的预警里，误报平均不超过 {share}",
        f"while nothing is going on, at most {month} false warnings a month on average; of the "
        f"warnings of one review, on average no more than {share} are false",
    )
