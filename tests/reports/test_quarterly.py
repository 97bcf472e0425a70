"""The national figures of 2022Q4 come out of the bulletin, in every form of it."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from docx import Document
from python_calamine import CalamineWorkbook

from sujin.governance.acts.load_peers import load_peers
from sujin.governance.models import PeerFigure
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Person
from sujin.reports.parts import book, workbook
from sujin.reports.quarterly import words
from sujin.reports.quarterly.figures import Bulletin, CannotCompile, Count, compiled
from sujin.reports.quarterly.reading import bulletin_of
from tests.reports import national

SignedIn = Callable[[Person], Client]
QUARTER = date(2022, 10, 1)
GOLDEN = Path(__file__).parent / "golden" / "quarterly_2022q4.txt"
KINDS = ("card.credit", "loan", "wealth")


@pytest.fixture
def published(cast: SimpleNamespace, noon: datetime) -> Bulletin:
    loaded = load_peers(national.rows(), file="2022Q4.csv", by=system_person(), at=noon)
    assert not loaded.rejects
    return bulletin_of(QUARTER)


def plain(bulletin: Bulletin) -> str:
    """Everything the bulletin says, as text."""
    lines = [words.title(bulletin), *words.cautions(bulletin)]
    for part in words.parts(bulletin):
        lines += ["", part.title, *part.said]
        for table in part.tables:
            lines += [f"[{table.title}]", " | ".join(table.head)]
            lines += [" | ".join(row) for row in table.rows]
    return "\n".join(lines) + "\n"


def test_the_published_national_figures_come_out(published: Bulletin) -> None:
    assert published.whole.value == national.TOTAL == 69555
    told = [
        (group.name, int(group.value), words.percent(group.share))
        for group in published.whole.groups
    ]
    assert told == [
        (national.STATE, 21559, "31.0%"), (national.JOINT, 26247, "37.7%"),
        (national.FOREIGN, 341, "0.5%"), (national.CITY, 11202, "16.1%"),
        (national.RURAL, 3872, "5.6%"), (national.OTHER, 6334, "9.1%"),
    ]  # fmt: skip
    kinds = [(one.business, int(one.value), words.percent(one.share)) for one in published.chapters]
    assert kinds == [
        ("card.credit", 29981, "43.1%"), ("loan", 28545, "41.0%"), ("wealth", 4476, "6.4%"),
    ]  # fmt: skip
    medians = [[words.rate(group.median) for group in one.groups] for one in published.rates]
    assert medians == [["248.8", "1,561.8", "598.4"], ["51.9", "303.9", "360.0"]]
    assert not published.unreconciled


def test_every_word_of_it_is_the_golden_file(published: Bulletin) -> None:
    """Write it anew with ``GOLDEN=1 pytest tests/reports`` and read the difference."""
    if os.environ.get("GOLDEN"):
        GOLDEN.write_text(plain(published), encoding="utf-8")
    assert plain(published) == GOLDEN.read_text(encoding="utf-8")


def test_all_forms_say_the_same(published: Bulletin, noon: datetime) -> None:
    made = book(words.report(published), noon)
    tables = [piece for chapter in made.chapters for piece in chapter.pieces if piece.head]
    assert len(tables) == sum(len(part.tables) for part in words.parts(published))
    read = CalamineWorkbook.from_filelike(BytesIO(workbook(words.report(published))))
    sheet = read.get_sheet_by_index(1).to_python()
    assert sheet[1][1] == float(published.whole.groups[0].members[0].value)
    assert len(read.sheet_names) == 1 + len(tables)
    with override("en"):
        assert "69,555" in plain(published)
        assert "Credit cards" in plain(published) or "Credit card" in plain(published)


def test_a_bank_counted_twice_or_without_a_group_is_refused() -> None:
    one = Count("甲", "组", "", Decimal(5))
    make = {"groups": ("组",), "businesses": KINDS, "before": None}
    with pytest.raises(CannotCompile, match="甲 : two figures of one quarter"):
        compiled(QUARTER, "received", [one, one], **make)  # type: ignore[arg-type]
    with pytest.raises(CannotCompile, match="no group"):
        compiled(QUARTER, "received", [replace(one, group="")], **make)  # type: ignore[arg-type]
    with pytest.raises(CannotCompile, match="load those first"):
        compiled(QUARTER, "received", [replace(one, business="loan")], **make)  # type: ignore[arg-type]


def test_a_change_is_told_only_where_every_bank_stood_in_both() -> None:
    now = [Count("甲", "组", "", Decimal(6)), Count("乙", "组", "", Decimal(4))]
    before = [Count("甲", "组", "", Decimal(3))]
    found = compiled(QUARTER, "x", now, groups=("组",), businesses=(), before=before)
    group = found.whole.groups[0]
    assert group.change is None, "one of the two banks was not published the quarter before"
    assert {one.bank: one.change for one in group.members} == {"甲": Decimal(1), "乙": None}
    assert group.median == Decimal(5)
    assert not found.breaks


def test_a_sum_that_does_not_add_up_is_said() -> None:
    found = compiled(
        QUARTER, "x", [Count("甲", "组", "", Decimal(6))], groups=(), businesses=(), before=None
    )
    assert not found.unreconciled
    more = [Count("甲", "组", "", Decimal(6)), Count("甲", "组", "loan", Decimal(7))]
    wrong = compiled(QUARTER, "x", more, groups=(), businesses=("loan",), before=None)
    assert wrong.unreconciled == ("甲",)
    assert any("核对不符：甲" in line for line in words.cautions(wrong))


def test_another_basis_is_never_compared_with(published: Bulletin, noon: datetime) -> None:
    assert published.breaks
    assert "不作比较" in "".join(words.cautions(published))
    earlier = [row | {"quarter": "2022Q3", "basis": "transferred"} for row in national.rows()]
    load_peers(earlier, file="2022Q3.csv", by=system_person(), at=noon)
    assert bulletin_of(QUARTER).breaks
    same = [row | {"quarter": "2022Q3"} for row in national.rows()]
    load_peers(same, file="2022Q3m.csv", by=system_person(), at=noon)
    found = bulletin_of(QUARTER)
    assert not found.breaks
    assert found.whole.change == 0


def test_the_page_and_its_files(
    published: Bulletin, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(cast.lin_lan)
    page = client.get(reverse("reports:quarterly"), {"quarter": "2022Q4"})
    body = page.content.decode()
    assert "69,555" in body
    assert "29,981" in body
    word = client.get(reverse("reports:quarterly_paper", args=["docx"]), {"quarter": "2022Q4"})
    text = "\n".join(one.text for one in Document(BytesIO(word.content)).paragraphs)
    assert "共 69,555 件" in text
    pdf = client.get(reverse("reports:quarterly_paper", args=["pdf"]))
    assert pdf.content.startswith(b"%PDF")
    assert client.get(reverse("reports:quarterly"), {"quarter": "2031Q1"}).status_code == 404
    assert client.get(reverse("reports:quarterly"), {"basis": "nothing"}).status_code == 404
    assert client.get(reverse("reports:quarterly_paper", args=["exe"])).status_code == 404
    assert signed_in(cast.wang_xiuying).get(reverse("reports:quarterly")).status_code == 403
    assert (
        signed_in(cast.chen_li).get(reverse("reports:quarterly_paper", args=["pdf"])).status_code
        == 403
    )


def test_without_figures_the_page_says_what_to_load(
    cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    assert not PeerFigure.objects.exists()
    page = signed_in(cast.lin_lan).get(reverse("reports:quarterly"))
    assert "sujin peers" in page.content.decode()
