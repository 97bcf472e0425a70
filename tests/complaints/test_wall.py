"""The clock wall and the department's queue: what runs out, who can stop it, what is asked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from sujin import packs
from sujin.complaints import funnel
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.confer import agree_plan, ask_departments, give_opinion
from sujin.complaints.acts.hand_over import decline, hand_over
from sujin.complaints.acts.investigate import investigate
from sujin.complaints.acts.measure import measure_all
from sujin.complaints.acts.respond import respond
from sujin.complaints.models import Complaint, Course
from sujin.complaints.nextstep import Step, ranked, step, waiting
from sujin.complaints.pages import wall as page
from sujin.lab.cast import BRANCH_A
from sujin.platform import journal, reach
from sujin.platform.models import Org, Person
from tests.complaints.conftest import TOLD, Told

SignIn = Callable[[Person], Client]
COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch, noon: datetime) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + timedelta(hours=1))


def blocking(case: Complaint, person: Person, at: datetime) -> tuple[str, str]:
    rows = Complaint.objects.select_related("desk", "accountable", "offered_to").filter(pk=case.pk)
    found = step(rows.get(), waiting(list(rows), reach.of(person, at)), at)
    return found.action, found.name


def test_the_next_action_and_its_actor_follow_the_case_through_its_life(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    head = cast.zhou_tao
    assert blocking(case, head, noon) == ("claim", "江南临江分行")
    claim(case, by=cast.chen_li, at=noon)
    assert blocking(case, head, noon) == ("respond", "陈立")
    here = Org.objects.get(code=BRANCH_A)
    hand_over(case, to=here, because="请办理", **TOLD, by=cast.chen_li, at=noon)
    Complaint.objects.filter(pk=case.pk).update(due_clock="first_response")
    # The hand-over may wait: it does not stop the clock that runs out.
    assert blocking(case, head, noon) == ("respond", "陈立")
    decline(case, because="先由你行办理", by=cast.zhou_tao, at=noon)
    respond(case, way="phone", note="已致歉", by=cast.chen_li, at=noon)
    assert blocking(case, head, noon) == ("plan", "陈立")
    card = Org.objects.get(code="HO-CARD")
    ask_departments(case, desks=[card], question="责任？", by=cast.chen_li, at=noon)
    assert blocking(case, head, noon) == ("opinion", str(card))
    # Past the limit the silent desk stays named, and the accountable person has a step.
    late = noon + timedelta(hours=25)
    assert blocking(case, head, late) == ("go_on", f"陈立（{card} 逾期未复）")
    give_opinion(case, answer="可退", by=cast.liu_yang, at=noon)
    agree_plan(case, plan="退费", coaches=False, by=cast.chen_li, at=noon)
    assert blocking(case, head, noon) == ("investigate", "陈立")
    investigate(case, findings="已查", fault="none", liable="", by=cast.chen_li, at=noon)
    assert blocking(case, head, noon) == ("answer", "陈立")
    branch = Org.objects.get(code=BRANCH_A)
    hand_over(case, to=branch, because="请办理", **TOLD, by=cast.chen_li, at=noon)
    assert blocking(case, head, noon) == ("accept", "江南分行")


def test_the_action_that_removes_most_risk_stands_first_by_weight_and_not_by_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call, take = Step("respond", "p1", "陈立"), Step("claim", "o2", "江南分行")
    risks = [(call, 1.0, False)] * 5 + [(take, 9.0, True)] * 2
    first, second = ranked(risks)
    assert (first.step, first.cases, first.weight, first.overdue) == (take, 2, 18.0, 2)
    assert (second.cases, second.weight) == (5, 5.0)
    # The known-bad control: whoever counts cases alone would call the customers first.
    by_count = sorted(ranked(risks), key=lambda one: -one.cases)
    assert by_count[0].step == call


def test_the_link_of_an_action_opens_exactly_its_cases(
    cast: SimpleNamespace, told: Told, noon: datetime, signed_in: SignIn
) -> None:
    mine = [told(f"{COMPLEX}第{n}笔") for n in range(3)]
    other = told("我的理财产品到期少给了收益1200元，再不处理就打12378投诉。")
    for case in mine[:2]:
        claim(case, by=cast.chen_li, at=noon)
    client = signed_in(cast.zhou_tao)
    shown = client.get("/wall").context
    assert shown["total"] == 4
    for group, _action in shown["groups"]:
        only = client.get("/wall", {"step": group.step.key}).context
        cards = [card for _code, _name, cards in only["columns"] for card in cards]
        assert len(cards) == group.cases == only["count"]
        assert {card.step.key for card in cards} == {group.step.key}
    assert sum(group.cases for group, _action in shown["groups"]) == 4
    assert other.number in client.get("/wall").content.decode()


COLUMNS = {-0.1: "over", 0: "h4", 4: "h4", 4.1: "h24", 24: "h24", 30: "h48", 60: "h72"}


def test_each_case_stands_in_its_column(
    told: Told, noon: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    case, client = told(COMPLEX), signed_in(cast.zhou_tao)
    now = noon + timedelta(hours=1)
    for hours, column in COLUMNS.items():
        Complaint.objects.filter(pk=case.pk).update(due_at=now + timedelta(hours=hours))
        columns = client.get("/wall").context["columns"]
        assert [code for code, _name, cards in columns if cards] == [column], hours


def test_what_runs_out_later_or_ran_out_elsewhere_is_not_on_the_wall(
    told: Told, noon: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    case = told(COMPLEX)
    assert signed_in(cast.sun_qian).get("/wall").context["total"] == 0
    assert signed_in(cast.wang_xiuying).get("/wall").status_code == 403
    later = noon + timedelta(hours=74)
    Complaint.objects.filter(pk=case.pk).update(due_at=later)
    assert signed_in(cast.zhou_tao).get("/wall").context["total"] == 0


def test_the_wall_says_when_it_looked_no_further(
    told: Told, cast: SimpleNamespace, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        told(f"{COMPLEX}第{number}笔")
    client = signed_in(cast.zhou_tao)
    assert not client.get("/wall").context["is_cut"]
    monkeypatch.setattr(page, "LOOKED_AT", 2)
    shown = client.get("/wall")
    assert shown.context["total"] == 2
    assert "只看了最先到期的 2 件" in shown.content.decode()


def test_a_department_sees_what_it_is_asked_the_overdue_first_and_its_share_of_delay(
    cast: SimpleNamespace, told: Told, noon: datetime, signed_in: SignIn
) -> None:
    card = Org.objects.get(code="HO-CARD")
    late, soon = told(COMPLEX), told(f"{COMPLEX}另一笔")
    for case, at in ((soon, noon), (late, noon - timedelta(days=3))):
        claim(case, by=cast.chen_li, at=noon)
        ask_departments(case, desks=[card], question="责任？", by=cast.chen_li, at=at)
    measure_all()
    client = signed_in(cast.liu_yang)
    rows = client.get("/queue").context["listing"].page_rows
    assert [row.complaint for row in rows] == [late, soon]
    over = client.get("/queue", {"due": "over"}).context["listing"].page_rows
    assert [row.complaint for row in over] == [late]
    assert signed_in(cast.he_jing).get("/queue").context["listing"].count == 0
    hers = signed_in(cast.chen_li).get("/queue", {"show": "held"}).context
    assert hers["listing"].count == 2
    assert hers["share"].rate == 1.0
    assert signed_in(cast.qian_wei).get("/queue").status_code == 403


def test_a_reaction_measures_what_has_happened(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon + timedelta(minutes=5))
    assert not Course.objects.exists()
    entry = case.entries.latest("pk")
    for act in journal.reactions_to(entry.kind):
        act(entry)
    course = Course.objects.get()
    assert (course.pk, course.entry, course.layer_first) == (case.pk, entry.pk, 2)
    spells = list(case.spells.order_by("number").values_list("person__name", "until"))
    assert spells[-1] == ("陈立", None)


@pytest.mark.parametrize("row", packs.rows("cn_bank", "expected/funnel"))
def test_every_kind_of_desk_stands_in_the_layer_the_pack_expects(row: dict[str, str]) -> None:
    assert funnel.layer(row["kind"], row["parent"]) == int(row["layer"])


def test_a_desk_that_no_row_of_the_funnel_fits_is_refused() -> None:
    with pytest.raises(LookupError, match="funnel"):
        funnel.layer("satellite", "head")


def test_the_pack_says_how_long_things_take_at_a_counter_and_what_is_aimed_at() -> None:
    known = set(journal.known_kinds())
    assert set(funnel.minutes()) <= known
    assert 0 < funnel.target("layer1_share") <= 1
    assert funnel.target("on_the_spot_days") >= 0
