"""An event from its announcement to its end: who is asked, what comes, who was in time."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from sujin.complaints.models import Complaint
from sujin.governance import event_leads
from sujin.governance.acts.announce_event import announce_event, draft_event
from sujin.governance.acts.ask_for_line import CannotAcknowledge, acknowledge_line, ask_for_line
from sujin.governance.acts.attach_line import (
    CannotAttach,
    attach_line,
    hear_release,
    hear_withdrawal,
)
from sujin.governance.acts.attach_mention import (
    CannotImport,
    CannotMention,
    attach_mention,
    import_mentions,
)
from sujin.governance.acts.close_event import CannotClose, close_event
from sujin.governance.acts.forecast_event import forecast_event, score_forecasts
from sujin.governance.acts.inform_event import inform_above, inform_writers
from sujin.governance.acts.record_move import CannotRecord, record_move
from sujin.governance.acts.revise_event import CannotRevise, revise_event
from sujin.governance.acts.watch_events import escalate_lines, look_at_events, watch_events
from sujin.governance.duties import CannotAnnounce
from sujin.governance.kinds import event as kinds
from sujin.governance.models import Event, Forecast, LineRequest, Mention
from sujin.knowledge.acts.draft import draft_item
from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.submit import submit
from sujin.knowledge.acts.withdraw import withdraw
from sujin.knowledge.desks import line_desks
from sujin.knowledge.models import Version
from sujin.knowledge.wording import Wording
from sujin.lab.cast import CAST, OUTLET_A, OUTLET_B
from sujin.platform import reach
from sujin.platform.acts.appoint import appoint
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Entry, Notice, Org, Person

SignIn = Callable[[Person], Client]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PARTS = {
    "background": "积分规则调整",
    "answer": "按公告执行",
    "script": "您好",
    "dont_say": "- 系统改的",
}
WEEK = (6, 5, 5, 4, 4, 2, 2)


def told(at: datetime, **changes: Any) -> dict[str, Any]:
    """What Lin Lan writes down about the new rules for points."""
    return {
        "kind": "own_policy", "title": "信用卡积分规则调整", "what": "积分有效期由五年改为三年",
        "source": "银行卡部公告", "starts_at": at, "lines": ["card"], "business": ["card.credit"],
        **changes,
    }  # fmt: skip


def announced(cast: SimpleNamespace, at: datetime, **changes: Any) -> Event:
    draft = draft_event(told(changes.pop("starts_at", at), **changes), by=cast.lin_lan, at=at)
    return announce_event(draft, by=cast.lin_lan, at=at)


def line(cast: SimpleNamespace, at: datetime, code: str = "points-line") -> Version:
    """Liu Yang's wording, submitted."""
    wording = Wording(code, "line", "card", "积分口径", PARTS, (), {"surfaces": ("staff",)})
    made = draft_item(wording, owner=line_desks()["card"], by=cast.liu_yang, at=at)
    submit(made, by=cast.liu_yang, at=at)
    return Version.objects.get(pk=made.pk)


def released(cast: SimpleNamespace, version: Version, at: datetime) -> Version:
    release(version, by=cast.zheng_gang, at=at)
    found = Version.objects.get(pk=version.pk)
    hear_release(Entry.objects.of(type(found.entries.latest("pk").what())).latest("pk"))
    return found


def complaints(at: datetime, count: int, outlet: str = OUTLET_A, **changes: Any) -> None:
    origin = Org.objects.get(code=outlet)
    base = Complaint.objects.count()
    Complaint.objects.bulk_create(
        Complaint(
            **{
                "number": f"{at.year}-{base + nth:07d}", "kind": "complaint", "lane": "ordinary",
                "channel": "counter", "text": "积分", "received_at": at + timedelta(minutes=nth),
                "origin": origin, "business": "card.credit.rights", "closed_at": at + DAY,
                **changes,
            }
        )
        for nth in range(count)
    )  # fmt: skip


def history(until: datetime, weeks: int = 14) -> None:
    """Ordinary weeks before a moment."""
    rng = np.random.default_rng(4)
    for back in range(weeks * 7, 0, -1):
        at = (until - timedelta(days=back)).replace(hour=10)
        complaints(at, int(rng.poisson(WEEK[at.weekday()])))


# Announcing.


