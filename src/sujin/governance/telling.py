"""A file as a reader may see it: only cases in reach, masked, with the weight of every tie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from statistics import median
from typing import Any

from django.utils.translation import gettext as _t

from sujin.complaints.kinds.base import in_language
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import name_of
from sujin.complaints.words import is_english
from sujin.engine.agent_graph import Trace
from sujin.engine.agent_reasons import Link, Shared, links
from sujin.engine.agent_rules import PATTERN
from sujin.governance import rulebook
from sujin.governance.drawing import Drawing, Mark, draw
from sujin.governance.models import EvidenceFile, EvidenceMember
from sujin.platform.journal import Kind
from sujin.platform.models import Entry
from sujin.platform.reach import Reach

SURELY = 1e-6
HISTORY_MAX = 100
AXES = ("business", "cause")


@dataclass(frozen=True, slots=True)
class Shown:
    """A shared trace for the screen: what it is, who holds it, what else could explain it."""

    mark: str
    title: str
    family: str
    holders: int
    outside: int | None
    bits: float
    because: str
    is_key: bool


@dataclass(frozen=True, slots=True)
class Tie:
    """Two cases and what ties them."""

    one: Complaint
    other: Complaint
    reasons: str
    bits: float


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry of the file's docket as this reader may read it."""

    entry: Entry
    what: Kind
    sentence: str


@dataclass(frozen=True, slots=True)
class Alike:
    """How cases of the file and others of the same business and time fared: counts and days."""

    inside: int
    inside_days: float | None
    outside: int
    outside_days: float | None


