"""From the map of hot spots to the echo, on the pages; who sees how much of a visit."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sujin.governance import hotmap
from sujin.governance.acts.propose_visit import accept_visit, propose_visit
from sujin.governance.acts.report_visit import open_concern
from sujin.governance.models import Concern, Visit
from sujin.lab.cast import BRANCH2_A, BRANCH_A, CAST, OUTLET_A
from sujin.platform.models import Org, Person
from tests.governance.test_visits import CARD, FOUND, WHY
from tests.governance.wave_town import NEW, tell

SignedIn = Callable[[Person], Client]
GRID = "governance:wave_grid"
DAY = timedelta(days=1)


@pytest.fixture
def town(cast: SimpleNamespace) -> SimpleNamespace:
    """Pages show the days up to now."""
    tell(timezone.now(), days=150, planted=dict.fromkeys((13, 12, 11), (OUTLET_A, CARD, NEW, 27)))
    return cast


@pytest.fixture
def visit(town: SimpleNamespace) -> Visit:
    """Accepted by Liu Yang; one concern of the outlet, one of the second-level branch."""
    now = timezone.now()
    today = timezone.localdate(now)
    place = Org.objects.get(code=BRANCH_A)
    made = propose_visit(
        place, hotmap.by_period(today)[0], visitor=town.liu_yang, why=WHY, due_on=today + DAY,
        by=town.lin_lan, at=now,
    )  # fmt: skip
    accept_visit(made, by=town.liu_yang, at=now)
    for code, words in ((OUTLET_A, FOUND), (BRANCH2_A, "分行的解释口径与总行不一致")):
        owner = Org.objects.get(code=code)
        open_concern(
            made, words=words, severity="notable", owner=owner, by=town.liu_yang, at=now
        )  # fmt: skip
    return Visit.objects.get(pk=made.pk)


def spots(page: Any) -> list[Any]:
    return [spot for _org, found in page.context["rows"] for spot in found]


def test_every_figure_of_the_map_opens_exactly_its_cases(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(town.lin_lan)
    for asked in ({}, {"by": "business"}, {"class": "card"}):
        shown = spots(client.get(reverse(GRID), asked))
        counted = [one for one in shown if one.cell.risk.observed]
        assert len(counted) >= 4
        for one in counted[:8]:
            risk = one.cell.risk
            assert client.get(one.cases).context["listing"].count == risk.observed
            if one.cell.usual:
                assert client.get(one.before).context["listing"].count == one.cell.usual


def test_the_map_says_what_is_hot_and_offers_a_visit_to_whoever_may_send_one(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    page = signed_in(town.lin_lan).get(reverse(GRID))
    assert [one.cell.place.code for one in page.context["hot"]] == [BRANCH_A]
    assert "提出走访" in page.content.decode()
    assert [bool(one.propose) for one in spots(page)].count(True) == 1
    auditor = signed_in(town.qian_wei).get(reverse(GRID))
    assert [one.cell.place.code for one in auditor.context["hot"]] == [BRANCH_A]
    assert "提出走访" not in auditor.content.decode()


def test_without_cases_the_map_says_so(cast: SimpleNamespace, signed_in: SignedIn) -> None:
    assert "这些时期里没有投诉" in signed_in(cast.lin_lan).get(reverse(GRID)).content.decode()
    line = signed_in(cast.liu_yang).get(reverse(GRID)).content.decode()
    assert "范围内没有一级分行" in line
    assert (
        "还没有走访" in signed_in(cast.lin_lan).get(reverse("governance:visits")).content.decode()
    )
    none = signed_in(cast.lin_lan).get(reverse("governance:visits"), {"state": "reported"})
    assert "没有符合条件的记录" in none.content.decode()


def test_from_the_map_to_the_echo(town: SimpleNamespace, signed_in: SignedIn) -> None:
    analyst, visitor = signed_in(town.lin_lan), signed_in(town.liu_yang)
    (hot,) = analyst.get(reverse(GRID)).context["hot"]
    form = analyst.get(hot.propose)
    assert form.context["cell"].figures() == hot.cell.figures()
    people = {one.name for one in form.context["form"].people.values()}
    assert {"刘洋", "何静", "林岚"} <= people
    assert {"周涛", "陈立", "田野", "孙倩"}.isdisjoint(people)
    told = {"visitor": town.liu_yang.pk, "why": WHY, "due_on": timezone.localdate() + DAY}
    assert analyst.post(hot.propose, {**told, "why": ""}).status_code == 422
    assert analyst.post(hot.propose, {**told, "visitor": town.zhou_tao.pk}).status_code == 422
    made = analyst.post(hot.propose, told)
    assert made.status_code == 302
    visit = Visit.objects.get()
    assert analyst.get(reverse(GRID)).context["hot"][0].propose == ""
    assert "答复是否走访" in visitor.get("/").content.decode()
    assert visitor.post(_of(visit, "acceptance")).status_code == 302
    owner = Org.objects.get(code=OUTLET_A)
    concern = {"words": FOUND, "severity": "serious", "owner": owner.pk}
    assert visitor.post(_of(visit, "concerns"), {**concern, "owner": ""}).status_code == 422
    assert visitor.post(_of(visit, "concerns"), concern).status_code == 302
    report = {"visited_on": timezone.localdate(), "summary": "三个网点，一个没有公示"}
    assert visitor.post(_of(visit, "report"), report).status_code == 302
    one = Concern.objects.get()
    manager = signed_in(town.li_jianguo)
    assert "整改并答复" in manager.get("/").content.decode()
    said = {"answer": "已公示并培训，照片已存"}
    assert manager.post(_of(one, "answer", "concern_verb"), said).status_code == 302
    back = {"because": "照片里日期不对"}
    assert visitor.post(_of(one, "return", "concern_verb"), back).status_code == 302
    assert manager.post(_of(one, "answer", "concern_verb"), said).status_code == 302
    assert visitor.post(_of(one, "confirmation", "concern_verb"), {}).status_code == 422
    good = {"because": "照片核对无误"}
    assert visitor.post(_of(one, "confirmation", "concern_verb"), good).status_code == 302
    body = analyst.get(visit.get_absolute_url()).content.decode()
    assert "已确认" in body and "退回 1 次" in body and "发现 1 个问题" in body


def _of(noun: Visit | Concern, verb: str, name: str = "visit_verb") -> str:
    return reverse(f"governance:{name}", args=[noun.pk, verb])


def test_each_sees_the_visits_of_the_own_tree_and_the_concerns_of_the_own_desk(
    visit: Visit, town: SimpleNamespace, signed_in: SignedIn
) -> None:
    seen: dict[str, int] = {}
    for person in Person.objects.filter(staff_no__in=[spec.staff_no for spec in CAST]):
        client = signed_in(person)
        page = client.get(visit.get_absolute_url())
        board = client.get(reverse("governance:visits"))
        if page.status_code == 200:
            seen[person.name] = len(page.context["concerns"])
            assert visit.get_absolute_url() in board.content.decode()
        else:
            assert visit.get_absolute_url() not in board.content.decode()
            assert client.post(_of(visit, "acceptance")).status_code in (403, 404)
    assert seen == {
        "林岚": 2, "郑刚": 2, "吴桐": 2, "钱卫": 2, "刘洋": 2, "周涛": 2, "田野": 2, "秦兰": 2,
        "陈立": 2, "沈秋": 2, "李建国": 1,
    }  # fmt: skip


def test_a_concern_of_another_desk_does_not_exist(
    visit: Visit, town: SimpleNamespace, signed_in: SignedIn
) -> None:
    outlet, branch = Concern.objects.order_by("number")
    said = {"answer": "已公示并培训，照片已存"}
    manager = signed_in(town.li_jianguo)
    assert manager.post(_of(branch, "answer", "concern_verb"), said).status_code == 404
    stranger = signed_in(town.sun_qian)
    assert stranger.post(_of(outlet, "answer", "concern_verb"), said).status_code == 404
    assert signed_in(town.kong_mingyu).get(visit.get_absolute_url()).status_code == 403
    assert signed_in(town.lin_lan).post(_of(visit, "nonsense")).status_code == 404
    assert set(Concern.objects.values_list("state", flat=True)) == {"open"}


def test_a_form_for_what_the_map_does_not_have_does_not_exist(
    town: SimpleNamespace, signed_in: SignedIn
) -> None:
    client, address = signed_in(town.lin_lan), reverse("governance:visit_new")
    span = hotmap.by_period(timezone.localdate())[0]
    good = {"org": BRANCH_A, "from": span.first.isoformat(), "to": span.last.isoformat()}
    assert client.get(address, good).status_code == 200
    for slip in (
        {"org": "nowhere"}, {"org": OUTLET_A}, {"class": "nothing"}, {"to": "yesterday"},
        {"from": (span.first - DAY).isoformat()},
    ):  # fmt: skip
        assert client.get(address, {**good, **slip}).status_code == 404, slip
    assert signed_in(town.sun_qian).get(address, good).status_code == 404
    assert signed_in(town.ma_jun).get(address, good).status_code == 403


def test_visits_are_exported_with_their_concerns(
    visit: Visit, town: SimpleNamespace, signed_in: SignedIn
) -> None:
    Concern.objects.filter(number=1).update(words="=HYPERLINK(1)")
    address = reverse("governance:visits_export")
    assert signed_in(town.liu_yang).get(address).status_code == 403
    told = signed_in(town.lin_lan).get(address).content.decode()
    assert told.count("\n") == 3 and "'=HYPERLINK" in told and "江南分行" in told
    assert signed_in(town.sun_qian).get(address).content.decode().count("\n") == 1
    none = signed_in(town.lin_lan).get(address, {"state": "reported"}).content.decode()
    assert none.count("\n") == 1


def test_the_number_of_queries_does_not_grow_with_concerns(
    visit: Visit,
    town: SimpleNamespace,
    signed_in: SignedIn,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    now = timezone.now()
    owner = Org.objects.get(code=OUTLET_A)
    for _n in range(6):
        open_concern(visit, words=FOUND, severity="slight", owner=owner, by=town.liu_yang, at=now)
    for person in (town.lin_lan, town.li_jianguo):
        client = signed_in(person)
        client.get(visit.get_absolute_url())
        with django_assert_max_num_queries(20):
            client.get(visit.get_absolute_url())
    client = signed_in(town.lin_lan)
    client.get(reverse(GRID))
    for name in ("visits", "wave_grid"):
        with django_assert_max_num_queries(14):
            client.get(reverse(f"governance:{name}"))
