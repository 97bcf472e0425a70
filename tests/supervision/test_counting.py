"""The looks are written twice, for cases at hand and as SQL: both must count the same."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from sujin.complaints import kinds
from sujin.complaints.models import Complaint, Overrun
from sujin.engine.gaming import DETECTORS, Detector, Lengths, Record
from sujin.engine.gaming.count import tallies
from sujin.platform.bulk import insert
from sujin.platform.journal import Kind
from sujin.platform.models import Entry, Org, Person
from sujin.supervision import counting, rules
from tests.conftest import SHANGHAI
from tests.supervision.conftest import OCTOBER, retyped

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Told = list[tuple[datetime, Kind]]


def life(key: int, unit: str, place: int) -> Record:
    """Every way of gaming and of not gaming, by turns."""
    at = OCTOBER + place * 2.15 * DAY
    at = at.replace(minute=(0, 17, 30, 41)[place % 4], second=0, microsecond=0)
    entered = at + (place % 5) * 7 * HOUR
    answered = entered + (place % 15) * DAY + 3 * HOUR
    looked = answered - 2 * HOUR
    closed = looked + (timedelta(minutes=20) if place % 3 == 0 else 5 * HOUR)
    return Record(
        key, unit, at, entered,
        retyped_at=entered + 2 * HOUR if place % 5 == 3 else None,
        lowered_at=entered + 3 * HOUR if place % 3 == 1 else None,
        contacted_at=entered + HOUR,
        withdrawn_at=entered + DAY if place % 5 == 0 else None,
        investigated_at=looked, answered_at=answered, due_at=entered + 15 * DAY,
        closed_at=closed, reopened_at=closed + DAY if place % 2 else None,
        said_at=answered + (timedelta(minutes=10) if place % 4 == 0 else 20 * HOUR),
        said="yes" if place % 3 else "no",
    )  # fmt: skip


def docket(of: Record) -> Told:
    assert of.answered_at and of.investigated_at and of.closed_at and of.said_at
    told: Told = [
        (of.investigated_at, kinds.Investigated(
            findings="查", fault="none", liable="", investigated_at=of.investigated_at)),
        (of.answered_at, kinds.Answered(
            letter=0, way="letter", proof="x", finding="upheld", remedy=None,
            answered_at=of.answered_at)),
        (of.closed_at, kinds.Closed(closed_at=of.closed_at, seen_by=(), outcome="upheld")),
        (of.said_at, kinds.CalledBack(called_back_at=of.said_at, satisfied=of.said, note="")),
    ]  # fmt: skip
    told += [retyped(of.retyped_at)] if of.retyped_at else []
    told += [(of.lowered_at, kinds.Retiered("complex", "ordinary", "x"))] if of.lowered_at else []
    if of.withdrawn_at:
        gone = kinds.Withdrawn(because="x", closed_at=of.withdrawn_at, seen_by=())
        told.append((of.withdrawn_at, gone))
    if of.reopened_at:
        again = kinds.Reopened(
            because="x", level=1, desk=1, desk_name="x", accountable=1, seen_by=(),
            due_at=None, due_clock="",
        )  # fmt: skip
        told.append((of.reopened_at, again))
    return told


def local(case: Record) -> Record:
    """The same moments as the engine wants them: of one place, without a zone."""
    moments: dict[str, Any] = {
        name: value.astimezone(SHANGHAI).replace(tzinfo=None)
        for name in Record.__slots__
        if isinstance(value := getattr(case, name), datetime)
    }
    return replace(case, **moments)


def written(org: Org, number: int, teller: Person, customer: Person, place: int) -> Record:
    """One case in the database and as a record."""
    of = life(number, str(org.pk), place)
    case = Complaint.objects.create(
        number=f"2025-{number}", kind="complaint", lane="ordinary", channel="counter", text="甲",
        received_at=of.received_at, origin=org, closed_at=of.closed_at,
        responded_at=of.contacted_at, seen_by=list(org.tokens),
    )  # fmt: skip
    first = kinds.Registered(
        case.number, "counter", "complaint", "ordinary", of.received_at, teller.pk, ()
    )
    entries = [case.entry(first, by=teller, at=of.entered_at)]
    entries += [case.entry(what, by=customer, at=at) for at, what in docket(of)]
    insert(entries)
    assert of.due_at is not None
    Overrun.objects.create(
        complaint=case, desk=org, clock="decision", due_at=of.due_at, until=of.answered_at
    )
    return of


@pytest.fixture
def told(cast: SimpleNamespace) -> list[Record]:
    """A quarter of two branches."""
    customer = Person.objects.create(staff_no="channel:trial", name="网上", is_service=True)
    orgs = Org.objects.filter(kind="branch1").order_by("pk")
    return [
        written(org, 9_500_000 + 100 * row + place, cast.wang_xiuying, customer, place)
        for row, org in enumerate(orgs)
        for place in range(40 - 9 * row)
    ]


def test_sql_and_engine_count_the_same_by_every_detector(
    told: list[Record], noon: datetime
) -> None:
    over = counting.span(noon, rules.quarters())
    assert over.quarters == ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
    by_sql = counting.counted(over)
    cases = [local(case) for case in told]
    for detector in DETECTORS:
        wanted = _counts(detector, cases)
        found = {one.unit: (one.hits, one.trials, one.own) for one in by_sql[detector.code]
                 if one.period == "2025Q4" and one.unit in wanted}  # fmt: skip
        assert found == wanted, detector.code
        assert sum(hits for hits, _trials, _own in wanted.values()) > 0, detector.code
        assert all(hits < trials for hits, trials, _own in wanted.values()), detector.code


def _counts(
    detector: Detector, cases: list[Record]
) -> dict[str, tuple[int, int, tuple[float, float] | None]]:
    rows = tallies(detector, cases, ["2025Q4"], Lengths())
    return {one.unit: (one.hits, one.trials, one.own) for one in rows if one.period == "2025Q4"}


def test_the_cases_of_a_count_are_its_hits(told: list[Record], noon: datetime) -> None:
    over = counting.span(noon, rules.quarters())
    for detector in DETECTORS:
        one = next(t for t in counting.counted(over)[detector.code]
                   if t.period == "2025Q4" and t.trials)  # fmt: skip
        hits = counting.cases(detector.code, int(one.unit), ["2025Q4"], over)
        assert len(hits) == one.hits, detector.code


def test_the_packs_lengths_are_the_engines_own() -> None:
    assert rules.lengths() == Lengths()
    assert set(rules.detectors()) >= {one.code for one in DETECTORS}


def test_entries_of_other_subjects_are_not_counted(told: list[Record], noon: datetime) -> None:
    over = counting.span(noon, rules.quarters())
    before = counting.counted(over)
    entry = Entry.objects.filter(kind="complaint.reclassified").first()
    assert entry is not None
    Entry.objects.create(
        subject="person", subject_id=entry.subject_id, kind=entry.kind, by=entry.by, at=entry.at,
        data=entry.data,
    )  # fmt: skip
    assert counting.counted(over) == before
