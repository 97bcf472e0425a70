"""Standing in opens no back door: not to four eyes, not to more posts, not to the other house."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from sujin.complaints import kinds
from sujin.complaints.acts import reply
from sujin.complaints.acts.call_help import call_expert
from sujin.complaints.acts.claim import MustStandAside, claim
from sujin.complaints.acts.climb import climb
from sujin.complaints.acts.close import call_back
from sujin.complaints.acts.confer import CannotConfer, ask_departments, give_opinion
from sujin.complaints.acts.decide import CannotDecide, grant
from sujin.complaints.acts.do_many import do_many, undo_many
from sujin.complaints.acts.hand_over import decline, hand_over
from sujin.complaints.acts.press import oversee
from sujin.complaints.acts.recuse import recuse
from sujin.complaints.acts.respond import respond
from sujin.complaints.desks import Desks
from sujin.complaints.models import Approval, Assignment, Complaint, Letter
from sujin.lab.cast import BRANCH_A
from sujin.platform import reach
from sujin.platform.acts.appoint import CannotAppoint, dismiss
from sujin.platform.acts.organise import system_person
from sujin.platform.acts.stand_in import CannotStandIn, come_back, go_away
from sujin.platform.models import Absence, Entry, Org, Person, Post
from tests.complaints.conftest import TOLD, Told
from tests.complaints.test_answering import a_letter, look_into, written
from tests.complaints.test_reactions import COMPLEX


def away(
    person: Person, deputy: Person | None, at: datetime, *, by: Person, days: int = 3
) -> Absence:
    today = timezone.localdate(at)
    last = today + timedelta(days=days)
    return go_away(person, deputy=deputy, since=today, until=last, because="", by=by, at=at)


def test_nobody_gives_themselves_somebody_elses_posts(
    cast: SimpleNamespace, noon: datetime
) -> None:
    with pytest.raises(CannotStandIn, match="自己代理"):
        away(cast.wu_tong, cast.zheng_gang, noon, by=cast.zheng_gang)
    with pytest.raises(CannotStandIn, match="由本人登记"):
        away(cast.qian_wei, None, noon, by=cast.zheng_gang)
    assert not Absence.objects.exists()


def test_a_deputy_leads_nobody_on_the_page(
    cast: SimpleNamespace, noon: datetime, signed_in: Any
) -> None:
    """For a day she has the supervisor's posts; she may not enter his next absence with them."""
    now = timezone.now()
    away(cast.zhou_tao, cast.wang_xiuying, now, by=cast.zhou_tao, days=0)
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    sent = signed_in(cast.wang_xiuying).post(
        "/absences",
        {
            "person": cast.zhou_tao.staff_no,
            "since": tomorrow.isoformat(),
            "until": (tomorrow + timedelta(days=100)).isoformat(),
            "deputy": cast.li_jianguo.staff_no,
        },
    )
    # The field is not hers: whatever she sends enters her own absence at most.
    assert sent.status_code in (302, 422)
    assert Absence.objects.filter(person=cast.zhou_tao).count() == 1


