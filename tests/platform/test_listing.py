"""A list is asked by its address, answers within a bound, and says what it could not do."""

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from sujin.platform.models import Org
from sujin.platform.ui.listing import Column, Filter, Listing, Sort

pytestmark = pytest.mark.django_db

OUTLETS = 25
STREET = "长街"


def _of_kind(rows: QuerySet[Org], value: str) -> QuerySet[Org]:
    return rows.filter(kind=value)


KINDS = Filter("kind", "机构类型", (("outlet", "网点"), ("sub", "支行")), _of_kind)
SORTS = (Sort("code", "机构号", ("code",)), Sort("name", "名称", ("-name", "code")))
COLUMNS = (
    Column("code", "机构号", sort="code"),
    Column("name", "名称", "name"),
    Column("path", "路径"),
)


@pytest.fixture
def street(db: None) -> None:
    """A sub-branch and its outlets, apart from the cast's bank, in a known order."""
    Org.objects.create(code="S00", kind="sub", name="支行", name_en="Sub", region=STREET)
    Org.objects.bulk_create(
        Org(code=f"T{i:02}", kind="outlet", name=f"网点{i:02}", name_en=f"T{i}", region=STREET)
        for i in range(1, OUTLETS + 1)
    )


def ask(address: str = "", *, size: int = 10, ceiling: int = 1000) -> Listing[Org]:
    return Listing(
        QueryDict(address),
        Org.objects.filter(region=STREET),
        filters=(KINDS,),
        sorts=SORTS,
        columns=COLUMNS,
        size=size,
        ceiling=ceiling,
    )


def codes(listing: Listing[Org]) -> list[str]:
    return [org.code for org in listing.page_rows]


def test_a_clerk_who_asks_nothing_sees_the_first_page_in_the_default_order(street: None) -> None:
    listing = ask()
    assert codes(listing) == ["S00", *(f"T{i:02}" for i in range(1, 10))]
    assert (listing.number, listing.last_number) == (1, 3)
    assert listing.has_next and not listing.has_previous
    assert (listing.first, listing.last, listing.count_label) == (1, 10, "26")
    assert listing.notes == []


def test_a_chosen_filter_narrows_is_marked_and_can_be_taken_away(street: None) -> None:
    listing = ask("kind=sub&q=支行&page=2")
    assert codes(listing) == ["S00"]
    assert [o.value for o in listing.choices[0].options if o.is_chosen] == ["sub"]
    (chip,) = listing.chips
    assert (chip.label, chip.value) == ("机构类型", "支行")
    assert QueryDict(chip.query[1:]).dict() == {"q": "支行"}
    assert listing.kept == [("q", "支行")]


def test_a_filter_value_nobody_offers_is_ignored_and_reported(street: None) -> None:
    listing = ask("kind=palace")
    assert listing.count == OUTLETS + 1
    assert listing.chips == []
    assert listing.notes == ["筛选“机构类型”没有“palace”这一项，未采用。"]
    assert listing.clear_query == "?"


def test_pressing_a_heading_again_turns_the_order_round(street: None) -> None:
    assert [h.aria_sort for h in ask().headings] == ["ascending", "", ""]
    assert ask().headings[0].query == "?sort=-code"
    turned = ask("sort=-code")
    assert codes(turned)[0] == "T25"
    assert turned.headings[0].aria_sort == "descending"
    assert turned.headings[0].query == "?sort=code"
    assert turned.headings[2].query == ""


def test_a_falling_sort_turned_round_rises(street: None) -> None:
    assert codes(ask("sort=name&kind=outlet"))[0] == "T25"
    assert codes(ask("sort=-name&kind=outlet"))[0] == "T01"


def test_an_unknown_sort_keeps_the_default_order_and_says_so(street: None) -> None:
    listing = ask("sort=-salary")
    assert codes(listing)[0] == "S00"
    assert listing.headings[0].aria_sort == "ascending"
    assert listing.notes == ["不能按“-salary”排序，已按默认顺序排列。"]


def test_a_page_beyond_the_end_shows_the_last_one_and_says_so(street: None) -> None:
    listing = ask("page=9")
    assert listing.number == 3
    assert codes(listing) == ["T20", "T21", "T22", "T23", "T24", "T25"]
    assert listing.notes == ["没有第 9 页，已显示最后一页。"]


@pytest.mark.parametrize("asked", ["0", "-1", "two", "1.5", "９", "9" * 5000])
def test_a_page_number_that_is_none_shows_the_first_page(street: None, asked: str) -> None:
    listing = ask(f"page={asked}")
    assert listing.number == 1
    assert listing.notes == ["页码无法识别，已显示第 1 页。"]


def test_nobody_walks_or_counts_beyond_the_ceiling(street: None) -> None:
    listing = ask("page=99", ceiling=15)
    assert listing.count_label == "15+"
    assert (listing.number, listing.first, listing.last) == (2, 11, 15)
    assert codes(listing) == ["T10", "T11", "T12", "T13", "T14"]
    assert listing.notes[-1] == "只列出前 15 条，请缩小筛选范围。"


def test_the_last_page_at_exactly_the_ceiling_asks_for_no_narrowing(street: None) -> None:
    listing = ask("page=3", ceiling=OUTLETS + 1)
    assert listing.count_label == "26"
    assert listing.notes == []


def test_the_count_is_bounded_in_the_database_itself(street: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert ask(ceiling=15).count == 16
    (query,) = queries.captured_queries
    assert "LIMIT 16" in query["sql"]
    assert "ORDER BY" not in query["sql"]


def test_showing_a_page_costs_two_queries(street: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        listing = ask("kind=outlet&page=2&sort=name")
        _ = (listing.page_rows, listing.notes, listing.headings, listing.chips, listing.count_label)
    assert len(queries.captured_queries) == 2


def test_an_empty_street_has_one_empty_page(db: None) -> None:
    listing = ask()
    assert (listing.page_rows, listing.number, listing.last_number) == ([], 1, 1)
    assert (listing.first, listing.last, listing.count_label) == (0, 0, "0")


def test_changing_the_page_keeps_the_question_and_changing_the_question_drops_the_page() -> None:
    listing = ask("kind=sub&page=2&q=a%26b")
    assert QueryDict(listing.query(page=3)[1:]).dict() == {"kind": "sub", "q": "a&b", "page": "3"}
    assert QueryDict(listing.query(kind=None)[1:]).dict() == {"q": "a&b"}
