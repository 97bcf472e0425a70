"""Nobody who stands aside answers for an open case, is asked to act for it, or is waited for."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from sujin.complaints import clock, kinds
from sujin.complaints.acts.claim import CannotClaim, claim, put_back
from sujin.complaints.acts.close import reopen
from sujin.complaints.acts.hand_over import CannotHandOver, hand_over, take_back
from sujin.complaints.acts.recuse import recuse
from sujin.complaints.acts.refer_up import refer_up
from sujin.complaints.acts.relieve import relieve_leavers
from sujin.complaints.acts.review import superior
from sujin.complaints.desks import Desks
from sujin.complaints.invariants import nobody_acts
from sujin.complaints.ladder import WHO, People
from sujin.complaints.models import Complaint
from sujin.complaints.second_looks import cases_looked_after
from sujin.lab.cast import BRANCH_A
from sujin.lab.orgs import HEAD
from sujin.platform import journal, reach
from sujin.platform.acts.organise import system_person
from sujin.platform.acts.stand_in import go_away
from sujin.platform.models import Notice, Org, Person, Post
from sujin.platform.reach import roles
from tests.complaints.conftest import TOLD, Told
from tests.complaints.test_always_somebody import replays
from tests.complaints.test_answering import COMPLEX, answered


def aside(case: Complaint, *persons: Person, at: datetime) -> None:
    for person in persons:
        recuse(case, person=person, because="亲属", by=person, at=at)


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def everybody_on_duty(at: datetime, *, but: tuple[Person, ...] = ()) -> list[Person]:
    posts = Post.objects.on_duty_at(at).exclude(person__in=but).select_related("person")
    return list({post.person_id: post.person for post in posts}.values())


def test_whoever_answers_for_an_unclaimed_case_and_stands_aside_is_relieved_at_once(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    assert case.accountable == cast.wang_xiuying
    aside(case, cast.wang_xiuying, at=noon)
    assert fresh(case).accountable == cast.chen_li
    relieved = case.entries.of(kinds.Relieved).get()
    assert relieved.what().sentence() == "王秀英 须回避，由 陈立 负责"
    assert list(nobody_acts(noon)) == [] and replays(case)
    for act in journal.reactions_to(relieved.kind):
        act(relieved)
    assert Notice.objects.filter(person=cast.chen_li, entry=relieved).exists()


def test_the_night_sees_an_accountable_person_who_stands_aside(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    """The known-bad control: written past the act, the row has to be heard of and mended."""
    case = told(COMPLEX)
    Complaint.objects.filter(pk=case.pk).update(recused=[cast.wang_xiuying.pk])
    assert [found.complaint for found in nobody_acts(noon)] == [case.pk]
    assert relieve_leavers(by=system_person(), at=noon) == 1
    assert fresh(case).accountable == cast.chen_li and list(nobody_acts(noon)) == []


def test_a_claim_put_back_does_not_return_to_whoever_stands_aside(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    put_back(case, by=cast.chen_li, at=noon)
    assert fresh(case).accountable == cast.wang_xiuying
    aside(case, cast.wang_xiuying, at=noon)
    claim(case, by=cast.shen_qiu, at=noon)
    put_back(case, by=cast.shen_qiu, at=noon)
    assert fresh(case).accountable == cast.chen_li and replays(case)


def test_a_claim_put_back_finds_the_duty_officer_when_who_had_it_has_gone_meanwhile(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    # Written past the act: nobody but the one who claimed may stand between.
    Complaint.objects.filter(pk=case.pk).update(recused=[cast.wang_xiuying.pk])
    put_back(case, by=cast.chen_li, at=noon)
    case = fresh(case)
    assert case.accountable == cast.chen_li and cast.chen_li.token in case.seen_by
    assert case.claimed_at is None


def test_a_deputy_who_stands_aside_leaves_no_case_with_somebody_away(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case, today = told(COMPLEX), timezone.localdate(noon)
    claim(case, by=cast.chen_li, at=noon)
    go_away(
        cast.chen_li, deputy=cast.shen_qiu, since=today, until=today, because="",
        by=cast.chen_li, at=noon,
    )  # fmt: skip
    assert list(nobody_acts(noon)) == []
    aside(case, cast.shen_qiu, at=noon)
    case = fresh(case)
    assert case.accountable not in (cast.chen_li, cast.shen_qiu)
    assert list(nobody_acts(noon)) == []
    # The known-bad control: the same row, had nobody been relieved.
    Complaint.objects.filter(pk=case.pk).update(accountable=cast.chen_li)
    assert [found.complaint for found in nobody_acts(noon)] == [case.pk]


def test_a_case_begun_again_leaves_whoever_stands_aside(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX, phone="13912345678")
    claim(case, by=cast.chen_li, at=noon)
    answered(cast, case, noon)
    reopen(case, because="没解决", by=cast.zhao_min, at=noon)
    held = fresh(case).accountable
    assert held is not None
    aside(case, held, at=noon)
    case = fresh(case)
    assert case.accountable not in (None, held) and list(nobody_acts(noon)) == []


def test_when_everybody_stands_aside_the_case_goes_up_and_at_last_to_the_head_by_name(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    consumer = Org.objects.get(code=f"{HEAD}-CONSUMER")
    Post.objects.create(person=cast.sun_qian, org=consumer, role="supervisor", since=noon.date())
    aside(case, *everybody_on_duty(noon, but=(cast.sun_qian, cast.zheng_gang)), at=noon)
    assert fresh(case).accountable == cast.sun_qian
    aside(case, cast.sun_qian, at=noon)
    assert fresh(case).accountable == cast.zheng_gang
    # Nobody is left: the head stays named, hears of it, and the night says so.
    aside(case, cast.zheng_gang, at=noon)
    assert fresh(case).accountable == cast.zheng_gang
    assert [found.complaint for found in nobody_acts(noon)] == [case.pk]
    last = case.entries.of(kinds.Relieved).latest("pk")
    for act in journal.reactions_to(last.kind):
        act(last)
    assert Notice.objects.filter(person=cast.zheng_gang, entry=last).exists()


def test_an_offered_case_is_not_claimed_at_the_desk_that_gave_it(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case, branch = told(COMPLEX), Org.objects.get(code=BRANCH_A)
    hand_over(case, to=branch, because="请牵头", **TOLD, by=cast.chen_li, at=noon)
    soon = noon + timedelta(hours=1)
    with pytest.raises(CannotClaim, match="收回移交"):
        claim(case, by=cast.chen_li, at=soon)
    states = {one.clock: one.state for one in clock.of(fresh(case), now=soon)}
    assert states["hand_over"] == "running"
    take_back(case, by=cast.chen_li, at=soon)
    claim(case, by=cast.chen_li, at=soon)
    assert fresh(case).accountable == cast.chen_li


def test_a_case_is_not_handed_to_a_desk_where_everybody_stands_aside(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case, branch = told(COMPLEX), Org.objects.get(code=BRANCH_A)
    claim(case, by=cast.chen_li, at=noon)
    *most, last = Desks(noon).staff(branch)
    aside(case, *most, at=noon)
    hand_over(case, to=branch, because="请牵头", **TOLD, by=cast.chen_li, at=noon)
    take_back(case, by=cast.chen_li, at=noon)
    aside(case, last, at=noon)
    with pytest.raises(CannotHandOver, match="在岗人员"):
        hand_over(case, to=branch, because="请牵头", **TOLD, by=cast.chen_li, at=noon)


def test_a_review_goes_past_a_desk_where_everybody_stands_aside(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case, branch = told(COMPLEX), Org.objects.get(code=BRANCH_A)
    assert superior(case, noon) == branch
    aside(case, *Desks(noon).staff(branch), at=noon)
    above = superior(fresh(case), noon)
    assert above != branch and len(above.lineage) <= len(branch.lineage)


def test_the_ladder_names_somebody_who_may_act(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case, desks = told(COMPLEX), Desks(noon)
    above = People(case, desks)
    assert list(WHO["above"](above)) == [cast.zhou_tao]
    aside(case, cast.zhou_tao, at=noon)
    people = People(fresh(case), Desks(noon))
    assert cast.zhou_tao not in list(WHO["above"](people)) and list(WHO["above"](people))
    barred, home = (cast.chen_li.pk,), case.desk or case.origin
    assert desks.instead_of(cast.chen_li, home, barred) == [cast.shen_qiu]
    everybody = [person.pk for person in everybody_on_duty(noon)]
    assert desks.instead_of(cast.chen_li, home, everybody) == [cast.chen_li]


def lookers(case: Complaint, at: datetime) -> set[str]:
    return {
        person.name
        for person in everybody_on_duty(at)
        if case.pk in cases_looked_after(reach.of(person, at), at)
    }


def test_a_second_look_waits_for_nobody_who_stands_aside(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    Complaint.objects.filter(pk=case.pk).update(awaits_tier=True)
    assert lookers(case, noon) == {"陈立", "沈秋"}
    aside(case, cast.chen_li, at=noon)
    assert lookers(case, noon) == {"沈秋"}
    aside(case, cast.shen_qiu, at=noon)
    assert cast.zhou_tao.name in lookers(case, noon)
    tiering = [role.code for role in roles().values() if "retier" in role.may]
    above = Post.objects.on_duty_at(noon).filter(
        role__in=tiering, org__in=(case.desk or case.origin).lineage
    )
    rest = {post.person for post in above if post.person not in (cast.chen_li, cast.shen_qiu)}
    aside(case, *rest, at=noon)
    # Nobody above is left: head office's desk is asked, where somebody is; else its head sees it.
    assert cast.zheng_gang.name in lookers(case, noon)
    consumer = Org.objects.get(code=f"{HEAD}-CONSUMER")
    Post.objects.create(person=cast.sun_qian, org=consumer, role="supervisor", since=noon.date())
    assert refer_up(by=system_person(), at=noon) == 1
    assert lookers(case, noon) == {cast.sun_qian.name}
    assert refer_up(by=system_person(), at=noon) == 0
