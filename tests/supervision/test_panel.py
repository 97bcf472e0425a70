"""客户体验官: nameless, asked after consent; a change that most call worse is answered before it is
called carried out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sujin.engine.proportion import interval
from sujin.lab.cast import BRANCH_A, BRANCH_B, OUTLET_A
from sujin.platform import reach
from sujin.platform.models import Notice, Org
from sujin.supervision import errands
from sujin.supervision.acts.carry_proposal import CannotCarry, carry_out_proposal
from sujin.supervision.acts.walk_through import (
    Ballot,
    CannotWalkThrough,
    answer_walkthrough,
    dismiss_panelist,
    inform_of_walkthrough,
    open_walkthrough,
    take_session,
    welcome_panelist,
)
from sujin.supervision.ballots import by_segment, last, notes
from sujin.supervision.kinds import panel as kinds
from sujin.supervision.kinds import proposal as states
from sujin.supervision.models import Panelist, Proposal, Walkthrough
from tests.supervision.test_proposals import adopted, carried, replayed

SignedIn = Callable[[Any], Client]
DAY = timedelta(days=1)
SIGNED = "签了同意书，存在网点"
LOOK = "从前到账单日才知道年费，现在提前三十天发短信"
FAIR = {"ease": 4, "clarity": 4, "fairness": 3}
pytestmark = pytest.mark.django_db


def org(code: str) -> Org:
    return Org.objects.get(code=code)


def welcomed(cast: SimpleNamespace, at: datetime, **changes: Any) -> Panelist:
    today = timezone.localdate(at)
    told: dict[str, Any] = {
        "unit": org(OUTLET_A), "segment": "elderly", "joined_on": today, "consented_on": today,
        "consent_how": SIGNED, "by": cast.zhou_tao, "at": at, **changes,
    }  # fmt: skip
    return welcome_panelist(**told)


def opened(cast: SimpleNamespace, at: datetime, **changes: Any) -> Walkthrough:
    told: dict[str, Any] = {
        "unit": org(BRANCH_A), "words": LOOK, "by": cast.zhou_tao, "at": at, **changes,
    }  # fmt: skip
    return open_walkthrough(**told)


def voted(
    cast: SimpleNamespace, held: Walkthrough, people: list[Panelist], votes: list[str],
    at: datetime, *, note: str = "",
) -> None:  # fmt: skip
    pairs = zip(people, votes, strict=True)
    ballots = [Ballot(one.pk, vote, FAIR, note) for one, vote in pairs]
    take_session(held, held_on=timezone.localdate(at), ballots=ballots, by=cast.zhou_tao, at=at)
    held.refresh_from_db()


def test_a_panelist_is_a_number_and_a_segment_and_was_asked_first(
    cast: SimpleNamespace, noon: datetime
) -> None:
    one = welcomed(cast, noon, consent_how="签了同意书，电话13800138000")
    assert "13800138000" not in one.consent_how
    names = {field.name for field in Panelist._meta.get_fields()}
    assert not names & {"name", "phone", "id_number", "customer", "party"}
    today = timezone.localdate(noon)
    for change, remedy in (
        ({"segment": "cats"}, "哪类客户"),
        ({"consented_on": today + DAY}, "先同意后加入"),
        ({"joined_on": today + DAY}, "不晚于今天"),
        ({"consent_how": "签"}, "怎样同意"),
        ({"unit": org(BRANCH_B)}, "本单位和下级"),
        ({"by": cast.wang_xiuying}, "本单位和下级"),
    ):
        with pytest.raises(CannotWalkThrough, match=remedy):
            welcomed(cast, noon, **change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Panelist.objects.filter(pk=one.pk).update(consented_on=today + DAY)
    replayed(one)


def test_who_left_does_not_vote_and_what_was_voted_stays(
    cast: SimpleNamespace, noon: datetime
) -> None:
    one, other = welcomed(cast, noon), welcomed(cast, noon)
    held = opened(cast, noon)
    voted(cast, held, [one, other], [kinds.BETTER, kinds.SAME], noon)
    later, told = noon + 7 * DAY, {"because": "搬到外地去了", "by": cast.zhou_tao}
    for change, remedy in (
        ({"left_on": timezone.localdate(later) + DAY}, "不晚于今天"),
        ({"because": "走"}, "为什么退出"),
        ({"by": cast.sun_qian}, "本单位和下级"),
    ):
        good: dict[str, Any] = {"left_on": timezone.localdate(later), "at": later, **told}
        with pytest.raises(CannotWalkThrough, match=remedy):
            dismiss_panelist(one, **{**good, **change})
    dismiss_panelist(one, left_on=timezone.localdate(later), at=later, **told)
    with pytest.raises(CannotWalkThrough, match="已经退出"):
        dismiss_panelist(one, left_on=timezone.localdate(later), at=later, **told)
    with pytest.raises(CannotWalkThrough, match="不是本单位的体验官"):
        voted(cast, held, [one], [kinds.WORSE], later)
    assert held.result is not None
    assert held.result.of == 2


def test_ballots_are_whole_and_of_those_who_take_part(
    cast: SimpleNamespace, noon: datetime
) -> None:
    one, held = welcomed(cast, noon), opened(cast, noon)
    far = welcomed(cast, noon, unit=org(BRANCH_B), by=cast.lin_lan)
    today = timezone.localdate(noon)
    for ballots, day, by, remedy in (
        ([], today, cast.zhou_tao, "至少一位"),
        ([Ballot(one.pk, kinds.BETTER, FAIR)] * 2, today, cast.zhou_tao, "只投一票"),
        ([Ballot(one.pk, "lovely", FAIR)], today, cast.zhou_tao, "都要投票"),
        ([Ballot(one.pk, kinds.BETTER, {"ease": 3})], today, cast.zhou_tao, "都要投票"),
        ([Ballot(one.pk, kinds.BETTER, {**FAIR, "ease": 6})], today, cast.zhou_tao, "都要投票"),
        ([Ballot(far.pk, kinds.BETTER, FAIR)], today, cast.zhou_tao, "不是本单位"),
        ([Ballot(one.pk, kinds.BETTER, FAIR)], today + DAY, cast.zhou_tao, "不晚于今天"),
        ([Ballot(one.pk, kinds.BETTER, FAIR)], today - DAY, cast.zhou_tao, "不早于开评审"),
        ([Ballot(one.pk, kinds.BETTER, FAIR)], today, cast.sun_qian, "本单位和下级"),
    ):
        with pytest.raises(CannotWalkThrough, match=remedy):
            take_session(held, held_on=day, ballots=ballots, by=by, at=noon)
    held.refresh_from_db()
    assert held.sessions == []


def test_the_result_counts_each_once_with_an_interval_and_shows_no_small_segment(
    cast: SimpleNamespace, noon: datetime
) -> None:
    old = [welcomed(cast, noon) for _ in range(5)]
    young = [welcomed(cast, noon, segment="young") for _ in range(4)]
    held = opened(cast, noon)
    voted(
        cast, held, [*old, *young], [kinds.BETTER] * 6 + [kinds.WORSE] * 3, noon,
        note="电话13800138000",
    )  # fmt: skip
    voted(cast, held, young[:1], [kinds.WORSE], noon)
    told = held.result
    assert told is not None
    assert {one.vote: one.n for one in told.counts} == {"better": 5, "same": 0, "worse": 4}
    better = told.counts[0]
    assert (better.low, better.high) == interval(5, 9)
    assert dict(told.ratings) == {"方便": 4.0, "看得懂": 4.0, "公平": 3.0}
    assert [one.name for one in by_segment(held.sessions)] == ["老年客户"]
    assert not held.awaits_answer
    assert "13800138000" not in str(notes(held.sessions))
    assert notes(held.sessions)[0][0] == "变差了"
    replayed(held)


def test_a_change_that_most_call_worse_is_answered_before_it_is_carried_out(
    cast: SimpleNamespace, noon: datetime
) -> None:
    held, _measure = carried(cast, noon, fall=0.5)
    Proposal.objects.filter(pk=held.pk).update(state=states.ADOPTED, carried_at=None)
    people = [welcomed(cast, noon) for _ in range(3)]
    look = opened(cast, noon, proposal=held)
    voted(cast, look, people, [kinds.WORSE, kinds.WORSE, kinds.BETTER], noon, note="短信看不懂")
    assert look.awaits_answer
    told: dict[str, Any] = {"words": "短信每月一日发出", "by": cast.liu_yang, "at": noon}
    with pytest.raises(CannotCarry, match="先答复"):
        carry_out_proposal(held, **told)
    mine = reach.of(cast.zhou_tao, noon)
    assert [one.wants for one in errands.walkthroughs(mine, noon)] == ["答复体验官的意见"]
    with pytest.raises(CannotWalkThrough, match="改了什么"):
        answer_walkthrough(look, words="改", by=cast.zhou_tao, at=noon)
    answer_walkthrough(look, words="短信改成大白话，去掉代码", by=cast.zhou_tao, at=noon)
    look.refresh_from_db()
    with pytest.raises(CannotWalkThrough, match="没有新的意见"):
        answer_walkthrough(look, words="短信改成大白话，去掉代码", by=cast.zhou_tao, at=noon)
    inform_of_walkthrough(look.entries.get(kind="walkthrough.answered"))
    assert Notice.objects.filter(person=cast.wang_xiuying).exists()
    carry_out_proposal(held, **told)
    held.refresh_from_db()
    assert held.state == states.CARRIED_OUT
    voted(cast, look, people, [kinds.WORSE] * 3, noon)
    assert look.awaits_answer, "a new session wants a new answer"
    replayed(look)


def test_a_walkthrough_looks_at_one_change_and_never_at_ones_own(
    cast: SimpleNamespace, noon: datetime
) -> None:
    held, measure = carried(cast, noon, fall=0.5)
    own = Proposal.objects.get(pk=held.pk)
    Proposal.objects.filter(pk=held.pk).update(writers=[cast.zhou_tao.pk])
    own.refresh_from_db()
    for change, remedy in (
        ({"words": "看"}, "哪个变化"),
        ({"unit": org(BRANCH_B)}, "本单位和下级"),
        ({"proposal": own, "measure": measure}, "一个变化"),
        ({"proposal": own}, "提出的人"),
        ({"proposal": own, "by": cast.sun_qian, "unit": org(BRANCH_B)}, "看不到这条"),
        ({"measure": measure, "by": cast.sun_qian, "unit": org(BRANCH_B)}, "看不到这项"),
    ):
        with pytest.raises(CannotWalkThrough, match=remedy):
            opened(cast, noon, **change)
    look = opened(cast, noon, measure=measure, by=cast.lin_lan)
    assert list(Walkthrough.objects.of_proposal(own)) == [look]
    with pytest.raises(IntegrityError), transaction.atomic():
        Walkthrough.objects.filter(pk=look.pk).update(proposal=own)


def test_nobody_hosts_the_review_of_the_measure_that_came_of_his_proposal(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    held, measure = carried(cast, noon, fall=0.5)
    one, look = welcomed(cast, noon), opened(cast, noon, measure=measure)
    browser, new = signed_in(cast.zhou_tao), reverse("supervision:walkthrough_new")
    offered = browser.get(new).context["form"].fields["measure"].queryset
    assert list(offered) == [measure]
    assert browser.get(look.get_absolute_url()).context["forms"]
    for known in ({"measure": measure}, {"measure": None}):
        Proposal.objects.filter(pk=held.pk).update(writers=[cast.zhou_tao.pk], **known)
        with pytest.raises(CannotWalkThrough, match="提出的人"):
            opened(cast, noon, measure=measure)
        with pytest.raises(CannotWalkThrough, match="提出的人"):
            voted(cast, look, [one], [kinds.BETTER], noon)
        assert not browser.get(new).context["form"].fields["measure"].queryset.exists()
        assert browser.get(look.get_absolute_url()).context["forms"] == {}


def test_a_meeting_is_not_entered_before_one_that_was_held_later(
    cast: SimpleNamespace, noon: datetime
) -> None:
    one, held = welcomed(cast, noon - 9 * DAY), opened(cast, noon - 7 * DAY)
    today = timezone.localdate(noon)
    voted(cast, held, [one], [kinds.WORSE], noon)
    told: dict[str, Any] = {
        "ballots": [Ballot(one.pk, kinds.BETTER, FAIR)], "by": cast.zhou_tao, "at": noon,
    }  # fmt: skip
    with pytest.raises(CannotWalkThrough, match="不早于已登记的上一场"):
        take_session(held, held_on=today - DAY, **told)
    with pytest.raises(CannotWalkThrough, match="不早于开评审那天"):
        take_session(held, held_on=today - 8 * DAY, **told)
    held.refresh_from_db()
    assert held.awaits_answer


def test_the_last_word_is_that_of_the_last_meeting_not_of_the_last_entry() -> None:
    ballot = {"panelist": 1, "note": ""}
    late = {"number": 1, "held_on": "2026-03-09", "ballots": [{**ballot, "vote": "worse"}]}
    early = {"number": 2, "held_on": "2026-03-02", "ballots": [{**ballot, "vote": "better"}]}
    same_day = {"number": 3, "held_on": "2026-03-09", "ballots": [{**ballot, "vote": "same"}]}
    assert [one["vote"] for one in last([late, early])] == ["worse"]
    assert [one["vote"] for one in last([late, early, same_day])] == ["same"]


def test_those_who_come_later_do_not_take_back_that_it_became_worse(
    cast: SimpleNamespace, noon: datetime
) -> None:
    people = [welcomed(cast, noon) for _ in range(7)]
    look = opened(cast, noon)
    voted(cast, look, people[:2], [kinds.WORSE] * 2, noon)
    voted(cast, look, people[2:], [kinds.BETTER] * 5, noon)
    assert look.result is not None
    assert not look.result.is_worse
    assert look.awaits_answer
    answer_walkthrough(look, words="短信改成大白话，去掉代码", by=cast.zhou_tao, at=noon)
    look.refresh_from_db()
    assert not look.awaits_answer
    voted(cast, look, people[:1], [kinds.SAME], noon)
    assert not look.awaits_answer, "nothing worse was said since"


def test_the_forty_first_is_recorded_and_so_is_who_left_since(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    now = timezone.now()
    gone, then = welcomed(cast, now - 9 * DAY), timezone.localdate(now) - 3 * DAY
    before = welcomed(cast, now - 9 * DAY)
    look = opened(cast, now - 5 * DAY)
    told: dict[str, Any] = {"because": "搬到外地去了", "by": cast.zhou_tao, "at": now}
    dismiss_panelist(gone, left_on=timezone.localdate(now), **told)
    dismiss_panelist(before, left_on=then - 3 * DAY, **told)
    people = [welcomed(cast, now - 6 * DAY) for _ in range(40)]
    browser = signed_in(cast.zhou_tao)
    page = browser.get(look.get_absolute_url())
    assert page.context["seats"].paginator.count == 41
    assert "?seats=2" in page.content.decode()
    address = reverse("supervision:walkthrough_verb", args=[look.pk, "sessions"])
    for one, query in ((gone, ""), (people[-1], "?seats=2")):
        ballot = {f"{name}_{one.pk}": "2" for name in kinds.RATINGS}
        ballot |= {f"vote_{one.pk}": "worse", "held_on": then.isoformat()}
        assert browser.post(address + query, ballot).status_code == 302
    look.refresh_from_db()
    assert [one["panelist"] for one in last(look.sessions)] == [gone.pk, people[-1].pk]


def test_a_branch_sees_its_own_and_those_of_proposals_it_sees(
    cast: SimpleNamespace, noon: datetime
) -> None:
    one, far = opened(cast, noon), opened(cast, noon, unit=org(BRANCH_B), by=cast.sun_qian)
    head = Org.objects.get(parent__isnull=True)
    about = opened(cast, noon, unit=head, proposal=adopted(cast, noon), by=cast.lin_lan)

    def seen(person: Any) -> set[int]:
        rows = Walkthrough.objects.within(reach.of(person, noon))
        return set(rows.values_list("pk", flat=True))

    assert seen(cast.zhou_tao) == {one.pk, about.pk}
    assert seen(cast.sun_qian) == {far.pk}
    assert seen(cast.lin_lan) == {one.pk, far.pk, about.pk}
    assert seen(cast.wang_xiuying) == {about.pk}, "she wrote the proposal"
    assert seen(cast.kong_mingyu) == set()
    welcomed(cast, noon)
    mine = [reach.of(person, noon) for person in (cast.zhou_tao, cast.sun_qian, cast.lin_lan)]
    assert [Panelist.objects.within(one).count() for one in mine] == [1, 0, 1]


def test_the_pages_ask_record_and_answer(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    browser, today = signed_in(cast.zhou_tao), timezone.localdate().isoformat()
    people, unit = reverse("supervision:panelists"), org(OUTLET_A)
    joining = {
        "unit": unit.pk, "segment": "county", "consented_on": today, "joined_on": today,
        "consent_how": SIGNED,
    }  # fmt: skip
    assert browser.post(people, {**joining, "unit": org(BRANCH_B).pk}).status_code == 422
    assert browser.post(people, joining).status_code == 302
    assert browser.post(people, joining).status_code == 302
    one, other = Panelist.objects.order_by("pk")
    assert str(one) in browser.get(people).content.decode()
    new = reverse("supervision:walkthrough_new")
    assert browser.get(new).status_code == 200
    assert browser.post(new, {"unit": unit.pk, "words": "看"}).status_code == 422
    assert browser.post(new, {"unit": unit.pk, "words": LOOK}).status_code == 302
    look = Walkthrough.objects.get()
    sessions = reverse("supervision:walkthrough_verb", args=[look.pk, "sessions"])
    ballot = {f"{name}_{one.pk}": "2" for name in kinds.RATINGS}
    ballot |= {f"vote_{one.pk}": "worse", f"note_{one.pk}": "字太小", "held_on": today}
    assert browser.post(sessions, {"held_on": today}).status_code == 422
    assert browser.post(sessions, {**ballot, f"ease_{one.pk}": ""}).status_code == 422
    assert browser.post(sessions, ballot).status_code == 302
    page = browser.get(look.get_absolute_url()).content.decode()
    assert "字太小" in page
    assert "待答复" in page
    answer = reverse("supervision:walkthrough_verb", args=[look.pk, "answer"])
    assert browser.post(answer, {"words": "字号放大到四号"}).status_code == 302
    assert browser.post(sessions.replace("sessions", "nothing"), {}).status_code == 404
    leaving = reverse("supervision:panelist_leaving", args=[other.pk])
    assert browser.post(leaving, {"left_on": "2020-01-01", "because": "搬走了"}).status_code == 422
    assert browser.post(leaving, {"left_on": today, "because": "搬到外地去了"}).status_code == 302
    foreign = signed_in(cast.sun_qian)
    assert foreign.get(look.get_absolute_url()).status_code == 404
    assert foreign.post(sessions, ballot).status_code == 404
    assert foreign.post(leaving, {}).status_code == 404
    for page_of in (people, reverse("supervision:walkthroughs")):
        assert signed_in(cast.wang_xiuying).get(page_of).status_code == 403
    assert signed_in(cast.qian_wei).post(people, joining).status_code == 404


def test_lists_cost_the_same_however_many(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    browser, held = signed_in(cast.lin_lan), adopted(cast, noon)
    pages = [reverse("supervision:walkthroughs"), reverse("supervision:panelists")]
    costs = []
    for _time in range(2):
        for _more in range(3):
            opened(cast, noon, proposal=held, by=cast.lin_lan)
            welcomed(cast, noon)
        for page in [*pages, held.get_absolute_url()]:
            browser.get(page)
            with CaptureQueriesContext(connection) as counted:
                browser.get(page)
            costs.append(len(counted))
    assert costs[:3] == costs[3:]
