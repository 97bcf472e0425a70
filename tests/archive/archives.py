"""Small archives that nobody wrote, good and bad: the good one is the control of each bad one."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

TODAY = date(2026, 3, 2)
FIRST = date(2025, 9, 1)
DAYS = 180
HEADER = ["Complaint ID", "Date received", "Product", "Sub-product", "Branch", "Narrative"]
PRODUCTS = {"Card": ("Credit", "Debit"), "Loan": ("Home", "Car"), "Deposit": ("Current", "Term")}
BRANCHES = ("North", "South", "East", "West")
# Eight days, ending a week before the last one, in which one node has many more.
WAVE_FROM, WAVE_DAYS = FIRST + timedelta(days=160), 8
# Only the last day is judged unless a test is about the wave.
SINCE, SINCE_THE_WAVE = "2026-02-27", "2026-02-08"
SECRET = "my card 6222021234567890123 was charged twice"

Row = list[str]


def rows(seed: int = 5, *, wave: bool = True, form: str = "%Y-%m-%d") -> list[Row]:
    """Half a year of complaints, about twelve a day, with one planted wave."""
    chance = np.random.default_rng(seed)
    made: list[Row] = []
    for at in range(DAYS):
        day = FIRST + timedelta(days=at)
        for _ in range(int(chance.poisson(12))):
            product = str(chance.choice([*PRODUCTS]))
            made.append(_row(chance, len(made), day.strftime(form), product, BRANCHES))
        if wave and 0 <= (day - WAVE_FROM).days < WAVE_DAYS:
            for _ in range(9):
                made.append(_row(chance, len(made), day.strftime(form), "Card", ("South",)))
    return made


def _row(
    chance: np.random.Generator, number: int, day: str, product: str, branches: Sequence[str]
) -> Row:
    sub = str(chance.choice(PRODUCTS[product]))
    return [str(100_000 + number), day, product, sub, str(chance.choice(branches)), SECRET]


def text(made: Sequence[Row], header: Sequence[str] = HEADER) -> str:
    """The rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *made])
    return out.getvalue()


def written(folder: Path, made: Sequence[Row], header: Sequence[str] = HEADER) -> Path:
    """The rows as a file in UTF-8."""
    path = folder / "archive.csv"
    path.write_text(text(made, header), encoding="utf-8")
    return path


def changed(
    made: Sequence[Row], column: str, change: Callable[[str], str], every: int
) -> list[Row]:
    """The rows, every so many of them with one cell changed."""
    at = HEADER.index(column)
    return [
        [*row[:at], change(row[at]), *row[at + 1 :]] if number % every == 0 else row
        for number, row in enumerate(made)
    ]
