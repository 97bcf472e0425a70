"""Every pack ships what its tables should give; here each of those rows is replayed.

The columns are the facts of the engine's own dataclasses, then ``expect_...``; a blank fact is the
dataclass's default. A failing test names the pack, the table and the case.
"""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from sujin import packs
from sujin.complaints.acts.close import asked_of
from sujin.complaints.rulebook import HOUSE_PACK, calendar, regime
from sujin.engine import identity, repeat, route, sla, tier
from sujin.engine.regimes import read_all
from sujin.engine.signature import HASHES

Row = dict[str, str]
TICK = re.compile(
    r"(?P<kind>\w+)(?::(?P<stage>\d+))?(?:#(?P<regime>\w+))?(?:/(?P<post>\w+))?"
    r"(?:\((?P<cause>\w+)\))?(?:>(?P<until>[^@]+))?@(?P<at>.+)"
)
SOME_DAY = datetime(2026, 3, 10, 12, tzinfo=UTC)
FREE = {"case", "note"}


def expected(pack: str, table: str) -> list[Row]:
    try:
        return packs.rows(pack, f"expected/{table}")
    except packs.UnknownTable:
        return []


def cases(table: str) -> pytest.MarkDecorator:
    found = [(pack, row) for pack in packs.names() for row in expected(pack, table)]
    ids = [f"{pack}-{row['case']}" for pack, row in found]
    return pytest.mark.parametrize(("pack", "row"), found, ids=ids)


def agrees(row: Row, column: str, got: str) -> bool:
    """A blank or missing expectation asks for nothing."""
    return row.get(column, "") in ("", got)


def facts_of(row: Row, readers: dict[str, Callable[[str], Any]]) -> dict[str, Any]:
    names = {name for name in row if not name.startswith("expect_")} - FREE
    assert names <= readers.keys(), f"no such facts: {names - readers.keys()}"
    return {name: readers[name](row[name]) for name in names if row[name]}


def yes(cell: str) -> bool:
    return {"yes": True, "no": False}[cell]


TIER_FACTS: dict[str, Callable[[str], Any]] = {
    "amount": Decimal,
    "people": int,
    "repeats": int,
    **dict.fromkeys(tier.FLAGS, yes),
}


@cases("tiers")
def test_a_matter_gets_the_tier_its_pack_promises(pack: str, row: Row) -> None:
    table = tier.read_rows(packs.rows(pack, "tiers"))
    verdict = tier.judge(tier.TierFacts(**facts_of(row, TIER_FACTS)), table)
    assert (verdict.tier, verdict.row) == (row["expect_tier"], row["expect_row"])


ROUTE_FACTS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("kind", "lane", "business", "line", "tier", "origin"), str),
    **dict.fromkeys(("channel", "pack"), str),
    "repeats": int,
    "level": int,
    "company": yes,
}


@cases("routing")
def test_a_matter_goes_to_the_desk_its_pack_promises(pack: str, row: Row) -> None:
    usual = {
        "kind": "complaint",
        "lane": "ordinary",
        "business": "",
        "line": "",
        "tier": "ordinary",
        "repeats": 0,
        "level": 0,
        "company": False,
        "origin": "",
        "channel": "",
        "pack": pack,
    }
    facts = route.RouteFacts(**{**usual, **facts_of(row, ROUTE_FACTS)})
    chosen = route.choose(facts, route.read_rows(packs.rows(pack, "routing")))
    assert (chosen.desk, chosen.row) == (row["expect_desk"], row["expect_row"])


@cases("closing")
def test_closing_asks_of_a_kind_and_tier_what_its_pack_promises(pack: str, row: Row) -> None:
    assert pack == HOUSE_PACK
    asked = [rule["requires"] for rule in asked_of(row["kind"], row["tier"])]
    assert "|".join(asked) == row["expect_facts"]


