"""An issue holds what is in force, two people vouch for it, and it never changes again."""

import io
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import docx as word
import pypdfium2 as pdfium
import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin.knowledge.acts.compile_issue import (
    CannotCompile,
    Place,
    abandon,
    arrange,
    begin_issue,
    fill,
)
from sujin.knowledge.acts.draft import draft_next
from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.sign_issue import CannotSign, sign_issue
from sujin.knowledge.acts.stage import Plan
from sujin.knowledge.acts.submit import submit
from sujin.knowledge.acts.withdraw import withdraw
from sujin.knowledge.booked import booked
from sujin.knowledge.frozen import digest_of
from sujin.knowledge.models import Issue, IssueLine, Version
from sujin.lab.cast import BRANCH_A
from sujin.platform.documents.book import (
    BOX,
    QUOTE,
    SMALL,
    TABLE,
    TEXT,
    Book,
    Chapter,
    Piece,
    Section,
    forms,
)
from sujin.platform.models import Org
from tests.knowledge.reading.conftest import Released, next_one


def begun(cast: SimpleNamespace, at: datetime, series: str = "compilation") -> Issue:
    return begin_issue(
        series=series, name="投诉处理汇编", chapters=["全部"],
        org=Org.objects.get(code="HO-CONSUMER"), by=cast.lin_lan, at=at,
    )  # fmt: skip


def test_numbers_run_through_the_year_and_a_handbook_counts_its_editions(
    cast: SimpleNamespace, noon: datetime
) -> None:
    later = noon.replace(year=2027)
    numbers = [begun(cast, at).number for at in (noon, noon, later)]
    editions = [begun(cast, at, "handbook").number for at in (noon, later)]
    assert (numbers, editions) == ([1, 2, 1], [1, 2])
    assert begun(cast, noon).label == "2026年第 3 期"


def test_only_what_is_in_force_for_the_whole_bank_may_be_in_it(
    cast: SimpleNamespace, shelf: SimpleNamespace, released: Released, noon: datetime
) -> None:
    issue = begun(cast, noon)
    branch = Org.objects.get(code=BRANCH_A)
    local = released("local", "只限江南", orgs=[branch.pk])
    withdraw(shelf.app, because="写错了", by=cast.zheng_gang, at=noon)
    gone = Version.objects.select_related("item").get(pk=shelf.app.pk)
    old = released("old", "过期的", at=noon - timedelta(days=400))
    for unfit in (local, gone, old):
        with pytest.raises(CannotCompile, match=unfit.title):
            fill(issue, [shelf.fee, unfit], chapter=0, by=cast.lin_lan, at=noon)
    assert not issue.lines.exists()


def test_what_comes_branch_by_branch_is_in_no_issue_until_it_has_come_to_all(
    cast: SimpleNamespace, draft: Issue, shelf: SimpleNamespace, noon: datetime
) -> None:
    """Neither the new text, which half of the readers have not, nor the old, which half have no
    longer."""
    made = draft_next(shelf.app.item, because="改", by=cast.liu_yang, at=noon)
    submit(made, by=cast.liu_yang, at=noon)
    release(made, plan=Plan(batches=2, weeks=1), by=cast.zheng_gang, at=noon)
    both = Version.objects.filter(item=shelf.app.item).select_related("item", "successor")
    for one in both:
        with pytest.raises(CannotCompile, match="分批推开"):
            fill(draft, [one], chapter=0, by=cast.lin_lan, at=noon)
    later = noon + timedelta(days=8)
    fill(draft, [both.get(number=2)], chapter=0, by=cast.lin_lan, at=later)


def test_what_fell_after_it_was_taken_in_stops_the_signature(
    cast: SimpleNamespace, draft: Issue, shelf: SimpleNamespace, noon: datetime
) -> None:
    withdraw(shelf.limit, because="写错了", by=cast.zheng_gang, at=noon)
    with pytest.raises(CannotCompile, match="额度下调"):
        sign_issue(draft, by=cast.zheng_gang, at=noon)
    keys = list(draft.lines.exclude(version=shelf.limit.pk).order_by("pk"))
    places = [Place(line.pk, line.chapter, 1) for line in keys]
    arrange(draft, name="", chapters=draft.chapters, places=places, by=cast.lin_lan, at=noon)
    sign_issue(draft, by=cast.zheng_gang, at=noon)
    told = Issue.objects.get(pk=draft.pk)
    assert told.is_signed
    assert draft.entries.get(kind="issue.arranged").data["left_out"] == ["limit"]


