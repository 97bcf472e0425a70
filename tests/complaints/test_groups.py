"""Near-identical texts of different customers: the page of a group, and who may see what of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sujin.complaints import kinds, likeness
from sujin.complaints.acts.receive import receive
from sujin.complaints.acts.ungroup import CannotRegroup, CannotUngroup, regroup, ungroup
from sujin.complaints.draft import Draft, PartyDraft
from sujin.complaints.models import Complaint
from sujin.lab.cast import OUTLET_A, OUTLET_B
from sujin.platform.kinds import Exported
from sujin.platform.models import Entry, Person

SignIn = Callable[[Person], Client]
LETTER = (
    "本人在贵行办理的信用卡被多次收取年费，从未有人告知收费标准，多次致电客服均无人处理，"
    "现要求退还全部年费并书面说明收费依据，保留进一步反映的权利。根据有关管理办法的规定，"
    "银行收取费用应当事先明确告知并取得客户同意，贵行未尽告知义务即行扣款，严重侵害消费者的"
    "知情权和自主选择权，请在规定期限内核查处理并将结果书面答复本人，否则将依法维权。{own}"
)
OWN = ("孩子上学", "老人看病", "生意周转")
OTHER = "昨天在自助机上存钱，机器把钱吞了，柜台让等七个工作日，我急着用，请尽快查清退给我。"


@pytest.fixture
def var(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for the index, and a reader that has seen nothing."""
    settings.VAR = tmp_path
    monkeypatch.setattr(likeness, "READER", likeness.Reader())
    return tmp_path


def write(text: str, who: int, at: datetime, place: str, by: Person) -> Complaint:
    """A customer of its own writes at the counter of ``place``."""
    parties = (PartyDraft(name=f"客户{who}", phone=f"1370000{who:04d}"),)
    receipt = receive(Draft("counter", text, at, place, parties=parties), by=by, at=at)
    return Complaint.objects.get(pk=receipt.complaint.pk)


@pytest.fixture
def group(cast: SimpleNamespace, noon: datetime, var: Path) -> list[Complaint]:
    """One letter from three customers of branch A, then from one of branch B; and a stranger."""
    at = [noon + timedelta(minutes=minute) for minute in range(5)]
    found = [
        write(LETTER.format(own=own), who, at[who], OUTLET_A, cast.wang_xiuying)
        for who, own in enumerate(OWN)
    ]
    found.append(write(LETTER.format(own="请查收鸑鷟"), 3, at[3], OUTLET_B, cast.sun_qian))
    write(OTHER, 4, at[4], OUTLET_A, cast.wang_xiuying)
    return found


def page(client: Client, case: Complaint) -> str:
    response = client.get(f"/groups/{case.number}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_shows_the_group_in_reach_and_marks_what_differs(
    group: list[Complaint], cast: SimpleNamespace, signed_in: SignIn
) -> None:
    assert {case.group_id for case in group[1:]} == {group[0].pk}
    body = page(signed_in(cast.zhou_tao), group[1])
    assert all(case.number in body for case in group[:3])
    assert f"<mark>{OWN[1]}</mark>" in body
    assert f"<mark>{OWN[0]}" not in body, "the template itself is not marked"
    assert "4 件近乎相同的文本" in body
    assert "吞了" not in body


def test_what_is_out_of_reach_is_counted_and_not_named(
    group: list[Complaint], cast: SimpleNamespace, signed_in: SignIn
) -> None:
    body = page(signed_in(cast.zhou_tao), group[0])
    assert "其中 1 件不在你的权限范围" in body
    assert group[3].number not in body
    assert "鸑鷟" not in body
    theirs = page(signed_in(cast.sun_qian), group[3])
    assert "其中 3 件不在你的权限范围" in theirs
    assert all(case.number not in theirs for case in group[:3])
    assert signed_in(cast.sun_qian).get(f"/groups/{group[0].number}").status_code == 404


def test_the_list_names_each_group_once_by_its_oldest_case_in_reach(
    group: list[Complaint], cast: SimpleNamespace, signed_in: SignIn
) -> None:
    ours = signed_in(cast.zhou_tao).get("/groups?sort=-size").content.decode()
    assert ours.count(f"/groups/{group[0].number}") == 2
    assert group[1].number not in ours
    theirs = signed_in(cast.sun_qian).get("/groups").content.decode()
    assert group[3].number in theirs
    assert group[0].number not in theirs


