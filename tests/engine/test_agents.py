"""Organised agents: who is found, who is spared, how likely by chance, and why."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import mean

import numpy as np
import pytest

from sujin.engine.agent_chance import Chance, Written, tail
from sujin.engine.agent_graph import Graph
from sujin.engine.agent_homes import principals
from sujin.engine.agent_rules import read_rows
from sujin.engine.agent_traces import of_people
from sujin.engine.agents import Filing, Search, Trace, find
from sujin.engine.signature import sign
from sujin.engine.tables import BadTable
from sujin.lab.exams.filings import rules_of

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
LETTER = (
    "因突发变故收入中断，现要求贵行停止计收利息并退还全部费用，逾期未复将继续反映，卡号尾号{}。"
)
THINGS = "取款存款转账挂失开户销户换卡分期还款理财保险基金汇款兑换查询签约解约冻结解冻限额征信"


def filing(key: int, *traces: Trace, text: str = "", customer: str = "") -> Filing:
    own = "".join(np.random.default_rng(seed=key).permutation(list(THINGS)))
    return Filing(
        key=key,
        at=MONDAY + timedelta(hours=5 * key),
        principal=frozenset({customer or f"id{key}"}),
        business="card.credit",
        branch="JN",
        traces=frozenset(traces),
        signature=sign([text or own])[0],
    )


def strangers(first: int, count: int) -> list[Filing]:
    return [filing(first + number) for number in range(count)]


def ring(first: int, count: int, phone: str = "199") -> list[Filing]:
    traces = (Trace("agent_phone", phone), Trace("authority", "一份"))
    return [filing(first + n, *traces, text=LETTER.format(n)) for n in range(count)]


def look(*filings: Filing) -> Search:
    return find(sorted(filings, key=lambda one: one.at), rules_of())


def test_one_telephone_and_one_text_of_many_customers_is_a_group() -> None:
    found = look(*strangers(100, 600), *ring(0, 8))
    (group,) = found.groups
    assert group.members == tuple(range(8))
    assert group.principals == 8
    assert group.expected < 1e-9
    assert {one.trace.kind for one in group.shared} == {"agent_phone", "authority", "words"}
    assert len(group.links) == 28
    assert all(link.bits >= rules_of().link_bits for link in group.links)


def test_the_smallest_set_of_traces_that_dissolves_it_does_dissolve_it() -> None:
    filings = [*strangers(100, 600), *ring(0, 8)]
    (group,) = look(*filings).groups
    assert [trace.kind for trace in group.dissolves] == ["words"]
    graph = Graph(filings, rules_of())
    assert graph.cells(frozenset(group.dissolves)) == []
    assert graph.cells(frozenset({Trace("agent_phone", "199")}))


@pytest.mark.parametrize("count", [2, 4, 5, 7])
def test_a_family_with_one_telephone_and_one_text_is_spared(count: int) -> None:
    family = alike(count, lambda n: {Trace("phone", "137")})
    at_home = alike(count, lambda n: {Trace("phone", "137"), Trace("address", "家")})
    for one in (family, at_home):
        assert not look(*strangers(100, 600), *one).groups


def alike(count: int, traces: Callable[[int], set[Trace]]) -> list[Filing]:
    return [filing(n, *traces(n), text=LETTER.format(n)) for n in range(count)]


@pytest.mark.parametrize("kind", ["address", "paper"])
def test_residents_of_one_house_and_signers_of_one_paper_are_spared(kind: str) -> None:
    residents = alike(12, lambda n: {Trace(kind, "一处"), Trace("phone", f"13{n}")})
    assert not look(*strangers(100, 1200), *residents).groups


def test_a_home_for_the_aged_with_one_telephone_one_address_and_one_text_is_spared() -> None:
    home = alike(14, lambda n: {Trace("phone", "138"), Trace("address", "养老院")})
    assert not look(*strangers(100, 1200), *home).groups


def test_innocents_are_named_where_every_trace_founds_a_group() -> None:
    """The known-bad control: the table as if homes and petitions were nothing to think of."""
    rows = {name: replace(row, founds="yes") for name, row in rules_of().rows.items()}
    family = alike(6, lambda n: {Trace("phone", "137")})
    residents = alike(6, lambda n: {Trace("address", "一处")})
    for one in (family, residents):
        filings = sorted([*strangers(100, 1200), *one], key=lambda one: one.at)
        assert find(filings, replace(rules_of(), rows=rows)).groups


@pytest.mark.parametrize(
    ("count", "homes", "found"), [(8, 0, True), (7, 0, False), (5, 5, True), (8, 4, False)]
)
def test_one_telephone_of_more_than_a_household_or_across_homes_is_a_hand(
    count: int, homes: int, *, found: bool
) -> None:
    """The agent's own number as the telephone of each customer."""
    told = alike(
        count,
        lambda n: (
            {Trace("phone", "199")} | ({Trace("address", f"{n % homes}")} if homes else set())
        ),
    )
    assert bool(look(*strangers(100, 600), *told).groups) is found


def test_one_account_of_different_people_is_a_hand_across_homes_and_none_within_one() -> None:
    def told(home: Callable[[int], str]) -> list[Filing]:
        return [
            replace(
                filing(
                    n, Trace("account", "一户"), Trace("address", home(n)), text=LETTER.format(n)
                ),
                principal=frozenset({f"id{n}", "一户"}),
                numbers=frozenset({f"id{n}"}),
            )
            for n in range(6)
        ]

    (group,) = look(*strangers(100, 600), *told(str)).groups
    assert group.principals == 6
    assert not look(*strangers(100, 600), *told(lambda n: "一家")).groups


