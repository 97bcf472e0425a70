"""The story: in order, reproducible, with its waves, events, repeats and agents really in it."""

import json
import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest

from sujin import packs
from sujin.complaints.draft import CaseKind, Draft, Lane, PartyRole
from sujin.lab.arrivals import ground
from sujin.lab.bank import plan
from sujin.lab.cast import CORE_PLAN
from sujin.lab.people import homes
from sujin.lab.plants import Plants
from sujin.lab.scenes import group, reference
from sujin.lab.story import hidden, story
from sujin.lab.truth import Truth, summary, write
from sujin.lab.volume import is_workday

SEED, START, END, SIZE = 11, date(2025, 3, 1), date(2026, 8, 31), 6000
BANK = plan(SEED)
Told = list[tuple[Draft, Truth]]


@pytest.fixture(scope="module")
def told() -> Told:
    return list(story(SEED, BANK, START, END, SIZE))


@pytest.fixture(scope="module")
def plants() -> Plants:
    return hidden(SEED, BANK, START, END)


def test_the_same_seed_tells_the_same_story_byte_for_byte() -> None:
    first, again = (repr(list(story(3, CORE_PLAN, START, END, 300))) for _ in range(2))
    assert first == again
    assert first != repr(list(story(4, CORE_PLAN, START, END, 300)))


def test_a_story_without_days_or_outlets_is_refused() -> None:
    with pytest.raises(ValueError, match="end after its start"):
        next(story(1, CORE_PLAN, END, START))


def test_the_story_has_about_its_size_in_the_order_of_time(told: Told) -> None:
    moments = [draft.received_at for draft, _ in told]
    assert 0.9 * SIZE < len(told) < 1.1 * SIZE
    assert moments == sorted(moments)
    assert moments[0].date() >= START and moments[-1].date() <= END
    assert all(moment.utcoffset() == timedelta(hours=8) for moment in moments)


def test_every_draft_is_marked_as_synthetic_and_has_its_own_id(told: Told) -> None:
    assert all(draft.attributes["synthetic"] == "yes" for draft, _ in told)
    assert all(draft.source == "lab" for draft, _ in told)
    assert len({draft.external_id for draft, _ in told}) == len(told)
    assert all(draft.external_id == truth.external_id for draft, truth in told)


def test_every_code_exists_in_the_plan_or_in_the_pack(told: Told) -> None:
    orgs = {org.code for org in BANK.orgs}
    known = {(row["axis"], row["code"]) for row in packs.rows("cn_bank", "taxonomy")}
    for draft, truth in told:
        assert {draft.origin, draft.attributes["home"], truth.branch} <= orgs
        assert {("business", truth.business), ("cause", truth.cause)} <= known
        assert not draft.declared.business or ("business", draft.declared.business) in known
        assert draft.outcome is None or ("outcome", draft.outcome.label) in known


def test_shares_of_complaints_are_near_the_published_ones(told: Told) -> None:
    plain = [t for _, t in told if t.kind is CaseKind.COMPLAINT and not (t.wave or t.event)]
    found = Counter(group(truth.business) for truth in plain)
    for code in ("card.debit", "card.credit", "loan"):
        assert found[code] / len(plain) == pytest.approx(reference("business")[code], abs=0.04)


def test_a_wave_is_at_least_three_times_its_cells_expectation(told: Told, plants: Plants) -> None:
    base = ground(homes(BANK), plants, START, END, SIZE)
    for wave in plants.waves:
        inside = [t for _, t in told if t.contact == 1 and wave.first <= t.received_at.date()]
        inside = [t for t in inside if t.received_at.date() <= wave.last]
        here = [t for t in inside if (t.branch, t.scene) == (wave.branch, wave.scene)]
        days = slice(base.offset(wave.first), base.offset(wave.last) + 1)
        expected = float(base.cell(wave)[days].sum())
        assert len(here) >= max(3 * expected, 6), wave.code
        assert all(not wave.outlet or t.outlet == wave.outlet for t in here if t.wave)


def test_weeks_without_a_wave_do_not_look_like_one(told: Told, plants: Plants) -> None:
    """The control: the same cells, in the fortnight before each wave."""
    for wave in plants.waves:
        days = [wave.first - timedelta(days=n) for n in range(1, 15)]
        here = [t for _, t in told if (t.branch, t.scene) == (wave.branch, wave.scene)]
        assert sum(t.received_at.date() in days for t in here) <= 6, wave.code


def test_an_event_brings_its_scenes_from_its_first_day_on(told: Told, plants: Plants) -> None:
    for event in plants.events:
        fed = [t for _, t in told if t.event == event.code and t.contact == 1]
        assert len(fed) >= 8, event.code
        assert {t.scene for t in fed} <= set(event.scenes)
        assert min(t.received_at.date() for t in fed) >= event.first
        assert len({t.branch for t in fed}) >= 5


def test_a_real_intervention_lowers_its_scenes_and_a_sham_does_not(plants: Plants) -> None:
    real, sham = plants.interventions[0], plants.interventions[-1]
    base = ground(homes(BANK), plants, START, END, SIZE)
    codes = [scene.code for scene in base.scenes]
    for one, ratio in ((real, real.effect), (sham, 1.0)):
        place = base.branches.index(one.branches[0]), codes.index(one.scenes[0])
        rest = base.expected[CaseKind.COMPLAINT][:, place[0], codes.index("debit_frozen")]
        cell = base.expected[CaseKind.COMPLAINT][:, place[0], place[1]] / rest
        assert cell[-1] / cell[0] == pytest.approx(ratio)