@cases("clocks")
def test_a_clock_ends_when_its_pack_promises(pack: str, row: Row) -> None:
    rules = regime(pack)
    zone = rules.zone
    ticks = [tick_of(told, zone) for told in row["ticks"].split(";")]
    now = local(row["now"], zone) if row["now"] else max(tick.at for tick in ticks)
    readings = read_all(
        [rules],
        ticks,
        tier=row["tier"],
        lane=row["lane"],
        now=now,
        topics=frozenset(filter(None, row.get("topics", "").split("|"))),
    )
    of_clock = [one for one in readings if one.clock == row["clock"]]
    reading = next((one for one in of_clock if agrees(row, "expect_row", one.row)), None)
    assert reading is not None, f"read {[(one.clock, one.row) for one in readings]}"
    assert agrees(row, "expect_state", reading.state), reading
    assert due_text(reading, row["expect_due"]) == row["expect_due"], reading.steps


def tick_of(told: str, zone: ZoneInfo) -> sla.Tick:
    """``kind[:stage][#regime][/post][(cause)][>until]@moment``."""
    found = TICK.fullmatch(told.strip())
    assert found is not None, told
    return sla.Tick(
        found["kind"],
        local(found["at"], zone),
        int(found["stage"] or 1),
        found["post"] or "",
        regime=found["regime"] or "",
        cause=found["cause"] or "",
        until=local(found["until"], zone) if found["until"] else None,
    )


def local(text: str, zone: ZoneInfo) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def due_text(reading: sla.Reading, like: str) -> str:
    """The due moment written as the expectation is: a date means the last second of that day."""
    if reading.due_at is None:
        return ""
    moment = reading.due_at.replace(tzinfo=None)
    is_whole_day = moment.time().isoformat() == "23:59:59"
    if "T" not in like and is_whole_day:
        return moment.date().isoformat()
    return moment.isoformat(timespec="minutes" if len(like) == 16 else "auto")


@cases("repeats")
def test_a_second_contact_is_taken_as_its_pack_promises(pack: str, row: Row) -> None:
    table = repeat.read_rows(packs.rows(pack, "repeats"))
    alike = float(row["likeness"] or 0)
    new = _matter(2, "liu", "loan.mortgage", SOME_DAY, _signature(1.0))
    earlier = _matter(
        1,
        "liu" if yes(row["same_customer"]) else "chen",
        "loan.mortgage" if yes(row["same_matter"]) else "card.credit",
        SOME_DAY - timedelta(hours=float(row["hours"])),
        _signature(alike),
        is_open=yes(row["open"]),
    )
    identities = identity.read_rows(packs.rows(pack, "identities"))
    verdict = repeat.judge(new, [earlier], table, identities)
    assert verdict.action == row["expect_action"]
    assert agrees(row, "expect_row", verdict.row)


@cases("identities")
def test_two_matters_are_the_same_customers_as_the_pack_promises(pack: str, row: Row) -> None:
    table = identity.read_rows(packs.rows(pack, "identities"))
    one, other = _customer(row["one"]), _customer(row["other"])
    for verdict in (identity.same(one, other, table), identity.same(other, one, table)):
        assert (verdict is not None and verdict.same) is yes(row["expect_same"])
        assert (verdict.row if verdict else "") == row["expect_row"]


def _customer(told: str) -> identity.Customer:
    pairs = [pair.split("=") for pair in told.split()]
    keys = frozenset(value for field, value in pairs if field != identity.NAME)
    return identity.Customer(keys, frozenset(f"{field}:{value}" for field, value in pairs))


def _signature(alike: float) -> repeat.Signature:
    words = np.arange(HASHES, dtype=np.uint32)
    words[ceil(alike * HASHES) :] += np.uint32(HASHES)
    return repeat.Signature(words, (), HASHES)


def _matter(
    key: int,
    customer: str,
    business: str,
    received_at: datetime,
    signature: repeat.Signature,
    *,
    is_open: bool = True,
) -> repeat.Matter:
    who = identity.Customer(frozenset({customer}), frozenset({f"id_number:{customer}"}))
    return repeat.Matter(key, who, business, received_at, is_open, 0, signature, "hotline")


