"""The guard goes round: what it finds in the docket, once, and who hears of it."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from sujin.engine.gaming.looks import is_late
from sujin.platform.acts.organise import system_person
from sujin.platform.journal import Kind
from sujin.platform.models import Entry, Notice, Org
from sujin.supervision.acts.inform import inform_all_sides
from sujin.supervision.acts.watch import watch
from sujin.supervision.models import Finding, Round
from tests.supervision.conftest import Past, retyped


def honest(at: datetime, place: int) -> list[tuple[datetime, Kind]]:
    """Every tenth case stops being a complaint, a day after it came."""
    return [retyped(at + timedelta(days=1))] if place % 10 == 0 else []


def games(at: datetime, place: int) -> list[tuple[datetime, Kind]]:
    """Whatever comes in the last days of a month stops being a complaint within the hour."""
    return [retyped(at + timedelta(hours=1))] if is_late(at, 3) else honest(at, place)


@pytest.fixture
def year(branches: list[Org], past: Past) -> Org:
    """Nine honest branches, and the cast's own, which games."""
    for org in branches[1:]:
        past(org, 100, honest)
    past(branches[0], 100, games)
    return branches[0]


def go_round(at: datetime) -> Round:
    return watch(by=system_person(), at=at)


def test_the_branch_that_retypes_at_months_end_is_found_with_its_cases(
    year: Org, noon: datetime
) -> None:
    run = go_round(noon)
    finding = Finding.objects.get(detector="retyped_late")
    assert finding.entries.get().kind == "finding.found"
    assert (finding.unit, finding.state, run.few > 0) == (year, "found", True)
    assert finding.loudest["observed"] > 3 * finding.loudest["expected"]
    assert finding.loudest["silent_at"] < finding.loudest["observed"]
    assert len(finding.cases) == finding.loudest["observed"]
    assert set(Finding.objects.values_list("unit", flat=True)) == {year.pk}


def test_nine_honest_branches_and_a_tenth_give_no_finding(
    branches: list[Org], past: Past, noon: datetime
) -> None:
    for org in branches:
        past(org, 60, honest)
    assert go_round(noon).asked > 0
    assert not Finding.objects.exists()


def test_a_second_round_finds_nothing_twice_and_a_settled_one_stays_settled(
    year: Org, noon: datetime
) -> None:
    go_round(noon)
    before = Entry.objects.filter(subject="finding").count()
    go_round(noon + timedelta(days=7))
    Finding.objects.update(state="settled")
    go_round(noon + timedelta(days=14))
    assert Entry.objects.filter(subject="finding").count() == before
    assert Round.objects.count() == 3


def test_a_further_quarter_lets_the_finding_grow(year: Org, past: Past, noon: datetime) -> None:
    go_round(noon)
    finding = Finding.objects.get(detector="retyped_late")
    january = noon.replace(month=1, day=30)
    past(year, 40, lambda at, place: [retyped(january + timedelta(minutes=place))])
    for org in Org.objects.filter(kind="branch1").exclude(pk=year.pk):
        past(org, 40, lambda at, place: [retyped(at + timedelta(days=90))])
    go_round(noon + timedelta(days=45))
    grown = Finding.objects.get(detector="retyped_late", unit=year)
    assert grown.pk == finding.pk
    assert set(grown.periods) > set(finding.periods)
    assert grown.entries.filter(kind="finding.grown").count() == 1


def test_auditor_analyst_and_the_branchs_supervisor_hear_of_it(
    cast: SimpleNamespace, year: Org, noon: datetime
) -> None:
    go_round(noon)
    finding = Finding.objects.get(detector="retyped_late")
    inform_all_sides(finding.entries.get())
    told = {notice.person for notice in Notice.objects.all()}
    assert told == {cast.qian_wei, cast.lin_lan, cast.zhou_tao}


def test_a_round_asks_the_database_a_fixed_number_of_times(
    year: Org, noon: datetime, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        go_round(noon)
