"""Versions of models: kept with a card, examined beside what judges, refused when altered."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pytest_django.fixtures import Settings

from sujin.complaints import kinds, schooling
from sujin.complaints.acts.teach import CannotTeach, Subject, activate, roll_back, teach
from sujin.complaints.models import Learner
from sujin.complaints.rulebook import rulebook
from sujin.complaints.schooling import Card, Unusable
from sujin.engine.folding import fold
from sujin.engine.lessons import LABELLED, Lesson, divide, is_examined
from sujin.engine.linear import train
from sujin.platform.models import Person
from tests.complaints.conftest import Told
from tests.complaints.schoolroom import ROWS, turned, written

LESSONS = [Lesson(text, code, LABELLED) for text, code in ROWS]
NEW = "今天我姑姑参加金豆乐园，一头雾水"


@pytest.fixture(autouse=True)
def school(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """An empty folder of models."""
    settings.MODELS_ROOT = tmp_path / "models"
    schooling.look_again()
    yield settings.MODELS_ROOT
    schooling.look_again()


@pytest.fixture
def teacher(cast: SimpleNamespace) -> Person:
    person: Person = cast.lin_lan
    return person


def taught(by: Person, at: datetime, rows: list[tuple[str, str]] = ROWS, seed: int = 1) -> Card:
    lessons = [Lesson(text, code, LABELLED) for text, code in rows]
    return teach(Subject("cause", "test", 5, seed), lessons, by=by, at=at)


def cause_of(text: str) -> str:
    return rulebook().classifier.classify([text])[0]["cause"].code


def learner() -> Learner:
    return Learner.objects.get(axis="cause")


def test_a_version_judges_once_it_is_put_to_work_and_the_docket_says_who_did(
    teacher: Person, noon: datetime, told: Told
) -> None:
    assert cause_of(NEW) == ""
    card = taught(teacher, noon)
    assert cause_of(NEW) == ""
    activate("cause", card["version"], by=teacher, at=noon)
    assert cause_of(NEW) == "disclosure"
    assert rulebook().judges["cause"] == card["version"]
    entries = list(learner().entries.in_order())
    assert [entry.kind for entry in entries] == [kinds.Trained.code, kinds.Activated.code]
    assert {entry.by for entry in entries} == {teacher}
    assert learner().replay()["version"] == learner().version == card["version"]
    triaged = told(NEW).entries.of(kinds.Triaged).get().what()
    assert isinstance(triaged, kinds.Triaged)
    assert triaged.models == {
        "cause": card["version"],
        "words": rulebook().judges["words"],
    }


def test_the_card_holds_what_it_was_taught_and_how_it_did(teacher: Person, noon: datetime) -> None:
    card = taught(teacher, noon)
    examined = card["holdout"]["evaluation"]["n"]
    assert sum(card["rows"].values()) + examined == len(ROWS)
    assert 30 <= examined == sum(card["examined"].values())
    assert card["holdout"]["evaluation"]["macro_f1"] > 0.95
    assert card["words_alone"]["macro_f1"] < 0.3
    assert card["trained_by"]["staff_no"] == teacher.staff_no
    assert card == schooling.card("cause", card["version"])
    assert sum(each["n"] for each in card["holdout"]["reliability"]) == examined


def test_no_text_is_ever_both_taught_and_examined() -> None:
    parted = divide(LESSONS, fewest=5, seed=1)
    assert not {one.text for one in parted.taught} & {one.text for one in parted.examined}
    later = divide(LESSONS[: len(LESSONS) // 2], fewest=5, seed=2)
    assert not {one.text for one in later.taught} & {one.text for one in parted.examined}


def test_a_worse_version_is_kept_but_not_put_to_work(teacher: Person, noon: datetime) -> None:
    good = taught(teacher, noon)
    activate("cause", good["version"], by=teacher, at=noon)
    # The careless teacher is examined on the same unseen texts, and these are coded rightly.
    careless = [
        (text, wrong) if not is_examined(fold(text)) else (text, code)
        for (text, code), (_text, wrong) in zip(ROWS, turned(ROWS), strict=True)
    ]
    bad = taught(teacher, noon, careless, seed=2)
    with pytest.raises(CannotTeach, match="比现在用的差"):
        activate("cause", bad["version"], by=teacher, at=noon)
    assert cause_of(NEW) == "disclosure"
    activate("cause", bad["version"], force="演练", by=teacher, at=noon)
    entry = learner().entries.of(kinds.Activated).latest("pk")
    assert (entry.data["is_forced"], entry.data["because"]) == (True, "演练")
    assert cause_of(NEW) == "service"
    roll_back("cause", to=None, because="教错了", by=teacher, at=noon)
    assert cause_of(NEW) == "disclosure"
    assert learner().version == good["version"]


def test_a_version_compared_with_another_than_judges_now_is_not_put_to_work(
    teacher: Person, noon: datetime
) -> None:
    first, second = taught(teacher, noon), taught(teacher, noon, seed=2)
    activate("cause", first["version"], by=teacher, at=noon)
    with pytest.raises(CannotTeach, match="考核以后换过模型"):
        activate("cause", second["version"], by=teacher, at=noon)


def test_the_words_judge_again_when_the_model_is_taken_back_entirely(
    teacher: Person, noon: datetime
) -> None:
    activate("cause", taught(teacher, noon)["version"], by=teacher, at=noon)
    with pytest.raises(CannotTeach, match="理由"):
        roll_back("cause", to="", because=" ", by=teacher, at=noon)
    roll_back("cause", to="", because="先停用", by=teacher, at=noon)
    assert cause_of(NEW) == ""
    assert learner().entries.of(kinds.RolledBack).get().data["because"] == "先停用"


@pytest.mark.parametrize("harm", ["bytes", "card", "gone", "pointer", "old"])
def test_a_model_that_is_not_what_its_card_says_is_not_used_and_the_words_judge(
    teacher: Person,
    noon: datetime,
    school: Path,
    *,
    harm: str,
    caplog: pytest.LogCaptureFixture,
    signed_in: Callable[[Person], Client],
) -> None:
    card = taught(teacher, noon)
    activate("cause", card["version"], by=teacher, at=noon)
    file = school / "cause" / f"{card['version']}.npz"
    if harm == "bytes":
        model = train([text for text, _ in ROWS], [code for _, code in turned(ROWS)], seed=1)
        schooling.keep("cause", "20260101-00000000", model, card)
        file.write_bytes((school / "cause" / "20260101-00000000.npz").read_bytes())
    elif harm == "card":
        file.with_suffix(".json").write_text("{")
    elif harm == "gone":
        file.unlink()
    elif harm == "pointer":
        (school / "cause" / "current").write_text("../../etc")
    else:
        (school / "cause" / "current").unlink()
        (school / "cause.npz").write_bytes(b"of the first release")
    schooling.look_again()
    assert cause_of(NEW) == ""
    assert "cause" in schooling.judging().problems
    assert any("model of cause is not used" in told for told in caplog.messages)
    for page in (reverse("complaints:models"), reverse("complaints:model", args=["cause"])):
        shown = signed_in(teacher).get(page)
        assert escape(schooling.judging().problems["cause"]) in shown.content.decode()
    # The way out that the message names is open.
    again = taught(teacher, noon, seed=9)
    activate("cause", again["version"], force="重新训练", by=teacher, at=noon)
    assert cause_of(NEW) == "disclosure"


def test_an_altered_model_is_not_taken_back_to_either(
    teacher: Person, noon: datetime, school: Path
) -> None:
    first, second = taught(teacher, noon), None
    activate("cause", first["version"], by=teacher, at=noon)
    second = taught(teacher, noon, seed=2)
    activate("cause", second["version"], by=teacher, at=noon)
    (school / "cause" / f"{first['version']}.npz").write_bytes(b"nothing")
    with pytest.raises(CannotTeach, match="校验值不符"):
        roll_back("cause", to=None, because="退", by=teacher, at=noon)
    assert learner().version == second["version"]


@pytest.mark.parametrize("name", ["../../secrets", "20260101", "", "20260101-zzzzzzzz"])
def test_no_other_file_is_opened_by_a_made_up_version(name: str) -> None:
    with pytest.raises(Unusable):
        schooling.card("cause", name)


def test_a_running_process_looks_again_after_half_a_minute(
    teacher: Person, noon: datetime, monkeypatch: pytest.MonkeyPatch, school: Path
) -> None:
    version = taught(teacher, noon)["version"]
    assert cause_of(NEW) == ""
    # Another process moves the pointer.
    (school / "cause" / "current").write_text(version)
    assert cause_of(NEW) == ""
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + schooling.LOOK_EVERY)
    assert cause_of(NEW) == "disclosure"


def test_the_command_trains_from_a_file_lists_and_takes_back(
    cast: SimpleNamespace, tmp_path: Path
) -> None:
    file = written(tmp_path / "rows.csv", ROWS)
    said = StringIO()
    call_command("train", str(file), "--by", cast.lin_lan.staff_no, stdout=said)
    assert "judges now" in said.getvalue()
    call_command("train", "--list", stdout=said)
    assert f"* {learner().version}" in said.getvalue()
    call_command("train", "--rollback", "cause", "--because", "试完了", stdout=said)
    assert "the words alone judges now" in said.getvalue()
    with pytest.raises(CommandError, match="no column"):
        call_command("train", str(file), "--label", "cod")
    with pytest.raises(CommandError, match="not codes of the axis"):
        call_command("train", str(written(tmp_path / "bad.csv", [("话", "nonsense")] * 30)))


def test_a_process_that_has_not_looked_yet_says_what_it_will_judge_by(
    teacher: Person, noon: datetime, signed_in: Callable[[Person], Client]
) -> None:
    client, url = signed_in(teacher), reverse("complaints:model", args=["cause"])
    card, before = taught(teacher, noon), schooling.stamp()
    schooling.judging()
    assert client.get(url).context["coming"] == ""
    activate("cause", card["version"], by=teacher, at=noon)
    schooling.stamp()
    schooling._looked["stamp"] = before
    page = client.get(url)
    assert page.context["coming"] == card["version"]
    assert f"刚换成 {card['version']}" in page.content.decode()
    schooling.look_again()
    page = client.get(url)
    assert (page.context["coming"], page.context["is_current"]) == ("", True)
    # Nothing was got wrong: an interval of the F1 without any width is not shown as one.
    assert "一件没错" in page.content.decode()
