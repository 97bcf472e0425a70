"""The figures of trainings are those of a plain recount, person by person, by the engine."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from sujin.engine.training import Holding, Share, coverage
from sujin.lab.cast import BRANCH_A, OUTLET_A, OUTLET_A_NEXT_DOOR
from sujin.platform.models import Org, Person, Post
from sujin.supervision import roll
from sujin.supervision.acts.enrol import enrol, excuse
from sujin.supervision.kinds import training as kinds
from sujin.supervision.models import Enrolment
from sujin.supervision.trainingbook import demands, trainings
from tests.supervision.school import BASICS, CARE, DAY, enrolment, holdings, matrix, shelves, sit

GONE = "休产假，返岗后再训"


@pytest.fixture
def school(cast: SimpleNamespace, noon: datetime) -> SimpleNamespace:
    shelves(noon, cast.zheng_gang)
    matrix(noon)
    return cast


@pytest.fixture
def town(school: SimpleNamespace, noon: datetime) -> datetime:
    """Somebody passed, failed twice, failed for good, was excused, lapsed, moved, left, came;
    passed at once and failed when it was to be learnt anew; failed and was excused."""
    sit(enrolment(school.wang_xiuying), noon)
    sit(enrolment(school.wang_xiuying, CARE), noon, wrong=6)
    sit(enrolment(school.wang_xiuying, CARE), noon + 3 * DAY, wrong=6)
    for nth in range(3):
        sit(enrolment(school.li_jianguo, CARE), noon + 3 * nth * DAY, wrong=6)
    sit(enrolment(school.li_jianguo), noon, wrong=6)
    sit(enrolment(school.li_jianguo), noon + 3 * DAY)
    until = timezone.localdate(noon) + 300 * DAY
    for training in {one.training for one in demands() if one.role == "supervisor"}:
        excuse(enrolment(school.zhou_tao, training), until=until, because=GONE,
               by=school.lin_lan, at=noon)  # fmt: skip
    sit(enrolment(school.chen_li), noon, wrong=6)
    excuse(enrolment(school.chen_li), until=until, because=GONE, by=school.zhou_tao, at=noon)
    sit(enrolment(school.he_jing), noon)
    lapsed = enrolment(school.he_jing)
    Enrolment.objects.filter(pk=lapsed.pk).update(valid_until=timezone.localdate(noon) + 9 * DAY)
    sit(enrolment(school.tian_ye), noon)
    sit(enrolment(school.chen_li, CARE), noon)
    enrol(
        trainings()[CARE], unit=Org.objects.get(code=BRANCH_A), because=kinds.SHORTCOMING,
        source="走访时没有复述诉求，再学一次", due_on=until, role="handler",
        by=school.zhou_tao, at=noon,
    )  # fmt: skip
    sit(enrolment(school.chen_li, CARE), noon, wrong=6)
    moved = timezone.localdate(noon) + 10 * DAY
    Post.objects.filter(person=school.wang_xiuying).update(until=moved - DAY)
    Post.objects.create(person=school.wang_xiuying, role="teller", since=moved,
                        org=Org.objects.get(code=OUTLET_A_NEXT_DOOR))  # fmt: skip
    Post.objects.filter(person=school.ma_jun).update(until=moved)
    Person.objects.filter(pk=school.gao_xiang.pk).update(is_active=False)
    later = noon + 40 * DAY
    matrix(later)
    new = Person.objects.create(staff_no="200001", name="新柜员")
    Post.objects.create(person=new, org=Org.objects.get(code=OUTLET_A), role="teller",
                        since=timezone.localdate(later) - 40 * DAY)  # fmt: skip
    return later


def test_the_statement_counts_what_the_engine_says_of_each_person(town: datetime) -> None:
    today, units = timezone.localdate(town), list(Org.objects.all())
    counted = roll.by_unit([unit.pk for unit in units], demands(), today)
    seen: set[Holding] = set()
    for unit in units:
        posts = Post.objects.held_at(town).filter(org__path__startswith=unit.path)
        persons = Person.objects.filter(pk__in=posts.values("person"))
        told = {
            person.pk: {
                training: found
                for training, found in holdings(person, town).items()
                if any(one.training == training and one.role == post.role
                       for post in posts if post.person_id == person.pk for one in demands())
            }
            for person in persons
        }  # fmt: skip
        told = {key: found for key, found in told.items() if found}
        seen |= {one for found in told.values() for one in found.values()}
        figures = counted.get(unit.pk, roll.NONE)
        assert figures.coverage == coverage(told.values()), unit
        asked = [one for one in told.values() if set(one.values()) != {Holding.EXEMPT}]
        for pile, count in (("overdue", figures.overdue), ("lapsed", figures.lapsed),
                            ("failed", figures.failed), ("due", figures.due)):  # fmt: skip
            assert count == sum(Holding(pile) in one.values() for one in asked), (unit, pile)
            assert count == len(roll.people(unit.pk, pile, demands(), today))
        assert roll.holdings(unit.pk, list(told), demands(), today) == told
        uncovered = roll.people(unit.pk, "uncovered", demands(), today)
        assert len(uncovered) == figures.coverage.missing
    assert seen == set(Holding), "the town has everything in it"


def test_pass_rates_are_those_of_a_hand_written_recount(
    town: datetime, school: SimpleNamespace
) -> None:
    branch = Org.objects.get(code=BRANCH_A)
    figures = roll.by_unit([branch.pk], demands(), timezone.localdate(town))[branch.pk]
    # Wang: basics passed at once, care failed twice. Li: basics at the second, care thrice failed.
    # Tian Ye: basics at once. Chen Li: care failed since it is to be learnt anew; excused from the
    # basics, which she failed.
    assert (figures.passed.hits, figures.passed.of) == (3, 6)
    assert (figures.first.hits, figures.first.of) == (2, 6)
    by_training = roll.by_training(branch.pk, demands(), timezone.localdate(town))
    assert (by_training[BASICS].passed.hits, by_training[BASICS].passed.of) == (3, 3)
    assert by_training[BASICS].first.hits == 2
    assert (by_training[CARE].passed.hits, by_training[CARE].passed.of) == (0, 3)
    assert by_training[CARE].first.hits == 0


def test_figures_of_a_unit_are_the_sum_of_its_trainings_and_of_who_passed_some_at_once(
    town: datetime,
) -> None:
    today, units = timezone.localdate(town), list(Org.objects.values_list("pk", flat=True))
    for unit, figures in roll.by_unit(units, demands(), today).items():
        told = roll.by_training(unit, demands(), today).values()
        for name in ("passed", "first"):
            shares = [getattr(one, name) for one in told]
            whole = Share(sum(one.hits for one in shares), sum(one.of for one in shares))
            assert getattr(figures, name) == whole, (unit, name)
        assert all(one.first.hits <= one.passed.of for one in told)


def test_who_moved_counts_where_the_post_is_now(town: datetime, school: SimpleNamespace) -> None:
    today = timezone.localdate(town)
    old, new = (Org.objects.get(code=code).pk for code in (OUTLET_A, OUTLET_A_NEXT_DOOR))
    assert school.wang_xiuying.pk in roll.people(new, "people", demands(), today)
    assert school.wang_xiuying.pk not in roll.people(old, "people", demands(), today)


def test_a_planted_wrong_figure_would_be_seen(town: datetime) -> None:
    """The known-bad control: without one certificate the statement says something else."""
    today = timezone.localdate(town)
    root = Org.objects.get(parent__isnull=True)
    before = roll.by_training(root.pk, demands(), today)[BASICS].coverage
    Enrolment.objects.filter(training=BASICS, state=kinds.PASSED).update(state=kinds.LAPSED)
    assert roll.by_training(root.pk, demands(), today)[BASICS].coverage.hits < before.hits
