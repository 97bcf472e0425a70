"""A file of published figures: taken once, corrected with both kept, sent back with reasons; and
the page that compares only what is counted alike."""

import csv
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from sujin.complaints.figures.selection import Window
from sujin.complaints.models import Complaint, Transfer
from sujin.governance.acts.load_peers import CannotLoad, Loaded, load_peers, read
from sujin.governance.models import PeerFigure
from sujin.governance.peerbook import COLUMNS, quarter_before, quarter_last
from sujin.governance.peering import Asked, our_name, own_count, tables
from sujin.lab.cast import OUTLET_A
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Entry, Person
from tests.governance.indicator_town import tell

SignedIn = Callable[[Person], Client]
Q4, Q3 = date(2025, 10, 1), date(2025, 7, 1)
HEAD = ",".join(COLUMNS)
JIA = "示例甲银行,股份,2025Q4,complaints,,{},transferred_merged,20000000,500,20000,测试用虚构数"
YI = "示例乙银行,股份,2025Q4,complaints,,700,transferred_merged,20000000,500,20000,测试用虚构数"


def loaded(noon: datetime, *lines: str, file: str = "同业.csv") -> Loaded:
    rows = read("\n".join([HEAD, *lines]).encode())
    return load_peers(rows, file=file, by=system_person(), at=noon)


def test_the_same_file_again_changes_nothing(bank: None, noon: datetime) -> None:
    assert loaded(noon, JIA.format(100), YI).added == 2
    entries = Entry.objects.filter(kind="peers.loaded").count()
    again = loaded(noon, JIA.format(100), YI)
    assert (again.added, again.superseded, again.same) == (0, 0, 2)
    assert PeerFigure.objects.count() == 2
    assert Entry.objects.filter(kind="peers.loaded").count() == entries == 1


def test_a_corrected_figure_supersedes_and_both_are_kept(bank: None, noon: datetime) -> None:
    loaded(noon, JIA.format(100))
    later = noon + timedelta(days=3)
    assert loaded(later, JIA.format(120)).superseded == 1
    both = PeerFigure.objects.order_by("pk")
    assert [(int(one.value), one.superseded_at) for one in both] == [(100, later), (120, None)]
    assert [int(one.value) for one in PeerFigure.objects.valid()] == [120]


def test_the_database_holds_one_valid_figure(bank: None, noon: datetime) -> None:
    loaded(noon, JIA.format(100))
    figure = PeerFigure.objects.get()
    figure.pk = None
    with pytest.raises(IntegrityError, match="one_valid_figure"), transaction.atomic():
        figure.save(force_insert=True)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",股份,2025Q4,,,5,received,,,,来源", "bank：不能为空"),
        ("甲,,2025Q5,,,5,received,,,,来源", "quarter：写成"),
        ("甲,,2026Q1,,,5,received,,,,来源", "还没有结束"),
        ("甲,,2025Q4,happiness,,5,received,,,,来源", "metric：写其中之一：complaints"),
        ("甲,,2025Q4,,gold.teeth,5,received,,,,来源", "分类表里没有 gold.teeth"),
        ("甲,,2025Q4,,,-5,received,,,,来源", "value：写件数"),
        ("甲,,2025Q4,,,2.5,received,,,,来源", "value：写件数"),
        ("甲,,2025Q4,,,NaN,received,,,,来源", "value：不是数"),
        ("甲,,2025Q4,,,很多,received,,,,来源", "value：不是数"),
        ("甲,,2025Q4,,,5,guessed,,,,来源", "basis：写其中之一：transferred"),
        ("甲,,2025Q4,,,5,received,0,,,来源", "customers：写大于 0"),
        ("甲,,2025Q4,,,5,received,,,,", "source：不能为空"),
    ],
)
def test_a_line_that_cannot_be_meant_is_sent_back_with_its_reason(
    bank: None, noon: datetime, line: str, reason: str
) -> None:
    told = loaded(noon, JIA.format(100), line)
    assert (told.added, len(told.rejects)) == (1, 1)
    assert told.rejects[0].number == 3 and reason in told.rejects[0].reason


def test_two_lines_that_contradict_each_other_are_both_sent_back(
    bank: None, noon: datetime
) -> None:
    told = loaded(noon, JIA.format(100), JIA.format(101), YI, YI)
    assert (told.added, [one.number for one in told.rejects]) == (1, [2, 3])


def test_a_file_that_is_none_is_refused_whole(noon: datetime) -> None:
    with pytest.raises(CannotLoad, match="首行缺少列"):
        read(b"a,b\n1,2\n")


def test_the_command_writes_what_it_sends_back_beside_the_file(bank: None, tmp_path: Path) -> None:
    file = tmp_path / "peers.csv"
    file.write_bytes("\n".join([HEAD, JIA.format(100), JIA.format("?")]).encode("gbk"))
    said = StringIO()
    call_command("peers", str(file), stdout=said)
    assert "added 1" in said.getvalue() and "rejected 1" in said.getvalue()
    with (tmp_path / "peers.rejects.csv").open(encoding="utf-8-sig") as sent_back:
        (row,) = csv.DictReader(sent_back)
    assert row["bank"] == "示例甲银行" and row["line"] == "3" and "不是数" in row["reason"]
    with pytest.raises(CommandError, match="must not be the file"):
        call_command("peers", str(file), rejects=file)
    with pytest.raises(CommandError):
        call_command("peers", str(tmp_path / "none.csv"))


