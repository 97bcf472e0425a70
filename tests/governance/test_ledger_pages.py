"""From a warning to the ledger and to a signed or judged end, on the pages; who sees how much."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sujin.governance.acts.declare_measure import declare_measure
from sujin.governance.acts.judge_measures import judge_measures
from sujin.governance.acts.open_problem import open_problem
from sujin.governance.kinds import ledger as kinds
from sujin.governance.models import Measure, Problem
from sujin.lab.cast import BRANCH_A, CAST
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Person
from tests.governance.ledger_town import grow, town_of
from tests.governance.test_ledger import (
    CARD,
    DO,
    TITLE,
    WEEK,
    WHY,
    declared,
    opened,
    planned,
)

SignedIn = Callable[[Person], Client]
DAY = timedelta(days=1)


@pytest.fixture
def problem(cast: SimpleNamespace) -> Problem:
    return opened(cast, timezone.now())


@pytest.fixture
def judged(cast: SimpleNamespace) -> Measure:
    """A measure of half a year ago that worked."""
    now = timezone.now()
    controls = tuple((path, CARD, "", "") for path in town_of(cast))
    measure = declared(cast, now - 26 * WEEK, controls=controls)
    Measure.objects.filter(pk=measure.pk).update(state=kinds.DONE, done_at=now)
    grow(measure, now, fall=0.6, weeks=96)
    judge_measures(by=system_person(), at=now)
    return Measure.objects.get(pk=measure.pk)


def test_each_sees_the_problems_of_the_own_tree(
    problem: Problem, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    seen = set()
    for person in Person.objects.filter(staff_no__in=[spec.staff_no for spec in CAST]):
        client = signed_in(person)
        page = client.get(reverse("governance:ledger"))
        one = client.get(problem.get_absolute_url())
        if page.status_code == 403:
            assert one.status_code == 403
        elif problem.get_absolute_url() in page.content.decode():
            seen.add(person.name)
            assert one.status_code == 200
        else:
            assert one.status_code == 404, person
    assert {"周涛", "林岚", "郑刚"} <= seen
    assert {"孙倩", "王秀英"}.isdisjoint(seen)


def test_a_problem_goes_from_its_cause_to_a_declared_measure(
    problem: Problem, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(cast.zhou_tao)
    page = client.get(problem.get_absolute_url())
    assert "还没有定因" in page.content.decode()
    assert "plan" not in page.context["forms"]
    told = {"root": "process", "why": WHY}
    answered = client.post(reverse("governance:problem_verb", args=[problem.pk, "cause"]), told)
    assert answered.status_code == 302
    tomorrow = timezone.localdate(timezone.now()) + DAY
    plan = {
        "words": DO, "owner": problem.owner_id, "starts_on": tomorrow.isoformat(), "weeks": 13,
        "promised": 20, "settle": 0,
    }  # fmt: skip
    planning = reverse("governance:problem_verb", args=[problem.pk, "plan"])
    late = client.post(planning, plan | {"starts_on": (tomorrow - DAY).isoformat()})
    assert late.status_code == 422
    assert "措施须在开始以前声明" in late.content.decode()
    unclear = client.post(planning, plan | {"ratio": 0.8})
    assert "口径哪天变的" in unclear.content.decode()
    assert client.post(planning, plan).status_code == 302
    measure = Measure.objects.get()
    assert (measure.promised, measure.starts_on) == (0.2, tomorrow)
    page = client.get(problem.get_absolute_url())
    assert "没有对照" in page.content.decode()
    form = page.context["measures"][0]["forms"]["plan"]
    assert form.initial["weeks"] == 13
    again = reverse("governance:measure_verb", args=[measure.pk, "plan"])
    assert client.post(again, plan | {"promised": 30}).status_code == 302
    measure.refresh_from_db()
    assert measure.promised == 0.3


def test_a_verdict_stands_with_its_picture_and_what_would_mislead(
    judged: Measure, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(cast.lin_lan)
    page = client.get(judged.problem.get_absolute_url())
    body = page.content.decode()
    assert "措施有效：与没有这项措施相比，少" in body
    assert "直接比较前后是" in body
    assert "安慰剂检验" in body
    assert page.context["measures"][0]["drawing"].range_path
    closing = reverse("governance:problem_verb", args=[judged.problem_id, "closing"])
    assert client.post(closing, {"because": "核验有效"}).status_code == 302
    judged.problem.refresh_from_db()
    assert judged.problem.state == kinds.SOLVED
    client.cookies["django_language"] = "en"
    english = client.get(judged.problem.get_absolute_url(), headers={"accept-language": "en"})
    assert "The measure worked: compared with not having it" in english.content.decode()


def test_the_first_week_of_a_measure_has_its_page(
    cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    now = timezone.now()
    measure = declared(cast, now)
    today = timezone.localdate(now)
    Measure.objects.filter(pk=measure.pk).update(starts_on=today)
    grow(Measure.objects.get(), now, fall=0.0)
    client = signed_in(cast.zhou_tao)
    assert client.get(measure.problem.get_absolute_url()).status_code == 200
    card = reverse("governance:measure_card", args=[measure.pk])
    assert client.get(card).status_code == 200
    far = {"before_first": "2020-01-01", "before_last": "2020-03-01"}
    far |= {"after_first": "2020-04-01", "after_last": "9999-12-31"}
    assert client.get(card, far).status_code == 200


def test_queries_do_not_grow_with_measures_that_wait(
    cast: SimpleNamespace, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    first = declared(cast, timezone.now())
    problem = first.problem
    client = signed_in(cast.lin_lan)
    client.get(problem.get_absolute_url())
    with CaptureQueriesContext(connection) as one:
        client.get(problem.get_absolute_url())
    for _ in range(5):
        plan = planned(problem, timezone.now())
        declare_measure(problem, plan, by=cast.zhou_tao, at=timezone.now())
    with django_assert_max_num_queries(len(one.captured_queries) + 2):
        client.get(problem.get_absolute_url())


def test_a_key_that_is_no_number_is_not_found(cast: SimpleNamespace, signed_in: SignedIn) -> None:
    address = f"{reverse('governance:problem_new')}?source=wave&key={'9' * 5000}"
    assert signed_in(cast.lin_lan).get(address).status_code == 404


def test_a_drop_is_taken_apart_and_its_figures_open_their_cases(
    judged: Measure, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(cast.lin_lan)
    address = reverse("governance:measure_card", args=[judged.pk])
    page = client.get(address)
    assert page.status_code == 200
    names = [line.name for line in page.context["lines"]]
    assert names[-2:] == ["措施", "说不清的"]
    measured = page.context["lines"][-2]
    assert measured.change.startswith("−")
    assert measured.between.split(" … ")[1].startswith("−"), "the whole interval is a fall"
    _name, earlier, later = page.context["links"][0]
    counts = [client.get(url).context["listing"].count for url in (earlier, later)]
    assert counts[1] < 0.7 * counts[0]
    mixed = {"before_first": "2026-01-01", "before_last": "2025-01-01"}
    mixed |= {"after_first": "2026-02-01", "after_last": "2026-03-01"}
    assert "须由早到晚" in client.get(address, mixed).content.decode()
    short = {"before_first": "2001-01-01", "before_last": "2001-02-01"}
    short |= {"after_first": "2001-03-01", "after_last": "2001-04-01"}
    assert "太少，分不开" in client.get(address, short).content.decode()
    assert signed_in(cast.sun_qian).get(address).status_code == 404


def test_what_is_refused_keeps_what_was_written(
    problem: Problem, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(cast.lin_lan)
    closing = reverse("governance:problem_verb", args=[problem.pk, "closing"])
    page = client.post(closing, {"because": "分析清楚了"})
    assert page.status_code == 422
    assert "只有分析不能办结" in page.content.decode()
    assert "分析清楚了" in page.content.decode()
    assert client.post(closing + "x", {}).status_code == 404
    nobody = reverse("governance:measure_verb", args=[10**6, "proof"])
    assert client.post(nobody, {"proof": "已经上线"}).status_code == 404


def test_from_a_node_into_the_ledger(cast: SimpleNamespace, signed_in: SignedIn) -> None:
    client = signed_in(cast.zhou_tao)
    address = f"{reverse('governance:problem_new')}?org={BRANCH_A}&class={CARD}"
    form = {"title": TITLE, "owner": Org.objects.get(code=BRANCH_A).pk, "due_on": "2020-01-01"}
    assert client.get(address).status_code == 200
    refused = client.post(address, form)
    assert refused.status_code == 422
    assert TITLE in refused.content.decode()
    form["due_on"] = (timezone.localdate(timezone.now()) + 30 * DAY).isoformat()
    assert client.post(address, form).status_code == 302
    assert Problem.objects.get().node[1] == CARD
    elsewhere = f"{reverse('governance:problem_new')}?org=BC"
    assert client.get(elsewhere).status_code == 404
    unknown = f"{reverse('governance:problem_new')}?source=wave&key=99999"
    assert client.get(unknown).status_code == 404


def test_the_list_costs_the_same_however_long(
    cast: SimpleNamespace, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()
    branch = Org.objects.get(code=BRANCH_A)
    for nth in range(12):
        open_problem(
            (branch.path, CARD, "", ""), "complaint", title=f"{TITLE}{nth}", owner=branch,
            due_on=timezone.localdate(now) + 30 * DAY, by=cast.lin_lan, at=now,
        )  # fmt: skip
    client = signed_in(cast.lin_lan)
    client.get(reverse("governance:ledger"))
    with django_assert_max_num_queries(16):
        page = client.get(reverse("governance:ledger"))
    assert page.context["listing"].count == 12
    for which in ("mine", "late", "uncaused"):
        assert client.get(reverse("governance:ledger"), {"which": which}).status_code == 200


def test_the_file_holds_every_measure_with_its_effect(
    judged: Measure, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(cast.lin_lan)
    told = client.get(reverse("governance:ledger_export")).content.decode()
    rows = told.lstrip("\ufeff").strip().split("\r\n")
    assert len(rows) == 2
    assert "措施有效" in rows[1]
    assert str(judged.figures["net"][0]) in rows[1]
    assert signed_in(cast.chen_li).get(reverse("governance:ledger_export")).status_code == 403
