"""Comparing machines, marking them, suspecting codes, watching for drift: with planted truths."""

from collections.abc import Sequence

import numpy as np
import pytest

from sujin.engine.agreement import agree
from sujin.engine.comparison import compare, mcnemar
from sujin.engine.drift import LEVEL, Picture, drift, picture
from sujin.engine.lessons import (
    CORRECTED,
    LEAST_UNCHANGED,
    UNCHANGED,
    Lesson,
    digest,
    divide,
    is_examined,
)
from sujin.engine.marks import mark
from sujin.engine.suspect import MACHINES, PEOPLE, UNSURE, Opinion, suspect, usual

CODES = ["service", "pricing", "facility", "collection"]
BELOW = 0.55


def spoilt(truth: Sequence[str], share: float, seed: int) -> list[str]:
    """The truth with a share of it replaced by some other code."""
    chance = np.random.default_rng(seed)
    return [
        CODES[(CODES.index(code) + 1) % 4] if chance.random() < share else code for code in truth
    ]


@pytest.fixture(scope="module")
def truth() -> list[str]:
    return [str(code) for code in np.random.default_rng(3).choice(CODES, 400)]


def test_a_clearly_worse_machine_is_called_worse_and_a_better_one_better(
    truth: list[str],
) -> None:
    good, bad = spoilt(truth, 0.1, 1), spoilt(truth, 0.25, 2)
    found = compare(truth, good, bad, seed=1)
    assert found.is_worse
    assert found.p < 0.001
    assert found.lower < found.difference < found.upper < 0
    back = compare(truth, bad, good, seed=1)
    assert back.is_better
    assert back.difference == pytest.approx(-found.difference)


def test_two_machines_as_good_as_each_other_are_seldom_told_apart(truth: list[str]) -> None:
    """Of twenty pairs of equal machines about one in forty may be called worse."""
    pairs = [(spoilt(truth, 0.2, seed), spoilt(truth, 0.2, seed + 500)) for seed in range(20)]
    worse = sum(compare(truth, old, new, seed=1).is_worse for old, new in pairs)
    assert worse <= 2


def test_mcnemar_agrees_with_its_textbook_values() -> None:
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(5, 5) == 1.0
    assert mcnemar(1, 9) == pytest.approx(22 / 1024)
    assert mcnemar(9, 1) == mcnemar(1, 9)


def test_the_marks_count_every_text_and_price_the_threshold(truth: list[str]) -> None:
    given = spoilt(truth, 0.2, 5)
    sure = [0.95 if a == b else 0.4 for a, b in zip(truth, given, strict=True)]
    marks = mark(truth, given, sure, seed=1)
    wrong = sum(a != b for a, b in zip(truth, given, strict=True))
    assert sum(one.n for one in marks.confused) == wrong
    assert sum(one.n for one in marks.reliability) == len(truth)
    everything, careful = marks.abstention[0], marks.abstention[-1]
    assert everything.answered == 1.0
    assert everything.accuracy == pytest.approx(1 - wrong / 400)
    assert careful.accuracy == 1.0
    assert careful.answered == pytest.approx(1 - wrong / 400)
    low, high = marks.macro_f1_interval
    assert low < marks.evaluation.macro_f1 < high


def test_a_text_stays_in_the_examination_and_silence_does_not_outweigh_people() -> None:
    said = [Lesson(f"人看过的第{n}件", "service", CORRECTED) for n in range(60)]
    quiet = [Lesson(f"没人看过的第{n}件", "service", UNCHANGED) for n in range(300)]
    parted = divide([*said, *quiet, Lesson("只此一件", "pricing", CORRECTED)], fewest=5, seed=1)
    assert {one.source for one in parted.examined} == {CORRECTED}
    assert not {one.text for one in parted.taught} & {one.text for one in parted.examined}
    silent = sum(one.source == UNCHANGED for one in parted.taught)
    assert silent == max(LEAST_UNCHANGED, sum(one.source == CORRECTED for one in parted.taught))
    assert parted.left_out == {"pricing": 1}
    share = np.mean([is_examined(f"第{n}件") for n in range(2000)])
    assert 0.17 < share < 0.23


