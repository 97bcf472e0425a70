"""The board of indicators shows each what is theirs, every figure opens its cases, and an order is
answered on its page."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sujin.governance.acts.gauge_indicators import gauge_indicators
from sujin.governance.models import Gauge, WorkOrder
from sujin.lab.cast import BRANCH_A, BRANCH_B, OUTLET_A
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Entry, Org, Person
from tests.governance.indicator_town import tell

SignedIn = Callable[[Person], Client]
GOOD, BAD = (60, 6), (60, 30)
BOARD = "governance:indicators"
SAID = "已请归口团队逐件复盘，周五前给出措施"


@pytest.fixture
def order(bank: None, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> WorkOrder:
    """Opened by last week's repeats of branch A; pages are read at the same noon."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    tell(noon, {OUTLET_A: [GOOD, GOOD, BAD]})
    (opened,) = gauge_indicators(by=system_person(), at=noon)
    return opened


def body(client: Client, address: str, **params: str) -> str:
    page = client.get(address, params)
    assert page.status_code == 200, address
    return page.content.decode()


def test_each_sees_the_units_of_the_own_tree(
    order: WorkOrder, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    names = {code: Org.objects.get(code=code).name for code in (BRANCH_A, BRANCH_B)}
    head = body(signed_in(cast.lin_lan), reverse(BOARD))
    mine = body(signed_in(cast.zhou_tao), reverse(BOARD))
    theirs = body(signed_in(cast.sun_qian), reverse(BOARD))
    assert names[BRANCH_A] in head and names[BRANCH_B] in head and "50.0%" in head
    assert "50.0%" in mine and order.get_absolute_url() in mine and "等您签收" in mine
    assert "50.0%" not in theirs and order.get_absolute_url() not in theirs
    assert signed_in(cast.kong_mingyu).get(reverse(BOARD)).status_code == 403


def test_a_stranger_opens_neither_order_nor_figure(
    order: WorkOrder, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    gauged = Gauge.objects.get(state="breached")
    for person, status in ((cast.zhou_tao, 200), (cast.lin_lan, 200), (cast.sun_qian, 404)):
        client = signed_in(person)
        for address in (order.get_absolute_url(), gauged.get_absolute_url()):
            assert client.get(address).status_code == status, (person, address)
    posted = signed_in(cast.sun_qian).post(
        reverse("governance:order_acknowledgement", args=[order.pk]), {"words": SAID}
    )
    assert posted.status_code == 404 and WorkOrder.objects.get(pk=order.pk).state == "opened"


def test_a_figure_opens_its_cases_the_bad_ones_first(
    order: WorkOrder, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    gauged = Gauge.objects.get(state="breached")
    shown = body(signed_in(cast.zhou_tao), gauged.get_absolute_url())
    assert shown.count("/complaints/2002-") == 60
    sides = [one.split("</td>")[0] for one in shown.split('data-label="在哪一侧"')[1:]]
    assert ["不利" in one for one in sides] == [True] * 30 + [False] * 30
    assert "<strong>50.0%</strong>" in shown


def test_the_owner_answers_on_the_page_and_reads_it_on_the_docket(
    order: WorkOrder, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(cast.zhou_tao)
    take = reverse("governance:order_acknowledgement", args=[order.pk])
    refused = client.post(take, {"words": "好"})
    assert refused.status_code == 422 and "请写明" in refused.content.decode()
    assert client.post(take, {"words": SAID}).status_code == 302
    tell_more = reverse("governance:order_report", args=[order.pk])
    assert client.post(tell_more, {"words": "已经清完积压的三十件"}).status_code == 302
    page = body(client, order.get_absolute_url())
    assert SAID in page and "已经清完积压的三十件" in page and "自动开出督办单" in page


def test_the_filter_survives_a_reload_and_narrows_the_board(
    order: WorkOrder, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(cast.lin_lan)
    narrowed = body(client, reverse(BOARD), indicator="repeat_share", show="breached")
    assert '<option value="repeat_share" selected>' in narrowed
    assert '<option value="breached" selected>' in narrowed
    assert Org.objects.get(code=BRANCH_A).name in narrowed
    assert (
        f'<th scope="row" data-label="机构">{Org.objects.get(code=BRANCH_B).name}' not in narrowed
    )
    assert client.get(reverse(BOARD), {"indicator": "<x>", "show": "y"}).status_code == 200


def test_the_export_is_what_the_board_shows_and_is_on_the_record(
    order: WorkOrder, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    address = reverse("governance:indicators_export")
    page = signed_in(cast.zhou_tao).get(address, {"indicator": "repeat_share"})
    lines = page.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("机构号,机构,指标") and len(lines) == 3
    assert f"{BRANCH_A}," in lines[1] and "50.0%" in lines[1] and "确认超标" in lines[1]
    assert cast.zhou_tao.staff_no in lines[2]
    told = Entry.objects.filter(kind="person.exported").latest("pk")
    assert told.data["what"] == "indicators" and told.by == cast.zhou_tao
    assert signed_in(cast.chen_li).get(address).status_code == 403


def test_a_line_reads_the_figures_it_answers_for_and_no_others(
    order: WorkOrder, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    """Cards own none of these indicators, so the card line reads none of the branches."""
    assert "50.0%" not in body(signed_in(cast.liu_yang), reverse(BOARD))


def test_the_board_costs_the_same_however_many_units_it_has(
    order: WorkOrder, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(cast.lin_lan)
    client.get(reverse(BOARD))
    with CaptureQueriesContext(
        connection,
    ) as whole:
        client.get(reverse(BOARD))
    with CaptureQueriesContext(connection) as part:
        client.get(reverse(BOARD), {"indicator": "repeat_share"})
    assert len(whole) == len(part) <= 24
