"""Somebody says it did not work; the owner answers in time, or those above hear of it."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.revise import (
    CannotRevise,
    begin_revision,
    escalate_all,
    give_feedback,
    leave_unchanged,
    open_revision,
    refuse_revision,
)
from sujin.knowledge.acts.submit import drop, submit
from sujin.knowledge.acts.withdraw import withdraw
from sujin.knowledge.models import Feedback, Revision
from sujin.knowledge.rules import due_on
from sujin.platform import reach
from sujin.platform.acts.organise import system_person
from tests.knowledge.reading.conftest import told_of, work


def spoken(cast: SimpleNamespace, shelf: SimpleNamespace, at: datetime) -> Revision:
    return give_feedback(
        shelf.fee,
        reason="refuses",
        words="客户张伟说话术太硬，电话13812345678",
        case="2026-0000417",
        by=cast.wang_xiuying,
        at=at,
    )


def fresh(revision: Revision) -> Revision:
    return Revision.objects.get(pk=revision.pk)


def test_a_word_from_the_counter_becomes_the_owners_task_without_personal_data(
    cast: SimpleNamespace, shelf: SimpleNamespace, noon: datetime
) -> None:
    task = spoken(cast, shelf, noon)
    assert task.due_on == date(2026, 3, 16)
    said = Feedback.objects.get()
    assert "13812345678" not in said.words + task.because + str(task.entries.get().data)
    assert (said.person, said.case, said.version) == (cast.wang_xiuying, "2026-0000417", shelf.fee)
    work(task)
    assert told_of(cast.liu_yang) == ["revision.opened"]
    assert told_of(cast.he_jing) == []


def test_working_days_are_counted_and_a_year_without_a_calendar_does_not_stop_the_count() -> None:
    friday = datetime.fromisoformat("2026-09-25T10:00+08:00")
    assert due_on(friday, 5) > date(2026, 10, 8)
    december = datetime.fromisoformat("2026-12-28T10:00+08:00")
    assert due_on(december, 10) == date(2027, 1, 11)


def test_a_second_word_joins_the_open_task_and_may_bring_its_limit_nearer(
    cast: SimpleNamespace, shelf: SimpleNamespace, noon: datetime
) -> None:
    task = spoken(cast, shelf, noon)
    again = give_feedback(shelf.fee, reason="wrong", by=cast.ma_jun, at=noon)
    assert again.pk == task.pk
    assert fresh(task).due_on == date(2026, 3, 9)
    losing = open_revision(
        shelf.fee.item, because="效果下降", source="effect", by=system_person(), at=noon
    )
    assert losing.pk == task.pk and Revision.objects.count() == 1
    assert task.feedback.count() == 2


def test_what_is_not_served_or_not_offered_is_refused(
    cast: SimpleNamespace, shelf: SimpleNamespace, noon: datetime
) -> None:
    for reason in ("effect", "nonsense"):
        with pytest.raises(CannotRevise):
            give_feedback(shelf.fee, reason=reason, by=cast.wang_xiuying, at=noon)
    withdraw(shelf.fee, because="写错了", by=cast.zheng_gang, at=noon)
    shelf.fee.refresh_from_db()
    with pytest.raises(CannotRevise):
        give_feedback(shelf.fee, reason="wrong", by=cast.wang_xiuying, at=noon)
    with pytest.raises(CannotRevise):
        open_revision(shelf.fee.item, because="x", source="?", by=cast.wang_xiuying, at=noon)


def test_it_closes_by_itself_when_the_next_version_is_released(
    cast: SimpleNamespace, shelf: SimpleNamespace, noon: datetime
) -> None:
    task = spoken(cast, shelf, noon)
    written = begin_revision(task, words="改软一些", by=cast.liu_yang, at=noon)
    assert (written.number, fresh(task).state) == (2, "revising")
    with pytest.raises(CannotRevise):
        begin_revision(task, words="再改", by=cast.liu_yang, at=noon)
    submit(written, by=cast.liu_yang, at=noon)
    later = noon + timedelta(days=2)
    release(written, by=cast.zheng_gang, at=later)
    work(written, task)
    done = fresh(task)
    assert (done.state, done.ended_at, done.next_version) == ("revised", later, written)
    assert told_of(cast.wang_xiuying) == ["revision.begun", "revision.settled"]
    assert done.replay() == {name: getattr(done, name) for name in done.replay()}


def test_a_draft_that_is_given_up_leaves_the_answer_owed(
    cast: SimpleNamespace, shelf: SimpleNamespace, noon: datetime
) -> None:
    task = spoken(cast, shelf, noon)
    written = begin_revision(task, words="改软一些", by=cast.liu_yang, at=noon)
    drop(written, because="不改了", by=cast.liu_yang, at=noon)
    work(written)
    assert (fresh(task).state, fresh(task).next_version) == ("open", None)


@pytest.mark.parametrize(
    ("act", "state"), [(refuse_revision, "refused"), (leave_unchanged, "unchanged")]
)
def test_a_no_has_its_reason_and_the_speaker_hears_it(
    cast: SimpleNamespace, shelf: SimpleNamespace, noon: datetime, act: object, state: str
) -> None:
    task = spoken(cast, shelf, noon)
    with pytest.raises(CannotRevise):
        act(task, words="  ", by=cast.liu_yang, at=noon)  # type: ignore[operator]
    act(task, words="口径是总行定的", by=cast.liu_yang, at=noon)  # type: ignore[operator]
    assert (fresh(task).state, fresh(task).answer) == (state, "口径是总行定的")
    with pytest.raises(CannotRevise):
        act(task, words="再说一遍", by=cast.liu_yang, at=noon)  # type: ignore[operator]
    work(task)
    assert told_of(cast.wang_xiuying) == [f"revision.{state}"]


def test_what_nobody_answers_goes_up_once(
    cast: SimpleNamespace, shelf: SimpleNamespace, noon: datetime
) -> None:
    task = spoken(cast, shelf, noon)
    assert escalate_all(by=system_person(), at=noon + timedelta(days=14)) == 0
    late = noon + timedelta(days=15)
    assert escalate_all(by=system_person(), at=late) == 1
    assert escalate_all(by=system_person(), at=late + timedelta(days=1)) == 0
    work(task)
    assert "revision.escalated" in told_of(cast.zheng_gang)
    assert "revision.escalated" in told_of(cast.liu_yang)
    assert "revision.escalated" not in told_of(cast.he_jing)


def test_a_task_is_seen_by_its_owner_and_by_who_spoke(
    cast: SimpleNamespace, shelf: SimpleNamespace, noon: datetime
) -> None:
    task = spoken(cast, shelf, noon)

    def sees(person: object) -> bool:
        rows = Revision.objects.within(reach.of(person, noon))  # type: ignore[arg-type]
        return rows.filter(pk=task.pk).exists()

    assert sees(cast.liu_yang) and sees(cast.wang_xiuying) and sees(cast.zheng_gang)
    assert not sees(cast.ma_jun) and not sees(cast.he_jing) and not sees(cast.li_jianguo)