def test_only_consumer_protection_and_managers_announce(
    cast: SimpleNamespace, noon: datetime
) -> None:
    for spec in CAST:
        person = Person.objects.get(staff_no=spec.staff_no)
        if person in (cast.lin_lan, cast.zheng_gang):
            assert draft_event(told(noon), by=person, at=noon).pk
        else:
            with pytest.raises(CannotAnnounce, match="岗位"):
                draft_event(told(noon), by=person, at=noon)
    draft = draft_event(told(noon), by=cast.lin_lan, at=noon)
    with pytest.raises(CannotAnnounce):
        announce_event(draft, by=cast.liu_yang, at=noon)


def test_an_analyst_of_a_branch_does_not_announce_for_the_whole_bank(
    cast: SimpleNamespace, noon: datetime
) -> None:
    branch, since = Org.objects.get(code="JN"), noon.date()
    appoint(cast.qin_lan, org=branch, role="analyst", since=since, by=cast.kong_mingyu, at=noon)
    with pytest.raises(CannotAnnounce):
        draft_event(told(noon), by=cast.qin_lan, at=noon)
    draft = draft_event(told(noon), by=cast.lin_lan, at=noon)
    seen = Event.objects.readable(reach.of(cast.qin_lan, noon))
    assert not seen.filter(pk=draft.pk).exists(), "nor reads what is not announced yet"


def test_the_owner_of_every_line_is_asked_with_the_packs_limit(
    cast: SimpleNamespace, noon: datetime
) -> None:
    event = announced(cast, noon, kind="outage", lines=["card", "ebank"])
    asked = {one.line: one for one in event.requests.all()}
    assert set(asked) == {"card", "ebank"}
    assert asked["card"].owner == line_desks()["card"]
    assert (asked["card"].ack_due_at, asked["card"].due_at) == (
        noon + timedelta(minutes=15), noon + HOUR,
    )  # fmt: skip
    assert [one.kind for one in event.entries.in_order()] == [
        "event.drafted", "event.announced", "event.forecast",
    ]  # fmt: skip
    assert event.state == kinds.LIVE and Event.objects.get(pk=event.pk).announced_by == cast.lin_lan
    assert {**event.replay(), "x": 1}.items() >= {"state": kinds.LIVE, "announced_at": noon}.items()
    inform_writers(asked["card"].entries.get())
    heard = {one.person for one in Notice.objects.filter(entry=asked["card"].entries.get())}
    assert cast.liu_yang in heard and cast.he_jing not in heard


