"""The index of near-identical texts as it lives on disk beside the database."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from sujin.complaints import likeness
from sujin.complaints.likeness import Reader, build
from sujin.complaints.models import Complaint
from sujin.lab.dice import dice
from sujin.lab.exams.copies import fresh, mistyped

Told = Callable[..., Complaint]


@pytest.fixture
def var(tmp_path: Path, settings: Any) -> Path:
    settings.VAR = tmp_path
    return tmp_path


@pytest.fixture
def cases(told: Told, noon: datetime, var: Path) -> list[Complaint]:
    """Twelve texts of twelve customers."""
    return [tell(told, number, noon) for number in range(12)]


def tell(told: Told, number: int, at: datetime) -> Complaint:
    text = fresh(dice("case", number))
    return told(text, phone=f"1390000{number:04d}", at=at + timedelta(minutes=number))


def finds(reader: Reader, case: Complaint) -> bool:
    """Whether a mistyped repeat of the case finds it first."""
    text = mistyped(case.text, dice("again", case.text))
    return next(iter(reader.near(text, top=5).cases), None) == case.pk


def test_without_any_file_the_newest_cases_are_read_from_the_database(
    cases: list[Complaint],
) -> None:
    reader = Reader()
    assert all(finds(reader, case) for case in cases)
    assert not reader.near(cases[0].text, top=5, without=cases[0].pk).cases.get(cases[0].pk)


def test_what_was_built_survives_a_restart_and_what_came_since_is_found(
    cases: list[Complaint], told: Told, noon: datetime
) -> None:
    built = build(at=noon, unsettled=0)
    assert (built.texts, built.added, built.why) == (12, 12, likeness.FIRST)
    reader = Reader()
    assert all(finds(reader, case) for case in cases)
    late = tell(told, 50, noon)
    assert finds(reader, late)
    assert all(finds(Reader(), case) for case in [*cases, late])


def test_the_next_night_only_takes_in_what_is_new_and_joins_when_there_are_many(
    cases: list[Complaint], told: Told, noon: datetime
) -> None:
    build(at=noon, unsettled=0)
    for number in range(20, 20 + likeness.SETS_MAX):
        new = tell(told, number, noon)
        built = build(at=noon, unsettled=0)
        assert (built.added, built.whole) == (1, False)
    opened = likeness.shelf().open_all()
    assert opened is not None
    assert len(opened[0].sets) == 1, "one too many: they were joined"
    assert all(finds(Reader(), case) for case in [*cases, new])


def test_the_unsettled_stay_out_of_the_files_and_are_found_all_the_same(
    cases: list[Complaint], noon: datetime
) -> None:
    built = build(at=noon, unsettled=5)
    assert built.added < len(cases)
    assert all(finds(Reader(), case) for case in cases)


def test_a_case_that_slipped_between_is_noticed_and_everything_is_read_again(
    cases: list[Complaint], noon: datetime
) -> None:
    """A transaction that committed a smaller number after the build had passed it."""
    build(at=noon, unsettled=0)
    here = likeness.shelf()
    contents = here.contents()
    assert contents is not None
    here.publish(contents.sets, {**contents.facts, "last": cases[-2].pk})
    assert build(at=noon, unsettled=0).why == likeness.INCOMPLETE
    assert build(at=noon, unsettled=0).why == ""


@pytest.mark.parametrize("harm", ["cut", "gone", "list"])
def test_a_spoiled_file_is_said_and_rebuilt_and_the_newest_are_found_meanwhile(
    cases: list[Complaint], noon: datetime, var: Path, harm: str
) -> None:
    build(at=noon, unsettled=0)
    path = next(var.glob("nearby/set-*/postings.npy"))
    if harm == "list":
        (var / "nearby" / "current.json").write_text("{")
    elif harm == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-4])
    reader = Reader()
    near = reader.near(cases[0].text, top=5)
    assert near.spoiled
    assert next(iter(near.cases)) == cases[0].pk, "read from the database meanwhile"
    jobs = ProcrastinateJob.objects.filter(task_name=likeness.BUILD)
    assert jobs.count() == 1
    with pytest.raises(CommandError, match="spoiled"):
        call_command("nearby", "status")
    assert build(at=noon, unsettled=0).whole
    assert not reader.near(cases[0].text, top=5).spoiled
    assert all(finds(reader, case) for case in cases)


def test_the_command_builds_and_tells(
    cases: list[Complaint], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("nearby", "status")
    assert "not built" in capsys.readouterr().out
    call_command("nearby", "build", "--whole")
    assert likeness.ASKED in capsys.readouterr().out
    call_command("nearby", "status")
    assert "newer cases read live" in capsys.readouterr().out
