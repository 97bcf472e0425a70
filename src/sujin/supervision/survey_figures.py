"""What customers said, by unit: one statement for each figure, whatever the number of answers.

Everything is told of the invitations that went out in the months asked about, so that the response
rate, the scores and the list behind them are of the same customers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from sujin.complaints.acts.withdraw import WITHDRAWN
from sujin.complaints.draft import CaseKind
from sujin.complaints.figures.selection import midnight
from sujin.engine.survey import Gap, Score, gap, nps, share
from sujin.platform.models import Org
from sujin.supervision.kinds.survey import FLAGS
from sujin.supervision.questionnaires import (
    CASE,
    CSAT5,
    NPS,
    OVERALL,
    RECOMMEND,
    numbers,
    of_sort,
    questionnaires,
)

_UNIT = "NULLIF(split_part(o.path, '/', %(step)s), '')::bigint"
_ASKED = (
    "FROM supervision_invitation i JOIN platform_org o ON o.id = i.unit_id "
    # What is no complaint any more is told of no more: sampling.still_asked, in SQL.
    "JOIN complaints_complaint c ON c.id = i.complaint_id AND c.kind = %(complaint)s "
    "AND c.merged_into_id IS NULL AND c.outcome <> %(withdrawn)s "
    "LEFT JOIN supervision_answersheet s ON s.invitation_id = i.id {more} "
    "WHERE i.sample_id IS NULL AND i.questionnaire = ANY(%(asked)s) "
    "AND i.sent_at >= %(since)s AND i.sent_at < %(until)s AND o.path LIKE %(below)s"
)
_MARKS = "SELECT {unit}, i.questionnaire, mark.key, mark.value::int, count(*) {asked} {which}"
_EACH = "CROSS JOIN jsonb_each_text(s.scores) mark"
# Staff had written down that the customer was satisfied; the customer says otherwise.
_OTHERWISE = (
    "count(*) FILTER (WHERE s.counted AND (s.scores->>'overall')::int < %(middle)s AND EXISTS ("
    "SELECT FROM platform_entry e JOIN platform_person p ON p.id = e.by_id "
    "WHERE e.subject = 'complaint' AND e.subject_id = i.complaint_id "
    "AND e.kind = 'complaint.called_back' AND e.data->>'satisfied' = 'yes' "
    "AND NOT p.is_service))"
)
_FLAGGED = ", ".join(
    f"count(*) FILTER (WHERE '{flag}' = ANY(s.flags)) AS {flag}" for flag in FLAGS
)  # fmt: skip
_FLAGS = ", ".join(f"sum({flag})::int" for flag in FLAGS)
# Who contradicted the staff of a unit is told of enough answers only, as in the list it opens.
_RETURNS = (
    "SELECT unit, sum(sent)::int, sum(filled)::int, sum(counted)::int, "
    "COALESCE(sum(otherwise) FILTER (WHERE counted >= %(least)s), 0)::int, {flags} "
    "FROM (SELECT {unit} AS unit, count(*) AS sent, count(s.id) AS filled, "
    "count(*) FILTER (WHERE s.counted) AS counted, {otherwise} AS otherwise, {flagged} {asked} "
    "GROUP BY 1, i.unit_id) below GROUP BY 1"
)
_CALLED = (
    "SELECT {unit}, count(*) FILTER (WHERE e.data->>'satisfied' = 'yes'), count(*) "
    "FROM platform_entry e JOIN platform_person p ON p.id = e.by_id "
    "JOIN complaints_complaint c ON c.id = e.subject_id JOIN platform_org o ON o.id = c.origin_id "
    "WHERE e.subject = 'complaint' AND e.kind = 'complaint.called_back' AND NOT p.is_service "
    "AND e.data->>'satisfied' IN ('yes', 'no') AND e.at >= %(since)s AND e.at < %(until)s "
    "AND o.path LIKE %(below)s GROUP BY 1"
)
DISSATISFIED_BELOW = 3  # of five marks: 1 and 2


@dataclass(slots=True)
class Told:
    """What was heard of one unit: marks by (questionnaire, question); of call-backs by staff how
    many said satisfied, and how many of those wrote otherwise themselves."""

    marks: dict[tuple[str, str], Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    sent: int = 0
    filled: int = 0
    counted: int = 0
    otherwise: int = 0
    flags: dict[str, int] = field(default_factory=dict)
    called_yes: int = 0
    called: int = 0

    def __add__(self, more: "Told") -> "Told":
        whole = Told(
            sent=self.sent + more.sent, filled=self.filled + more.filled,
            counted=self.counted + more.counted, otherwise=self.otherwise + more.otherwise,
            flags=dict(Counter(self.flags) + Counter(more.flags)),
            called_yes=self.called_yes + more.called_yes, called=self.called + more.called,
        )  # fmt: skip
        for one in (self, more):
            for key, counts in one.marks.items():
                whole.marks[key] += counts
        return whole

    @property
    def uncounted(self) -> int:
        return self.filled - self.counted

    def score(self, dimension: str) -> Score:
        """The share that is content with it, or the net promoter score."""
        asked = [
            (one.scale, self.marks[code, one.code])
            for code, each in questionnaires().items()
            for one in each.scored
            if one.dimension == dimension and (code, one.code) in self.marks
        ]
        if dimension == RECOMMEND:
            return promoting(sum((marks for _scale, marks in asked), Counter()), self.sent)
        up = sum(content(scale, marks) for scale, marks in asked)
        return share(up, sum(marks.total() for _scale, marks in asked), asked=self.sent)

    @property
    def by_staff(self) -> Score:
        """What staff wrote down of their own call-backs."""
        return share(self.called_yes, self.called)

    @property
    def gap(self) -> Gap | None:
        """How much better it looks in what staff wrote down."""
        own = self.score(OVERALL)
        return gap(self.by_staff, own) if own.n >= int(numbers()["least"]) else None


def content(scale: str, marks: Mapping[int, int]) -> int:
    """How many are content, by the pack's top marks; yes is content."""
    least = int(numbers()["top"]) if scale == CSAT5 else 1
    return sum(count for mark, count in marks.items() if mark >= least)


