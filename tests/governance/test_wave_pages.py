"""Who sees a warning and how much of it; what the pages say; the replay."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from sujin.engine.watch import Alarm
from sujin.governance import watching
from sujin.governance.acts.judge_wave import dismiss_wave
from sujin.governance.acts.raise_wave import raise_wave
from sujin.governance.acts.replay_watch import CannotReplay, ask_replay, run_replay
from sujin.governance.acts.watch_waves import watch_waves
from sujin.governance.models import Replay, Watch, Wave
from sujin.governance.sighting import Sighted
from sujin.governance.watchbook import watched
from sujin.lab.cast import CAST, OUTLET_A, OUTLET_B
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Person
from tests.governance.wave_town import NEW, tell

SignedIn = Callable[[Person], Client]
CARD = "card.credit.billing"
SETTINGS = {"q": 0.1, "false_a_month": 0.5, "least": 5}


@pytest.fixture
def wave(bank: None, noon: datetime) -> Wave:
    """Made by hand as the watch would: 21 cases about cards at outlet A instead of one."""
    tell(noon, days=60, planted=dict.fromkeys((3, 2, 1), (OUTLET_A, CARD, NEW, 7)))
    return planted(noon, OUTLET_A)


def planted(at: datetime, code: str) -> Wave:
    outlet, today = Org.objects.get(code=code), at.date()
    alarm = Alarm(
        (outlet.path, CARD, "", ""), ("growing",), today - timedelta(days=1),
        today - timedelta(days=1), today - timedelta(days=3), 22.0, 0.7, 0.0, 3.0, 30.0, 1e-12, 6.0,
    )  # fmt: skip
    made = raise_wave(Sighted(watched()[1], alarm), watching.axes(), by=system_person(), at=at)
    return Wave.objects.get(pk=made.pk)


def test_each_sees_the_warnings_of_the_own_tree(
    wave: Wave, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    board = reverse("governance:waves")
    people = Person.objects.filter(staff_no__in=[spec.staff_no for spec in CAST])
    opened, seen = set(), set()
    for person in people:
        client = signed_in(person)
        page = client.get(board)
        if page.status_code == 200:
            opened.add(person.name)
            if wave.get_absolute_url() in page.content.decode():
                seen.add(person.name)
                assert client.get(wave.get_absolute_url()).status_code == 200
            else:
                assert client.get(wave.get_absolute_url()).status_code == 404, person
        else:
            assert page.status_code == 403 == client.get(wave.get_absolute_url()).status_code
    assert {"王秀英", "李建国", "赵敏", "孔明宇"}.isdisjoint(opened)
    assert seen == {"陈立", "沈秋", "周涛", "田野", "秦兰", "林岚", "郑刚", "吴桐", "钱卫"}
    assert {"孙倩", "马骏", "何静", "刘洋"} <= opened - seen


def test_the_board_says_how_many_instead_of_how_many_and_where(
    wave: Wave, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    body = signed_in(cast.lin_lan).get(reverse("governance:waves")).content.decode()
    assert "<strong>22</strong> 件，平常 0.7 件，最多 3 件" in body
    assert "快速增长" in body and "承诺每月误报不超过 2.0 条" in body
    nothing = signed_in(cast.lin_lan).get(reverse("governance:waves"), {"which": "over"})
    assert (
        "没有符合条件的预警" in nothing.content.decode()
        or "还没有巡查过" in nothing.content.decode()
    )


def test_a_warnings_page_shows_its_cases_words_parts_and_what_would_be_silent(
    wave: Wave, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    page = signed_in(cast.chen_li).get(wave.get_absolute_url())
    body = page.content.decode()
    assert len(page.context["telling"]) == 10
    assert "不超过 6 件" in body and "限额" in body and "<svg" in body
    opened = signed_in(cast.chen_li).get(page.context["cases_url"])
    assert opened.context["listing"].count >= 21


def test_the_telling_cases_are_those_in_reach(
    wave: Wave, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    """The known-bad control: the wealth company's warning with cases of branch A."""
    Wave.objects.filter(pk=wave.pk).update(owner=Org.objects.get(code="HO-CARD"))
    page = signed_in(cast.liu_yang).get(wave.get_absolute_url())
    assert page.status_code == 200
    assert page.context["telling"] == []
    assert "不在您的范围内" in page.content.decode()