def test_whoever_had_a_hand_in_it_does_not_sign_it(
    cast: SimpleNamespace, draft: Issue, shelf: SimpleNamespace, noon: datetime
) -> None:
    with pytest.raises(CannotSign):
        sign_issue(draft, by=cast.lin_lan, at=noon)
    fill(draft, [shelf.app], chapter=0, by=cast.zheng_gang, at=noon)
    with pytest.raises(CannotSign):
        sign_issue(draft, by=cast.zheng_gang, at=noon)
    sign_issue(draft, by=cast.wu_tong, at=noon)


def test_an_empty_issue_is_not_signed(cast: SimpleNamespace, noon: datetime) -> None:
    with pytest.raises(CannotSign):
        sign_issue(begun(cast, noon), by=cast.zheng_gang, at=noon)


def test_lines_move_between_chapters_and_a_chapter_with_lines_stays(
    cast: SimpleNamespace, draft: Issue, shelf: SimpleNamespace, noon: datetime
) -> None:
    fee, limit, phone = draft.lines.order_by("pk")
    places = [Place(fee.pk, 0, 2), Place(limit.pk, 0, 1), Place(phone.pk, 1, 1)]
    arrange(draft, name="新名", chapters=["卡", "电话"], places=places, by=cast.lin_lan, at=noon)
    draft.refresh_from_db()
    assert (draft.name, draft.chapters) == ("新名", ["卡", "电话"])
    assert [line.version_id for line in draft.lines.filter(chapter=0)] == [
        shelf.limit.pk,
        shelf.fee.pk,
    ]
    with pytest.raises(CannotCompile, match="移到别的章"):
        arrange(
            draft, name="", chapters=["卡"], places=[Place(phone.pk, -1, 1)],
            by=cast.lin_lan, at=noon,
        )  # fmt: skip