def parts(scale: str, marks: Mapping[int, int]) -> tuple[int, int, int]:
    """Up, middle, down: promoters, passives and detractors; of other scales content or not."""
    whole = sum(marks.values())
    if scale != NPS:
        up = content(scale, marks)
        return up, whole - up, 0
    up = sum(count for mark, count in marks.items() if mark >= int(numbers()["promoter"]))
    down = sum(count for mark, count in marks.items() if mark <= int(numbers()["detractor"]))
    return up, whole - up - down, down


def promoting(marks: Mapping[int, int], asked: int = 0) -> Score:
    return nps(*parts(NPS, marks), asked=asked)


def told(under: Org, since: date, until: date) -> dict[int, Told]:
    """By the unit right below ``under``; its own are of itself. Three statements. ``until`` is the
    first day that is not asked about."""
    found: dict[int, Told] = defaultdict(Told)
    asked = {
        "step": len(under.lineage) + 1, "since": midnight(since), "until": midnight(until),
        "asked": [one.code for one in of_sort(CASE)], "below": f"{under.path}%",
        "middle": DISSATISFIED_BELOW, "complaint": CaseKind.COMPLAINT, "withdrawn": WITHDRAWN,
        "least": int(numbers()["least"]),
    }  # fmt: skip
    counted = "AND s.counted GROUP BY 1, 2, 3, 4"
    marks = _MARKS.format(unit=_UNIT, asked=_ASKED.format(more=_EACH), which=counted)
    returns = _RETURNS.format(
        unit=_UNIT, otherwise=_OTHERWISE, flagged=_FLAGGED, flags=_FLAGS,
        asked=_ASKED.format(more=""),
    )  # fmt: skip
    for unit, code, question, mark, count in _rows(marks, asked):
        found[unit or under.pk].marks[code, question][mark] += count
    for unit, sent, filled, valid, otherwise, *flags in _rows(returns, asked):
        one = found[unit or under.pk]
        one.sent, one.filled, one.counted, one.otherwise = sent, filled, valid, otherwise
        one.flags = {flag: n for flag, n in zip(FLAGS, flags, strict=True) if n}
    for unit, satisfied, called in _rows(_CALLED.format(unit=_UNIT), asked):
        found[unit or under.pk].called_yes = satisfied
        found[unit or under.pk].called = called
    return dict(found)


def total(rows: Iterable[Told]) -> Told:
    return sum(rows, Told())


def _rows(statement: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def dimensions() -> list[str]:
    """Under what the questionnaires after a case are told, in their order."""
    asked = [one.dimension for each in of_sort(CASE) for one in each.scored]
    return list(dict.fromkeys(asked))
