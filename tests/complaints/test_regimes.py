"""Which law a case stands under, how its limits came about, and what a late holiday notice does."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from sujin import packs
from sujin.complaints import clock, kinds, law, rulebook
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.reread import reread
from sujin.complaints.acts.respond import respond
from sujin.complaints.draft import CaseKind, Lane, RegulatorDraft
from sujin.complaints.rulebook import calendar
from sujin.engine.regimes import Regime, in_force, read_all, read_regime
from sujin.engine.sla import Tick
from sujin.lab.cast import BRANCH2_A
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Post
from tests.complaints.conftest import Told

SHANGHAI = ZoneInfo("Asia/Shanghai")
ORDER_3, DAY = "cn_nfra_2020_3", timedelta(days=1)


def test_a_complaint_of_a_chinese_branch_stands_under_order_3(told: Told) -> None:
    assert told().regimes == ["cn_nfra_2020_3"]


def test_a_letter_of_the_central_bank_brings_its_own_limits_along(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    told(phone="13912345678")
    letter = RegulatorDraft("人民银行江南分行", "2026-7", noon, None)
    case = told(
        phone="13912345678",
        at=noon + timedelta(hours=1),
        lane=Lane.REGULATOR,
        regulator=letter,
        by=cast.wu_tong,
    )
    assert case.regimes == ["cn_nfra_2020_3", "cn_pboc_2020_5"]
    decisions = [one for one in clock.of(case, now=noon) if one.clock == "decision"]
    assert {one.regime for one in decisions} == {"cn_nfra_2020_3", "cn_pboc_2020_5"}


def test_what_is_no_complaint_runs_no_legal_clock(told: Told, noon: datetime) -> None:
    case = told("请问信用卡年费怎么收？", kind=CaseKind.CONSULTATION)
    assert {one.basis for one in clock.of(case, now=noon)} == {"institution"}


def test_a_branch_in_london_stands_under_the_law_of_london(told: Told, bank: None) -> None:
    Org.objects.filter(code=BRANCH2_A).update(jurisdiction="GB")
    case = told(origin=BRANCH2_A)
    assert case.regimes == ["uk_disp"]
    readings = {one.clock: one for one in clock.of(case, now=case.received_at)}
    # A card complaint is a payment service: fifteen business days, not eight weeks.
    assert readings["decision"].row == "p15"
    assert readings["summary"].basis == "window"
    assert case.due_clock != "summary"


def test_a_case_keeps_the_law_of_its_receipt_when_the_law_changes() -> None:
    old = next(regime for regime in rulebook.rulebook().regimes if regime.id == "cn_nfra_2020_3")
    new = replace(old, id="cn_nfra_2027_1", since=date(2027, 1, 1))
    rules = [old, new]
    before = datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI)
    after = datetime(2027, 1, 1, 0, 0, tzinfo=SHANGHAI)

    def ids(received_at: datetime) -> list[str]:
        found = in_force(rules, received_at=received_at, jurisdiction="CN")
        return [regime.id for regime in found]

    assert (ids(before), ids(after)) == (["cn_nfra_2020_3"], ["cn_nfra_2027_1"])
    assert (
        in_force(rules, received_at=datetime(2019, 1, 1, tzinfo=SHANGHAI), jurisdiction="CN") == ()
    )


def test_a_regime_whose_pack_is_gone_is_an_error_and_never_no_law() -> None:
    with pytest.raises(KeyError):
        law.of(["cn_nfra_1999_1"])


# Spring Festival 2020.


def test_a_holiday_made_longer_by_notice_moves_the_limit_and_both_stay_on_the_docket(
    cast: SimpleNamespace, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = rulebook.rulebook()

    def known_on(day: date) -> None:
        then = replace(book, house=replace(book.house, calendar=calendar("cn", day)))
        monkeypatch.setattr(clock, "rulebook", lambda: then)

    known_on(date(2020, 1, 21))
    received = datetime(2020, 1, 21, 9, 0, tzinfo=SHANGHAI)
    Post.objects.update(since=date(2019, 1, 1))
    case = told("信用卡被扣300元年费，再不退费我就打12378投诉。", at=received, by=cast.shen_qiu)
    claim(case, by=cast.chen_li, at=received)
    respond(case, way="phone", note="已联系", by=cast.chen_li, at=received)
    case.refresh_from_db()
    # Two days before the holiday, the 31st, the make-up Saturday, the Monday after.
    assert case.due_at == datetime(2020, 2, 3, 23, 59, 59, tzinfo=SHANGHAI)
    assert reread(by=system_person(), at=received + timedelta(days=1)) == 0
    known_on(date(2020, 1, 27))
    assert reread(by=system_person(), at=datetime(2020, 1, 27, 2, 20, tzinfo=SHANGHAI)) == 1
    case.refresh_from_db()
    assert case.due_at == datetime(2020, 2, 5, 23, 59, 59, tzinfo=SHANGHAI)
    moved = case.entries.of(kinds.Rescheduled).get().what()
    assert isinstance(moved, kinds.Rescheduled)
    assert (moved.before, moved.due_at) == (
        datetime(2020, 2, 3, 23, 59, 59, tzinfo=SHANGHAI),
        case.due_at,
    )
    assert "2020年2月3日" in moved.sentence() and "2020年2月5日" in moved.sentence()
    assert case.replay()["due_at"] == case.due_at


# How a deadline came about.

SCENARIO = """
received = 2026-02-10T16:30:00+08:00
now = 2026-03-20T09:00:00+08:00
agencies = ["人民银行"]
[[tick]]
kind = "accepted"
at = 2026-02-10T17:00:00+08:00
post = "branch2"
[[tick]]
kind = "extended"
at = 2026-02-20T09:00:00+08:00
stage = 2
regime = "cn_nfra_2020_3"
[[tick]]
kind = "extended"
at = 2026-03-15T09:00:00+08:00
stage = 3
regime = "cn_nfra_2020_3"
[[tick]]
kind = "paused"
at = 2026-02-21T09:00:00+08:00
cause = "appraisal"
[[tick]]
kind = "resumed"
at = 2026-02-23T09:00:00+08:00
[[tick]]
kind = "agreed"
at = 2026-03-01T09:00:00+08:00
until = 2026-04-30T18:00:00+08:00
"""


def explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("clock", "explain", *arguments)
    return capsys.readouterr().out


def test_a_scenario_is_explained_tick_by_tick(
    bank: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    told = explained(capsys, "--scenario", str(path))
    for said in (
        "银保监会令2020年第3号 第十八条",
        "中国人民银行令〔2020〕第5号 第四十三条",
        "升至第 2 档",
        "不计入 2 days",
        "约定至 2026-04-30T18:00:00+08:00",
        "2026-02-16 春节 不计",
        "待法律合规部门确认",
    ):
        assert said in told, told
    english = explained(capsys, "--scenario", str(path), "--english")
    assert "to stage 2: extended" in english and "not counted" in english


def test_a_case_is_explained_by_its_number(told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    assert "作出处理决定并告知（15日）" in explained(capsys, told().number)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("received = 2026-02-10T16:30:00", "时区"),
        ("now = 2026-02-10T16:30:00+08:00", "received"),
        ("received = 2026-02-10T16:30:00+08:00\nregimes = ['xx']", "xx"),
        ("received = 2026-02-10T16:30:00+08:00\n[[tick]]\nkind='x'\nat=2026-02-11", "kind x"),
        ("received = ", "TOML"),
    ],
)
def test_a_scenario_that_cannot_be_is_named(
    bank: None, tmp_path: Path, content: str, says: str
) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=says):
        call_command("clock", "explain", "--scenario", str(path))


def test_a_number_that_is_not_there_and_no_number_at_all_are_named(bank: None) -> None:
    with pytest.raises(CommandError, match="2026-9999999"):
        call_command("clock", "explain", "2026-9999999")
    with pytest.raises(CommandError, match="scenario"):
        call_command("clock", "explain")


def switched(**rules: bool) -> Regime:
    """Order 3 as its pack tells it, with these switches of its own turned."""
    manifest = packs.manifest(ORDER_3)
    return read_regime(
        {**manifest, "rules": {**manifest["rules"], **rules}},
        limits=packs.rows(ORDER_3, "clocks"),
        extensions=packs.rows(ORDER_3, "extensions"),
        pauses=packs.rows(ORDER_3, "pauses"),
        calendar=calendar("cn"),
    )


@pytest.mark.parametrize(("may_shorten", "day"), [(True, "2026-03-19"), (False, "2026-04-01")])
def test_whether_new_facts_may_shorten_the_period_is_the_pack_s_to_say(
    noon: datetime, may_shorten: bool, day: str
) -> None:
    """Extended to 1 April; on day 15 material of day 2 is entered."""
    entered = noon + 15 * DAY
    ticks = [
        Tick("received", noon),
        Tick("extended", noon + 10 * DAY, 2, regime=ORDER_3),
        Tick("restarted", noon + 2 * DAY, entered=entered),
    ]
    assert due_day(switched(restart_may_shorten=may_shorten), ticks, entered) == day
    # A date agreed on afterwards prevails in either reading.
    ticks.append(Tick("agreed", entered, until=noon + 16 * DAY))
    agreed = due_day(switched(restart_may_shorten=may_shorten), ticks, entered)
    assert agreed == "2026-03-18"


@pytest.mark.parametrize(("moves", "day"), [(False, "2026-03-22"), (True, "2026-04-01")])
def test_whether_a_pause_moves_an_agreed_date_is_the_pack_s_to_say(
    noon: datetime, moves: bool, day: str
) -> None:
    """Agreed on for day 20, ten days of appraisal: of those before the agreement none counts."""
    ticks = [
        Tick("received", noon - 5 * DAY),
        Tick("paused", noon - 3 * DAY, cause="appraisal"),
        Tick("agreed", noon, until=noon + 20 * DAY),
        Tick("resumed", noon + 10 * DAY),
    ]
    assert due_day(switched(pauses_move_agreed=moves), ticks, noon + 12 * DAY) == day


def due_day(rules: Regime, ticks: list[Tick], now: datetime) -> str:
    readings = read_all([rules], ticks, tier="complex", lane="ordinary", now=now)
    due = next(one.due_at for one in readings if one.clock == "decision")
    assert due is not None
    return due.date().isoformat()
