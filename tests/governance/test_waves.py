"""A wave in a small bank is warned of at the right node; a quiet bank is left in peace."""

import dataclasses
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from sujin import packs
from sujin.complaints.models import Complaint
from sujin.engine.watch import Alarm
from sujin.governance import watchbook
from sujin.governance.acts.escalate_waves import escalate_waves
from sujin.governance.acts.judge_wave import (
    CannotAcknowledge,
    CannotJudge,
    acknowledge_wave,
    confirm_wave,
    dismiss_wave,
    reopen_wave,
)
from sujin.governance.acts.watch_waves import watch_waves
from sujin.governance.models import Watch, Wave
from sujin.governance.sighting import Look, Sighted
from sujin.governance.watchbook import BadWatch, read_row
from sujin.lab.cast import BRANCH2_A, OUTLET_A
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org
from tests.governance.wave_town import NEW, tell

DAY = timedelta(days=1)
CARD = "card.credit.billing"
WAVE_DAYS = dict.fromkeys((3, 2, 1), (OUTLET_A, CARD, NEW, 7))


def fresh(wave: Wave) -> Wave:
    return Wave.objects.get(pk=wave.pk)


@pytest.fixture
def wave(bank: None, noon: datetime) -> Wave:
    """What the watch made of seven a day more about cards at outlet A."""
    tell(noon, planted=WAVE_DAYS)
    raised = watch_waves(by=system_person(), at=noon)
    assert len(raised) == 1
    return fresh(raised[0])


def test_a_planted_wave_is_warned_of_at_the_node_that_rose(wave: Wave, noon: datetime) -> None:
    outlet = Org.objects.get(code=OUTLET_A)
    assert wave.org_path and outlet.path.startswith(wave.org_path)
    assert CARD.startswith(wave.business)
    assert wave.observed >= 20 and wave.expected < 8 and wave.high < wave.observed
    assert wave.expected <= wave.silent_at < wave.observed
    planted = set(Complaint.objects.filter(text=NEW).values_list("pk", flat=True))
    assert len(wave.telling) == 10 and set(wave.telling) <= planted
    assert any("限额" in word["term"] for word in wave.words), wave.words
    assert wave.owner == Org.objects.get(code=BRANCH2_A)
    assert wave.acknowledge_by == noon + watchbook.limits().acknowledge
    assert wave.entries.get(kind="wave.raised").what().sentence().startswith("自 ")


def test_the_docket_alone_gives_the_wave_again(wave: Wave) -> None:
    kept = fresh(wave)
    for column, value in kept.replay().items():
        assert getattr(kept, column) == value, column


def test_a_quiet_bank_is_warned_of_nothing(bank: None, noon: datetime) -> None:
    tell(noon, seed=3)
    assert watch_waves(by=system_person(), at=noon) == []
    looked = Watch.objects.order_by("row")
    assert [one.row for one in looked] == ["w1", "w2", "w3", "w4", "w5", "w6"]
    assert looked[0].series > 50


def test_a_second_watch_of_the_same_night_writes_nothing(wave: Wave, noon: datetime) -> None:
    entries = wave.entries.count()
    assert watch_waves(by=system_person(), at=noon + timedelta(minutes=5)) == []
    Watch.objects.all().delete()
    assert watch_waves(by=system_person(), at=noon + timedelta(minutes=9)) == []
    assert wave.entries.count() == entries


def test_a_wave_that_goes_on_is_the_same_wave_and_ends_when_it_calms(
    wave: Wave, noon: datetime
) -> None:
    known = Wave.objects.count()
    watch_waves(by=system_person(), at=noon + DAY)
    assert Wave.objects.count() == known
    watch_waves(by=system_person(), at=noon + timedelta(days=40))
    assert fresh(wave).state == "over"
    assert wave.entries.filter(kind="wave.over").count() == 1


