"""What we promised in a contact note: who calls back, refunds, answers, and by when.

Only promises of ours that lie ahead: not what was done (已退款), not what the customer wishes or
reports (客户要求明天退款), not what is denied (不能承诺) or asked. The words are a table of the
pack. A promise without a time, or with 尽快, is vague; one that hangs on something is conditional:
both are for a person to complete.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from functools import partial

from sujin.engine.cues import LOOK_BACK, Cue, Span, clauses, levelled, sentences
from sujin.engine.moments import Hours, Moment, moments
from sujin.engine.money import amounts
from sujin.engine.tables import Cells, Shape
from sujin.engine.workdays import Calendar

KINDS = ("call_back", "refund", "answer", "visit", "document", "other")
_SHAPE = Shape("promises", must=("row", "part", "value", "words", "unless"))
_PARTS = frozenset(
    {"action", "ours", "we", "done", "told", "past", "customer", "reported", "denied"}
    | {"denied_behind", "asked", "condition", "vague", "and", "hour", "close"}
)
_ASIDE = 6  # characters that may stand beside a time for its clause to be about nothing else
_WHAT_MAX = 200


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise at ``start`` to ``end`` of the note: ``words`` say it, in ``sentence``."""

    kind: str
    due_at: datetime | None
    amount: Decimal | None
    what: str
    words: str
    start: int
    end: int
    sentence: str
    is_vague: bool
    is_conditional: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """The table promises.csv, read: part -> its cues, and the hours of a day."""

    cues: Mapping[str, tuple[tuple[str, Cue], ...]]
    hours: Hours

    def hits(self, part: str, plain: str, where: Span) -> list[tuple[Span, str]]:
        """Where the words of a part stand, with the row's value."""
        rows = self.cues.get(part, ())
        return sorted((at, value) for value, cue in rows for at in cue.hits(plain, where))

    def says(self, part: str, plain: str, where: Span) -> bool:
        return bool(self.hits(part, plain, where))


def read_rules(rows: Sequence[Mapping[str, str]]) -> Rules:
    """The table of the pack. Raises BadTable naming row and column."""
    cues: dict[str, list[tuple[str, Cue]]] = {}
    parts: dict[str, time] = {}
    close = time(18)
    for cells in _SHAPE.rows(rows):
        part, words = cells.code("part", _PARTS), cells.text("words").split("|")
        if part == "close":
            close = _time(cells)
        elif part == "hour":
            parts |= dict.fromkeys(words, _time(cells))
        else:
            unless = cells.text("unless").split("|")
            value = cells.code("value", frozenset(KINDS)) if part == "action" else ""
            cues.setdefault(part, []).extend((value, Cue(word, unless)) for word in words)
    return Rules({part: tuple(found) for part, found in cues.items()}, Hours(parts, close))


def _time(cells: Cells) -> time:
    try:
        return time.fromisoformat(cells.text("value"))
    except ValueError:
        raise cells.bad("value", "not an hour like 17:30") from None


def extract(note: str, at: datetime, calendar: Calendar, rules: Rules) -> tuple[Promised, ...]:
    """The promises of ``note`` written at ``at``, whose zone is the bank's, in their order."""
    plain = levelled(note)
    times = partial(moments, plain, at=at, calendar=calendar, hours=rules.hours)
    found: dict[tuple[str, datetime | None, Decimal | None], Promised] = {}
    for sentence in sentences(plain):
        reading = _Sentence((note, plain), sentence, rules, times)
        for one in reading.promises():
            found.setdefault((one.kind, one.due_at, one.amount), one)
    return tuple(found.values())


Times = Callable[[int, int], Iterator[Moment]]


