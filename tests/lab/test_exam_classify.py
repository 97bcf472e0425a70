"""The classifier's exam: honest folds, the same figures twice, and nothing learnt from noise."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from sujin.engine.folding import fold
from sujin.lab.exams.labelled import Labelled, parted
from tests.engine.test_linear import LABELS, TEXTS


def written(path: Path, texts: list[str], labels: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["text", "label"])
        rows.writerows(zip(texts, labels, strict=True))
    return path


def sat(*args: str) -> dict[str, Any]:
    out = StringIO()
    call_command("eval", "classify", *args, "--json", stdout=out)
    figures: dict[str, Any] = json.loads(out.getvalue())
    return figures


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sujin.lab.exams.classify.TIMED_ALONE", 3)
    monkeypatch.setattr("sujin.lab.exams.classify.TIMED_TOGETHER", 30)
    monkeypatch.setattr("sujin.lab.exams.classify.EXPLAINED", 30)


def untimed(figures: dict[str, Any]) -> dict[str, Any]:
    timed = ("p50_ms", "docs_per_cpu_s")
    peer = {name: v for name, v in figures["baseline"].items() if name not in timed}
    return {name: v for name, v in figures.items() if name not in timed} | {"baseline": peer}


def test_figures_come_beside_a_peer_and_are_the_same_twice(tmp_path: Path) -> None:
    file = written(tmp_path / "some.csv", [*TEXTS, "没有标签"], [*LABELS, ""])
    first, second = (sat("--data", str(file)) for _ in range(2))
    assert untimed(first) == untimed(second)
    assert first["n"] == len(TEXTS)
    assert first["accuracy"] > 0.9
    assert first["seen_before"] == 0
    assert set(first["baseline"]) == {"accuracy", "macro_f1", "p50_ms", "docs_per_cpu_s"}
    assert first["deletion"]["named_drop"] > first["deletion"]["random_drop"]


def test_labels_drawn_by_chance_are_not_learnt(tmp_path: Path) -> None:
    shuffled = np.random.default_rng(3).permutation(LABELS).tolist()
    figures = sat("--data", str(written(tmp_path / "noise.csv", TEXTS, shuffled)))
    assert figures["accuracy"] < 0.55


def test_a_file_of_its_own_may_be_the_test_and_is_told_when_it_was_seen(tmp_path: Path) -> None:
    learnt = written(tmp_path / "learnt.csv", TEXTS, LABELS)
    asked = written(tmp_path / "asked.csv", ["又有催收骚扰", TEXTS[0]], ["collection", LABELS[0]])
    figures = sat("--data", str(learnt), "--test", str(asked))
    assert (figures["n"], figures["seen_before"], figures["accuracy"]) == (2, 1, 1.0)


def test_a_text_told_twice_is_never_on_both_sides() -> None:
    data = Labelled((*TEXTS, *(f" {text} " for text in TEXTS)), (*LABELS, *LABELS))
    for learnt, asked in parted(data, 5, 1):
        known = {fold(data.texts[i]) for i in learnt}
        assert asked
        assert not [i for i in asked if fold(data.texts[i]) in known]


def test_a_file_without_labels_cannot_be_sat(tmp_path: Path) -> None:
    bare = tmp_path / "bare.csv"
    bare.write_text("text\n催收\n", encoding="utf-8")
    with pytest.raises(CommandError, match="label"):
        sat("--data", str(bare))
    with pytest.raises(CommandError, match=r"every fold|two codes"):
        sat("--data", str(written(bare, ["催收"], ["a"])))


def test_on_the_invented_bank_asking_a_person_pays() -> None:
    figures = sat("--lab")["lab"]
    for axis in ("business", "cause"):
        assert figures[axis]["accuracy_when_sure"] > figures[axis]["accuracy_when_unsure"]
        assert 0 < figures[axis]["unsure"] < 0.6