def asked(**changes: object) -> Asked:
    told = {"quarter": Q4, "business": "", "by": "customers", "own": False, **changes}
    return Asked(**told)  # type: ignore[arg-type]


def test_rates_are_for_each_million_customers_and_indexed_by_the_group(
    bank: None, noon: datetime
) -> None:
    loaded(noon, JIA.format(100), YI)
    (table,) = tables(asked())
    jia, yi = table.lines
    assert jia.rate is not None and jia.rate.value == 5.0 and jia.rate.low < 5 < jia.rate.high
    assert yi.index == pytest.approx(175.0) and jia.index == pytest.approx(25.0)
    assert jia.rank is not None and yi.rank is not None
    assert (jia.rank.best, yi.rank.worst, yi.rank.is_sure) == (1, 2, True)
    (table,) = tables(asked(by="outlets"))
    assert [one.rate.value for one in table.lines if one.rate] == [0.2, 1.4]


def test_figures_on_another_basis_stand_in_another_table(bank: None, noon: datetime) -> None:
    loaded(noon, JIA.format(100), YI.replace("transferred_merged", "transferred"))
    assert [(one.basis.code, len(one.lines)) for one in tables(asked())] == [
        ("transferred", 1), ("transferred_merged", 1),
    ]  # fmt: skip


def test_quarters_are_compared_only_on_one_basis(bank: None, noon: datetime) -> None:
    before = [
        JIA.format(80).replace("2025Q4", "2025Q3"),
        YI.replace("2025Q4", "2025Q3").replace("transferred_merged", "transferred"),
    ]
    loaded(noon, JIA.format(100), YI, *before)
    (table,) = tables(asked())
    jia, yi = (one.change for one in table.lines)
    assert jia.rate is not None and jia.rate.value == pytest.approx(0.25) and not jia.is_break
    assert yi.rate is None and yi.is_break


def test_a_share_of_business_needs_the_banks_own_total(bank: None, noon: datetime) -> None:
    loaded(noon, JIA.format(100), JIA.replace(",complaints,,", ",complaints,loan,").format(40))
    (table,) = tables(asked(business="loan", by="share"))
    assert table.lines[0].rate is not None and table.lines[0].rate.value == 40.0
    PeerFigure.objects.filter(business="").update(superseded_at=noon)
    assert tables(asked(business="loan", by="share"))[0].lines[0].rate is None


def test_our_own_count_takes_each_matter_once_where_the_basis_does(
    bank: None, noon: datetime
) -> None:
    tell(noon, {OUTLET_A: [(4, 2)]})
    first, *_others = cases = list(Complaint.objects.filter(number__startswith="2002"))
    for case in cases:
        at = noon - timedelta(days=70)
        Transfer.objects.create(complaint=case, agency="监管", reference="一", transferred_at=at)
    Transfer.objects.create(complaint=first, agency="监管", reference="二", transferred_at=at)
    window = Window(Q4, quarter_last(Q4))
    assert own_count("transfers", window, "") == 5
    assert own_count("matters", window, "") == 3
    assert own_count("matters", window, "card.credit") == 3
    assert own_count("transfers", window, "loan") == 0
    assert own_count("transfers", Window(Q3, quarter_last(Q3)), "") == 0


def test_quarters_end_where_they_should() -> None:
    found = [quarter_last(date(2025, month, 1)) for month in (1, 4, 7, 10)]
    assert [(one.month, one.day) for one in found] == [(3, 31), (6, 30), (9, 30), (12, 31)]
    assert quarter_before(date(2025, 1, 1)) == date(2024, 10, 1) and quarter_before(Q4) == Q3


def test_only_head_office_sees_what_the_house_counts_of_itself(
    bank: None, cast: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    other = YI.replace("transferred_merged", "received")
    ours = JIA.format(50).replace("示例甲银行", our_name())
    loaded(noon, JIA.format(100), other, ours)
    head = signed_in(cast.lin_lan).get(reverse("governance:peers"))
    branch = signed_in(cast.zhou_tao).get(reverse("governance:peers"))
    assert "本系统统计" in head.content.decode() and "本系统统计" not in branch.content.decode()
    for page in (head, branch):
        body = page.content.decode()
        assert "口径不同，不宜直接比较" in body and "测试用虚构数" in body and our_name() in body
    assert signed_in(cast.kong_mingyu).get(reverse("governance:peers")).status_code == 403


def test_the_page_keeps_what_the_address_asks_for(
    bank: None, cast: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    client = signed_in(cast.lin_lan)
    assert "还没有同业数据" in client.get(reverse("governance:peers")).content.decode()
    loaded(noon, JIA.format(100), JIA.format(80).replace("2025Q4", "2025Q3"))
    page = client.get(reverse("governance:peers"), {"quarter": "2025Q3", "by": "outlets"})
    body = page.content.decode()
    assert (
        '<option value="2025Q3" selected>' in body and '<option value="outlets" selected>' in body
    )
    for nonsense in ({"quarter": "x"}, {"by": "moon"}, {"business": "<b>"}):
        assert client.get(reverse("governance:peers"), nonsense).status_code == 200
