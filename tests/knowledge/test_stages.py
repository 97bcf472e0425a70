"""Branch by branch: who waits has the old text, who has had the turn the new one."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from sujin.knowledge.acts.draft import draft_next
from sujin.knowledge.acts.edit import edit
from sujin.knowledge.acts.release import CannotRelease, release
from sujin.knowledge.acts.stage import CannotStage, Plan, draw
from sujin.knowledge.acts.submit import submit
from sujin.knowledge.acts.withdraw import CannotWithdraw, withdraw
from sujin.knowledge.audience import PUBLIC, STAFF, THE_PUBLIC, Audience
from sujin.knowledge.models import Version
from sujin.knowledge.standing import fallen
from sujin.lab.orgs import HEAD
from sujin.platform.models import Org
from tests.knowledge.conftest import Write

WEEK = timedelta(weeks=1)
CARD = f"{HEAD}-CARD"
HEAD_OFFICE = Audience(STAFF, everywhere=True)


def reader(code: str) -> Audience:
    return Audience(STAFF, Org.objects.get(code=code).lineage)


def titles(audience: Audience, at: datetime) -> list[str]:
    return list(Version.objects.served(audience, at).values_list("title", flat=True))


@pytest.fixture
def staged(released: Write, cast: SimpleNamespace, noon: datetime) -> Version:
    """The second version comes to the branches in two batches, a week apart, in the order of the
    tree: BC first, then JN."""
    old = released(title="旧", scope={"surfaces": (STAFF, PUBLIC)})
    new = draft_next(old.item, because="改", by=cast.liu_yang, at=noon)
    edit(new, {"title": "新"}, by=cast.liu_yang, at=noon)
    submit(new, by=cast.liu_yang, at=noon)
    release(new, plan=Plan(2, 1, by_lot=False), by=cast.zheng_gang, at=noon)
    return Version.objects.get(pk=new.pk)


def test_who_waits_has_the_old_text_until_its_turn(staged: Version, noon: datetime) -> None:
    assert titles(reader("BC-01-01-01"), noon) == ["新"]
    assert titles(reader("JN-01-01-01"), noon) == ["旧"]
    assert titles(reader("JN-01-01-01"), noon + WEEK) == ["新"]
    assert titles(reader(CARD), noon) == ["新"], "who is no branch has it from the beginning"


def test_nobody_ever_has_both_or_neither(staged: Version, noon: datetime) -> None:
    readers = [reader(org.code) for org in Org.objects.all()] + [HEAD_OFFICE, THE_PUBLIC]
    for hours in range(0, 24 * 9, 6):
        at = noon + timedelta(hours=hours)
        assert all(len(titles(who, at)) == 1 for who in readers), at


def test_customers_are_told_the_new_text_when_everybody_has_it(
    staged: Version, noon: datetime
) -> None:
    assert titles(THE_PUBLIC, noon) == ["旧"]
    assert titles(THE_PUBLIC, noon + WEEK) == ["新"]


def test_a_screen_is_told_when_its_turn_has_come(staged: Version, noon: datetime) -> None:
    old = Version.objects.get(item=staged.item, number=1)
    assert fallen([old.pk], reader("JN-01-01-01"), noon) == []
    assert [one.title for one in fallen([old.pk], reader("BC-01-01-01"), noon)] == ["新"]


def test_the_lot_is_on_the_docket_and_can_be_drawn_again(
    drafted: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    draft = drafted()
    submit(draft, by=cast.liu_yang, at=noon)
    release(draft, plan=Plan(2, 3), by=cast.zheng_gang, at=noon)
    told = draft.entries.get(kind="version.released").data
    assert (
        told["by_lot"]
        and len(told["stages"])
        == Org.objects.filter(parent__parent__isnull=True, parent__isnull=False).count()
    )
    again = [(one.org.code, one.since) for one in draw(draft, Plan(2, 3), noon)]
    kept = draft.stages.values_list("org__code", "since")
    assert sorted(again) == sorted(kept)


def test_what_holds_in_one_branch_only_is_not_rolled_out(
    drafted: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    draft = drafted()
    submit(draft, by=cast.liu_yang, at=noon)
    with pytest.raises(CannotStage, match="分不了"):
        release(draft, plan=Plan(9, 1), by=cast.zheng_gang, at=noon)
    other = drafted("only-bc")
    edit(other, {"orgs": [Org.objects.get(code="BC").pk]}, by=cast.liu_yang, at=noon)
    submit(other, by=cast.liu_yang, at=noon)
    with pytest.raises(CannotStage, match="适用全行"):
        release(other, plan=Plan(2, 1), by=cast.zheng_gang, at=noon)


def test_an_urgent_correction_stops_both_the_old_and_the_one_under_way(
    staged: Version, cast: SimpleNamespace, noon: datetime
) -> None:
    at = noon + timedelta(days=1)
    correction = draft_next(staged.item, because="有误", by=cast.liu_yang, at=at)
    edit(correction, {"title": "更正"}, by=cast.liu_yang, at=at)
    submit(correction, by=cast.liu_yang, at=at)
    with pytest.raises(CannotRelease, match="没有推开完毕"):
        release(correction, plan=Plan(2, 1), by=cast.zheng_gang, at=at)
    release(correction, by=cast.zheng_gang, at=at)
    for who in (reader("JN-01-01-01"), reader("BC-01-01-01"), HEAD_OFFICE, THE_PUBLIC):
        assert titles(who, at) == ["更正"]
        assert titles(who, noon + 2 * WEEK) == ["更正"]


def test_what_is_withdrawn_under_way_gives_the_old_text_back_when_asked(
    staged: Version, cast: SimpleNamespace, noon: datetime
) -> None:
    at = noon + timedelta(days=1)
    withdraw(staged, because="有误", reinstate=True, by=cast.zheng_gang, at=at)
    readers = (reader("JN-01-01-01"), reader("BC-01-01-01"), HEAD_OFFICE, THE_PUBLIC)
    assert [titles(who, noon + 2 * WEEK) for who in readers] == [["旧"]] * 4
    old = Version.objects.get(item=staged.item, number=1)
    assert {name: getattr(old, name) for name in old.replay()} == old.replay()
    with pytest.raises(CannotWithdraw, match="没有可以恢复"):
        withdraw(old, because="也撤", reinstate=True, by=cast.zheng_gang, at=at)


def test_nothing_comes_branch_by_branch_beyond_the_days_of_the_old_text(
    released: Write, cast: SimpleNamespace, noon: datetime
) -> None:
    old = released(valid_to=noon + 2 * WEEK)
    new = draft_next(old.item, because="改", by=cast.liu_yang, at=noon)
    submit(new, by=cast.liu_yang, at=noon)
    with pytest.raises(CannotRelease, match="先延长"):
        release(new, plan=Plan(2, 4), by=cast.zheng_gang, at=noon)
