"""A ledger that comes again: corrected rows are known, and what has changed in them is told."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from sujin.complaints.models import Complaint, Contact
from tests.channels.importing import HEADER, Written, case, imported, summary

LEDGER = "编号,受理日期,投诉内容,状态,机构"
SAID = "客户反映信用卡年费未经同意扣收三百元，要求退还"
CORRECTED = SAID.replace("三百元", "三百五十元")


def row(
    number: str = "1", day: str = "2026-03-02", said: str = SAID, state: str = "在办", org: str = ""
) -> str:
    return f"{number},{day},{said},{state},{org}"


def ledger(written: Written, *rows: str, header: str = LEDGER, name: str = "ledger.csv") -> Path:
    return written("\n".join([header, *rows]) + "\n", name)


def told(file: Path, *options: str, capsys: Any) -> str:
    capsys.readouterr()
    call_command("import_complaints", str(file), *options)
    said: str = capsys.readouterr().out
    return said


def line_of(words: str, said: str) -> str:
    """The line of the summary that begins with ``words``; empty where it has none."""
    return next((line.strip() for line in said.splitlines() if line.strip().startswith(words)), "")


@pytest.mark.parametrize(
    "said",
    [
        CORRECTED,
        SAID + "。",
        SAID.replace("，", ","),
        SAID.replace("客户", "该客户"),
        SAID + "，经核实收费属实，已向客户说明并承诺三个工作日内退还",
        SAID[:-5],
    ],
)
def test_a_row_whose_words_were_corrected_is_no_second_case(
    bank: None, written: Written, said: str
) -> None:
    assert summary(imported(ledger(written, row()))) == (1, 1, 0, 0)
    assert summary(imported(ledger(written, row(said=f'"{said}"')))) == (1, 0, 0, 1)
    assert Complaint.objects.count() == Contact.objects.count() == 1
    assert case("1").text == SAID


def test_a_long_text_with_a_few_corrections_is_the_same(bank: None, written: Written) -> None:
    long = "".join(
        f"第{n}天他到{n * 7}号窗口排队，柜员让他改日再来，没有说明原因；" for n in range(40)
    )
    imported(ledger(written, row(said=long)))
    again = long.replace("第3天", "第三天").replace("柜员", "大堂经理", 2)
    assert summary(imported(ledger(written, row(said=again)))) == (1, 0, 0, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"said": "南街网点的取款机吞了我的银行卡"},
        {"number": "2", "said": CORRECTED},
        {"day": "2026-03-03", "said": CORRECTED},
        {"org": "南街支行", "said": CORRECTED},
        {"org": "南街支行"},
    ],
)
def test_another_number_day_branch_or_matter_is_another_case(
    bank: None, written: Written, changes: dict[str, str]
) -> None:
    imported(ledger(written, row(org="北街支行")))
    assert summary(imported(ledger(written, row(**{"org": "北街支行", **changes})))) == (1, 1, 0, 0)


def test_two_customers_with_the_same_row_number_are_two_cases(bank: None, written: Written) -> None:
    header = "编号,受理日期,投诉内容,手机号"
    north = ledger(written, f"1,2026-03-02,{SAID},13800000001", header=header)
    assert summary(imported(north)) == (1, 1, 0, 0)
    south = ledger(written, f"1,2026-03-02,{CORRECTED},13900000002", header=header)
    assert summary(imported(south)) == (1, 1, 0, 0)


def test_two_like_rows_of_one_file_are_two_cases_however_often_it_comes(
    bank: None, written: Written
) -> None:
    path = ledger(written, row(), row(said=CORRECTED))
    assert summary(imported(path)) == (2, 2, 0, 0)
    assert summary(imported(path)) == (2, 0, 0, 2)


def test_a_new_row_like_a_known_one_of_the_same_file_is_a_new_case(
    bank: None, written: Written
) -> None:
    imported(ledger(written, row()))
    assert summary(imported(ledger(written, row(said=CORRECTED), row()))) == (2, 1, 0, 1)


def test_a_corrected_row_that_stands_twice_in_its_file_is_known_twice(
    bank: None, written: Written, capsys: Any
) -> None:
    imported(ledger(written, row()))
    path = ledger(written, row(said=CORRECTED), row(said=CORRECTED))
    for batch in ("1", "1000"):
        assert summary(imported(path, "--batch", batch)) == (2, 0, 0, 2)
        assert re.search(" 2 +第 2、3 行", line_of("内容有变", told(path, capsys=capsys)))


def test_rows_without_words_are_told_apart_by_what_they_are_about(
    bank: None, written: Written
) -> None:
    header = "编号,受理日期,业务类别,状态"
    imported(ledger(written, "1,2026-03-02,信用卡,在办", header=header))
    other = ledger(written, "1,2026-03-02,自营理财,在办", header=header)
    assert summary(imported(other)) == (1, 1, 0, 0)
    moved = ledger(written, "1,2026-03-02,信用卡,已办结", header=header)
    assert summary(imported(moved)) == (1, 0, 0, 1)


def test_a_ledger_that_names_its_branch_later_is_known(bank: None, written: Written) -> None:
    imported(ledger(written, row()))
    assert summary(imported(ledger(written, row(org="北街支行")))) == (1, 0, 0, 1)


def test_a_ledger_without_dates_is_recognised_by_number_and_words(
    bank: None, written: Written
) -> None:
    imported(ledger(written, f"1,{SAID}", header="编号,投诉内容"))
    assert summary(imported(ledger(written, f"1,{CORRECTED}", header="编号,投诉内容"))) == (
        1,
        0,
        0,
        1,
    )


def test_known_rows_that_say_something_else_are_counted_and_named(
    bank: None, written: Written, capsys: Any
) -> None:
    imported(ledger(written, row(), row("2"), row("3"), row("4")))
    path = ledger(written, row(said=CORRECTED), row("2"), row("3", state="已转办"), row("4"))
    said = told(path, capsys=capsys)
    assert re.search(r"已知 known +4$", said, re.MULTILINE)
    assert re.search(r"^内容有变 changed +2 +第 2、4 行", line_of("内容有变", said))
    assert not line_of("来源已办结", said)
    assert not line_of("内容有变", told(ledger(written, row(), row("2")), capsys=capsys))


def test_what_the_source_has_closed_and_we_have_not_is_told_and_stays_open(
    bank: None, written: Written, capsys: Any
) -> None:
    imported(ledger(written, row(), row("2", state="已办结"), row("3")))
    closed = [row(number, state="已办结") for number in ("1", "2", "3")]
    said = told(ledger(written, *closed), capsys=capsys)
    assert re.search(r"^来源已办结而本行未结 .* 2 +第 2、4 行", line_of("来源已办结", said))
    assert case("1").closed_at is None


def test_only_the_first_few_lines_are_named(bank: None, written: Written, capsys: Any) -> None:
    numbers = [str(number) for number in range(1, 31)]
    imported(ledger(written, *(row(number) for number in numbers)))
    path = ledger(written, *(row(number, state="已办结") for number in numbers))
    said = line_of("来源已办结", told(path, "--batch", "7", capsys=capsys))
    assert re.search(r" 30 +第 2、3、4、5、6、7、8、9、10、11 … 行", said)


def test_a_rehearsal_tells_the_same_and_the_counts_keep_their_keys(
    bank: None, written: Written, capsys: Any
) -> None:
    imported(ledger(written, row()))
    path = ledger(written, row(said=CORRECTED, state="已办结"))
    said = told(path, "--dry-run", capsys=capsys)
    assert line_of("内容有变", said) and line_of("来源已办结", said)
    counts = imported(path, "--dry-run")
    assert summary(counts) == (1, 0, 0, 1)
    assert list(counts) == ["read", "accepted", "rejected", "known", "seconds"]


def test_a_customers_number_that_was_corrected_is_a_change(
    bank: None, written: Written, capsys: Any
) -> None:
    header = "编号,受理日期,投诉内容,手机号"
    imported(ledger(written, f"1,2026-03-02,{SAID},13800000001", header=header))
    path = ledger(written, f"1,2026-03-02,{SAID},13900000002", header=header)
    assert "1" in line_of("内容有变", told(path, capsys=capsys))


def test_a_number_in_the_words_is_masked_before_they_are_compared(
    bank: None, written: Written, capsys: Any
) -> None:
    path = ledger(written, row(said=f"{SAID}，请回电13800001234"))
    imported(path)
    assert not line_of("内容有变", told(path, capsys=capsys))


def test_an_archive_that_has_answered_meanwhile_is_told(
    bank: None, written: Written, capsys: Any
) -> None:
    header = f"{HEADER},Company response to consumer"
    imported(written(f"{header}\n1,5/20/2020,Mortgage,,,In progress\n"))
    again = written(f"{header}\n1,5/20/2020,Mortgage,,,Closed with explanation\n")
    said = told(again, capsys=capsys)
    assert line_of("内容有变", said) and line_of("来源已办结", said)


def test_a_row_without_a_number_is_known_when_only_its_state_has_changed(
    bank: None, written: Written, capsys: Any
) -> None:
    header = "受理日期,投诉内容,状态"
    imported(ledger(written, f"2026-03-02,{SAID},在办", header=header))
    path = ledger(written, f"2026-03-02,{SAID},已办结", header=header)
    assert summary(imported(path, "--dry-run")) == (1, 0, 0, 1)
    assert line_of("来源已办结", told(path, capsys=capsys))


def test_the_same_id_with_other_words_further_down_is_told(
    bank: None, written: Written, capsys: Any
) -> None:
    path = written(f"{HEADER}\n5,5/20/2020,Mortgage,,one\n5,5/20/2020,Mortgage,,another\n")
    assert re.search(r" 1 +第 3 行", line_of("内容有变", told(path, capsys=capsys)))