def test_mondays_are_busy_weekends_quiet_and_holidays_quieter(told: Told) -> None:
    by_day = Counter(draft.received_at.date() for draft, _ in told)
    days = [START + timedelta(days=n) for n in range((END - START).days + 1)]
    mondays = mean(by_day[d] for d in days if d.weekday() == 0 and is_workday(d))
    fridays = mean(by_day[d] for d in days if d.weekday() == 4 and is_workday(d))
    sundays = mean(by_day[d] for d in days if d.weekday() == 6 and not is_workday(d))
    holidays = mean(by_day[d] for d in days if d.weekday() < 5 and not is_workday(d))
    assert mondays > 1.1 * fridays
    assert sundays < 0.7 * fridays
    assert holidays < 0.6 * fridays


def test_letters_of_regulators_come_on_working_days_with_their_own_facts(told: Told) -> None:
    letters = [draft for draft, _ in told if draft.channel == "regulator"]
    assert letters
    for draft in letters:
        assert draft.lane is Lane.REGULATOR
        assert draft.regulator is not None and draft.regulator.reference
        assert draft.regulator.transferred_at is not None
        assert draft.regulator.transferred_at < draft.received_at
        assert is_workday(draft.received_at.date())


def test_a_repeat_is_the_same_customer_and_matter_by_another_door(told: Told) -> None:
    firsts = {truth.external_id: truth for _, truth in told}
    repeats = [truth for _, truth in told if truth.repeat_of]
    assert len(repeats) > 0.03 * len(told)
    for truth in repeats:
        first = firsts[truth.repeat_of]
        assert first.contact == 1
        assert (first.customer, first.scene) == (truth.customer, truth.scene)
        assert first.received_at < truth.received_at
    seconds = [t for t in repeats if t.contact == 2]
    assert all(t.channel != firsts[t.repeat_of].channel for t in seconds)


def test_some_customers_report_by_three_doors_in_one_day(told: Told) -> None:
    days: defaultdict[tuple[str, str, date], set[str]] = defaultdict(set)
    for _, truth in told:
        days[truth.customer, truth.scene, truth.received_at.date()].add(truth.channel)
    assert sum(len(doors) >= 3 for doors in days.values()) >= 3


def test_the_texts_of_organised_agents_are_near_copies_and_their_phone_is_one(
    told: Told, plants: Plants
) -> None:
    for crew in plants.groups:
        ours = [draft for draft, truth in told if truth.group == crew.code]
        assert len(ours) == crew.members
        agents = {p.phone for d in ours for p in d.parties if p.role is PartyRole.AGENT}
        assert agents == {crew.phone}
        assert len({draft.parties[0].id_number or draft.parties[0].phone for draft in ours}) > 5
        assert mean(_likeness(a.text, b.text) for a, b in pairwise(ours)) > 0.6


def test_relatives_also_act_for_customers_and_are_no_group(told: Told) -> None:
    acting = [t for d, t in told if len(d.parties) > 1 and not t.group]
    assert len(acting) >= 5


def _likeness(one: str, other: str) -> float:
    masked = (re.sub(r"[\d.,，]", "", text) for text in (one, other))
    first, second = ({t[at : at + 3] for at in range(len(t) - 2)} for t in masked)
    return len(first & second) / len(first | second)


def test_the_gaming_branch_games_only_at_the_end_of_months(told: Told, plants: Plants) -> None:
    gamed = [(d, t) for d, t in told if t.gaming]
    assert len(gamed) >= 5
    for draft, truth in gamed:
        assert truth.branch == plants.gaming[0].branch
        assert (draft.received_at.date() + timedelta(days=3)).day <= 3
        assert draft.kind is truth.kind is CaseKind.COMPLAINT


def test_old_cases_are_mostly_closed_and_new_ones_mostly_open(told: Told) -> None:
    old = [d for d, _ in told if (END - d.received_at.date()).days > 25]
    new = [d for d, _ in told if (END - d.received_at.date()).days <= 25]
    assert mean(draft.outcome is not None for draft in old) > 0.9
    assert mean(draft.outcome is not None for draft in new) < 0.3
    closed = [d for d in old if d.outcome]
    assert all(d.outcome and d.received_at < d.outcome.at for d in closed)


def test_the_truth_gives_tiering_its_facts(told: Told) -> None:
    facts = [truth.tier_facts() for _, truth in told]
    assert any(f["safety"] for f in facts) and any(f["media"] for f in facts)
    assert sum(bool(f["regulator"]) for f in facts) >= sum(
        t.channel == "regulator" for _, t in told
    )


def test_truth_is_written_one_line_each_and_summed_up(
    told: Told, plants: Plants, tmp_path: Path
) -> None:
    truths = [truth for _, truth in told]
    assert write(tmp_path / "truth.jsonl", truths) == len(truths)
    lines = (tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["external_id"] for line in lines] == [t.external_id for t in truths]
    page = summary(plants, truths)
    assert all(f"| {wave.code} |" in page for wave in plants.waves)


def test_a_story_of_the_smallest_bank_is_not_all_plants() -> None:
    small = [truth for _, truth in story(5, CORE_PLAN, START, END, 400)]
    assert mean(bool(t.wave or t.event or t.group) for t in small) < 0.35