def test_of_equal_texts_the_strongest_testimony_counts_and_order_changes_no_hash() -> None:
    twice = [Lesson("同一句话", "pricing", UNCHANGED), Lesson("同一句话", "service", CORRECTED)]
    parted = divide(twice * 3, fewest=1, seed=1)
    assert [one.code for one in (*parted.taught, *parted.examined)] == ["service"]
    assert digest(twice) == digest(twice[::-1])
    assert digest(twice) != digest(twice[:1])


def test_kappa_is_as_cohen_reckons_it() -> None:
    pairs = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    found = agree(pairs)
    assert found.kappa == pytest.approx(0.4)
    assert found.lower < 0.4 < found.upper
    assert agree([]).kappa is None
    assert agree([("a", "a")] * 9).kappa is None
    assert agree([("a", "b"), ("b", "a")] * 20).kappa == pytest.approx(-1.0)


def test_a_person_is_contradicted_only_by_a_machine_surer_than_usual() -> None:
    agreeing = [Opinion("pricing", True, "pricing", 0.9) for _ in range(10)]
    usually = usual(agreeing)
    assert usually == {"pricing": pytest.approx(0.9)}
    slip = Opinion("service", True, "pricing", 0.95)
    found = suspect(slip, usually, unsure_below=BELOW)
    assert found is not None
    assert (found.why, found.score, found.instead) == (PEOPLE, 0.95, "pricing")
    assert suspect(Opinion("service", True, "pricing", 0.85), usually, unsure_below=BELOW) is None
    assert suspect(Opinion("service", True, "service.queue", 0.99), {}, unsure_below=BELOW) is None


def test_the_unsure_and_the_divided_are_suspected_the_sure_are_not() -> None:
    def why(*said: object) -> str:
        found = suspect(Opinion(*said), {}, unsure_below=BELOW)  # type: ignore[arg-type]
        return found.why if found else ""

    assert why("service", False, "service", 0.4) == UNSURE
    assert why("", False, "", 0.0) == UNSURE
    assert why("service", False, "pricing", 0.9) == MACHINES
    assert why("service", False, "service", 0.8, "pricing", 0.7) == MACHINES
    assert why("service", False, "service", 0.8, "pricing", 0.4) == ""
    assert why("service", False, "service", 0.9, "service", 0.9) == ""
    missing = suspect(Opinion("", False, "", 0.0), {}, unsure_below=BELOW)
    weak = suspect(Opinion("service", False, "service", 0.5), {}, unsure_below=BELOW)
    assert missing is not None
    assert weak is not None
    assert weak.score > missing.score


def seen(count: int, seed: int, *, mix: Sequence[float], sure: float = 6.0) -> Picture:
    """What a machine might say of so many texts: confidences of a beta law, codes by shares."""
    chance = np.random.default_rng(seed)
    codes = chance.choice(CODES, count, p=mix).tolist()
    confidences = chance.beta(sure, 2.0, count).tolist()
    return picture(list(zip(codes, confidences, strict=True)), unsure_below=BELOW)


EVEN = (0.4, 0.3, 0.2, 0.1)


def test_the_same_stream_raises_no_alarm_in_two_hundred_nights() -> None:
    """Of 200 looks the level allows 0.6 alarms, chance now and then one."""
    alarms = 0
    for night in range(200):
        reference, recent = seen(1000, night, mix=EVEN), seen(150, night + 10_000, mix=EVEN)
        alarms += drift(reference, recent).has_begun
    assert alarms <= 200 * LEVEL * 2


def test_a_planted_drift_is_found_and_said_to_be_over_when_it_is() -> None:
    reference = seen(2000, 1, mix=EVEN)
    other_codes = drift(reference, seen(400, 2, mix=(0.1, 0.2, 0.3, 0.4)))
    assert other_codes.has_begun
    assert [shift.about for shift in other_codes.shifts if shift.is_change] == ["codes"]
    less_sure = drift(reference, seen(400, 3, mix=EVEN, sure=2.5))
    assert less_sure.has_begun
    assert {shift.about for shift in less_sure.shifts if shift.is_change} == {
        "confidence",
        "unsure",
    }
    again = drift(reference, seen(2000, 4, mix=EVEN))
    assert again.is_over
    assert not again.has_begun
    assert not less_sure.is_over


def test_of_too_few_texts_nothing_is_said() -> None:
    found = drift(seen(2000, 1, mix=EVEN), seen(60, 2, mix=(0, 0, 0, 1)))
    assert not found.has_begun
    assert not found.is_over
    assert found.shifts == ()