def test_a_larger_group_costs_no_more_queries(
    group: list[Complaint], cast: SimpleNamespace, signed_in: SignIn, noon: datetime
) -> None:
    client = signed_in(cast.zhou_tao)

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    addresses = ("/groups", f"/groups/{group[0].number}")
    before = [queries(address) for address in addresses]
    for who in range(10, 14):
        write(LETTER.format(own=f"第{who}封"), who, noon, OUTLET_A, cast.wang_xiuying)
        write(OTHER + str(who), who + 20, noon, OUTLET_A, cast.wang_xiuying)
    assert [queries(address) for address in addresses] == before


def test_a_case_that_does_not_belong_is_taken_out_with_a_reason_and_can_come_back(
    group: list[Complaint], cast: SimpleNamespace, signed_in: SignIn
) -> None:
    client, out = signed_in(cast.zhou_tao), group[2]
    refused = client.post(f"/groups/{out.number}/removal", {"because": ""})
    assert refused.status_code == 422
    client.post(f"/groups/{out.number}/removal", {"because": "只是用了同一个模板，事由不同"})
    out.refresh_from_db()
    assert out.group_id is None
    assert out.entries.of(kinds.Ungrouped).count() == 1
    assert "已移出的件" in page(client, group[0])
    client.post(f"/groups/{out.number}/return")
    out.refresh_from_db()
    assert out.group_id == group[0].pk
    assert out.replay()["group_id"] == group[0].pk
    assert "已移出的件" not in page(client, group[0])


def test_taking_out_is_refused_where_it_makes_no_sense(
    group: list[Complaint], cast: SimpleNamespace, noon: datetime
) -> None:
    with pytest.raises(CannotUngroup, match="第一件"):
        ungroup(group[0], because="不像", by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotUngroup, match="为什么"):
        ungroup(group[1], because=" ", by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotRegroup, match="已经在"):
        regroup(group[1], by=cast.zhou_tao, at=noon)
    alone = Complaint.objects.exclude(pk__in=[case.pk for case in group]).get()
    with pytest.raises(CannotUngroup, match="不在任何"):
        ungroup(alone, because="不像", by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotRegroup, match="没有从任何"):
        regroup(alone, by=cast.zhou_tao, at=noon)


def test_whoever_may_not_link_may_not_take_out_and_it_is_on_the_record(
    group: list[Complaint], cast: SimpleNamespace, signed_in: SignIn
) -> None:
    case = group[1]
    response = signed_in(cast.wang_xiuying).post(f"/groups/{case.number}/removal", {"because": "x"})
    assert response.status_code == 403
    assert case.entries.of(kinds.Denied).count() == 1


def test_the_index_names_a_like_text_that_is_in_no_group(
    group: list[Complaint], cast: SimpleNamespace, signed_in: SignIn, noon: datetime
) -> None:
    """Told again after the window of grouping has passed, in another order."""
    clauses = LETTER.format(own="").rstrip("。").split("，")
    late = write("，".join(reversed(clauses)), 9, noon + timedelta(days=400), OUTLET_A,
                 cast.wang_xiuying)  # fmt: skip
    Complaint.objects.filter(pk=late.pk).update(group=None)
    body = page(signed_in(cast.zhou_tao), group[0])
    assert late.number in body
    assert "% 相同" in body
    assert late.number not in page(signed_in(cast.sun_qian), group[3])


def test_the_dossier_leads_to_the_group_and_the_group_is_exported(
    group: list[Complaint], cast: SimpleNamespace, signed_in: SignIn
) -> None:
    client = signed_in(cast.zhou_tao)
    assert f"/groups/{group[0].number}" in client.get(group[0].get_absolute_url()).content.decode()
    sheet = client.get(f"/groups/{group[0].number}/export")
    assert sheet["Content-Type"].endswith("sheet")
    assert Entry.objects.of(Exported).filter(by=cast.zhou_tao).count() == 1
