"""The demonstration bank: cast, desks, and customers whose numbers check but reach nobody."""

from datetime import date

import pytest

from sujin import packs
from sujin.lab import cast
from sujin.lab.bank import plan
from sujin.lab.dice import dice
from sujin.lab.people import NOWHERE, check_digit, homes, invent, luhn_digit
from sujin.platform.organisation import OrgKind, OrgPlan


@pytest.fixture(scope="module")
def bank() -> OrgPlan:
    return plan(1)


@pytest.mark.parametrize("which", ["core", "whole"])
def test_every_organisation_follows_its_parent_and_every_post_has_a_person_and_a_place(
    which: str, bank: OrgPlan
) -> None:
    planned = cast.CORE_PLAN if which == "core" else bank
    seen = {""}
    for org in planned.orgs:
        assert org.parent in seen
        seen.add(org.code)
    people = {person.staff_no for person in planned.persons}
    assert len(people) == len(planned.persons)
    assert all(post.org in seen and post.staff_no in people for post in planned.posts)


def test_the_cast_is_documented_and_each_of_them_has_one_desk() -> None:
    assert all(person.meaning and person.name_en for person in cast.CAST)
    assert sorted(p.staff_no for p in cast.CAST) == sorted(p.staff_no for p in cast.CAST_POSTS)


def test_sun_qian_holds_zhou_taos_role_in_another_branch() -> None:
    posts = {post.staff_no: post for post in cast.CAST_POSTS}
    hers, his = posts[cast.SUN_QIAN.staff_no], posts[cast.ZHOU_TAO.staff_no]
    assert hers.role == his.role
    assert (hers.org, his.org) == (cast.BRANCH_B, cast.BRANCH_A)


def test_the_whole_bank_contains_the_core_bank(bank: OrgPlan) -> None:
    assert set(cast.CORE_PLAN.orgs) <= set(bank.orgs)
    assert set(cast.CORE_PLAN.persons) <= set(bank.persons)
    assert set(cast.CORE_PLAN.posts) <= set(bank.posts)


def test_the_whole_bank_is_as_large_as_it_says(bank: OrgPlan) -> None:
    kinds = [org.kind for org in bank.orgs]
    assert kinds.count(OrgKind.BRANCH1) == 12
    assert kinds.count(OrgKind.OUTLET) == 120
    assert len(bank.persons) >= 60
    assert len({org.name for org in bank.orgs}) == len(bank.orgs)


def test_no_desk_of_the_whole_bank_is_empty(bank: OrgPlan) -> None:
    assert {org.code for org in bank.orgs} == {post.org for post in bank.posts}


def test_every_line_and_role_is_a_code_of_the_pack(bank: OrgPlan) -> None:
    lines = {row["line"] for row in packs.rows("cn_bank", "lines")}
    roles = {row["role"] for row in packs.rows("cn_bank", "roles")}
    assert {org.line for org in bank.orgs if org.line} == lines
    assert {post.role for post in bank.posts} == roles


def test_the_same_seed_plans_the_same_bank_and_another_seed_another(bank: OrgPlan) -> None:
    assert plan(1) == bank
    assert plan(2) != bank


def test_a_bank_too_small_for_its_branches_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 84"):
        plan(1, branches=12, outlets=20)


def test_a_customers_numbers_pass_their_checks_and_belong_to_nobody(bank: OrgPlan) -> None:
    rng, where = dice("customers"), homes(bank)
    for number in range(200):
        who = invent(rng, f"K{number}", cast.OUTLET_A, where, at=date(2025, 6, 1))
        assert who.id_number.startswith(NOWHERE)
        assert check_digit(who.id_number[:17]) == who.id_number[17]
        assert int(who.id_number[16]) % 2 == (0 if who.woman else 1)
        assert luhn_digit(who.card[:-1]) == who.card[-1]
        assert len(who.phone) == 11
        assert who.born.year < 2008


def test_the_checks_themselves_are_the_published_ones() -> None:
    # Worked examples of GB 11643-1999 and ISO/IEC 7812-1; a changed digit must not pass.
    assert check_digit("11010519491231002") == "X"
    assert check_digit("11010519491231003") != "X"
    assert luhn_digit("7992739871") == "3"
    assert luhn_digit("7992739817") != "3"


def test_one_customer_in_six_or_so_is_elderly(bank: OrgPlan) -> None:
    rng, where = dice("ages"), homes(bank)
    made = [invent(rng, "K", cast.OUTLET_A, where, at=date(2025, 6, 1)) for _ in range(1000)]
    assert 0.12 < sum("elderly" in who.needs for who in made) / 1000 < 0.24