class Told:
    """One file for one reader; every question below costs no further query after the first."""

    def __init__(self, file: EvidenceFile, reach: Reach) -> None:
        self.file, self.reach = file, reach
        mine = EvidenceMember.objects.within(reach).filter(file=file)
        rows = mine.select_related("complaint__origin")
        parties = "complaint__parties"
        self.members: list[EvidenceMember] = list(
            rows.prefetch_related(parties).order_by("complaint__received_at", "complaint")
        )
        self.cases: dict[int, Complaint] = {one.complaint_id: one.complaint for one in self.members}

    @cached_property
    def people(self) -> dict[int, int]:
        return {one.complaint_id: one.person for one in self.members}

    @property
    def is_partial(self) -> bool:
        return len(self.members) < self.file.cases

    @cached_property
    def shared(self) -> list[Shared]:
        """The traces that at least two visible cases hold; those of the rest are not hinted at."""
        rows = rulebook.rules().rows
        found = []
        for one in self.file.traces:
            holders = tuple(key for key in one["holders"] if key in self.cases)
            if one["kind"] in rows and len({self.people[key] for key in holders}) > 1:
                trace = Trace(one["kind"], one["mark"])
                family = rows[one["kind"]].family
                found.append(Shared(trace, family, holders, one["outside"], one["bits"]))
        return found

    @cached_property
    def traces(self) -> list[Shown]:
        """Who acts and what is written: what ties."""
        return [self._shown(one) for one in self.shared if one.family != PATTERN]

    @cached_property
    def circumstances(self) -> list[Shown]:
        """What only goes along with it."""
        return [self._shown(one) for one in self.shared if one.family == PATTERN]

    @cached_property
    def links(self) -> tuple[Link, ...]:
        return links(self.shared, self.people, rulebook.rules())

    def ties(self, most: int) -> list[Tie]:
        """The strongest pairs, with the names of what ties them."""
        return [
            Tie(
                self.cases[link.one],
                self.cases[link.other],
                _t("、").join(title(trace.kind) for trace in link.traces),
                link.bits,
            )
            for link in self.links[:most]
        ]

    def drawing(self) -> Drawing:
        marks = [
            Mark(self.named(one.trace.value), one.family, frozenset(one.holders))
            for one in self.shared
        ]
        return draw([(key, case.number) for key, case in self.cases.items()], marks)

    def dissolves(self) -> list[str]:
        """What, taken away, leaves no group."""
        seen = {one.trace.value for one in self.shared}
        return [self.named(mark) for mark in self.file.dissolves if mark in seen]

    @property
    def first(self) -> datetime | None:
        return self.members[0].complaint.received_at if self.members else None

    @property
    def last(self) -> datetime | None:
        return self.members[-1].complaint.received_at if self.members else None

    @cached_property
    def history(self) -> list[Happened]:
        """What happened, latest first. Whoever sees a part of the cases reads that something
        happened, not the words: they may speak of the other part."""
        rows = self.file.entries.select_related("by").order_by("-at", "-pk")[:HISTORY_MAX]
        read = [(entry, entry.what()) for entry in rows]
        return [
            Happened(entry, what, "" if self.is_partial else what.sentence())
            for entry, what in read
        ]

    def named(self, mark: str) -> str:
        """A trace for people: its sort, and enough to tell it from another of its sort."""
        kind, _colon, value = mark.partition(":")
        return f"{title(kind)} {self._value(kind, value)}".strip()

    def _value(self, kind: str, value: str) -> str:
        """The letters of an index; a class of business by its name; a text by its first case."""
        if kind == "matter":
            english = is_english()
            named = zip(AXES, value.split(), strict=False)
            return _t("、").join(name_of(axis, code, english=english) for axis, code in named)
        if kind == "words":
            held = [one["holders"] for one in self.file.traces if one["mark"] == f"{kind}:{value}"]
            seen = [key for keys in held for key in keys if key in self.cases]
            return self.cases[seen[0]].number if seen else ""
        return value

    def alike(self, at: datetime) -> Alike:
        """The look at treatment: days to the answer, inside the file and beside it."""
        mine = list(self.cases.values())
        beside = Complaint.objects.within(self.reach).filter(
            business__in={case.business for case in mine},
            received_at__gte=self.file.first,
            received_at__lte=self.file.last,
        )
        others = beside.exclude(pk__in=list(self.cases)).values_list("received_at", "answered_at")
        return Alike(
            inside=len(mine),
            inside_days=_days([(case.received_at, case.answered_at) for case in mine]),
            outside=len(rows := list(others[:5000])),
            outside_days=_days(rows),
        )

    def _shown(self, one: Shared) -> Shown:
        row = rulebook.rules().rows[one.trace.kind]
        return Shown(
            mark=self._value(one.trace.kind, one.trace.value.partition(":")[2]),
            title=title(one.trace.kind),
            family=family_name(one.family),
            holders=len(one.holders),
            outside=None if self.is_partial else one.outside,
            bits=one.bits,
            because=in_language(row.because),
            is_key=one.trace.value in self.file.dissolves,
        )


def title(kind: str) -> str:
    """The name of a sort of trace, in the reader's language."""
    row = rulebook.rules().rows.get(kind)
    return in_language(row.title) if row else kind


def family_name(family: str) -> str:
    names: Mapping[str, str] = {
        "people": _t("谁在办"),
        "words": _t("写什么"),
        "pattern": _t("旁证"),
    }
    return names.get(family, family)


def likelihood(expected: float) -> str:
    """How often chance alone makes such a group, in words."""
    if expected < SURELY:
        return _t("不到百万分之一组")
    return _t("%(n)s 组") % {"n": f"{expected:.2g}"}


def members_shown(told: Told) -> list[dict[str, Any]]:
    """Each visible case with its people, masked."""
    return [
        {"case": one.complaint, "names": _t("、").join(map(str, one.complaint.parties.all()))}
        for one in told.members
    ]


def _days(pairs: Sequence[tuple[datetime, datetime | None]]) -> float | None:
    waits = [(end - begin).total_seconds() / 86_400 for begin, end in pairs if end is not None]
    return round(median(waits), 1) if waits else None