@pytest.mark.parametrize("table", ["tiers", "routing", "clocks", "repeats", "identities"])
def test_every_row_of_a_rule_table_is_expected_at_least_once(table: str) -> None:
    for pack in packs.names():
        if not expected(pack, table):
            continue
        used = Counter(row.get("expect_row", "") for row in expected(pack, table))
        unused = [row["row"] for row in packs.rows(pack, table) if not used[row["row"]]]
        assert unused == [], f"{pack}/{table}.csv: no expected row for {unused}"


@pytest.mark.parametrize("pack", packs.names())
def test_lint_has_nothing_to_say_about_a_shipped_pack(pack: str) -> None:
    if not expected(pack, "tiers"):
        pytest.skip(f"{pack} has no rule tables of its own")
    assert tier.lint(tier.read_rows(packs.rows(pack, "tiers"))) == []
    assert repeat.lint(repeat.read_rows(packs.rows(pack, "repeats"))) == []
    assert sla.lint(sla.read_limits(packs.rows(pack, "clocks"))) == []
    codes = {
        "business": {
            one["code"] for one in packs.rows(pack, "taxonomy") if one["axis"] == "business"
        },
        "line": {one["line"] for one in packs.rows(pack, "lines")},
        "pack": set(packs.names()),
    }
    assert route.lint(route.read_rows(packs.rows(pack, "routing")), codes) == []


@pytest.mark.parametrize(
    ("replay", "table", "column", "wrong"),
    [
        (test_a_matter_gets_the_tier_its_pack_promises, "tiers", "expect_tier", "urgent"),
        (test_a_matter_goes_to_the_desk_its_pack_promises, "routing", "expect_desk", "head"),
        (test_a_second_contact_is_taken_as_its_pack_promises, "repeats", "expect_action", "none"),
    ],
)
def test_a_wrong_promise_is_noticed(
    replay: Callable[[str, Row], None], table: str, column: str, wrong: str
) -> None:
    first = expected("cn_bank", table)[0]
    replay("cn_bank", first)
    with pytest.raises(AssertionError):
        replay("cn_bank", {**first, column: wrong})


@pytest.mark.parametrize("pack", [name for name in packs.names() if expected(name, "clocks")])
def test_one_day_off_is_noticed_in_every_pack(pack: str) -> None:
    """The known-bad control: each expected moment, planted a day early and a day late."""
    planted = 0
    for row in expected(pack, "clocks"):
        if "T" in row["expect_due"] or not row["expect_due"]:
            continue
        for off in (-1, 1):
            wrong = (date.fromisoformat(row["expect_due"]) + timedelta(days=off)).isoformat()
            with pytest.raises(AssertionError):
                test_a_clock_ends_when_its_pack_promises(pack, {**row, "expect_due": wrong})
            planted += 1
    assert planted >= 10


@cases("days")
def test_a_working_day_is_the_one_the_holiday_notice_gives(pack: str, row: Row) -> None:
    days = calendar(row["calendar"])
    found = days.add_working(date.fromisoformat(row["receipt"]), int(row["working_days"]))
    assert found.isoformat() == row["expect_day"]


@pytest.mark.parametrize(
    "pack", [name for name in packs.names() if packs.manifest(name).get("kind") == "regime"]
)
def test_a_regime_hangs_together(pack: str) -> None:
    rules = regime(pack)
    assert sla.lint(rules.limits) == []
    known = {(limit.clock, limit.stage) for limit in rules.limits}
    later = {(limit.clock, limit.stage) for limit in rules.limits if limit.stage > 1}
    assert {(row.clock, row.stage) for row in rules.extensions} == later <= known
    assert all(row.article and row.title for row in rules.extensions)
    assert all(row.article and row.title for row in rules.pauses)
    assert len(expected(pack, "clocks")) >= 5
    for question in packs.manifest(pack)["signoff"]:
        places = [place.split() for place in question["affects"] if " " in place]
        flagged = {row for table, row in places if table != "pack.toml"}
        ours = {limit.row for limit in rules.limits if limit.signoff}
        theirs = {row.row for row in rules.extensions if row.signoff}
        assert flagged <= ours | theirs, question["id"]