def test_who_stands_in_for_the_asker_is_no_second_pair_of_eyes(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    letter = submitted(cast, case, noon)
    request = Approval.objects.get(complaint=case)
    away(cast.chen_li, cast.wang_xiuying, noon, by=cast.chen_li)
    with pytest.raises(CannotDecide, match="复核"):
        grant(request, words="", by=cast.wang_xiuying, at=noon)
    grant(request, words="", by=cast.zhou_tao, at=noon)
    letter.refresh_from_db()
    assert letter.is_approved


def test_who_stands_aside_approves_nothing(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    submitted(cast, case, noon)
    recuse(case, person=cast.zhou_tao, because="亲属", by=cast.zhou_tao, at=noon)
    with pytest.raises(MustStandAside, match="回避"):
        grant(Approval.objects.get(complaint=case), words="", by=cast.zhou_tao, at=noon)


def submitted(cast: SimpleNamespace, case: Complaint, at: datetime) -> Letter:
    look_into(case, cast.chen_li, at)
    letter = a_letter(case, cast.chen_li, at, written())
    reply.submit(letter, finding="upheld", remedy=Decimal(300), by=cast.chen_li, at=at)
    return letter


def test_one_deputy_stands_in_for_two_colleagues_and_keeps_the_second_when_the_first_is_back(
    cast: SimpleNamespace, noon: datetime
) -> None:
    first = away(cast.chen_li, cast.wang_xiuying, noon, by=cast.chen_li)
    away(cast.shen_qiu, cast.wang_xiuying, noon, by=cast.shen_qiu)
    both = {cast.chen_li.pk, cast.shen_qiu.pk}
    assert set(reach.of(cast.wang_xiuying, noon).stood_in_for) == both
    come_back(first, by=cast.chen_li, at=noon)
    found = reach.of(cast.wang_xiuying, noon)
    assert found.stood_in_for == [cast.shen_qiu.pk]
    assert "reveal" in found.may
    told = Entry.objects.filter(kind="person.dismissed", subject_id=cast.wang_xiuying.pk)
    assert told.count() == 1


def test_a_deputy_has_a_post_no_sooner_than_the_absent(
    cast: SimpleNamespace, noon: datetime
) -> None:
    later = timezone.localdate(noon) + timedelta(days=3)
    branch = Org.objects.get(code=BRANCH_A)
    Post.objects.create(person=cast.shen_qiu, org=branch, role="supervisor", since=later)
    away(cast.shen_qiu, cast.chen_li, noon, by=cast.shen_qiu, days=9)
    assert "approve" not in reach.of(cast.chen_li, noon).may
    assert "approve" in reach.of(cast.chen_li, noon + timedelta(days=3)).may


def test_posts_in_another_house_are_not_handed_along(cast: SimpleNamespace, noon: datetime) -> None:
    company = Org.objects.get(code="WM")
    Post.objects.create(
        person=cast.shen_qiu, org=company, role="company_handler", since=date(2026, 1, 1)
    )
    away(cast.shen_qiu, cast.chen_li, noon, by=cast.shen_qiu)
    assert not Post.objects.filter(person=cast.chen_li, org=company).exists()


def test_a_deputy_who_leaves_stands_in_no_more_and_nothing_is_lengthened(
    cast: SimpleNamespace, noon: datetime
) -> None:
    away(cast.chen_li, cast.shen_qiu, noon, by=cast.chen_li, days=100)
    borrowed = Post.objects.get(person=cast.shen_qiu, stands_in_for__isnull=False)
    with pytest.raises(CannotAppoint, match="更早"):
        dismiss(borrowed, until=date(2037, 1, 1), by=cast.kong_mingyu, at=noon)
    own = Post.objects.get(person=cast.shen_qiu, stands_in_for=None)
    dismiss(own, until=timezone.localdate(noon), by=cast.kong_mingyu, at=noon)
    assert reach.of(cast.shen_qiu, noon + timedelta(days=1)).may == frozenset()


def test_the_ladder_tells_whoever_stands_in(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    away(cast.chen_li, cast.wang_xiuying, noon, by=cast.chen_li)
    climb(by=system_person(), at=noon + timedelta(hours=6, minutes=30))
    rung = case.entries.of(kinds.Escalated).get().what()
    assert isinstance(rung, kinds.Escalated)
    assert "王秀英" in rung.names
    assert "陈立" not in rung.names


def test_an_answer_goes_to_the_question_it_answers(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    card = Org.objects.get(code="HO-CARD")
    ask_departments(case, desks=[card], question="部门", by=cast.chen_li, at=noon)
    expert = Desks(noon).experts(case.origin, "card")[0]
    call_expert(case, expert=expert, question="专家", by=cast.chen_li, at=noon)
    give_opinion(case, answer="部门意见", by=cast.liu_yang, at=noon)
    give_opinion(case, answer="专家意见", by=cast.gu_wen, at=noon)
    found = set(Assignment.objects.values_list("step", "answer"))
    assert found == {("opinion", "部门意见"), ("expert", "专家意见")}
    gone = Assignment.objects.get(step="opinion").pk
    with pytest.raises(CannotConfer, match="已由他人回复"):
        give_opinion(case, answer="晚了", assignment=gone, by=cast.liu_yang, at=noon)


def test_who_orders_a_report_does_not_write_it(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    oversee(case, demand="说明进展", by=cast.zhou_tao, at=noon)
    away(cast.chen_li, cast.zhou_tao, noon, by=cast.chen_li)
    with pytest.raises(CannotConfer, match="不能自己回复自己"):
        give_opinion(case, answer="没问题", by=cast.zhou_tao, at=noon)


def test_a_letter_approved_before_a_reopening_decides_nothing(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    letters = []
    for _time in range(2):
        letters.append(submitted(cast, case, noon))
        grant(Approval.objects.waiting().get(complaint=case), words="", by=cast.zhou_tao, at=noon)
    sent, stale = letters
    reply.send(sent, way="letter", proof="EMS", by=cast.chen_li, at=noon)
    with pytest.raises(reply.CannotReply, match="已经答复过"):
        reply.send(stale, way="letter", proof="EMS", by=cast.chen_li, at=noon)
    later = noon + timedelta(hours=1)
    respond(case, way="phone", note="已联系", by=cast.chen_li, at=noon)
    call_back(case, satisfied="no", note="没退", by=cast.zhao_min, at=later)
    with pytest.raises(reply.CannotReply, match="重新起草"):
        reply.send(stale, way="letter", proof="EMS", by=cast.chen_li, at=later)


def test_undoing_a_batch_leaves_a_later_offer_alone(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    branch, card = (Org.objects.get(code=code) for code in (BRANCH_A, "HO-CARD"))
    given = {"to": branch, "because": "请分行牵头", **TOLD}
    batch = do_many("hand_over", [case], given=given, by=cast.chen_li, at=noon)
    soon = noon + timedelta(minutes=5)
    decline(case, because="不归我", by=cast.zhou_tao, at=soon)
    hand_over(case, to=card, because="请部门办", **TOLD, by=cast.chen_li, at=soon)
    assert undo_many(batch, by=cast.chen_li, at=soon) == 0
    case.refresh_from_db()
    assert case.offered_to == card
    assert "另行移交" in batch.lines.get().kept


def test_the_other_house_takes_nothing_by_doing_many(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    """The company sees its part of the bank's case; a batch is no way round that."""
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    company = Org.objects.get(code="WM")
    ask_departments(case, desks=[company], question="产品说明？", by=cast.chen_li, at=noon)
    case.refresh_from_db()
    given = {"to": company, "because": "拿过来", **TOLD}
    batch = do_many("hand_over", [case], given=given, by=cast.gao_xiang, at=noon)
    assert "权限" in batch.lines.get().refused
    case.refresh_from_db()
    assert case.offered_to is None
    assert case.entries.of(kinds.Denied).filter(by=cast.gao_xiang).count() == 1
