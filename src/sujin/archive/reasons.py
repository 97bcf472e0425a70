"""Why a row cannot be used, each with its sentence; a row has the first that holds."""

from enum import StrEnum

from sujin.archive.said import Said


class Reason(StrEnum):
    """The code that stands in ``rejects.csv``."""

    QUOTES = "quotes"
    CELLS = "cells"
    BYTES = "bytes"
    TOO_LONG = "too_long"
    NO_DATE = "no_date"
    UNREADABLE_DATE = "unreadable_date"
    TWO_DIGIT_YEAR = "two_digit_year"
    OTHER_ORDER = "other_order"
    IMPOSSIBLE_DATE = "impossible_date"
    FUTURE = "future"
    LONG_PAST = "long_past"
    DUPLICATE = "duplicate"


# No bank kept complaints in a file before this year; such dates are an empty field of some system.
FIRST_YEAR = 1980

SENTENCES = {
    Reason.QUOTES: Said("引号不成对", "quotes do not balance"),
    Reason.CELLS: Said("格数与表头不符", "not as many cells as the header has"),
    Reason.BYTES: Said("有不是文字的字节", "bytes that are no text in the file's encoding"),
    Reason.TOO_LONG: Said("一格超过 131072 个字符", "a cell of over 131072 characters"),
    Reason.NO_DATE: Said("没有日期", "no date"),
    Reason.UNREADABLE_DATE: Said("日期读不出来", "the date cannot be read"),
    Reason.TWO_DIGIT_YEAR: Said("年份只有两位", "the year has two digits only"),
    Reason.OTHER_ORDER: Said("日和月的次序与整列相反", "day and month stand the other way round"),
    Reason.IMPOSSIBLE_DATE: Said("没有这一天", "there is no such day"),
    Reason.FUTURE: Said("日期在今天以后", "the date lies after today"),
    Reason.LONG_PAST: Said(f"日期早于 {FIRST_YEAR} 年", f"the date lies before {FIRST_YEAR}"),
    Reason.DUPLICATE: Said("与前面一行完全相同", "the same in every cell as an earlier row"),
}
