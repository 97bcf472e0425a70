"""Who must learn what, how a test goes, and that the figures are those of a plain recount."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sujin.engine.training import Holding, is_passed
from sujin.knowledge.models import Version
from sujin.knowledge.quiz import Source
from sujin.knowledge.wording import starter
from sujin.lab.cast import BRANCH_A, BRANCH_B, OUTLET_A
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Notice, Org, Person, Post
from sujin.supervision import paper
from sujin.supervision.acts import enrol as acts
from sujin.supervision.acts import take_test as test
from sujin.supervision.acts.enrol import CannotEnrol, enrol, excuse, inform_enrolled
from sujin.supervision.acts.take_test import CannotTest
from sujin.supervision.kinds import training as kinds
from sujin.supervision.models import Attempt, Enrolment
from sujin.supervision.trainingbook import Training, demands, trainings
from tests.supervision.school import (
    BASICS,
    CARE,
    DAY,
    enrolment,
    holdings,
    matrix,
    sheet,
    shelves,
    sit,
)

SOURCE = "三季度走访看到首次联系客户时没有复述诉求"
GONE = "休产假，返岗后再训"


@pytest.fixture
def school(cast: SimpleNamespace, noon: datetime) -> SimpleNamespace:
    shelves(noon, cast.zheng_gang)
    matrix(noon)
    return cast


# By the matrix.


def test_everybody_is_enrolled_in_what_the_posts_ask_for_and_only_once(
    cast: SimpleNamespace, noon: datetime
) -> None:
    expected = {
        (post.person_id, one.training)
        for post in Post.objects.held_at(noon)
        for one in demands()
        if one.role == post.role
    }
    assert matrix(noon) == len(expected)
    assert set(Enrolment.objects.values_list("person", "training")) == expected
    row = enrolment(cast.wang_xiuying)
    assert row.due_on == timezone.localdate(noon) + 30 * DAY, "the post is old: days begin today"
    assert row.entries.get().what().sentence() == "岗位应学，2026-04-01 前通过"
    assert (matrix(noon), matrix(noon + DAY)) == (0, 0)
    assert not Enrolment.objects.filter(person=cast.kong_mingyu).exists()


def test_a_new_post_gives_its_days_and_a_second_one_the_earlier(
    school: SimpleNamespace, noon: datetime
) -> None:
    since = timezone.localdate(noon) - 5 * DAY
    org = Org.objects.get(code=OUTLET_A)
    person = Person.objects.create(staff_no="200001", name="新柜员")
    Post.objects.create(person=person, org=org, role="teller", since=since)
    assert matrix(noon) == sum(one.role == "teller" for one in demands())
    assert enrolment(person).due_on == since + 30 * DAY
    assert enrolment(person).org == org


def test_who_leaves_is_released_and_who_passed_keeps_it(
    school: SimpleNamespace, noon: datetime
) -> None:
    sit(enrolment(school.wang_xiuying), noon)
    Post.objects.filter(person=school.wang_xiuying).update(until=timezone.localdate(noon))
    assert matrix(noon + DAY) == 0
    states = set(
        Enrolment.objects.filter(person=school.wang_xiuying).values_list("state", flat=True)
    )
    assert states == {kinds.PASSED, kinds.RELEASED}
    with pytest.raises(CannotTest, match="没有要考的"):
        test.begin(
            Enrolment.objects.get(person=school.wang_xiuying, training=CARE),
            by=school.wang_xiuying, at=noon + DAY,
        )  # fmt: skip


def test_a_certificate_runs_out_and_is_to_be_earned_again(
    school: SimpleNamespace, noon: datetime
) -> None:
    row = enrolment(school.wang_xiuying)
    sit(row, noon)
    row.refresh_from_db()
    assert row.valid_until == date(2027, 3, 2)
    last = datetime.combine(row.valid_until, noon.timetz())
    assert matrix(last) == 0
    assert matrix(last + DAY) == 1
    again = enrolment(school.wang_xiuying)
    assert (again.because, again.due_on) == (kinds.AGAIN, date(2027, 4, 2))
    row.refresh_from_db()
    assert row.state == kinds.LAPSED
    told = holdings(school.wang_xiuying, last + DAY)
    assert told[BASICS] is Holding.LAPSED


def test_the_database_holds_one_enrolment_of_a_person_and_training(
    school: SimpleNamespace, noon: datetime
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(
            person=school.wang_xiuying, training=BASICS, due_on=timezone.localdate(noon)
        )


# By hand.


def _enrol(cast: SimpleNamespace, at: datetime, **changes: Any) -> int:
    told = {"unit": Org.objects.get(code=BRANCH_A), "because": kinds.SHORTCOMING, "role": "",
            "source": SOURCE, "due_on": timezone.localdate(at) + 30 * DAY, "by": cast.zhou_tao,
            **changes}  # fmt: skip
    return enrol(trainings()["missold"], **told, at=at)


def test_a_supervisor_enrols_the_people_of_a_unit_and_they_hear_of_it(
    school: SimpleNamespace, noon: datetime
) -> None:
    assert _enrol(school, noon, role="teller") == 1
    row = enrolment(school.wang_xiuying, "missold")
    assert row.entries.get().what().sentence().endswith(SOURCE)
    inform_enrolled(row.entries.get())
    assert Notice.objects.filter(person=school.wang_xiuying).exists()
    with pytest.raises(CannotEnrol, match="已经在学"):
        _enrol(school, noon, role="teller")


def test_enrolling_is_refused_outside_the_own_place_and_without_a_reason(
    school: SimpleNamespace, noon: datetime
) -> None:
    before = Enrolment.objects.count()
    today = timezone.localdate(noon)
    for change in (
        {"by": school.sun_qian}, {"by": school.wang_xiuying}, {"by": school.qian_wei},
        {"unit": Org.objects.get(code=BRANCH_B)}, {"source": "短"}, {"because": kinds.MATRIX},
        {"due_on": today}, {"due_on": today + 400 * DAY}, {"role": "expert"},
    ):  # fmt: skip
        with pytest.raises(CannotEnrol):
            _enrol(school, noon, **change)
    assert Enrolment.objects.count() == before


def test_two_supervisors_at_once_are_refused_and_nothing_is_half_done(
    school: SimpleNamespace, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _enrol(school, noon, role="teller")
    before = Enrolment.objects.count()
    # As if the other had not committed yet when this one looked.
    monkeypatch.setattr(acts, "_known", lambda _training, _persons: {})
    with pytest.raises(CannotEnrol, match="刚刚有人"):
        _enrol(school, noon)
    assert Enrolment.objects.count() == before


def test_numbers_of_a_customer_are_not_kept_in_the_reason(
    school: SimpleNamespace, noon: datetime
) -> None:
    _enrol(school, noon, role="teller", source="客户 13812345678 两次投诉没有回电")
    assert "13812345678" not in enrolment(school.wang_xiuying, "missold").source


def test_who_is_excused_is_not_asked_until_the_day_and_then_again(
    school: SimpleNamespace, noon: datetime
) -> None:
    row, until = enrolment(school.wang_xiuying), timezone.localdate(noon) + 60 * DAY
    for by, told in (
        (school.wang_xiuying, GONE), (school.sun_qian, GONE), (school.zhou_tao, "休"),
        (school.qian_wei, GONE),
    ):  # fmt: skip
        with pytest.raises(CannotEnrol):
            excuse(row, until=until, because=told, by=by, at=noon)
    excuse(row, until=until, because=GONE, by=school.zhou_tao, at=noon)
    assert holdings(school.wang_xiuying, noon + 60 * DAY)[BASICS] is Holding.EXEMPT
    assert matrix(noon + 60 * DAY) == 0
    assert matrix(noon + 61 * DAY) == 1
    assert enrolment(school.wang_xiuying).because == kinds.MATRIX
    own = enrolment(school.zhou_tao)
    with pytest.raises(CannotEnrol, match="自己"):
        excuse(own, until=until, because=GONE, by=school.zhou_tao, at=noon)


# The test.


def test_a_test_is_passed_at_the_mark_and_missed_below_it(
    school: SimpleNamespace, noon: datetime
) -> None:
    row = enrolment(school.wang_xiuying)
    told = sit(row, noon, wrong=2)
    assert (told.attempt.right, told.attempt.asked, told.attempt.passed) == (4, 6, False)
    row.refresh_from_db()
    assert (row.state, row.tries, row.retake_on) == (
        kinds.ASSIGNED, 1, timezone.localdate(noon) + 3 * DAY,
    )  # fmt: skip
    with pytest.raises(CannotTest, match="起可以再考"):
        test.begin(row, by=school.wang_xiuying, at=noon + 2 * DAY)
    assert sit(row, noon + 3 * DAY, wrong=1).attempt.passed, "5 of 6 are 83 %"
    row.refresh_from_db()
    assert (row.state, row.tries, row.first_passed) == (kinds.PASSED, 2, False)
    kept = told.attempt.entries.of(kinds.AttemptAnswered).get().what()
    assert isinstance(kept, kinds.AttemptAnswered)
    assert sum(not one["right"] for one in kept.answers) == 2


def test_each_try_asks_what_was_not_asked_before(school: SimpleNamespace, noon: datetime) -> None:
    row = enrolment(school.wang_xiuying)
    first = {one.asked.ask for one in sit(row, noon, wrong=6).marks}
    second = {one.asked.ask for one in sit(row, noon + 3 * DAY, wrong=6).marks}
    assert len(first) == len(second) == 6
    assert not first & second


@pytest.mark.parametrize("code", list(trainings()))
def test_who_guesses_and_remembers_does_not_pass_within_all_tries(code: str) -> None:
    """Whoever knows nothing marks each time what was not yet called wrong."""
    assert _guessed(code, is_told=False) < 0.10
    assert _guessed(code, is_told=True) < 0.12, "even if the key were shown after each try"


def test_a_bank_of_one_paper_and_a_half_would_be_guessed_through() -> None:
    """The known-bad control: eight of twelve questions, and the key after each try."""
    assert _guessed(BASICS, is_told=True, questions=8, most=12) > 0.5


def _guessed(code: str, *, is_told: bool, questions: int = 0, most: int = 99) -> float:
    """The share of 600 people who knew nothing and passed."""
    about = trainings()[code]
    about = replace(about, questions=questions or about.questions)
    sources, rng = _first(about, most), Random(4)
    passed = sum(_passes(Enrolment(pk=nth), about, sources, rng, is_told) for nth in range(600))
    return passed / 600


def _first(about: Training, most: int) -> list[Source]:
    """The bank as it is when all is in force, or so many of its questions."""
    told = [one.parts.get("quiz", "") for one in starter() if one.code in about.items]
    texts = [text for text in told if text] + [paper.own_part(about)]
    parts = [part for text in texts for part in re.split(r"(?m)^(?=- 问)", text) if part.strip()]
    return [Source(nth, "x", part) for nth, part in enumerate(parts[:most], start=1)]


def _passes(
    row: Enrolment, about: Training, sources: list[Source], rng: Random, is_told: bool
) -> bool:
    left: dict[str, set[str]] = {}
    for number in range(1, about.tries + 1):
        asked = paper.drawn(Attempt(enrolment=row, number=number), about, sources)
        right = 0
        for one in asked:
            known = left.setdefault(one.ask, set(one.answers))
            said = rng.choice(sorted(known))
            is_right = said == one.answers[one.right]
            right += is_right
            if is_right or is_told:
                left[one.ask] = {one.answers[one.right]}
            else:
                known.discard(said)
        if is_passed(right, len(asked), about.percent):
            return True
    return False


def test_after_the_last_try_a_supervisor_arranges_it_anew(
    school: SimpleNamespace, noon: datetime
) -> None:
    row = enrolment(school.wang_xiuying, CARE)
    for nth in range(3):
        sit(row, noon + 3 * nth * DAY, wrong=6)
    row.refresh_from_db()
    assert (row.state, row.retake_on) == (kinds.FAILED, None)
    with pytest.raises(CannotTest):
        test.begin(row, by=school.wang_xiuying, at=noon + 30 * DAY)
    assert holdings(school.wang_xiuying, noon + 30 * DAY)[CARE] is Holding.FAILED
    count = enrol(
        trainings()[CARE], unit=Org.objects.get(code=OUTLET_A), because=kinds.SHORTCOMING,
        source="三次没有通过，面授以后再考", due_on=timezone.localdate(noon) + 50 * DAY,
        role="teller", by=school.li_jianguo, at=noon + 30 * DAY,
    )  # fmt: skip
    row.refresh_from_db()
    assert (count, row.state, row.tries) == (1, kinds.ASSIGNED, 0)
    assert sit(row, noon + 30 * DAY).attempt.passed


def _fail_for_good(person: Person, at: datetime) -> Enrolment:
    row = enrolment(person, CARE)
    for nth in range(3):
        sit(row, at + 3 * nth * DAY, wrong=6)
    row.refresh_from_db()
    return row


def _anew(cast: SimpleNamespace, at: datetime, by: Person, **more: Any) -> int:
    told = {"unit": Org.objects.get(code=OUTLET_A), "role": "", **more}
    return enrol(
        trainings()[CARE], because=kinds.SHORTCOMING, source="三次没有通过，面授以后再考",
        due_on=timezone.localdate(at) + 50 * DAY, by=by, at=at, **told,
    )  # fmt: skip


def test_who_failed_for_good_gives_nobody_new_tries_but_others(
    school: SimpleNamespace, noon: datetime
) -> None:
    """Li Jianguo manages the outlet and trains its people: his own tries are for his superior."""
    row, later = _fail_for_good(school.li_jianguo, noon), noon + 10 * DAY
    with pytest.raises(CannotEnrol, match="不能给自己"):
        _anew(school, later, school.li_jianguo, role="outlet_manager")
    wang = _fail_for_good(school.wang_xiuying, noon)
    assert _anew(school, later, school.li_jianguo) == 1
    for one in (row, wang):
        one.refresh_from_db()
    assert (row.state, wang.state) == (kinds.FAILED, kinds.ASSIGNED)
    assert _anew(school, later, school.zhou_tao, role="outlet_manager") == 1


def test_the_days_for_learning_hold_after_new_tries_were_given(
    school: SimpleNamespace, noon: datetime
) -> None:
    row = _fail_for_good(school.wang_xiuying, noon)
    _anew(school, noon + 6 * DAY + timedelta(hours=1), school.li_jianguo, role="teller")
    row.refresh_from_db()
    assert row.retake_on == timezone.localdate(noon) + 9 * DAY
    with pytest.raises(CannotTest, match="起可以再考"):
        test.begin(row, by=row.person, at=noon + 7 * DAY)
    assert sit(row, noon + 9 * DAY).attempt.passed


def test_who_learns_it_anew_tries_for_the_first_time_again(
    school: SimpleNamespace, noon: datetime
) -> None:
    row = enrolment(school.wang_xiuying, CARE)
    sit(row, noon)
    _anew(school, noon + DAY, school.li_jianguo, role="teller")
    row.refresh_from_db()
    assert (row.tries, row.first_passed) == (0, None)
    sit(row, noon + DAY, wrong=6)
    row.refresh_from_db()
    assert (row.tries, row.first_passed) == (1, False)
    assert all(getattr(row, column) == value for column, value in row.replay().items())


def test_nobody_answers_for_another_or_twice(school: SimpleNamespace, noon: datetime) -> None:
    row = enrolment(school.wang_xiuying)
    with pytest.raises(CannotTest, match="本人"):
        test.begin(row, by=school.li_jianguo, at=noon)
    attempt = test.begin(row, by=school.wang_xiuying, at=noon)
    assert test.begin(row, by=school.wang_xiuying, at=noon + timedelta(minutes=5)) == attempt
    said = sheet(attempt, noon)
    test.answer(row, 1, said, by=school.wang_xiuying, at=noon)
    with pytest.raises(CannotTest):
        test.answer(row, 1, said, by=school.wang_xiuying, at=noon)


def test_who_has_just_left_the_post_is_not_tested(school: SimpleNamespace, noon: datetime) -> None:
    Post.objects.filter(person=school.wang_xiuying).update(until=timezone.localdate(noon) - DAY)
    with pytest.raises(CannotTest, match="不在岗"):
        test.begin(enrolment(school.wang_xiuying), by=school.wang_xiuying, at=noon)


def test_the_first_abandoned_attempt_is_void_and_no_try_and_a_second_is_one(
    school: SimpleNamespace, noon: datetime
) -> None:
    row = enrolment(school.wang_xiuying)
    attempt = test.begin(row, by=school.wang_xiuying, at=noon)
    late = noon + timedelta(minutes=121)
    with pytest.raises(CannotTest, match="作废"):
        test.answer(row, 1, sheet(attempt, noon), by=school.wang_xiuying, at=late)
    row.refresh_from_db()
    attempt.refresh_from_db()
    assert (row.tries, attempt.state) == (0, kinds.VOID)
    assert test.begin(row, by=school.wang_xiuying, at=late).number == 2
    with pytest.raises(CannotTest, match="算考过一次"):
        test.begin(row, by=school.wang_xiuying, at=late + timedelta(minutes=121))
    row.refresh_from_db()
    assert (row.tries, row.retake_on) == (1, timezone.localdate(late) + 3 * DAY)
    with pytest.raises(CannotTest, match="起可以再考"):
        test.begin(row, by=school.wang_xiuying, at=late + DAY)
    third = test.begin(row, by=school.wang_xiuying, at=late + 3 * DAY)
    with pytest.raises(CannotTest, match="算考过一次"):
        test.answer(row, third.number, {}, by=school.wang_xiuying, at=late + 4 * DAY)
    assert test.begin(row, by=school.wang_xiuying, at=late + 7 * DAY).number == 4
    with pytest.raises(CannotTest, match="算考过一次"):
        test.begin(row, by=school.wang_xiuying, at=late + 8 * DAY)
    row.refresh_from_db()
    assert (row.tries, row.state) == (3, kinds.FAILED), "all questions seen, and no try left"


def test_a_question_that_changes_between_showing_and_answering_makes_it_void(
    school: SimpleNamespace, noon: datetime
) -> None:
    row = enrolment(school.wang_xiuying)
    attempt = test.begin(row, by=school.wang_xiuying, at=noon)
    said = sheet(attempt, noon)
    shown = next(filter(None, map(paper.version, test.questions(attempt, noon))))
    Version.objects.filter(pk=shown).update(valid_to=noon)
    with pytest.raises(CannotTest, match="更新"):
        test.answer(row, 1, said, by=school.wang_xiuying, at=noon + timedelta(minutes=1))
    row.refresh_from_db()
    assert (row.tries, row.attempts.get().state) == (0, kinds.VOID)
    assert sit(row, noon + timedelta(minutes=2)).attempt.passed


def test_without_enough_questions_nobody_is_tested(cast: SimpleNamespace, noon: datetime) -> None:
    matrix(noon)
    with pytest.raises(CannotTest, match="题库"):
        test.begin(enrolment(cast.wang_xiuying), by=cast.wang_xiuying, at=noon)


def test_the_right_answers_are_written_down_nowhere_before_the_answer(
    school: SimpleNamespace, noon: datetime
) -> None:
    attempt = test.begin(enrolment(school.wang_xiuying), by=school.wang_xiuying, at=noon)
    kept = str(attempt.entries.get().data)
    assert all(one.answers[one.right] not in kept for one in test.questions(attempt, noon))
    assert paper.fingerprint(test.questions(attempt, noon)) == attempt.paper


def test_the_docket_gives_the_rows_again(school: SimpleNamespace, noon: datetime) -> None:
    row = enrolment(school.wang_xiuying)
    sit(row, noon, wrong=6)
    sit(row, noon + 3 * DAY)
    excuse(enrolment(school.ma_jun), until=timezone.localdate(noon) + DAY, because=GONE,
           by=school.sun_qian, at=noon)  # fmt: skip
    for one in [*Enrolment.objects.all(), *Attempt.objects.all()]:
        for column, value in one.replay().items():
            assert getattr(one, column) == value, (one, column)


def test_the_system_enrols_at_night(cast: SimpleNamespace, noon: datetime) -> None:
    from sujin.supervision.jobs import enrol_people

    enrol_people(timestamp=int(noon.timestamp()))
    row = enrolment(cast.wang_xiuying)
    assert row.entries.get().by == system_person()
