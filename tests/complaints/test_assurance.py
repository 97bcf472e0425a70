"""The promise about urgent complaints: a faster look by a person, nothing decided by a machine."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sujin.complaints import assurance, kinds, second_looks
from sujin.complaints.acts.close import missing
from sujin.complaints.acts.confirm_tier import CannotConfirmTier, confirm_tier, find_urgent
from sujin.complaints.acts.keep_model import keep_promise
from sujin.complaints.acts.merge import merge
from sujin.complaints.acts.reclassify import threshold
from sujin.complaints.acts.refer_up import refer_up
from sujin.complaints.acts.retier import retier
from sujin.complaints.acts.watch_urgent import watch_urgent
from sujin.complaints.assurance import Assurance
from sujin.complaints.calibrating import calibrate
from sujin.complaints.models import Complaint, Vigil
from sujin.complaints.settled import Labelled, confirmed, missed_since
from sujin.engine.conformal import CannotPromise, Method
from sujin.engine.tier import Tier, TierFacts
from sujin.lab.orgs import CENTRE, COMPANY, HEAD
from sujin.platform import journal, reach
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Absence, Entry, Notice, Org, Person, Post
from tests.complaints.conftest import Told

TALK = ("贷款利率怎么算", "信用卡年费没有免", "排队等了两个小时", "转账没有到账", "网点态度不好")
NOVEL = ("顶楼的晚霞真好看，看完就不下来了", "这局不玩了，号注销前最后说一次")
GRAVE = "转账没有到账，网点态度不好。顶楼的晚霞真好看，看完就不下来了。"
CALM = "信用卡年费没有免，贷款利率怎么算，排队等了两个小时。"
SignIn = Callable[[Person], Client]


def rows(n: int = 320) -> list[Labelled]:
    chance = np.random.default_rng(8)
    found = []
    for number in range(n):
        talk = "，".join(chance.permutation(TALK)[:3])
        is_urgent = number % 2 == 0
        text = f"{talk}。{NOVEL[number // 2 % 2]}。" if is_urgent else f"{talk}。"
        found.append(Labelled(text, TierFacts(), False, is_urgent))
    return found


def made(labelled: list[Labelled], urgent_min: int = 60, alpha: float = 0.02) -> Assurance:
    return calibrate(
        labelled, alpha=alpha, method=Method.AVERAGE, delta=0.1, urgent_min=urgent_min, seed=1,
        source="confirmed", at=datetime.fromisoformat("2026-03-01T08:00:00+08:00"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def calibrated() -> Assurance:
    return made(rows())


@pytest.fixture
def promised(
    calibrated: Assurance, settings: Any, tmp_path: Path, bank: None, noon: datetime
) -> Assurance:
    settings.MODELS_ROOT = tmp_path
    keep_promise(calibrated, by=system_person(), at=noon)
    return calibrated


def test_without_a_calibration_nothing_is_promised_and_nobody_is_asked(
    cast: SimpleNamespace, told: Told, settings: Any, tmp_path: Path, noon: datetime
) -> None:
    settings.MODELS_ROOT = tmp_path
    case = told(GRAVE)
    assert not case.awaits_tier
    assert watch_urgent(by=cast.zhou_tao, at=noon) is None


def test_a_grave_text_in_words_no_list_knows_is_shown_to_a_person_with_its_words(
    promised: Assurance, told: Told
) -> None:
    case = told(GRAVE)
    triaged = case.entries.of(kinds.Triaged).get().what()
    assert isinstance(triaged, kinds.Triaged)
    assert (case.tier, case.awaits_tier) == ("ordinary", True)
    assert any(word in "顶楼的晚霞真好看,看完就不下来了" for word in triaged.raised_by)
    assert triaged.urgency is not None and promised.card.promised.refers(triaged.urgency)
    assert "待人定级" in triaged.sentence()
    assert not told(CALM, phone="13900000001").awaits_tier


def test_before_a_person_decides_it_moves_no_clock_no_desk_and_no_right(
    promised: Assurance, told: Told, settings: Any, tmp_path: Path
) -> None:
    referred = told(GRAVE)
    settings.MODELS_ROOT = tmp_path / "none"
    plain = told(GRAVE, phone="13900000002")
    for field in ("tier", "due_at", "due_clock", "desk_id", "accountable_id", "seen_by", "lane"):
        assert getattr(referred, field) == getattr(plain, field), field
    assert (referred.awaits_tier, plain.awaits_tier) == (True, False)
    assert [tick.kind for tick in referred.ticks()] == [tick.kind for tick in plain.ticks()]


def test_the_outlet_manager_says_with_one_click_that_it_is_not_urgent(
    promised: Assurance, cast: SimpleNamespace, told: Told, signed_in: SignIn
) -> None:
    case = told(GRAVE)
    page = signed_in(cast.li_jianguo).get("/").content.decode()
    assert "看一眼是否紧急" in page
    answer = signed_in(cast.li_jianguo).post(
        f"/complaints/{case.number}/tier-confirmation", {"back": "home"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")
    case.refresh_from_db()
    assert (case.tier, case.awaits_tier) == ("ordinary", False)
    assert case.entries.of(kinds.TierConfirmed).get().by == cast.li_jianguo
    assert "看一眼是否紧急" not in signed_in(cast.li_jianguo).get("/").content.decode()


def test_it_stands_first_on_the_list_of_whoever_may_set_tiers(
    promised: Assurance, cast: SimpleNamespace, told: Told, signed_in: SignIn, noon: datetime
) -> None:
    told(by=cast.li_jianguo, at=noon - timedelta(days=40))
    case = told(GRAVE, phone="13900000003")
    page = signed_in(cast.li_jianguo).get("/").content.decode()
    first, second, *_rest = page.split('class="task-wants">')[1:]
    assert first.startswith("看一眼是否紧急")
    assert not second.startswith("看一眼是否紧急")
    assert page.count("看一眼是否紧急") == 1
    assert case.number in page
    # A teller may not set tiers: to her it is a case like any other.
    assert "看一眼是否紧急" not in signed_in(cast.wang_xiuying).get("/").content.decode()
    assert (
        signed_in(cast.wang_xiuying).post(f"/complaints/{case.number}/urgency").status_code == 403
    )


def test_found_urgent_it_becomes_urgent_with_its_clocks(
    promised: Assurance, cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(GRAVE)
    before = case.due_at
    find_urgent(case, by=cast.li_jianguo, at=noon)
    case.refresh_from_db()
    assert (case.tier, case.awaits_tier) == ("urgent", False)
    assert before is not None and case.due_at is not None and case.due_at < before
    assert case.replay()["awaits_tier"] is False
    with pytest.raises(CannotConfirmTier, match="没有待定级"):
        confirm_tier(case, by=cast.li_jianguo, at=noon)


def test_what_the_rules_call_urgent_is_not_asked_about(promised: Assurance, told: Told) -> None:
    case = told("再不退我就从你们楼上跳下去，" + GRAVE)
    assert (case.tier, case.awaits_tier) == ("urgent", False)


def test_a_file_of_another_form_promises_nothing_and_takes_complaints_all_the_same(
    promised: Assurance, told: Told, tmp_path: Path
) -> None:
    (tmp_path / "urgency.npz").write_bytes(b"not a model")
    assert assurance.current() is None
    assert not told(GRAVE).awaits_tier


def test_too_few_urgent_cases_are_refused_and_the_command_says_so(
    settings: Any, tmp_path: Path, bank: None
) -> None:
    with pytest.raises(CannotPromise, match="the pack asks for 60"):
        made(rows(100))
    settings.MODELS_ROOT = tmp_path
    with pytest.raises(CommandError, match="no promise can be made"):
        call_command("promise", "calibrate")
    assert not (tmp_path / "urgency.npz").exists()


def test_the_card_says_what_was_promised_on_what(promised: Assurance, tmp_path: Path) -> None:
    card = json.loads((tmp_path / "urgency.json").read_text())
    assert card["promised"]["alpha"] == 0.02
    assert card["promised"]["n"] >= 60
    assert len(card["assured"]) == 12
    again = assurance.current()
    assert again is not None and again.card == promised.card


def urgent_after_all(
    told: Told, cast: SimpleNamespace, at: datetime, *, phone: str, text: str = CALM
) -> Complaint:
    """A case that nobody had been asked about, and that a person finds urgent."""
    case = told(text, phone=phone)
    retier(case, to=Tier.URGENT, because="通话中客户有轻生表述", by=cast.li_jianguo, at=at)
    return case


@pytest.fixture
def missed(promised: Assurance, cast: SimpleNamespace, told: Told, noon: datetime) -> Complaint:
    return urgent_after_all(told, cast, noon, phone="13900000006")


def awaited(case: Complaint) -> Complaint:
    """As if the second look had asked for a person; how it comes to that is told above."""
    Complaint.objects.filter(pk=case.pk).update(awaits_tier=True)
    return Complaint.objects.get(pk=case.pk)


def test_a_second_contact_that_makes_it_complex_does_not_take_the_look_away(
    promised: Assurance, told: Told, noon: datetime
) -> None:
    case = told(GRAVE, phone="13900000007")
    told(GRAVE + "再不解决我就打12378投诉。", phone="13900000007", at=noon + timedelta(hours=3))
    case.refresh_from_db()
    assert case.entries.of(kinds.Retiered).get().data["tier"] == "complex"
    assert (case.tier, case.awaits_tier) == ("complex", True)
    assert case.replay()["awaits_tier"] is True
    told("再不退我就从你们楼上跳下去。" + GRAVE, phone="13900000007", at=noon + timedelta(hours=4))
    case.refresh_from_db()
    assert (case.tier, case.awaits_tier) == ("urgent", False)


def test_nothing_closes_before_somebody_has_looked(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = awaited(told())
    assert any("还没有人定级" in point for point in missing(case))
    confirm_tier(case, by=cast.li_jianguo, at=noon)
    case.refresh_from_db()
    assert not any("还没有人定级" in point for point in missing(case))


def test_the_look_goes_on_under_the_other_number(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = awaited(told(phone="13900000001"))
    target = told("手机银行转账五千元没有到账，请尽快处理。", phone="13900000001")
    assert target.pk != case.pk
    Complaint.objects.filter(pk=target.pk).update(tier=case.tier)
    merge(case, into=target, because="同一事项", by=cast.chen_li, at=noon)
    target.refresh_from_db()
    assert target.awaits_tier
    assert target.replay()["awaits_tier"] is True
    # What the target waits for itself, a merge with a case that waits for nothing leaves alone.
    plain = told("存款利息少算了两元，请核对。", phone="13900000001")
    Complaint.objects.filter(pk=plain.pk).update(tier=target.tier)
    merge(plain, into=target, because="同一事项", by=cast.chen_li, at=noon)
    target.refresh_from_db()
    assert target.awaits_tier


def test_what_waits_for_a_look_stops_being_a_complaint_only_before_four_eyes(told: Told) -> None:
    case = told(text="网点排队太久。")
    assert threshold(case) == ""
    assert threshold(awaited(case)) == "待定级"


def looked_at_by(cast: SimpleNamespace, case: Complaint, signed_in: SignIn) -> set[str]:
    """Who of the cast finds the case to look at on the workbench."""
    pages = {name: signed_in(person).get("/") for name, person in vars(cast).items()}
    return {
        name
        for name, page in pages.items()
        if any(
            task.case.pk == case.pk and task.is_to_tier
            for task in (page.context or {}).get("tasks", ())
        )
    }


def test_where_nobody_at_the_desk_may_set_tiers_the_next_level_looks(
    cast: SimpleNamespace,
    told: Told,
    noon: datetime,
    signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    case = awaited(told())
    assert looked_at_by(cast, case, signed_in) == {"li_jianguo"}
    # The hotline's agents set no tiers: the house above them looks.
    hotline = awaited(told(by=cast.zhao_min, origin=CENTRE, phone="13900000008"))
    assert looked_at_by(cast, hotline, signed_in)
    Absence.objects.create(person=cast.li_jianguo, since=noon.date(), until=noon.date())
    above = looked_at_by(cast, case, signed_in)
    assert above - {"li_jianguo"}
    assert "sun_qian" not in above
    reach_of = reach.of(cast.chen_li, noon)
    with CaptureQueriesContext(connection) as asked:
        second_looks.cases_looked_after(reach_of, noon)
    assert len(asked) == 2


def away(persons: Iterable[Person], day: date) -> None:
    Absence.objects.bulk_create(Absence(person=one, since=day, until=day) for one in persons)


def test_where_nobody_above_may_set_tiers_the_head_office_desk_looks_and_at_last_its_head(
    cast: SimpleNamespace,
    told: Told,
    noon: datetime,
    signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    case = awaited(told())
    assert refer_up(by=system_person(), at=noon) == 0
    lineage = Org.objects.filter(pk__in=case.origin.lineage)
    away(Person.objects.filter(posts__org__in=lineage).distinct(), noon.date())
    # Nobody of the whole lineage is there, nor anybody at the consumer-protection desk.
    assert looked_at_by(cast, case, signed_in) >= {"zheng_gang"}
    assert refer_up(by=system_person(), at=noon) == 0
    consumer = Org.objects.get(code=f"{HEAD}-CONSUMER")
    Post.objects.create(person=cast.sun_qian, org=consumer, role="supervisor", since=noon.date())
    # Before the worker has come by, the case is still somebody's.
    assert looked_at_by(cast, case, signed_in) >= {"zheng_gang"}
    assert refer_up(by=system_person(), at=noon) == 1
    assert "sun_qian" in looked_at_by(cast, case, signed_in)
    asked = case.entries.of(kinds.ReferredUp).get()
    for act in journal.reactions_to(asked.kind):
        act(asked)
    assert cast.sun_qian.pk in set(Notice.objects.values_list("person", flat=True))
    assert refer_up(by=system_person(), at=noon) == 0
    done = signed_in(cast.sun_qian).post(f"/complaints/{case.number}/tier-confirmation")
    assert done.status_code == 302
    case.refresh_from_db()
    assert not case.awaits_tier and case.replay()["seen_by"] == tuple(case.seen_by)


def test_what_waits_at_the_company_is_not_shown_to_the_bank_s_own_desk(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = awaited(told(by=cast.gao_xiang, origin=COMPANY))
    company = Org.objects.get(code=COMPANY)
    Complaint.objects.filter(pk=case.pk).update(desk=company)
    lineage = Org.objects.filter(pk__in=company.lineage)
    away(Person.objects.filter(posts__org__in=lineage).distinct(), noon.date())
    consumer = Org.objects.get(code=f"{HEAD}-CONSUMER")
    Post.objects.create(person=cast.sun_qian, org=consumer, role="supervisor", since=noon.date())
    assert refer_up(by=system_person(), at=noon) == 0
    assert case.pk in second_looks.cases_looked_after(reach.of(cast.zheng_gang, noon), noon)


def ended(case: Complaint, at: datetime, by: Person) -> None:
    """Closed by the docket's own entry; what closing asks for is another test's matter."""
    case.refresh_from_db()
    case.write(
        kinds.Closed(outcome="explanation", closed_at=at, seen_by=tuple(case.seen_by)), by=by, at=at
    )


def test_people_teach_it_and_a_case_that_grew_urgent_later_does_not(
    promised: Assurance, cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    missed = urgent_after_all(told, cast, noon, phone="13900000004")
    grown = told(CALM, phone="13900000005")
    grown.write(
        kinds.Retiered("ordinary", "urgent", "", None, "", reasons={"zh": "已有媒体报道"}),
        by=cast.wang_xiuying, at=noon,
    )  # fmt: skip
    labelled = list(confirmed())
    assert [row.is_urgent for row in labelled] == [True]
    assert list(missed_since(promised.card.assured)) == [missed]


def test_the_night_counts_misses_once_their_cases_are_closed_and_tells_when_it_rings(
    promised: Assurance, cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    cases = [
        urgent_after_all(told, cast, noon, phone=f"1390000001{n}", text=f"{CALM}{n}")
        for n in range(6)
    ]
    vigil = watch_urgent(by=cast.zhou_tao, at=noon)
    assert vigil is not None
    assert (vigil.urgent, vigil.missed, vigil.open_missed) == (0, 0, 6)
    for case in cases:
        ended(case, noon, cast.li_jianguo)
    vigil = watch_urgent(by=cast.zhou_tao, at=noon)
    assert vigil is not None
    assert (vigil.urgent, vigil.missed, vigil.open_missed) == (6, 6, 0)
    assert vigil.evidence > 100
    assert vigil.broken_at is not None
    assert vigil.replay()["missed"] == 6
    rang = {entry.data["alarm"]: entry.pk for entry in Entry.objects.of(kinds.GuardRang)}
    assert "misses" in rang
    watch_urgent(by=cast.zhou_tao, at=noon + timedelta(days=1))
    again = [(entry.data["alarm"], entry.pk) for entry in Entry.objects.of(kinds.GuardRang)]
    assert sorted(again) == sorted(rang.items())


def test_whoever_watches_the_house_is_told_that_it_rang(
    promised: Assurance, cast: SimpleNamespace, noon: datetime
) -> None:
    from sujin.complaints.acts.inform import inform_watchers

    vigil = Vigil.objects.create(assured="aa", begun_at=noon, alpha=0.02)
    entry = vigil.write(kinds.GuardRang(alarm="shift", rang_at=noon), by=cast.zhou_tao, at=noon)
    inform_watchers(entry)
    notice = Notice.objects.to(cast.qian_wei).get()
    assert notice.target == f"/assurance/{vigil.pk}"
    vigil.refresh_from_db()
    assert vigil.shifted_at == noon


def test_the_page_says_that_nothing_is_promised_or_what_is(
    cast: SimpleNamespace, missed: Complaint, signed_in: SignIn, noon: datetime, settings: Any
) -> None:
    case = missed
    watch_urgent(by=cast.zhou_tao, at=noon)
    page = signed_in(cast.qian_wei).get("/assurance").content.decode()
    assert "2.0%" in page
    assert case.number in page
    # A branch that has nothing to do with it does not see the case.
    assert case.number not in signed_in(cast.sun_qian).get("/assurance").content.decode()
    assert signed_in(cast.wang_xiuying).get("/assurance").status_code == 403
    settings.MODELS_ROOT = settings.MODELS_ROOT / "none"
    assert "没有作出保证" in signed_in(cast.qian_wei).get("/assurance").content.decode()


def test_teaching_and_calibrating_never_share_a_case(calibrated: Assurance) -> None:
    card = calibrated.card
    assert card.learned + card.calibrated == 320
    assert card.learned == 128
    # Known-bad control: the same rows in another order are other data.
    assert made(rows()[::-1]).card.assured != card.assured
    assert replace(card, seed=2) != card
