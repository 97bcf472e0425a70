"""A file whose columns bear other names: understood when the name says it, refused when not."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from sujin.channels.csv.columns import How, read_header
from sujin.channels.csv.layouts import CFPB, CN
from sujin.complaints.models import Complaint
from tests.channels.importing import FILES, HEADER, Written, case, imported, summary

TOLD = "The bank charged a fee that nobody had told me about when I opened it"
DAY, NUMBER = "5/20/2020", "3229876"


def understood(*names: str, cells: dict[str, str] | None = None) -> dict[str, str]:
    """Header -> field of a file of one row of the archive."""
    row = [(cells or {}).get(name, "") for name in names]
    columns = read_header(list(names), [row], CFPB, {})
    return {guess.header: guess.field for guess in columns.guesses if guess.field}


RENAMED = {
    "Received on": ("received", DAY),
    "Product type": ("product", "Mortgage"),
    "Sub category": ("sub_product", "VA mortgage"),
    "Issue raised": ("issue", "Closing on a mortgage"),
    "Sub issue": ("sub_issue", ""),
    "Narrative text": ("text", ""),
    "Pub resp": ("public_response", "Company believes it acted appropriately as the law asks"),
    "Firm": ("company", "EXAMPLE BANK"),
    "ST": ("state", "OH"),
    "Zip": ("zip", "430XX"),
    "Tag": ("tags", ""),
    "Consent": ("consent", ""),
    "Via": ("submitted_via", "Web"),
    "Forwarded on": ("sent", DAY),
    "Outcome": ("response", "Closed with explanation"),
    "On time?": ("timely", "Yes"),
    "Disputed": ("disputed", "N/A"),
    "Case #": ("id", NUMBER),
}


def test_a_renamed_archive_is_understood_column_by_column() -> None:
    cells = {name: cell for name, (_field, cell) in RENAMED.items()}
    fields = {name: field for name, (field, _cell) in RENAMED.items()}
    assert understood(*RENAMED, cells=cells) == fields


def test_a_renamed_archive_is_taken_in_as_the_archive(bank: None, written: Written) -> None:
    cells = ",".join(cell for _field, cell in RENAMED.values())
    assert summary(imported(written(f"{','.join(RENAMED)}\n{cells}\n"))) == (1, 1, 0, 0)
    found = case(NUMBER)
    assert (found.business, found.cause) == ("mortgage.va", "closing_mortgage")
    assert (found.text, found.outcome, found.region) == ("", "Closed with explanation", "OH")


@pytest.mark.parametrize(
    ("name", "field", "cell"),
    [
        ("Ticket ID", "id", NUMBER),
        ("CaseNumber", "id", NUMBER),
        ("Complaint Ref.", "id", NUMBER),
        ("Date of receipt", "received", DAY),
        ("Opened", "received", DAY),
        ("Submitted on", "received", DAY),
        ("dateFiled", "received", DAY),
        ("Submitted through", "submitted_via", "Web"),
        ("Submission method", "submitted_via", "Web"),
        ("What happened", "text", TOLD),
        ("Customer's story", "text", TOLD),
        ("Description of issue", "text", TOLD),
        ("Narative of complaint", "text", TOLD),
        ("Complaint details", "text", TOLD),
        ("Financial product", "product", "Mortgage"),
        ("Prod. name", "product", "Mortgage"),
        ("subCategory", "sub_product", "VA mortgage"),
        ("Problem", "issue", "Closing on a mortgage"),
        ("Reason for complaint", "issue", "Closing on a mortgage"),
        ("Sub-problem", "sub_issue", ""),
        ("Financial institution", "company", "EXAMPLE BANK"),
        ("Respondent", "company", "EXAMPLE BANK"),
        ("Card issuer", "", "EXAMPLE BANK"),
        ("Company's public statement", "public_response", TOLD),
        ("Resolution", "response", "Closed with explanation"),
        ("Response of company", "response", "Closed with explanation"),
        ("Date routed to firm", "sent", DAY),
        ("Timely", "timely", "Yes"),
        ("Responded on time", "timely", "Yes"),
        ("Dispute?", "disputed", "No"),
        ("Consumer state", "state", "OH"),
        ("Postal area", "zip", "430XX"),
    ],
)
def test_a_name_is_understood_when_each_of_its_words_is(name: str, field: str, cell: str) -> None:
    found = understood(name, cells={name: cell})
    assert found == ({name: field} if field else {})


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("Case owner email", "a@example.com"),
        ("Risk score", "7"),
        ("Customer ID", NUMBER),
        ("Account no", NUMBER),
        ("Company ID", NUMBER),
        ("No.", "1"),
        ("Date of birth", DAY),
        ("Date closed", DAY),
        ("Response date", DAY),
        ("Issue date", DAY),
        ("Last updated", DAY),
        ("Internal comments", TOLD),
        ("Resolution notes", TOLD),
        ("Reply to customer", TOLD),
        ("Product manager", "A. Miller"),
        ("Clause", "7b"),
        ("Dispute amount", "300"),
        ("Street address", TOLD),
    ],
)
def test_a_name_with_a_word_nobody_knows_is_no_column_of_ours(name: str, cell: str) -> None:
    found = understood("Product", name, cells={"Product": "Mortgage", name: cell})
    assert found.get(name, "response") == "response"


def test_what_a_name_says_must_stand_in_the_cells() -> None:
    cells = {"Receipt": "Web", "Reported": DAY}
    assert understood(*cells, cells=cells) == {"Reported": "received"}


def test_the_better_name_wins_wherever_it_stands() -> None:
    both = {"Date": DAY, "Date received": DAY, "Details": TOLD, "Narrative text": TOLD}
    found = understood(*both, cells=both)
    assert found == {"Date received": "received", "Narrative text": "text"}


def test_what_the_company_says_in_public_is_never_the_customers_text() -> None:
    cells = {"Complaint ID": NUMBER, "Pub resp": TOLD, "Firm statement": TOLD}
    assert "text" not in understood(*cells, cells=cells).values()


def test_words_are_found_by_content_only_beside_a_column_known_by_name() -> None:
    beside = {"Complaint ID": NUMBER, "said by the customer": TOLD}
    assert understood(*beside, cells=beside)["said by the customer"] == "text"
    alone = {"when": DAY, "said by the customer": TOLD}
    assert "text" not in understood(*alone, cells=alone).values()


def test_the_handlers_words_are_not_taken_for_the_customers() -> None:
    header = ["编号", "处理情况", "说了啥"]
    row = ["1", "已与客户联系并作出解释，客户表示接受，不再追究", "网点排队两小时也没有人管"]
    assert read_header(header, [row], CN, {}).fields == {"id": 0, "text": 2}


def refused(file: Path, *options: str) -> str:
    """What the command says to a file it refuses whole."""
    before = Complaint.objects.count()
    with pytest.raises(CommandError) as refusal:
        imported(file, *options)
    assert refusal.value.returncode == 2
    assert Complaint.objects.count() == before
    return str(refusal.value)


ARCHIVE = '5/2/2019,"Debt collection, other",Other debt,,,,Example Recovery,CA,900XX,Web,3229876\n'
LEDGER = "00001,2026-03-02 10:01,信用卡年费没经同意扣了三百元,张小满,138 0000 1234,在办\n"


@pytest.mark.parametrize("row", [ARCHIVE, LEDGER, "柜台排队两小时。没有人解释，投诉内容没人看\n"])
def test_a_file_without_a_header_loses_no_row_to_it(bank: None, written: Written, row: str) -> None:
    said = refused(written(row * 3))
    assert "--mapping" in said and "列名" in said
    assert "138" not in said and "Recovery" not in said


def test_a_row_of_data_is_no_header_for_one_word_it_shares_with_us(
    bank: None, written: Written
) -> None:
    row = "2026-03-02,投诉内容,3229876,客户说排队两小时没有人管\n"
    assert "--mapping" in refused(written(row * 2))


def test_a_header_nobody_can_read_is_refused_and_a_mapping_opens_it(
    bank: None, written: Written
) -> None:
    path = written("日子,说了啥\n2026-03-02,网点排队两小时没有人管，要求改进\n")
    assert "说了啥" in refused(path)
    mapping = written('text = "说了啥"\nreceived = "日子"\n', "map.toml")
    assert summary(imported(path, "--mapping", str(mapping))) == (1, 1, 0, 0)


def test_a_mapping_may_name_a_whole_question(bank: None, written: Written) -> None:
    question = (
        "Please describe in your own words what happened, when it was and who was there, " * 2
    )
    path = written(f'When?,"{question}"\n5/20/2020,{TOLD}\n')
    mapping = written(f'text = "{question.strip()}"\n', "map.toml")
    assert summary(imported(path, "--mapping", str(mapping))) == (1, 1, 0, 0)
    assert Complaint.objects.get().text == TOLD


def test_a_case_that_stands_in_the_file_twice_has_its_number_all_the_same() -> None:
    rows = [[str(number), "Mortgage"] for number in (*range(30), 7)]
    assert read_header(["Case #", "Product"], rows, CFPB, {}).fields == {"id": 0, "product": 1}


@pytest.mark.parametrize(
    "header", ["text", "投诉内容", "1、您的投诉内容是？", "file,text", "投诉内容,2024"]
)
def test_one_column_known_by_name_is_enough(bank: None, written: Written, header: str) -> None:
    words = "网点排队两小时没有人管，要求改进"
    row = f"a/b.txt,{words}" if header.startswith("file") else words
    path = written(f"{header}\n{row}{',7' if '2024' in header else ''}\n")
    assert summary(imported(path)) == (1, 1, 0, 0)
    assert Complaint.objects.get().text == words


def test_a_title_that_sounds_like_a_column_is_no_header(bank: None, written: Written) -> None:
    rows = "投诉内容登记表,,\n投诉内容,受理日期,备注\n网点排队两小时没有人管，要求改进,2026-03-02,"
    assert summary(imported(written(rows))) == (1, 1, 0, 0)


def test_the_layouts_of_the_house_are_read_as_before() -> None:
    for name in HEADER.split(","):
        assert name in understood(*HEADER.split(","))
    header = (FILES / "cfpb_official.csv").read_text().splitlines()[0].split(",")
    columns = read_header(header, [], CFPB, {})
    assert {guess.how for guess in columns.guesses} == {How.NAME}
