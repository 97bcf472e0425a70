"""Every first-level branch has a liaison officer today, and the board says who and how fast."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

from django.test import Client
from django.utils import timezone

from sujin.complaints.acts.call_help import ask_liaison
from sujin.complaints.acts.confer import give_opinion
from sujin.complaints.acts.cover import check_coverage, uncovered
from sujin.lab.cast import BRANCH_A, BRANCH_B
from sujin.platform.acts.organise import system_person
from sujin.platform.acts.stand_in import go_away
from sujin.platform.models import Notice, Org, Person, Post
from tests.complaints.conftest import Told


def staffed(person: Person, at: datetime) -> None:
    """Branch B gets an officer, too: the small bank has one for branch A only."""
    org = Org.objects.get(code=BRANCH_B)
    Post.objects.create(person=person, org=org, role="liaison", since=timezone.localdate(at))


def codes(orgs: list[Org]) -> list[str]:
    return [org.code for org in orgs]


def test_a_branch_without_an_officer_is_named_once_a_day_to_its_leaders(
    cast: SimpleNamespace, noon: datetime
) -> None:
    assert codes(check_coverage(by=system_person(), at=noon)) == [BRANCH_B]
    check_coverage(by=system_person(), at=noon + timedelta(hours=1))
    told = Notice.objects.filter(entry__kind="org.uncovered")
    assert told.filter(person=cast.sun_qian).count() == 1
    assert told.filter(person=cast.lin_lan).count() == 1
    assert not told.filter(person=cast.zhou_tao).exists()
    check_coverage(by=system_person(), at=noon + timedelta(days=1))
    assert told.filter(person=cast.sun_qian).count() == 2


def test_absence_rolls_to_the_deputy_and_without_one_the_branch_is_uncovered(
    cast: SimpleNamespace, noon: datetime
) -> None:
    staffed(cast.ma_jun, noon)
    assert uncovered(noon) == []
    today = timezone.localdate(noon)
    for person, deputy in ((cast.tian_ye, cast.qin_lan), (cast.ma_jun, None)):
        go_away(person, deputy=deputy, since=today, until=today, because="", by=person, at=noon)
    assert codes(uncovered(noon)) == [BRANCH_B]
    assert uncovered(noon + timedelta(days=1)) == []


def test_the_board_shows_who_is_there_what_waits_and_how_fast(
    cast: SimpleNamespace, told: Told, signed_in: Callable[[Person], Client]
) -> None:
    now = timezone.now()
    case, branch = told(at=now - timedelta(hours=9)), Org.objects.get(code=BRANCH_A)
    asked_at = now - timedelta(hours=8)
    ask_liaison(case, branch=branch, question="请约客户", by=cast.gao_xiang, at=asked_at)
    give_opinion(case, answer="约好了", by=cast.tian_ye, at=asked_at + timedelta(hours=3))
    ask_liaison(case, branch=branch, question="再约一次", by=cast.gao_xiang, at=now)
    assert signed_in(cast.qian_wei).get("/liaison").status_code == 403
    page = signed_in(cast.zhou_tao).get("/liaison").content.decode()
    assert "覆盖率 50%" in page
    assert "田野" in page
    assert "3.0 小时（1 次）" in page
    link = f"/complaints?asked=liaison&of={BRANCH_A}"
    assert link.replace("&", "&amp;") in page
    found = signed_in(cast.zhou_tao).get(link).content.decode()
    assert case.number in found
    # The figures of a stranger's reach are empty, and so is the link.
    page = signed_in(cast.sun_qian).get("/liaison").content.decode()
    assert "3.0 小时" not in page
    assert case.number not in signed_in(cast.sun_qian).get(link).content.decode()


def test_a_notice_of_a_gap_leads_to_the_board(
    cast: SimpleNamespace, signed_in: Callable[[Person], Client]
) -> None:
    check_coverage(by=system_person(), at=timezone.now())
    notice = Notice.objects.get(person=cast.sun_qian)
    desk = signed_in(cast.sun_qian)
    assert desk.post(f"/notices/{notice.pk}")["Location"] == f"/liaison/{BRANCH_B}"
    assert desk.get(f"/liaison/{BRANCH_B}")["Location"] == f"/liaison#{BRANCH_B}"
