"""A 研判会: an agenda from data, decisions seen through, a next page one that tells of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document

from sujin.governance import errands
from sujin.governance.acts.convene_meeting import (
    CannotConvene,
    CannotDecide,
    cancel_meeting,
    change_agenda,
    convene_meeting,
    decide,
    drop_decision,
    hold_meeting,
    inform_of_decision,
    report_decision,
)
from sujin.governance.acts.settle_problem import find_cause
from sujin.governance.kinds import meeting as kinds
from sujin.governance.meeting_pack import pack
from sujin.governance.meetingbook import BadMeetingRule, limits, read_control, read_limits
from sujin.governance.models import Decision, Meeting, Problem
from sujin.governance.topics import Topic, topics
from sujin.lab.cast import BRANCH_A, OUTLET_A
from sujin.platform import reach
from sujin.platform.models import Notice, Org
from tests.governance.test_ledger import WHY
from tests.governance.wave_town import NEW, tell

SignedIn = Callable[[Any], Client]
DAY = timedelta(days=1)
SEATS = ("card", "operations")
DECIDED = "统一限额调整的告知口径，上线前由网点试读"


@pytest.fixture
def town(cast: SimpleNamespace, noon: datetime) -> SimpleNamespace:
    """Half a year; in the last weeks many more about cards at one outlet."""
    card = (OUTLET_A, "card.credit.billing", NEW, 9)
    tell(noon, days=150, planted=dict.fromkeys(range(3, 20), card))
    return cast


def convened(town: SimpleNamespace, at: datetime, **changes: Any) -> Meeting:
    told: dict[str, Any] = {"sort": "analysis", "seats": SEATS}
    told |= {"held_on": timezone.localdate(at), **changes}
    return convene_meeting(**told, by=town.lin_lan, at=at)


def decision(town: SimpleNamespace, at: datetime, **changes: Any) -> Decision:
    meeting = changes.pop("meeting", None) or convened(town, at)
    told: dict[str, Any] = {"words": DECIDED, "owner": Org.objects.get(code=BRANCH_A), "topic": 1}
    told |= {"due_on": timezone.localdate(at) + 20 * DAY, **changes}
    return decide(meeting, **told, by=town.lin_lan, at=at)


def test_the_agenda_is_burden_by_growth_by_control(town: SimpleNamespace, noon: datetime) -> None:
    found = topics(timezone.localdate(noon))
    assert (found[0].business, found[0].cause) == ("card.credit", "service")
    assert found[0].growth > 2
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    meeting = convened(town, noon)
    assert [one["title"] for one in meeting.agenda] == [one.title for one in found]
    assert meeting.agenda[0]["recent"] == found[0].recent


def test_what_fell_or_is_the_markets_comes_later() -> None:
    risen, fallen = Topic("a", "service", 30, 10.0, 1.0), Topic("b", "service", 30, 90.0, 1.0)
    market = Topic("c", "yield", 30, 10.0, 0.3)
    assert risen.score > fallen.score == 30.0 > market.score * 0.5
    assert risen.score > market.score
    assert Topic("d", "x", 5, 0.0, 1.0).growth == 11.0, "nothing before is no endless growth"


def test_only_the_head_office_convenes_and_only_ahead(
    town: SimpleNamespace, noon: datetime
) -> None:
    with pytest.raises(CannotConvene, match="由总行召集"):
        convene_meeting(sort="weekly", held_on=noon.date(), seats=SEATS, by=town.zhou_tao, at=noon)
    with pytest.raises(CannotConvene, match="请选择是什么会议"):
        convened(town, noon, sort="party")
    with pytest.raises(CannotConvene, match="今天以后四个月"):
        convened(town, noon, held_on=timezone.localdate(noon) - DAY)
    with pytest.raises(CannotConvene, match="至少请一个条线"):
        convened(town, noon, seats=("nobody",))
    assert not Meeting.objects.exists()


def test_a_decision_on_a_topic_goes_into_the_ledger(town: SimpleNamespace, noon: datetime) -> None:
    made = decision(town, noon)
    problem = Problem.objects.get()
    assert made.problem == problem
    assert problem.node == ("", "card.credit", "service", "")
    assert (problem.source, problem.source_key) == ("decision", made.pk)
    assert made.status == "待定因"
    inform_of_decision(made.entries.get())
    assert Notice.objects.filter(person=town.zhou_tao).exists()
    with pytest.raises(CannotDecide, match="在台账里落实"):
        report_decision(made, answer="已经统一了", by=town.zhou_tao, at=noon)
    find_cause(problem, root="process", why=WHY, by=town.zhou_tao, at=noon)
    own = decision(town, noon, meeting=made.meeting, topic=0)
    assert (own.number, own.problem) == (2, None)


def test_a_decision_of_its_own_is_reported_by_its_desk_or_dropped_by_the_head_office(
    town: SimpleNamespace, noon: datetime
) -> None:
    made = decision(town, noon, topic=0)
    asked = [one.wants for one in errands.decisions(reach.of(town.zhou_tao, noon), noon)]
    assert asked == ["落实会议决定"]
    with pytest.raises(CannotDecide, match="落实"):
        report_decision(made, answer="已经统一了", by=town.sun_qian, at=noon)
    with pytest.raises(CannotDecide, match="由总行撤销"):
        drop_decision(made, because="另有安排", by=town.zhou_tao, at=noon)
    report_decision(made, answer="口径已统一，网点试读过", by=town.zhou_tao, at=noon)
    made.refresh_from_db()
    assert (made.state, made.is_open, made.changed()) == (
        kinds.DONE,
        False,
        "口径已统一，网点试读过",
    )
    with pytest.raises(CannotDecide, match="已经了结"):
        drop_decision(made, because="另有安排", by=town.lin_lan, at=noon)


def test_the_agenda_is_changed_by_hand_until_it_is_held(
    town: SimpleNamespace, noon: datetime
) -> None:
    meeting = convened(town, noon)
    change_agenda(meeting, add="适老化服务", drop=[2], because="领导要求", by=town.lin_lan, at=noon)
    changed = Meeting.objects.get()
    assert len(changed.agenda) == len(meeting.agenda)
    assert changed.agenda[-1] == {"kind": "words", "title": "适老化服务"}
    with pytest.raises(CannotDecide, match="只有数据提出的议题"):
        decision(town, noon, meeting=changed, topic=len(changed.agenda))
    with pytest.raises(CannotDecide, match="请写一个新议题"):
        change_agenda(meeting, add="", drop=[], because="没有理由", by=town.lin_lan, at=noon)
    hold_meeting(meeting, minutes="五个条线到会，逐项讨论", by=town.lin_lan, at=noon)
    with pytest.raises(CannotDecide, match="议题不能再改"):
        change_agenda(meeting, add="又一个", drop=[], because="领导要求", by=town.lin_lan, at=noon)
    with pytest.raises(CannotDecide, match="已经结束"):
        cancel_meeting(meeting, because="改期再开", by=town.lin_lan, at=noon)


def test_page_one_of_the_next_pack_is_what_the_last_meeting_decided(
    town: SimpleNamespace, noon: datetime
) -> None:
    first = convened(town, noon)
    assert "此前没有开过" in pack(first, noon).chapters[0].pieces[0].text
    made = decision(town, noon, meeting=first, topic=0)
    decision(town, noon, meeting=first, topic=1)
    hold_meeting(first, minutes="五个条线到会，逐项讨论", by=town.lin_lan, at=noon)
    report_decision(made, answer="口径已统一", by=town.zhou_tao, at=noon)
    later = noon + 30 * DAY
    second = convened(town, later)
    said, table = pack(second, later).chapters[0].pieces
    assert "决定 2 项：已了结 1 项，逾期 1 项" in said.text
    assert [row[3] for row in table.rows] == ["已落实", "待定因"]
    assert table.rows[0][4] == "口径已统一"
    other = convened(town, later, sort="weekly")
    assert other.before() is None, "another sort of meeting has its own past"


def test_a_quarterly_meeting_takes_up_what_stands_too_long(
    town: SimpleNamespace, noon: datetime
) -> None:
    decision(town, noon)
    assert not [one for one in convened(town, noon, sort="quarterly").agenda if "problem" in one]
    later = noon + limits().old + 2 * DAY
    agenda = convened(town, later, sort="quarterly").agenda
    assert [one["problem"] for one in agenda if one["kind"] == "problem"] == [
        Problem.objects.get().pk
    ]


def test_a_line_with_a_seat_reads_it_and_a_branch_reads_its_own_decisions(
    cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    now = timezone.now()
    tell(now, days=60)
    meeting = convened(cast, now)
    made = decision(cast, now, meeting=meeting, topic=0)
    other = Org.objects.get(code="BC")
    decision(cast, now, meeting=meeting, topic=0, owner=other, words="北川分行另行整改")
    address = meeting.get_absolute_url()
    assert "议题" in signed_in(cast.liu_yang).get(address).content.decode()
    page = signed_in(cast.zhou_tao).get(address)
    body = page.content.decode()
    assert DECIDED in body
    assert "北川分行另行整改" not in body
    assert not page.context["sits"]
    assert signed_in(cast.he_jing).get(address).status_code == 404
    paper = reverse("governance:meeting_paper", args=[meeting.pk, "docx"])
    assert signed_in(cast.zhou_tao).get(paper).status_code == 404
    word = signed_in(cast.lin_lan).get(paper)
    text = "\n".join(one.text for one in Document(BytesIO(word.content)).paragraphs)
    assert "上次会议决定了什么" in text
    answering = reverse("governance:decision_verb", args=[made.pk, "answer"])
    assert signed_in(cast.sun_qian).post(answering, {"answer": "已办"}).status_code in (403, 404)
    assert signed_in(cast.zhou_tao).post(answering, {"answer": "已经统一口径"}).status_code == 302


def test_convened_changed_decided_and_held_on_the_pages(
    cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    tell(timezone.now(), days=60)
    client = signed_in(cast.lin_lan)
    today = timezone.localdate(timezone.now())
    form: dict[str, Any] = {"sort": "weekly", "held_on": today.isoformat(), "seats": ["card"]}
    new = reverse("governance:meeting_new")
    assert client.get(new).context["topics"]
    assert client.post(new, form | {"seats": []}).status_code == 422
    assert client.post(new, form).status_code == 302
    meeting = Meeting.objects.get()

    def verb(name: str) -> str:
        return reverse("governance:meeting_verb", args=[meeting.pk, name])

    told: dict[str, Any] = {"words": DECIDED, "topic": 1}
    told |= {"owner": Org.objects.get(code=BRANCH_A).pk}
    told |= {"due_on": (today + 9 * DAY).isoformat()}
    assert client.post(verb("decisions"), told).status_code == 302
    assert client.post(verb("minutes"), {"minutes": "短"}).status_code == 422
    assert client.post(verb("minutes"), {"minutes": "三个条线到会，逐项讨论"}).status_code == 302
    assert client.post(verb("nothing"), {}).status_code == 404
    meeting.refresh_from_db()
    assert meeting.state == kinds.HELD
    assert client.get(reverse("governance:meetings")).context["listing"].count == 1
    assert signed_in(cast.zhou_tao).post(new, form).status_code == 422
    assert signed_in(cast.wang_xiuying).get(new).status_code == 403


def test_rules_that_cannot_be_meant_are_named() -> None:
    with pytest.raises(BadMeetingRule, match="row x: weight '2'"):
        read_control({"cause": "x", "weight": "2", "zh": "某", "en": "some"})
    told = {"topics": 8, "recent_days": 28, "before_weeks": 12, "least": 6, "old_days": 90}
    assert read_limits(told) == limits()
    for name, value in (("topics", 0), ("recent_days", 10)):
        with pytest.raises(BadMeetingRule, match=name):
            read_limits(told | {name: value})
