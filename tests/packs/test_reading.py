"""The words of the packs are read as promised: each expected sentence is replayed."""

from functools import cache

import pytest

from sujin import packs
from sujin.engine.classify import Classification, Classifier, Lexicon, Term
from sujin.engine.signals import SignalReader, SignalTerm

Row = dict[str, str]
SENTENCES = packs.rows("cn_bank", "expected/classify")
REMARKS = packs.rows("cn_bank", "expected/signals")


@cache
def classifier() -> Classifier:
    rows = packs.rows("cn_bank", "lexicon")
    terms = [Term(row["axis"], row["code"], row["term"], float(row["weight"])) for row in rows]
    return Classifier(Lexicon(terms))


@cache
def reader() -> SignalReader:
    rows = packs.rows("cn_bank", "signals")
    return SignalReader(
        SignalTerm(row["signal"], row["term"], tuple(filter(None, row["unless"].split("|"))))
        for row in rows
    )


def read(sentence: str) -> Classification:
    return classifier().classify([sentence])[0]


@pytest.mark.parametrize("row", SENTENCES, ids=lambda row: row["case"])
def test_a_sentence_is_filed_where_its_pack_promises(row: Row) -> None:
    found = read(row["text"])
    assert found["business"].code == row["expect_business"], found["business"]
    assert found["cause"].code == row["expect_cause"], found["cause"]


@pytest.mark.parametrize("row", REMARKS, ids=lambda row: row["case"])
def test_a_remark_raises_the_signals_its_pack_promises(row: Row) -> None:
    assert set(reader().read(row["text"]).found) == set(filter(None, row["expect"].split("|")))


@pytest.mark.parametrize(
    ("rows", "count"), [(SENTENCES, 80), (REMARKS, 30)], ids=["sentences", "remarks"]
)
def test_there_are_enough_examples_and_none_is_told_twice(rows: list[Row], count: int) -> None:
    assert len({row["text"] for row in rows}) == len({row["case"] for row in rows}) == len(rows)
    assert len(rows) >= count


def test_every_top_class_every_cause_and_every_signal_is_expected_at_least_once() -> None:
    business = {row["expect_business"].partition(".")[0] for row in SENTENCES} - {""}
    cause = {row["expect_cause"] for row in SENTENCES} - {""}
    taxonomy = packs.rows("cn_bank", "taxonomy")
    assert business == {row["code"] for row in taxonomy if _is_top(row, "business")}
    assert cause == {row["code"] for row in taxonomy if _is_top(row, "cause")} - {"other"}
    told = {signal for row in REMARKS for signal in row["expect"].split("|")} - {""}
    assert told == {row["signal"] for row in packs.rows("cn_bank", "signals")}


def _is_top(row: Row, axis: str) -> bool:
    return row["axis"] == axis and not row["parent"]


def test_a_remark_about_the_weather_is_filed_nowhere() -> None:
    found = read("今天天气不错，路上有点堵车")
    assert (found["business"].code, found["cause"].code) == ("", "")
