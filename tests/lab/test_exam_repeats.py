"""The exam of near-identical texts: it counts what is there, and refuses what it cannot mark."""

import csv
import os
from pathlib import Path

import pytest

from sujin.lab.dice import dice
from sujin.lab.exams import CannotSit, peers
from sujin.lab.exams.copies import edited, fresh, tell
from sujin.lab.exams.repeats import EXAM, LIKE

REAL = os.environ.get("SUJIN_REAL_DATA", "")


def write(path: Path, texts: list[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", "text"], *([str(n), t] for n, t in enumerate(texts))])
    return path


def test_the_figures_of_invented_texts_have_the_names_that_others_read() -> None:
    figures = EXAM.run({"size": 1_000, "seed": 5, "no_peers": True})
    assert figures["recall_at_5"] > 0.9
    assert figures["bytes_per_doc"] < 2_000
    assert {"queries_per_cpu_s", "build_docs_per_cpu_s"} <= figures.keys()
    assert any("recall_at_5" in line for line in EXAM.told(figures))


def test_the_same_seed_tells_the_same_texts_and_a_tenth_repeat() -> None:
    told = list(tell(1_500, seed=3))
    assert told == list(tell(1_500, seed=3))
    assert told != list(tell(1_500, seed=4))
    assert 0.05 < sum(one.source >= 0 for one in told) / len(told) < 0.15


def test_a_peer_that_is_not_installed_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(peers, "find_spec", lambda name: None)
    assert [row["note"] for row in peers.measure([])] == [peers.INSTALL, peers.INSTALL]


def test_twins_among_given_texts_are_the_truth(tmp_path: Path) -> None:
    texts = [fresh(dice("given", number)) for number in range(40)]
    texts.append(texts[3])
    figures = EXAM.run({"data": write(tmp_path / "texts.csv", texts), "seed": 1})
    assert figures["texts_with_a_twin"] == 2
    assert figures["recall_at_5"] == 1.0
    assert figures["reported_are_twins"] == 1.0


def test_what_cannot_be_marked_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotSit, match="no such file"):
        EXAM.run({"data": tmp_path / "none.csv"})
    with pytest.raises(CannotSit, match="near twin"):
        texts = [fresh(dice("lone", number)) for number in range(5)]
        EXAM.run({"data": write(tmp_path / "lone.csv", texts)})
    with pytest.raises(CannotSit, match="size"):
        EXAM.run({"size": 10, "seed": 1})


def test_an_edit_keeps_most_of_a_text_and_changes_some() -> None:
    text = fresh(dice("before"))
    again = edited(text, dice("after"))
    assert again != text
    assert 0.5 * len(text) < len(again) < len(text) + 1


@pytest.mark.real_data
@pytest.mark.skipif(not REAL, reason="SUJIN_REAL_DATA does not point at cfpb_narratives_5k.csv")
def test_the_twins_of_real_narratives_are_found() -> None:
    figures = EXAM.run({"data": Path(REAL) / "cfpb_narratives_5k.csv", "seed": 1})
    assert figures["recall_at_5"] >= 0.99
    assert figures["threshold"] == LIKE