def test_the_owner_acknowledges_and_head_office_dismisses_on_the_page(
    wave: Wave, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    taken = reverse("governance:wave_acknowledgement", args=[wave.pk])
    assert signed_in(cast.chen_li).post(taken, {"words": ""}).status_code == 422
    assert signed_in(cast.chen_li).post(taken, {"words": "明天给结论"}).status_code == 302
    gone = reverse("governance:wave_dismissal", args=[wave.pk])
    said = {"reason": "chance", "because": "没有共同原因"}
    assert signed_in(cast.lin_lan).post(gone, said).status_code == 422
    assert signed_in(cast.chen_li).post(gone, {**said, "sure": "on"}).status_code == 422
    assert signed_in(cast.lin_lan).post(gone, {**said, "sure": "on"}).status_code == 302
    assert Wave.objects.get(pk=wave.pk).is_false is True
    body = signed_in(cast.lin_lan).get(reverse("governance:wave_detectors")).content.decode()
    assert "人工认定 1 条" in body and "100%" in body
    back = reverse("governance:wave_reopening", args=[wave.pk])
    assert signed_in(cast.lin_lan).post(back, {"because": "又增加了"}).status_code == 302
    sure = reverse("governance:wave_confirmation", args=[wave.pk])
    assert signed_in(cast.zheng_gang).post(sure, {"because": "核实属实"}).status_code == 302
    assert Wave.objects.get(pk=wave.pk).is_false is False


def test_reopening_is_offered_of_a_dismissed_wave_until_it_calms(
    wave: Wave, cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    client = signed_in(cast.lin_lan)
    address = reverse("governance:wave_reopening", args=[wave.pk])
    dismiss_wave(wave, reason="chance", because="没有共同原因", by=cast.lin_lan, at=noon)
    assert address in client.get(wave.get_absolute_url()).content.decode()
    watch_waves(by=system_person(), at=noon + timedelta(days=40))
    assert address not in client.get(wave.get_absolute_url()).content.decode()
    refused = client.post(address, {"because": "重新看看为什么"})
    assert refused.status_code == 422 and "再升会另立一条" in refused.content.decode()


def test_a_warning_says_what_is_promised_and_leads_to_each_false_one(
    wave: Wave, cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    other = planted(noon, OUTLET_B)
    dismiss_wave(wave, reason="chance", because="没有共同原因", by=cast.lin_lan, at=noon)
    dismiss_wave(other, reason="planned", because="已发公告说明", by=cast.lin_lan, at=noon)
    board, client = reverse("governance:waves"), signed_in(cast.lin_lan)
    for address in (board, wave.get_absolute_url(), other.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "承诺每月误报不超过" in page and "人工认定 2 条，其中误报 1 条" in page
        assert f'href="{board}?which=false"' in page
    found = client.get(board, {"which": "false"}).content.decode()
    assert wave.get_absolute_url() in found and other.get_absolute_url() not in found
    elsewhere = signed_in(cast.sun_qian).get(board, {"which": "false"}).content.decode()
    assert wave.get_absolute_url() not in elsewhere, "no farther than the reach"


def test_a_node_outside_the_reach_does_not_exist(
    wave: Wave, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    address = reverse("governance:wave_node")
    assert signed_in(cast.lin_lan).get(address).status_code == 200
    assert signed_in(cast.sun_qian).get(address).status_code == 404
    assert signed_in(cast.sun_qian).get(address, {"org": OUTLET_A}).status_code == 404
    assert signed_in(cast.sun_qian).get(address, {"org": OUTLET_B}).status_code == 200
    assert signed_in(cast.liu_yang).get(address, {"class": "card"}).status_code == 200
    assert signed_in(cast.liu_yang).get(address, {"class": "loan"}).status_code == 404
    for nonsense in ({"org": "nowhere"}, {"class": "nothing"}, {"kind": "praise"}):
        assert signed_in(cast.lin_lan).get(address, nonsense).status_code == 404


def test_every_number_of_a_node_opens_exactly_its_cases(
    bank: None, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    """Pages show the days up to now."""
    tell(timezone.now(), days=100, planted=dict.fromkeys((3, 2, 1), (OUTLET_A, CARD, NEW, 7)))
    client = signed_in(cast.lin_lan)
    page = client.get(reverse("governance:wave_node"), {"org": OUTLET_A, "grain": "day"})
    children: list[dict[str, Any]] = [
        child for _label, found in page.context["groups"] for child in found
    ]
    assert len(children) >= 4 and sum(child["observed"] for child in children) > 60
    for child in children:
        assert client.get(child["cases"]).context["listing"].count == child["observed"]


def test_the_number_of_queries_does_not_grow_with_the_board(
    wave: Wave,
    cast: SimpleNamespace,
    noon: datetime,
    signed_in: SignedIn,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    for code in (OUTLET_A, OUTLET_B, OUTLET_A):
        planted(noon, code)
    client = signed_in(cast.lin_lan)
    client.get(reverse("governance:waves"))
    for name, most in (("waves", 20), ("wave_grid", 14), ("wave_node", 20), ("wave_detectors", 24)):
        with django_assert_max_num_queries(most):
            client.get(reverse(f"governance:{name}"))
    with django_assert_max_num_queries(24):
        client.get(wave.get_absolute_url())


def test_the_board_is_exported_with_its_filters(
    wave: Wave, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    address = reverse("governance:waves_export")
    assert signed_in(cast.chen_li).get(address).status_code == 403
    made = signed_in(cast.lin_lan).get(address)
    lines = _sheet(made.content)
    assert str(wave.pk) in lines[1] and 22.0 in lines[1]
    empty = signed_in(cast.lin_lan).get(address, {"which": "over"})
    assert len(_sheet(empty.content)) == 2


def _sheet(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_watching_now_is_for_those_who_judge(
    bank: None, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    address = reverse("governance:waves_now")
    assert signed_in(cast.zhou_tao).post(address).status_code == 403
    assert signed_in(cast.lin_lan).post(address, follow=True).status_code == 200
    again = signed_in(cast.lin_lan).post(address, follow=True).content.decode()
    assert "已经在巡查" in again


def test_a_watch_of_the_day_so_far_is_taken_again_when_the_day_is_over(
    bank: None, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sujin.governance.acts.watch_waves.watched", lambda: _rows("w2"))
    watch_waves(by=system_person(), at=noon, today=True)
    assert set(Watch.objects.values_list("is_whole", flat=True)) == {True, False}
    watch_waves(by=system_person(), at=noon + timedelta(days=1))
    assert set(Watch.objects.values_list("is_whole", flat=True)) == {True}


def _rows(*codes: str) -> list[Any]:
    return [one for one in watched() if one.row in codes]


def test_a_replay_is_asked_for_by_those_who_judge_and_says_how_far_it_is(
    bank: None, cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    with pytest.raises(CannotReplay):
        ask_replay("w1", SETTINGS, by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotReplay):
        ask_replay("w5", SETTINGS, by=cast.lin_lan, at=noon)
    address = reverse("governance:replays")
    assert signed_in(cast.zhou_tao).get(address).status_code == 403
    bad = signed_in(cast.lin_lan).post(address, {"row": "w1", "q": "7"})
    assert bad.status_code == 422
    asked = signed_in(cast.lin_lan).post(address, {"row": "w1", **SETTINGS})
    assert asked.status_code == 302
    replay = Replay.objects.get()
    assert "已看 0 / 0 期" in signed_in(cast.lin_lan).get(asked["Location"]).content.decode()
    assert replay.is_under_way


def test_a_replay_finds_the_wave_that_was_there(
    bank: None, cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    tell(noon, days=400, planted=dict.fromkeys(range(30, 20, -1), (OUTLET_A, CARD, NEW, 5)))
    asked = ask_replay("w1", SETTINGS, by=cast.lin_lan, at=noon)
    run_replay(asked.pk, by=system_person(), at=noon)
    done = Replay.objects.get(pk=asked.pk)
    assert done.state == "done" and done.done == done.total > 40
    outlet = Org.objects.get(code=OUTLET_A).path
    assert any(outlet.startswith(one["node"][0]) and one["node"][0] for one in done.alarms)
    assert sum(count for _month, count in done.months) == len(done.alarms)
    client = signed_in(cast.lin_lan)
    assert "平均每月" in client.get(done.get_absolute_url()).content.decode()
    told = client.get(reverse("governance:replay_export", args=[done.pk])).content.decode()
    assert told.count("\n") == len(done.alarms) + 1
    assert signed_in(cast.qian_wei).get(done.get_absolute_url()).status_code == 403
