"""What somebody gives a command: a table that is none, a seed that is none, are one sentence."""

import csv
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from sujin.complaints import schooling
from sujin.lab.exams import tier, tier_bank
from sujin.lab.exams.tier_told import told
from sujin.platform.given import Unreadable, rows
from tests.engine.test_linear import LABELS, TEXTS
from tests.engine.test_pairs import invented

PAIR = ("sentence1", "sentence2", "label")
HUGE = "字" * 140_000


def written(path: Path, columns: tuple[str, ...], told: Sequence[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([columns, *told])
    return path


def judged(path: Path) -> Path:
    return written(path, PAIR, [(p.one, p.other, str(int(p.is_same))) for p in invented(1, 240)])


BAD: dict[str, Callable[[Path], object]] = {
    "gone": lambda path: None,
    "folder": lambda path: path.mkdir(),
    "gbk": lambda path: path.write_bytes("text,label\n催收,a\n".encode("gbk")),
    "surrogate": lambda path: path.write_bytes(b"text,label\n\xed\xa0\x80,x\n"),
    "huge": lambda path: path.write_text(f"text,label,sentence1,sentence2\n{HUGE},1,{HUGE},a\n"),
    "empty": lambda path: path.write_text(""),
    "headings": lambda path: path.write_text("one,other\n"),
}
COMMANDS = [
    ("eval", "classify", "--data", "{}"),
    ("eval", "pairs", "--data", "{}"),
    ("train", "{}"),
    ("train_pairs", "{}"),
]


@pytest.fixture
def school(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.MODELS_ROOT = tmp_path / "models"
    schooling.look_again()
    yield
    schooling.look_again()


@pytest.mark.parametrize("harm", BAD)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_file_that_is_no_table_is_refused_by_its_name(
    bank: None, school: None, tmp_path: Path, command: tuple[str, ...], harm: str
) -> None:
    BAD[harm](file := tmp_path / "given.csv")
    with pytest.raises(CommandError, match=r"given\.csv"):
        call_command(*(word.format(file) for word in command))


def test_a_sound_table_is_read_with_short_rows_and_long_ones(tmp_path: Path) -> None:
    file = written(tmp_path / "some.csv", ("a", "b"), [("1", "2"), ("3",), ("4", "5", "6")])
    assert list(rows(file, ("a", "b"))) == [
        {"a": "1", "b": "2"}, {"a": "3", "b": ""}, {"a": "4", "b": "5"},
    ]  # fmt: skip
    with pytest.raises(Unreadable, match="no column c; it has a, b"):
        list(rows(file, ("a", "c")))


@pytest.mark.parametrize("seed", ["-1", "x", "4294967296", "1.5"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_seed_that_is_none_is_refused(
    tmp_path: Path, command: tuple[str, ...], seed: str
) -> None:
    with pytest.raises(CommandError, match="no whole number"):
        call_command(*(word.format(tmp_path) for word in command), "--seed", seed)


def test_a_test_without_pairs_measures_nothing(tmp_path: Path) -> None:
    data, test = judged(tmp_path / "data.csv"), written(tmp_path / "test.csv", PAIR, [])
    with pytest.raises(CommandError, match=r"test\.csv: no pairs to be asked"):
        call_command("eval", "pairs", "--data", str(data), "--test", str(test))


@pytest.mark.parametrize("command", COMMANDS[1::2], ids=" ".join)
def test_pairs_without_words_are_refused(
    bank: None, school: None, tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = written(tmp_path / "given.csv", PAIR, [("", "", str(n % 2)) for n in range(240)])
    with pytest.raises(CommandError, match="words"):
        call_command(*(word.format(file) for word in command))


def test_what_was_left_out_and_what_nobody_could_know_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, few in (("TIMED_ALONE", 3), ("TIMED_TOGETHER", 30), ("EXPLAINED", 30)):
        monkeypatch.setattr(f"sujin.lab.exams.classify.{name}", few)
    lessons = [*zip(TEXTS, LABELS, strict=True), ("没有标签", ""), ("", "a")]
    data = written(tmp_path / "data.csv", ("text", "label"), lessons)
    test = written(
        tmp_path / "test.csv", ("text", "label"), [("天上的云", "cloud"), ("雨", "rain")]
    )
    call_command(
        "eval", "classify", "--data", str(data), "--test", str(test), stdout=(out := StringIO())
    )
    assert "2 rows left out" in out.getvalue()
    assert "2 of the texts tested have labels that no lesson has" in out.getvalue()
    assert "cloud, rain" in out.getvalue()
    one = written(tmp_path / "one.csv", ("text", "label"), [(text, "a") for text in TEXTS])
    with pytest.raises(CommandError, match=r"one\.csv: all texts have the same label"):
        call_command("eval", "classify", "--data", str(one))


@pytest.mark.parametrize("since", ["2026-13-45", "yesterday"])
def test_a_day_that_is_none_is_refused(bank: None, since: str) -> None:
    with pytest.raises(CommandError, match="give a date"):
        call_command("train", "--from-corrections", "--since", since)


def test_the_exam_of_urgency_lays_both_promises_side_by_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tier, "bank", cache(tier_bank.bank))
    options = {"alpha": 0.05, "method": "average", "splits": 1, "size": 5000, "unheard": 0.3}
    figures = tier.run({**options, "seed": 3})
    average, confident = figures["methods"]["average"], figures["methods"]["confident"]
    assert average["missed"] == figures["promise_missed"]
    assert confident["referred"] >= average["referred"]
    assert confident["missed"] <= average["missed"]
    lines = "\n".join(told(figures))
    assert "5.00% on the mean of splits" in lines
    assert "5.00% in 9 splits of 10" in lines
    small = tier.run({**options, "seed": 3, "alpha": 0.025})
    assert set(small["methods"]) == {"average"}
    assert "needs 91 urgent cases in each calibration" in "\n".join(told(small))
