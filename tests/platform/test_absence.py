"""Somebody is away and somebody else stands in: the same posts, for as long, and no longer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from sujin.lab.cast import BRANCH2_A
from sujin.platform import reach
from sujin.platform.acts.appoint import dismiss
from sujin.platform.acts.stand_in import CannotStandIn, come_back, go_away
from sujin.platform.models import Absence, Entry, Person, Post


def away(
    cast: SimpleNamespace, at: datetime, *, days: int = 3, deputy: Person | None = None
) -> Absence:
    """Chen Li goes away from today on."""
    today = timezone.localdate(at)
    return go_away(
        cast.chen_li,
        deputy=deputy,
        since=today,
        until=today + timedelta(days=days),
        because="年假",
        by=cast.chen_li,
        at=at,
    )


def test_a_deputy_may_what_the_absent_may_until_the_last_day(
    cast: SimpleNamespace, noon: datetime
) -> None:
    """A teller stands in for a handler: she gains the handler's desk, and loses it again."""
    assert "reveal" not in reach.of(cast.wang_xiuying, noon).may
    away(cast, noon, deputy=cast.wang_xiuying)
    last = noon + timedelta(days=3)
    for moment in (noon, last):
        found = reach.of(cast.wang_xiuying, moment)
        assert "reveal" in found.may
        assert found.stood_in_for == [cast.chen_li.pk]
    assert "reveal" not in reach.of(cast.wang_xiuying, last + timedelta(days=1)).may


def test_whoever_is_away_is_not_on_duty(cast: SimpleNamespace, noon: datetime) -> None:
    away(cast, noon, deputy=cast.shen_qiu)
    held = Post.objects.filter(person=cast.chen_li, org__code=BRANCH2_A)
    assert held.held_at(noon).exists()
    assert not held.on_duty_at(noon).exists()
    assert held.on_duty_at(noon + timedelta(days=4)).exists()


def test_coming_back_early_takes_the_posts_back(cast: SimpleNamespace, noon: datetime) -> None:
    absence = away(cast, noon, deputy=cast.wang_xiuying)
    tomorrow = noon + timedelta(days=1)
    come_back(absence, by=cast.chen_li, at=tomorrow)
    assert "reveal" not in reach.of(cast.wang_xiuying, tomorrow).may
    assert Post.objects.on_duty_at(tomorrow).filter(person=cast.chen_li).exists()
    told = Entry.objects.filter(subject="person", subject_id=cast.chen_li.pk)
    assert {"person.away", "person.back"} <= set(told.values_list("kind", flat=True))


def test_coming_back_before_it_began_leaves_nothing(cast: SimpleNamespace, noon: datetime) -> None:
    come_back(away(cast, noon, deputy=cast.wang_xiuying), by=cast.chen_li, at=noon)
    assert not Absence.objects.exists()
    assert not Post.objects.filter(stands_in_for__isnull=False).exists()


def test_a_post_that_ends_takes_its_stand_in_with_it(cast: SimpleNamespace, noon: datetime) -> None:
    away(cast, noon, deputy=cast.wang_xiuying)
    post = Post.objects.get(person=cast.chen_li)
    dismiss(post, until=timezone.localdate(noon), by=cast.kong_mingyu, at=noon)
    assert "reveal" not in reach.of(cast.wang_xiuying, noon + timedelta(days=1)).may


@pytest.mark.parametrize(
    ("deputy", "says"),
    [
        ("chen_li", "本人以外"),
        ("sun_qian", "同在一个一级分行"),
        ("kong_mingyu", "同在一个一级分行"),
    ],
)
def test_a_deputy_from_elsewhere_is_refused(
    cast: SimpleNamespace, noon: datetime, deputy: str, says: str
) -> None:
    with pytest.raises(CannotStandIn, match=says):
        away(cast, noon, deputy=getattr(cast, deputy))
    assert not Absence.objects.exists()


def test_powers_that_must_stay_apart_stay_apart(cast: SimpleNamespace, noon: datetime) -> None:
    """The auditor at head office may not stand in for the vice-president beside him."""
    today = timezone.localdate(noon)
    with pytest.raises(CannotStandIn, match="不同的人"):
        go_away(
            cast.zheng_gang,
            deputy=cast.qian_wei,
            since=today,
            until=today,
            because="",
            by=cast.zheng_gang,
            at=noon,
        )
    assert not Absence.objects.exists()


def test_two_who_are_away_cannot_stand_in_for_each_other(
    cast: SimpleNamespace, noon: datetime
) -> None:
    away(cast, noon)
    with pytest.raises(CannotStandIn, match="已经登记过"):
        away(cast, noon)
    today = timezone.localdate(noon)
    with pytest.raises(CannotStandIn, match="也不在岗"):
        go_away(
            cast.shen_qiu,
            deputy=cast.chen_li,
            since=today,
            until=today,
            because="",
            by=cast.shen_qiu,
            at=noon,
        )


def test_the_page_takes_an_absence_and_gives_it_back(
    cast: SimpleNamespace, signed_in: Callable[[Person], Client]
) -> None:
    today = timezone.localdate()
    given = {
        "since": today.isoformat(),
        "until": today.isoformat(),
        "deputy": cast.shen_qiu.staff_no,
    }
    mine = signed_in(cast.chen_li)
    assert mine.post("/absences", given).status_code == 302
    absence = Absence.objects.get()
    assert "沈秋" in mine.get("/absences").content.decode()
    # A stranger of another branch neither sees nor ends it.
    stranger = signed_in(cast.sun_qian)
    assert "沈秋" not in stranger.get("/absences").content.decode()
    assert stranger.post(f"/absences/{absence.pk}/return").status_code == 403
    # The supervisor above may.
    assert signed_in(cast.zhou_tao).post(f"/absences/{absence.pk}/return").status_code == 302
    assert not Absence.objects.exists()


def test_a_form_with_faults_says_which(
    cast: SimpleNamespace, signed_in: Callable[[Person], Client]
) -> None:
    page = signed_in(cast.chen_li).post("/absences", {"since": "", "until": "x", "deputy": "9"})
    assert page.status_code == 422
    assert "没有这个工号" in page.content.decode()