def test_what_was_signed_is_fixed_whoever_asks(
    cast: SimpleNamespace, signed: Issue, shelf: SimpleNamespace, noon: datetime
) -> None:
    with pytest.raises(CannotCompile):
        fill(signed, [shelf.app], chapter=0, by=cast.lin_lan, at=noon)
    with pytest.raises(CannotCompile):
        abandon(signed, because="不要了", by=cast.lin_lan, at=noon)
    changes: list[dict[str, Any]] = [{"frozen": {}}, {"name": "别的"}, {"digest": "0"}]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            Issue.objects.filter(pk=signed.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        signed.lines.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        IssueLine.objects.create(issue=signed, chapter=0, position=9, version=shelf.app)


def test_the_docket_alone_gives_the_row(signed: Issue) -> None:
    for column, value in signed.replay().items():
        kept = getattr(signed, column)
        assert (tuple(kept) if isinstance(kept, list) else kept) == value, column


def made_of(issue: Issue) -> dict[str, bytes]:
    """Both files of a signed issue, as they are made now."""
    assert issue.frozen is not None
    book = booked(issue.frozen, issue.digest)
    return {name: form.make(book) for name, form in forms().items()}


def test_years_later_the_same_issue_gives_the_same_bytes(
    cast: SimpleNamespace,
    signed: Issue,
    shelf: SimpleNamespace,
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Items move on, people and desks are renamed, the clock runs: the files do not care."""
    first = made_of(signed)
    next_one(shelf.fee, cast, noon + timedelta(days=30), answer="改了")
    Org.objects.filter(code="HO-CONSUMER").update(name="另一个部门")
    type(cast.zheng_gang).objects.filter(pk=cast.zheng_gang.pk).update(name="别人")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    again = Issue.objects.get(pk=signed.pk)
    assert again.frozen is not None
    assert digest_of(again.frozen) == again.digest
    assert made_of(again) == first


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_another_word_gives_other_bytes(signed: Issue, form: str) -> None:
    """The known-bad control of the test above: the files do follow their text."""
    assert signed.frozen is not None
    make = forms()[form].make
    first = make(booked(signed.frozen, signed.digest))
    signed.frozen["chapters"][0]["items"][0]["parts"][0]["text"] += "。"
    assert make(booked(signed.frozen, signed.digest)) != first
    assert digest_of(signed.frozen) != signed.digest


WORDS = st.text(st.sampled_from("年费退卡户查12 、。“”*-#[]()\\$_<>&\n"), min_size=1, max_size=60)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4))
def test_whatever_is_written_in_it_two_makings_give_the_same_bytes(
    told: list[tuple[str, str]],
) -> None:
    """Also words that are commands of a typesetter or of a file's markup."""
    pieces = tuple(
        Piece(kind, title, text)
        for (title, text), kind in zip(told, (TEXT, QUOTE, BOX, SMALL), strict=False)
    )
    section = Section(told[0][0], told[0][1], pieces)
    chapter = Chapter(told[0][0], (section,), (Piece(TABLE, "", "", ("甲", "乙"), tuple(told)),))
    at = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
    book = Book("汇编", "第 1 期", "某银行", (("签发", told[0][0]),), (chapter,), "", at)
    for form in forms().values():
        assert form.make(book) == form.make(book)


def test_the_change_list_names_what_is_new_changed_and_gone(
    cast: SimpleNamespace, signed: Issue, shelf: SimpleNamespace, noon: datetime
) -> None:
    later = noon + timedelta(days=30)
    second = begun(cast, later)
    fresh = next_one(shelf.fee, cast, later, answer="年费按新标准办理。")
    withdraw(shelf.limit, because="制度废止", by=cast.zheng_gang, at=later)
    fill(second, [fresh, shelf.app, shelf.phone], chapter=0, by=cast.lin_lan, at=later)
    sign_issue(second, by=cast.zheng_gang, at=later)
    told = Issue.objects.get(pk=second.pk).frozen
    assert told is not None
    changes = told["changes"]
    assert changes["since"] == signed.label
    assert [one["title"] for one in changes["new"]] == ["手机银行闪退"]
    (changed,) = changes["changed"]
    assert (changed["before"], changed["number"]) == (1, 2)
    assert (changed["what"], changed["because"]) == (["标准答复"], "口径有变")
    (gone,) = changes["dropped"]
    assert (gone["title"], gone["because"]) == ("额度下调", "已撤回：制度废止")


def test_the_first_of_a_series_has_no_change_list(signed: Issue) -> None:
    assert signed.frozen is not None
    assert signed.frozen["changes"]["since"] == ""
    titles = [chapter.title for chapter in booked(signed.frozen, signed.digest).chapters]
    assert titles == ["银行卡", "联系目录"]


def test_a_special_issue_is_compared_with_the_last_one_on_the_same_matter_only(
    cast: SimpleNamespace, shelf: SimpleNamespace, noon: datetime
) -> None:
    def since(name: str, version: Version) -> str:
        made = begin_issue(
            series="special", name=name, chapters=["全部"],
            org=Org.objects.get(code="HO-CONSUMER"), by=cast.lin_lan, at=noon,
        )  # fmt: skip
        fill(made, [version], chapter=0, by=cast.lin_lan, at=noon)
        sign_issue(made, by=cast.zheng_gang, at=noon)
        told = Issue.objects.get(pk=made.pk).frozen
        assert told is not None
        return str(told["changes"]["since"])

    names = [("年费专刊", shelf.fee), ("额度专刊", shelf.limit), ("年费专刊", shelf.app)]
    assert [since(*one) for one in names] == ["", "", "2026年第 1 期"]


def test_the_files_hold_cover_contents_boxes_and_the_directory(signed: Issue) -> None:
    assert signed.frozen is not None
    book = booked(signed.frozen, signed.digest)
    file = pdfium.PdfDocument(forms()["pdf"].make(book))
    pages = [page.get_textpage().get_text_range() for page in file]
    assert all(word in pages[0] for word in ("投诉处理汇编", "2026", "郑刚", signed.digest[:16]))
    assert all(word in pages[1] for word in ("目", "第一章", "质疑年费"))
    body = "".join(pages[2:])
    assert all(word in body for word in ("不要说", "依据", "95588", "1 / 2"))
    text = word.Document(io.BytesIO(forms()["docx"].make(book)))
    said = [line.text for line in text.paragraphs]
    assert "第一章 银行卡" in said and "1.1 质疑年费" in said
    assert "95588" in [cell.text for cell in text.tables[0].rows[1].cells]
    # Right answers are no reading.
    assert "账单区间" not in body + "".join(said)
