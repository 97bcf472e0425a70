"""The CFPB's own words, from three editions of its categories, find one code each."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sujin import packs

FILES = ("cfpb_2015_q1.csv", "cfpb_2019_04.csv", "cfpb_2023_messy.csv")
FOLDER = os.environ.get("SUJIN_REAL_DATA", "")


def code_of(axis: str, label: str, parent_label: str = "") -> str:
    """The code of a label: under its parent first, then alone; "" when there is none."""
    found = {
        (row["axis"], row["label"].casefold(), row["parent_label"].casefold()): row["code"]
        for row in packs.rows("cfpb", "aliases")
    }
    name, parent = label.strip().casefold(), parent_label.strip().casefold()
    return found.get((axis, name, parent)) or found.get((axis, name, ""), "")


@pytest.mark.parametrize(
    ("product", "code"),
    [
        ("Bank account or service", "account"),
        ("Checking or savings account", "account"),
        ("Consumer loan", "consumer_loan"),
        ("Credit reporting or other personal consumer reports", "credit_reporting"),
        ("Debt or credit management", "debt_management"),
        ("Payday loan, title loan, personal loan, or advance loan", "personal_loan"),
        ("Virtual currency", "money_transfer.virtual"),
        ("Money transfers", "money_transfer"),
        ("Prepaid card", "prepaid_card"),
        ("Credit card", "credit_card"),
    ],
)
def test_products_of_every_edition_find_their_code(product: str, code: str) -> None:
    assert code_of("business", product) == code


def test_the_same_words_under_two_products_are_two_things() -> None:
    assert code_of("business", "Credit card", "Debt collection") == "debt_collection.card"
    assert code_of("business", "Credit card") == "credit_card"
    assert code_of("business", "Payday loan", "Debt collection") == "debt_collection.payday"


def test_a_word_the_bureau_never_used_finds_nothing() -> None:
    assert code_of("business", "Crop insurance") == ""


def test_an_alias_stands_once_and_points_at_a_code_that_exists() -> None:
    aliases = packs.rows("cfpb", "aliases")
    keys = {
        (row["axis"], row["label"].casefold(), row["parent_label"].casefold()) for row in aliases
    }
    codes = {(row["axis"], row["code"]) for row in packs.rows("cfpb", "taxonomy")}
    assert len(keys) == len(aliases)
    assert {(row["axis"], row["code"]) for row in aliases} <= codes


def test_every_code_crosses_to_a_chinese_code_with_the_same_line() -> None:
    lines = {(r["axis"], r["code"]): r["line"] for r in packs.rows("cn_bank", "taxonomy")}
    for row in packs.rows("cfpb", "taxonomy"):
        assert lines.get((row["axis"], row["crosswalk"])) == row["line"], row


def labels(file: str) -> Iterator[tuple[str, str, str]]:
    """Every (axis, label, parent label) of one export, whatever way its columns are spelt."""
    with (Path(FOLDER) / file).open(encoding="utf-8-sig", newline="") as opened:
        for row in csv.DictReader(opened):
            cells = {name.lower().replace("_", "-"): text or "" for name, text in row.items()}
            product = cells["product"]
            yield "business", product, ""
            yield "business", cells["sub-product"], product
            yield "cause", cells["issue"], product


@pytest.mark.real_data
@pytest.mark.skipif(not FOLDER, reason="SUJIN_REAL_DATA does not point at the CFPB files")
@pytest.mark.parametrize("file", FILES)
def test_every_label_of_a_real_export_is_known(file: str) -> None:
    seen = set(labels(file))
    unknown = [key for key in sorted(seen) if key[1] and not code_of(*key)]
    assert unknown == []
    assert len(seen) > 50
