"""Invented peers: eight banks that there are not, with figures that a regulator never published,
loaded as a file of real ones would be."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils import timezone

from sujin.complaints.figures.selection import Window
from sujin.governance.acts.load_peers import Loaded, load_peers
from sujin.governance.peerbook import COLUMNS, quarter_before, quarter_last, quarter_name
from sujin.governance.peering import our_name, own_count
from sujin.lab.dice import dice
from sujin.platform.acts.organise import system_person

QUARTERS = 4
GROUP, SMALL = "示范股份制银行", "示范城商行"
MERGED, LETTERS = "transferred_merged", "transferred"
SOURCE = "示范数据：虚构的银行与数字，非监管公布"
FILE = "示范同业数据.csv"
# Name, group, millions of personal customers, outlets, assets in hundred millions, and how many
# times as many complaints for a customer as the middle of them.
BANKS = (
    ("示范甲银行", GROUP, 38, 620, 31_000, 0.7),
    ("示范乙银行", GROUP, 52, 940, 52_000, 0.95),
    ("示范丙银行", GROUP, 27, 410, 22_000, 1.0),
    ("示范丁银行", GROUP, 64, 1_150, 61_000, 1.05),
    ("示范戊银行", GROUP, 19, 300, 15_000, 1.7),
    ("示范己银行", SMALL, 4, 95, 3_200, 0.8),
    ("示范庚银行", SMALL, 6, 130, 4_100, 1.1),
    ("示范辛银行", SMALL, 3, 70, 2_600, 1.4),
)
SHARES = (("", 1.0), ("card.credit", 0.42), ("loan", 0.38))
A_MILLION = 14.0


def move_in(*, now: datetime) -> Loaded:
    """The last quarters that are over; the first of them on the older basis for one bank, which
    shows a break. Loading it again changes nothing."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in _rows(timezone.localdate(now))]
    return load_peers(rows, file=FILE, by=system_person(), at=now)


def _rows(today: date) -> Iterator[tuple[str, ...]]:
    quarter = quarter_before(_quarter_of(today))
    for ago in range(QUARTERS):
        for bank in BANKS:
            older = ago == 1 and bank[0] == "示范丙银行"
            yield from _of_bank(quarter, bank, LETTERS if older else MERGED)
        yield _of_us(quarter)
        quarter = quarter_before(quarter)


def _of_bank(
    quarter: date, bank: tuple[str, str, int, int, int, float], basis: str
) -> Iterator[tuple[str, ...]]:
    name, group, millions, outlets, assets, factor = bank
    rng = dice("neighbours", f"{name} {quarter_name(quarter)}")
    total = A_MILLION * millions * factor * rng.uniform(0.93, 1.07)
    for business, share in SHARES:
        count = max(round(total * share), 1)
        yield (
            name, group, quarter_name(quarter), "complaints", business, str(count), basis,
            str(millions * 1_000_000), str(outlets), str(assets), SOURCE,
        )  # fmt: skip


def _of_us(quarter: date) -> tuple[str, ...]:
    """As a regulator would have published us: what we count, but for two that went astray."""
    count = own_count("matters", Window(quarter, quarter_last(quarter)), "")
    return (
        our_name(), GROUP, quarter_name(quarter), "complaints", "", str(count + 2), MERGED,
        "2400000", "120", "1900", SOURCE,
    )  # fmt: skip


def _quarter_of(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