def test_a_line_for_what_begins_tomorrow_is_due_before_it_begins(
    cast: SimpleNamespace, noon: datetime
) -> None:
    soon = announced(cast, noon, starts_at=noon + 5 * HOUR)
    later = announced(cast, noon, title="另一项", starts_at=noon + 30 * DAY)
    assert soon.requests.get().due_at == noon + 5 * HOUR
    assert later.requests.get().due_at == noon + 24 * HOUR
    assert later.is_future(noon) and later.forecasts.order_by("day")[0].day == later.first_day


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"business": ["card.nonsense"]}, "card.nonsense"),
        ({"cause": ["nonsense"]}, "nonsense"),
        ({"lines": ["nonsense"]}, "nonsense"),
        ({"kind": "weather"}, "weather"),
        ({"branches": [999999]}, "999999"),
        ({"title": " "}, "标题"),
        ({"customers": 3, "customers_by": ""}, "由谁"),
    ],
)
def test_what_counts_nothing_is_refused(
    cast: SimpleNamespace, noon: datetime, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(CannotAnnounce, match=why):
        draft_event(told(noon, **changes), by=cast.lin_lan, at=noon)
    assert not Event.objects.exists()


def test_numbers_of_customers_are_masked_in_what_is_written(
    cast: SimpleNamespace, noon: datetime
) -> None:
    event = draft_event(told(noon, what="客户13812345678来电"), by=cast.lin_lan, at=noon)
    assert "13812345678" not in event.what and "来电" in event.what


def test_a_revision_says_what_was_there_before_and_asks_lines_that_came_new(
    cast: SimpleNamespace, noon: datetime
) -> None:
    event = announced(cast, noon)
    table = [{"what": "有效期", "before": "五年", "after": "三年"}]
    changed = {"before_after": table, "population": "新客户", "lines": ["card", "personal"]}
    revise_event(event, changed, by=cast.zheng_gang, at=noon + HOUR)
    entry = event.entries.get(kind="event.revised")
    assert entry.data["after"]["before_after"] == table
    assert entry.data["before"] == {"before_after": [], "population": "", "lines": ["card"]}
    assert event.requests.filter(line="personal", asked_at=noon + HOUR).exists()
    with pytest.raises(CannotRevise, match="没有改动"):
        revise_event(event, changed, by=cast.lin_lan, at=noon + HOUR)
    with pytest.raises(CannotRevise, match="移出"):
        revise_event(event, {"lines": ["personal"]}, by=cast.lin_lan, at=noon + HOUR)
    with pytest.raises(CannotAnnounce):
        revise_event(event, {"title": "改"}, by=cast.chen_li, at=noon + HOUR)


# The line and its clock.


def test_the_owner_acknowledges_and_nobody_else_does(cast: SimpleNamespace, noon: datetime) -> None:
    request = announced(cast, noon).requests.get()
    for stranger in (cast.he_jing, cast.chen_li, cast.wang_xiuying, cast.gu_wen):
        with pytest.raises(CannotAcknowledge):
            acknowledge_line(request, by=stranger, at=noon)
    acknowledge_line(request, by=cast.liu_yang, at=noon + HOUR)
    with pytest.raises(CannotAcknowledge, match="已经"):
        acknowledge_line(request, by=cast.liu_yang, at=noon + HOUR)
    found = LineRequest.objects.get(pk=request.pk)
    assert (found.acknowledged_at, found.acknowledged_by) == (noon + HOUR, cast.liu_yang)


def test_a_draft_that_is_attached_becomes_the_line_when_it_is_released(
    cast: SimpleNamespace, noon: datetime
) -> None:
    event = announced(cast, noon)
    version = line(cast, noon)
    attach_line(event.requests.get(), version, by=cast.liu_yang, at=noon + HOUR)
    assert event.requests.get().live_at is None and event.requests.get().acknowledged_at
    released(cast, version, noon + 2 * HOUR)
    request = event.requests.get()
    assert request.live_at == noon + 2 * HOUR
    assert [one.kind for one in request.entries.in_order()] == [
        "event_line.asked", "event_line.acknowledged", "event_line.attached", "event_line.live",
    ]  # fmt: skip


def test_the_lead_is_from_the_line_to_the_first_complaint(
    cast: SimpleNamespace, noon: datetime
) -> None:
    event = announced(cast, noon)
    version = released(cast, line(cast, noon), noon + HOUR)
    attach_line(event.requests.get(), version, by=cast.liu_yang, at=noon + 2 * HOUR)
    complaints(noon - 2 * HOUR, 1)
    complaints(noon + 5 * HOUR, 3)
    look_at_events(by=system_person(), at=noon + 6 * HOUR)
    found = Event.objects.listed().get(pk=event.pk)
    assert found.first_at == noon + 5 * HOUR, "what came before it began is about something else"
    lead = event_leads.of_event(found, noon + 6 * HOUR)
    assert (lead.standing.value, lead.lead) == ("ahead", 3 * HOUR)
    # The code of the first is corrected: the entry says so, and the lead follows.
    Complaint.objects.filter(received_at=noon + 5 * HOUR).update(business="loan.mortgage")
    look_at_events(by=system_person(), at=noon + 7 * HOUR)
    again = Event.objects.get(pk=event.pk)
    assert again.first_at == noon + 5 * HOUR + timedelta(minutes=1)
    assert again.entries.filter(kind="event.heard").count() == 2


def test_a_line_withdrawn_before_the_first_complaint_gives_no_lead(
    cast: SimpleNamespace, noon: datetime
) -> None:
    event = announced(cast, noon)
    version = released(cast, line(cast, noon), noon + HOUR)
    attach_line(event.requests.get(), version, by=cast.liu_yang, at=noon + HOUR)
    withdraw(version, because="有误", by=cast.zheng_gang, at=noon + 2 * HOUR)
    hear_withdrawal(version.entries.get(kind="version.withdrawn"))
    assert event.requests.get().live_at is None
    complaints(noon + 5 * HOUR, 1)
    look_at_events(by=system_person(), at=noon + 6 * HOUR)
    lead = event_leads.of_event(Event.objects.listed().get(pk=event.pk), noon + 6 * HOUR)
    assert (lead.standing.value, lead.lapsed) == ("never", True)


def test_only_an_answer_line_that_is_in_use_can_be_attached(
    cast: SimpleNamespace, noon: datetime
) -> None:
    request = announced(cast, noon).requests.get()
    version = released(cast, line(cast, noon), noon)
    withdraw(version, because="有误", by=cast.zheng_gang, at=noon)
    gone = Version.objects.get(pk=version.pk)
    with pytest.raises(CannotAttach, match="停用"):
        attach_line(request, gone, by=cast.liu_yang, at=noon)
    fresh = line(cast, noon, "other")
    with pytest.raises(CannotAcknowledge):
        attach_line(request, fresh, by=cast.he_jing, at=noon)
    attach_line(request, fresh, by=cast.liu_yang, at=noon)
    with pytest.raises(CannotAttach, match="已经"):
        attach_line(request, fresh, by=cast.liu_yang, at=noon)


def test_what_is_late_goes_up_once_for_each_reason(cast: SimpleNamespace, noon: datetime) -> None:
    request = announced(cast, noon, kind="outage").requests.get()
    house = system_person()
    assert escalate_lines(by=house, at=noon + timedelta(minutes=14)) == 0
    assert escalate_lines(by=house, at=noon + timedelta(minutes=16)) == 1
    assert escalate_lines(by=house, at=noon + timedelta(minutes=30)) == 0
    assert escalate_lines(by=house, at=noon + 2 * HOUR) == 1
    assert escalate_lines(by=house, at=noon + 3 * HOUR) == 0
    told = [one.data["escalated"] for one in request.entries.filter(kind="event_line.escalated")]
    assert told == ["ack", "line"]
    inform_above(request.entries.filter(kind="event_line.escalated").latest("pk"))
    assert Notice.objects.filter(person=cast.zheng_gang, urgent=True).exists()


def test_a_line_that_is_live_in_time_is_never_escalated(
    cast: SimpleNamespace, noon: datetime
) -> None:
    request = announced(cast, noon, kind="outage").requests.get()
    version = released(cast, line(cast, noon), noon)
    attach_line(request, version, by=cast.liu_yang, at=noon + timedelta(minutes=5))
    assert escalate_lines(by=system_person(), at=noon + 3 * DAY) == 0


def test_a_line_that_begins_after_its_limit_is_late_until_then(
    cast: SimpleNamespace, noon: datetime
) -> None:
    request = announced(cast, noon, kind="outage").requests.get()
    version = line(cast, noon)
    release(version, valid_from=noon + 5 * HOUR, by=cast.zheng_gang, at=noon)
    attach_line(request, Version.objects.get(pk=version.pk), by=cast.liu_yang, at=noon)
    found = LineRequest.objects.get(pk=request.pk)
    assert found.live_at == noon + 5 * HOUR
    assert (found.late(noon + 2 * HOUR), found.late(noon + 6 * HOUR)) == ("line", "")
    assert escalate_lines(by=system_person(), at=noon + 2 * HOUR) == 1


def test_a_line_is_asked_once_and_only_while_the_event_is_on(
    cast: SimpleNamespace, noon: datetime
) -> None:
    from sujin.governance.acts.ask_for_line import CannotAsk

    event = announced(cast, noon)
    ask_for_line(event, "personal", by=cast.lin_lan, at=noon)
    for again in ("personal", "nonsense"):
        with pytest.raises(CannotAsk):
            ask_for_line(event, again, by=cast.lin_lan, at=noon)
    close_event(event, because="影响已经消退", by=cast.lin_lan, at=noon + DAY)
    with pytest.raises(CannotAsk):
        ask_for_line(Event.objects.get(pk=event.pk), "ebank", by=cast.lin_lan, at=noon + DAY)


# What is expected, what came.


def test_forecasts_are_stored_scored_once_and_never_rewritten(
    cast: SimpleNamespace, noon: datetime
) -> None:
    history(noon)
    event = announced(cast, noon)
    first = list(event.forecasts.order_by("day"))
    assert len(first) == event.row.watch and first[0].day == noon.date()
    assert first[0].method == "pack" and first[0].likes == 0
    assert first[0].mid > WEEK[0], "more than an ordinary Monday"
    for day in range(3):
        complaints(noon + day * DAY, 12)
    assert watch_events(by=system_person(), at=noon + 3 * DAY) == 3
    scored = Forecast.objects.scored().filter(event=event).order_by("day")
    assert [one.actual for one in scored] == [12, 12, 12]
    assert scored[0].naive is not None and 2 <= scored[0].naive <= 10
    assert score_forecasts(at=noon + 3 * DAY) == 0, "once"
    nightly = event.forecasts.filter(made_at=noon + 3 * DAY)
    assert nightly.count() == 7
    for change in ({"mid": 99.0}, {"actual": 1}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Forecast.objects.filter(pk=scored[0].pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM governance_forecast")


def test_three_like_events_teach_what_the_fourth_will_bring(
    cast: SimpleNamespace, noon: datetime
) -> None:
    history(noon)
    kept = {"bank": 4.0, "daily": [40.0] * 10}
    for nth in range(3):
        old = announced(cast, noon - 40 * DAY, title=f"旧{nth}")
        Event.objects.filter(pk=old.pk).update(figures=kept, state="closed", closed_at=noon)
    event = announced(cast, noon, title="新")
    one = event.forecasts.order_by("day")[0]
    assert (one.method, one.likes) == ("like", 3)
    alone = announced(cast, noon, title="别类", kind="news").forecasts.order_by("day")[0]
    assert one.excess > 3 * alone.excess and alone.method == "pack"


def test_the_nightly_look_measures_the_excess_and_moves_on(
    cast: SimpleNamespace, noon: datetime
) -> None:
    history(noon)
    event = announced(cast, noon)
    for day in range(16):
        at = noon + day * DAY
        complaints(at, WEEK[at.weekday()] + (20 if day < 4 else 0))
    watch_events(by=system_person(), at=noon + 16 * DAY)
    found = Event.objects.get(pk=event.pk)
    assert found.state == kinds.WATCHED
    told = found.figures
    assert told["low"] < 80 < told["high"] and told["low"] > 40
    assert 3 <= told["lasted"] <= 10
    close_event(found, because="影响已经消退", by=cast.lin_lan, at=noon + 16 * DAY)
    closed = Event.objects.get(pk=event.pk)
    entry = closed.entries.get(kind="event.closed")
    assert entry.data["excess"] == closed.figures["excess"]
    again = closed.replay()
    assert {name: getattr(closed, name) for name in again} == again, "the docket gives the row"
    request = closed.requests.get()
    assert {name: getattr(request, name) for name in request.replay()} == request.replay()
    with pytest.raises(CannotClose):
        close_event(closed, because="再结一次试试", by=cast.lin_lan, at=noon + 16 * DAY)


def test_an_event_is_closed_with_a_reason_by_those_who_announce(
    cast: SimpleNamespace, noon: datetime
) -> None:
    event = announced(cast, noon)
    with pytest.raises(CannotClose):
        close_event(event, because=" ", by=cast.lin_lan, at=noon)
    with pytest.raises(CannotAnnounce):
        close_event(event, because="影响已经消退", by=cast.liu_yang, at=noon)
    draft = draft_event(told(noon), by=cast.lin_lan, at=noon)
    with pytest.raises(CannotClose):
        close_event(draft, because="影响已经消退", by=cast.lin_lan, at=noon)


def test_only_the_branches_concerned_are_counted(cast: SimpleNamespace, noon: datetime) -> None:
    branch = Org.objects.get(code="JN")
    event = announced(cast, noon, branches=[branch.pk])
    complaints(noon + HOUR, 2, OUTLET_B)
    complaints(noon + 3 * HOUR, 2, OUTLET_A)
    look_at_events(by=system_person(), at=noon + DAY)
    assert Event.objects.get(pk=event.pk).first_at == noon + 3 * HOUR


# Market moves.


def moved(cast: SimpleNamespace, at: datetime, move: float, product: str = "稳健一号") -> Event:
    return record_move(
        product, move=move, source="估值系统", lines=["wealth"], business=["wealth"],
        customers=12000, by=cast.lin_lan, at=at,
    )  # fmt: skip


def test_a_move_past_the_packs_threshold_opens_an_event_by_itself(
    cast: SimpleNamespace, noon: datetime
) -> None:
    small = moved(cast, noon, -1.99, "小幅")
    assert small.state == kinds.DRAFT and not small.requests.exists()
    large = moved(cast, noon, -2.0)
    assert large.state == kinds.LIVE and large.announced_by == system_person()
    assert large.requests.get().owner == line_desks()["wealth"]
    assert "hotline" in large.row.channels
    with pytest.raises(CannotRecord, match="正在应对"):
        moved(cast, noon + HOUR, -3.5)
    with pytest.raises(CannotAnnounce):
        record_move(
            "别", move=-5, source="x", lines=["wealth"], business=[], customers=None,
            by=cast.gao_xiang, at=noon,
        )  # fmt: skip


# Mentions.


def mention(to: Any, cast: SimpleNamespace, at: datetime, **changes: Any) -> Mention:
    said = {
        "on": at.date(), "outlet": "某网", "title": "积分缩水引不满", "readers": 10_000,
        "tone": "negative", **changes,
    }  # fmt: skip
    return attach_mention(to, by=cast.lin_lan, at=at, **said)


def test_a_mention_stands_beside_an_event_or_a_case_without_an_address(
    cast: SimpleNamespace, noon: datetime
) -> None:
    event = announced(cast, noon)
    made = mention(event, cast, noon, title="客户13812345678称积分缩水")
    assert "13812345678" not in made.title
    complaints(noon, 1)
    assert mention(Complaint.objects.get(), cast, noon).complaint is not None
    for wrong in (
        {"title": "见 https://x.example/1"}, {"title": ""}, {"tone": "angry"}, {"readers": -1},
        {"on": noon.date() + DAY}, {"title": made.title},
    ):  # fmt: skip
        with pytest.raises(CannotMention):
            mention(event, cast, noon, **wrong)
    assert Mention.objects.count() == 2


def test_of_two_who_note_the_same_the_later_is_told_that_it_is_there(
    cast: SimpleNamespace, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = announced(cast, noon)
    mention(event, cast, noon)
    # The later one looked before the first was there.
    monkeypatch.setattr("django.db.models.QuerySet.exists", lambda _rows: False)
    with pytest.raises(CannotMention, match="这一条已经记过"):
        mention(event, cast, noon)
    assert event.mentions.count() == 1, "the refusal leaves the rest of the transaction usable"


def test_a_table_of_mentions_is_taken_row_by_row_and_rejects_are_told(
    cast: SimpleNamespace, noon: datetime
) -> None:
    event = announced(cast, noon)
    rows = [
        "日期,媒体或平台,标题,传播量,倾向", "2026-03-01,甲网,积分缩水,12000,负面",
        "2026/03/01,甲网,写法不对,1,负面", "2026-03-01,乙网,传播量不对,很多,负面",
        "2026-03-01,丙网,倾向不对,1,生气", "2026-03-01,甲网,积分缩水,12000,负面",
        "2026-03-02,丁网,说明到位,,正面",
    ]  # fmt: skip
    tally = import_mentions(event, "\n".join(rows).encode(), by=cast.lin_lan, at=noon)
    assert (tally.read, tally.taken) == (6, 2)
    assert [one.line for one in tally.rejects] == [3, 4, 5, 6]
    assert event.mentions.count() == 2
    again = import_mentions(event, "\n".join(rows).encode("gb18030"), by=cast.lin_lan, at=noon)
    assert (again.read, again.taken) == (6, 0)
    with pytest.raises(CannotImport, match="传播量"):
        import_mentions(event, "日期,标题\n".encode(), by=cast.lin_lan, at=noon)


def test_the_days_of_the_study_are_the_days_of_the_calendar() -> None:
    """The National Day of 2026 is a Sunday to the fit, the Saturday worked for it a Friday."""
    from sujin.governance.event_counts import weekday

    assert weekday(date(2026, 10, 1)) == 6
    assert weekday(date(2026, 10, 10)) == 4, "worked for the holiday"
    assert weekday(date(2026, 3, 2)) == 0 and weekday(date(2026, 3, 7)) == 5


def test_the_forecast_of_a_young_house_is_refused_and_not_invented(
    cast: SimpleNamespace, noon: datetime
) -> None:
    event = announced(cast, noon)
    assert event.forecasts.count() == event.row.watch, "no complaint at all is twelve quiet weeks"
    from sujin.governance.acts.forecast_event import CannotForecast

    with pytest.raises(CannotForecast):
        forecast_event(event, by=cast.lin_lan, at=noon + 90 * DAY)