class _Sentence:
    """One sentence, clause by clause."""

    def __init__(self, words: tuple[str, str], span: Span, rules: Rules, times: Times) -> None:
        self.note, self.plain = words
        self.span, self.rules = span, rules
        self.clauses = clauses(self.plain, span)
        self.times = [
            list(times(*clause))
            + [Moment(None, *hit) for hit, _ in rules.hits("vague", self.plain, clause)]
            for clause in self.clauses
        ]

    def promises(self) -> Iterator[Promised]:
        if self.plain[slice(*self.span)].endswith("?"):
            return
        for index, clause in enumerate(self.clauses):
            if self.rules.says("asked", self.plain, clause):
                continue
            for action, kind, when in self._acts(index, clause):
                if self._is_ours(clause, action, when):
                    yield self._promise(clause, action, kind, when)

    def _acts(self, index: int, clause: Span) -> Iterator[tuple[Span, str, Moment | None]]:
        """The acts of a clause with their times; what merely goes on with an act is part of it."""
        times, before, last = self._times(index), clause.start, None
        for action, kind in _apart(self.rules.hits("action", self.plain, clause)):
            own = [when for when in times if before <= when.start < action.start]
            goes_on = last is not None and not own
            if goes_on and not self.rules.says("and", self.plain, Span(before, action.start)):
                continue
            when = own[-1] if own else last or next(iter(times), None)
            yield action, kind, when
            before, last = action.end, when

    def _times(self, index: int) -> list[Moment]:
        """The times of the clause, or of the one beside it that says nothing but a time."""
        if self.times[index]:
            return sorted(self.times[index], key=lambda when: when.start)
        beside = [near for near in (index - 1, index + 1) if 0 <= near < len(self.clauses)]
        return next((self.times[near] for near in beside if self._is_only_a_time(near)), [])

    def _is_only_a_time(self, index: int) -> bool:
        said = sum(when.end - when.start for when in self.times[index])
        return bool(said) and len(self.plain[slice(*self.clauses[index])].strip()) - said <= _ASIDE

    def _is_ours(self, clause: Span, action: Span, when: Moment | None) -> bool:
        """Ahead, ours, and meant."""
        says, plain = self.rules.says, self.plain
        lead, rest = Span(clause.start, action.start), Span(action.end, clause.end)
        if when is None and not says("ours", plain, lead):
            return False
        if says("past", plain, clause) or self._is_done(lead) or plain.startswith("了", action.end):
            return False
        if says("denied", plain, lead) or says("denied_behind", plain, rest):
            return False
        return not says("reported", plain, lead) and not self._is_wish(lead)

    def _is_done(self, lead: Span) -> bool:
        """已退款 is done, 已承诺退款 is promised."""
        done = self.rules.hits("done", self.plain, lead)
        return bool(done) and not self.rules.says(
            "told", self.plain, Span(done[-1][0].end, lead.end)
        )

    def _is_wish(self, lead: Span) -> bool:
        """The customer's, unless we come in between: 客户同意我们明天退款."""
        wish = self.rules.hits("customer", self.plain, lead)
        return bool(wish) and not self.rules.says("we", self.plain, Span(wish[-1][0].end, lead.end))

    def _promise(self, clause: Span, action: Span, kind: str, when: Moment | None) -> Promised:
        near = when is not None and clause.start <= when.start < clause.end
        start = min(action.start, when.start) if when and near else action.start
        end = max(action.end, when.end) if when and near else action.end
        due = when.at if when else None
        return Promised(
            kind=kind,
            due_at=due,
            amount=self._amount(clause, action) if kind == "refund" else None,
            what=self.note[slice(*clause)].strip()[:_WHAT_MAX],
            words=self.note[start:end],
            start=start,
            end=end,
            sentence=self.note[slice(*self.span)],
            is_vague=due is None,
            is_conditional=self.rules.says("condition", self.plain, self._before(action)),
        )

    def _before(self, action: Span) -> Span:
        """The sentence so far; of one without end only the nearer part."""
        return Span(max(self.span.start, action.start - LOOK_BACK), action.start)

    def _amount(self, clause: Span, action: Span) -> Decimal | None:
        """The sum said behind the act, else before it."""
        found = amounts(self.note[slice(*clause)])
        behind = [one for one in found if clause.start + one.start >= action.start]
        return next((one.yuan for one in [*behind, *found]), None)


def _apart(hits: list[tuple[Span, str]]) -> list[tuple[Span, str]]:
    """Hits that do not overlap: the earliest, of those the longest."""
    kept: list[tuple[Span, str]] = []
    for at, kind in sorted(hits, key=lambda hit: (hit[0].start, -hit[0].end)):
        if not kept or at.start >= kept[-1][0].end:
            kept.append((at, kind))
    return kept