def test_one_customer_who_comes_ten_times_is_no_group() -> None:
    often = [replace(one, principal=frozenset({"id0"})) for one in ring(0, 10)]
    assert not look(*strangers(100, 600), *often).groups


def test_a_home_for_the_aged_with_one_telephone_is_spared() -> None:
    shared = (Trace("agent_phone", "138"), Trace("agent_name", "院长"), Trace("address", "养老院"))
    home = [filing(n, *shared) for n in range(14)]
    assert not look(*strangers(100, 600), *home).groups


def test_a_lawyer_with_real_clients_is_spared() -> None:
    """One telephone, one form of authority, every matter in its own words."""
    shared = (Trace("agent_phone", "139"), Trace("agent_name", "律师"), Trace("authority", "所函"))
    clients = [filing(n, *shared) for n in range(12)]
    assert not look(*strangers(100, 600), *clients).groups


def test_hundreds_who_copy_a_newspaper_are_spared_and_so_is_a_home_among_them() -> None:
    public = [filing(2000 + n, text=LETTER.format(n)) for n in range(120)]
    home = [filing(n, Trace("agent_phone", "138"), text=LETTER.format(n)) for n in range(9)]
    assert not look(*strangers(100, 600), *public, *home).groups
    assert look(*strangers(100, 600), *home).groups  # the control: nobody else writes like that


def test_a_hotline_number_that_half_the_bank_leaves_ties_nobody() -> None:
    number = Trace("phone", "95588")
    everybody = [replace(one, traces=frozenset({number})) for one in strangers(100, 600)]
    copied = [filing(n, number, text=LETTER.format(n)) for n in range(6)]
    assert not look(*everybody, *strangers(1000, 600), *copied).groups


def test_the_same_look_gives_the_same_group_whatever_the_order_of_keys() -> None:
    filings = [*strangers(100, 600), *ring(0, 7)]
    assert look(*filings) == look(*reversed(filings))


def test_two_hands_with_one_template_are_two_groups() -> None:
    other = [filing(50 + n, Trace("agent_phone", "188"), text=LETTER.format(n)) for n in range(14)]
    found = look(*strangers(100, 1000), *ring(0, 8), *other)
    assert sorted(len(group.members) for group in found.groups) == [8, 14]


def test_a_new_telephone_does_not_hide_a_hand_that_keeps_its_letter() -> None:
    letter = Trace("authority", "一份")
    first, second = ring(0, 6, "199"), ring(10, 6, "188")
    assert all(letter in one.traces for one in (*first, *second))
    (group,) = look(*strangers(100, 600), *first, *second).groups
    assert group.principals == 12


def test_one_family_of_traces_is_never_enough() -> None:
    rules = rules_of()
    with pytest.raises(ValueError, match="one family"):
        replace(rules, link_bits=rules.family_bits)


def test_the_tail_is_the_exact_one() -> None:
    assert tail([0.5] * 4, 4) == pytest.approx(1 / 16)
    assert tail([0.1, 0.2], 1) == pytest.approx(1 - 0.9 * 0.8)
    assert tail([0.3] * 3, 0) == 1.0
    assert tail([0.3] * 3, 4) == 0.0
    assert tail([0.01] * 401, 8) == pytest.approx(tail([0.01] * 400, 8), rel=0.05)


def test_chance_alone_makes_no_more_groups_than_the_bound_says() -> None:
    """The control of the calibration: words shuffled among people, many times."""
    rng = np.random.default_rng(7)
    hits = []
    for _ in range(300):
        words = rng.choice(12, size=120, p=np.arange(12, 0, -1) / 78).tolist()
        chance = Chance({n: Written("2026-03", "card", "JN", w) for n, w in enumerate(words)})
        holders = [frozenset({n}) for n in range(6)]
        bounds = [chance.agreeing(holders, word) for word in set(words[:6])]
        hits.append(min(bounds))
    for level in (0.02, 0.1, 0.3):
        assert mean(bound <= level for bound in hits) <= level + 0.03
    assert mean(bound <= 0.3 for bound in hits) > 0  # it can be reached, so it says something


def test_people_who_do_write_alike_pass_the_same_bound_easily() -> None:
    words = [1] * 6 + [n % 12 + 2 for n in range(114)]
    chance = Chance({n: Written("2026-03", "card", "JN", w) for n, w in enumerate(words)})
    assert chance.agreeing([frozenset({n}) for n in range(6)], 1) < 1e-6


def test_a_customer_is_known_by_any_key_and_by_what_joins_two() -> None:
    one = replace(filing(1), principal=frozenset({"id"}))
    two = replace(filing(2), principal=frozenset({"card"}))
    both = replace(filing(3), principal=frozenset({"id", "card"}))
    assert set(principals([one, two, both]).values()) == {1}
    assert principals([one, two]) == {1: 1, 2: 2}


def test_traces_name_nobody() -> None:
    class Agent:
        role, name, id_number, phone = "agent", "张三", "", "199 0000-1234"
        card = account = address = authority = ""

    found = of_people([Agent()], lambda field, value: f"<{len(value)}>")
    assert found == {Trace("agent_phone", "<11>"), Trace("agent_name", "<2>")}


def test_a_trace_worth_less_than_chance_is_refused() -> None:
    row = {"row": "g1", "trace": "phone", "family": "people", "agree": "0.1", "floor": "0.2",
           "founds": "many"}  # fmt: skip
    with pytest.raises(BadTable, match="0 < floor < agree"):
        read_rows([{**row, "because_zh": "无", "because_en": "none"}])