def test_no_more_are_raised_in_a_morning_than_the_pack_allows(
    bank: None, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = dataclasses.replace(watchbook.limits(), new_a_morning=0)
    monkeypatch.setattr("sujin.governance.acts.watch_waves.limits", lambda: none)
    tell(noon, planted=WAVE_DAYS)
    assert watch_waves(by=system_person(), at=noon) == []
    assert sum(Watch.objects.values_list("held", flat=True)) >= 1


def test_what_a_week_held_back_is_warned_of_the_next_morning_and_no_sooner(
    bank: None, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = "sujin.governance.acts.watch_waves."
    row = watchbook.watched()[0]
    node = (Org.objects.get(code=OUTLET_A).path, CARD, "", "")

    def look(row: watchbook.Watched, period: date, *, is_whole: bool, today: date) -> Look:
        alarm = Alarm(
            node, ("growing",), period, period, period, 22.0, 0.7, 0.0, 3.0, 30.0, 1e-12, 6.0
        )
        return Look(row, period, is_whole, 1, (Sighted(row, alarm),))

    monkeypatch.setattr(acts + "look", look)
    monkeypatch.setattr(acts + "watched", lambda: [row])
    none = dataclasses.replace(watchbook.limits(), new_a_morning=0)
    monkeypatch.setattr(acts + "limits", lambda: none)
    monday = noon - timedelta(days=noon.weekday())
    assert row.grain == "week" and watch_waves(by=system_person(), at=monday) == []
    assert Watch.objects.get().held == 1
    monkeypatch.setattr(acts + "limits", watchbook.limits)
    assert watch_waves(by=system_person(), at=monday + timedelta(hours=1)) == []
    assert len(watch_waves(by=system_person(), at=monday + DAY)) == 1
    looked = Watch.objects.get()
    assert (looked.held, looked.raised) == (0, 1)
    assert watch_waves(by=system_person(), at=monday + 2 * DAY) == []
    assert Watch.objects.get().seen_at == looked.seen_at, "nothing was held: not looked at again"


def test_the_owner_takes_it_in_hand_and_nobody_else_of_a_branch(
    wave: Wave, cast: SimpleNamespace, noon: datetime
) -> None:
    said = "已通知网点解释限额规则"
    for stranger in (cast.sun_qian, cast.ma_jun, cast.wang_xiuying):
        with pytest.raises(CannotAcknowledge):
            acknowledge_wave(wave, words=said, by=stranger, at=noon)
    with pytest.raises(CannotAcknowledge, match="怎么处理"):
        acknowledge_wave(wave, words="好", by=cast.chen_li, at=noon)
    acknowledge_wave(wave, words=said, by=cast.chen_li, at=noon)
    assert fresh(wave).state == "acknowledged"
    with pytest.raises(CannotAcknowledge, match="已经签收"):
        acknowledge_wave(wave, words=said, by=cast.chen_li, at=noon)


def test_a_surge_of_this_morning_is_warned_of_before_the_day_is_over(
    bank: None, noon: datetime
) -> None:
    tell(noon, planted={0: (OUTLET_A, CARD, NEW, 14)})
    assert watch_waves(by=system_person(), at=noon) == []
    (surge,) = (
        w for w in watch_waves(by=system_person(), at=noon, today=True) if w.grain != "words"
    )
    assert surge.last_alarm == noon.date() and surge.observed >= 14
    assert CARD.startswith(surge.business)


def test_who_is_late_is_named_once_to_the_level_above(wave: Wave, noon: datetime) -> None:
    late = noon + watchbook.limits().acknowledge + timedelta(minutes=1)
    assert escalate_waves(by=system_person(), at=late - timedelta(minutes=2)) == 0
    assert escalate_waves(by=system_person(), at=late) >= 1
    assert fresh(wave).escalated_at == late
    assert escalate_waves(by=system_person(), at=late + DAY) == 0


def test_a_dismissed_wave_is_not_raised_again_until_it_has_doubled(
    wave: Wave, cast: SimpleNamespace, noon: datetime
) -> None:
    dismiss_wave(wave, reason="chance", because="没有共同原因", by=cast.lin_lan, at=noon)
    assert (fresh(wave).state, fresh(wave).is_false) == ("dismissed", True)
    watch_waves(by=system_person(), at=noon + DAY)
    assert fresh(wave).state == "dismissed"
    more = Complaint.objects.filter(text=NEW).first()
    assert more is not None
    again = [more.pk]
    for number in range(60):
        more.pk, more.number = None, f"more-{number}"
        more.received_at = noon + timedelta(minutes=number)
        more.save(force_insert=True)
    watch_waves(by=system_person(), at=noon + 2 * DAY)
    assert again and fresh(wave).state == "raised"
    assert wave.entries.filter(kind="wave.reopened").count() == 1


@pytest.mark.parametrize("dismissed", [False, True])
def test_what_has_calmed_is_not_opened_again(
    wave: Wave, cast: SimpleNamespace, noon: datetime, dismissed: bool
) -> None:
    why = {"because": "重新看看为什么", "by": cast.lin_lan}
    if dismissed:
        dismiss_wave(wave, reason="chance", at=noon, **why)
        reopen_wave(wave, at=noon, **why)
        assert fresh(wave).state == "raised", "before it calms it is opened again"
        dismiss_wave(wave, reason="chance", at=noon, **why)
    later = noon + timedelta(days=40)
    watch_waves(by=system_person(), at=later)
    before = fresh(wave)
    assert before.state == ("dismissed" if dismissed else "over") and before.has_calmed
    with pytest.raises(CannotJudge, match="已平息，再升会另立一条"):
        reopen_wave(wave, at=later, **why)
    assert fresh(wave).state == before.state


def test_only_head_office_judges_and_says_why(
    wave: Wave, cast: SimpleNamespace, noon: datetime
) -> None:
    for person in (cast.zhou_tao, cast.chen_li, cast.qian_wei, cast.kong_mingyu):
        with pytest.raises(CannotJudge):
            dismiss_wave(wave, reason="chance", because="没有共同原因", by=person, at=noon)
    with pytest.raises(CannotJudge, match="选择驳回理由"):
        dismiss_wave(wave, reason="dull", because="没有共同原因", by=cast.lin_lan, at=noon)
    confirm_wave(wave, because="限额确实被调低", by=cast.zheng_gang, at=noon)
    assert fresh(wave).is_false is False
    dismiss_wave(wave, reason="planned", because="已发公告说明", by=cast.lin_lan, at=noon)
    assert fresh(wave).is_false is False
    reopen_wave(wave, because="公告以后仍在增加", by=cast.lin_lan, at=noon)
    assert (fresh(wave).state, fresh(wave).is_false) == ("raised", None)


def test_what_was_thrice_called_false_needs_twice_the_evidence(
    wave: Wave, cast: SimpleNamespace, noon: datetime
) -> None:
    """The control: without the three dismissals the same complaints warn again."""
    kept = fresh(wave)
    Wave.objects.update(state="dismissed", reason="chance", is_false=True, dismissed_at=noon)
    Wave.objects.update(over_at=noon)
    Watch.objects.all().delete()
    assert watch_waves(by=system_person(), at=noon + timedelta(minutes=1))
    Wave.objects.update(state="dismissed", reason="chance", is_false=True, dismissed_at=noon)
    Wave.objects.update(over_at=noon)
    for raised in list(Wave.objects.all()):
        for _ in range(3):
            raised.pk = None
            raised.save(force_insert=True)
    Watch.objects.all().delete()
    assert watch_waves(by=system_person(), at=noon + timedelta(minutes=2)) == []
    assert kept.evidence and sum(Watch.objects.values_list("hushed", flat=True)) >= 1


def test_consultations_are_a_stream_of_their_own(bank: None, noon: datetime) -> None:
    tell(noon, kind="consultation", planted=WAVE_DAYS)
    raised = watch_waves(by=system_person(), at=noon)
    assert raised and {one.stream for one in raised} == {"consultation"}


@pytest.mark.parametrize(
    ("column", "value", "remedy"),
    [
        ("q", "2", "q below 1"),
        ("false_a_month", "0", "above 0"),
        ("grain", "month", "write week, day or words"),
        ("stream", "praise", "complaint, consultation"),
        ("most_axes", "9", "at most 3"),
        ("look_back", "30", "write 301 or more"),
        ("least", "viel", "write numbers"),
    ],
)
def test_a_bad_row_of_the_pack_is_named_with_its_remedy(
    column: str, value: str, remedy: str
) -> None:
    row = {**packs.rows("cn_bank", "watch")[0], column: value}
    with pytest.raises(BadWatch, match="row w1") as told:
        read_row(row)
    assert remedy in str(told.value)


def test_every_row_and_reason_is_named_in_both_languages() -> None:
    assert all(one.title["zh"] and one.title["en"] for one in watchbook.watched())
    assert {one.is_false for one in watchbook.reasons().values()} == {True, False}
    assert watchbook.false_a_month() == pytest.approx(2.0)
