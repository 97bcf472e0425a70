"""All rows of all parts as one Ibis table, each with its day or with the reason why it has none.

The expressions are written once; what they compile to is the engine's affair. Days are counted as
Python's ``date.toordinal`` does, by arithmetic on whole numbers: no time zone can move them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import ibis
from ibis.expr.types import BooleanValue, IntegerValue, StringValue, Table

from sujin.archive import dates
from sujin.archive.dates import Order, Tally
from sujin.archive.reasons import FIRST_YEAR, Reason

BLANK = "(blank)"
_THREE = "^([0-9]+)[^0-9]+([0-9]+)[^0-9]+([0-9]+)"


@dataclass(frozen=True, slots=True)
class Heap:
    """Rows of one making: file, row, flaw, mark, said, ident, c0, c1 …; ``dated`` when ``said``
    is a date or a timestamp and not text."""

    table: Table
    dated: bool


def stripped(value: StringValue) -> StringValue:
    """Without blanks at its ends. Text files lose theirs, the wide Chinese one too, on landing."""
    return value.strip()


def tallies(heaps: Sequence[Heap]) -> dict[str, Tally]:
    """How the dates with the year last are written, over the whole source."""
    texts = [heap.table.select(said=stripped(heap.table.said)) for heap in heaps if not heap.dated]
    if not texts:
        return {}
    rows = ibis.union(*texts) if len(texts) > 1 else texts[0]
    rows = rows.filter(rows.said.re_search(dates.YEAR_LAST))
    rows = rows.select(
        mark=rows.said.re_extract("^[0-9]+([-/.])", 1),
        a=rows.said.re_extract(_THREE, 1).cast("int64"),
        b=rows.said.re_extract(_THREE, 2).cast("int64"),
    )
    counted = rows.group_by("mark").agg(
        all=rows.count(),
        day_first=((rows.a > 12) & (rows.b <= 12)).sum(),
        month_first=((rows.a <= 12) & (rows.b > 12)).sum(),
        either=((rows.a <= 12) & (rows.b <= 12) & (rows.a != rows.b)).sum(),
    )
    return {row.pop("mark"): Tally(**row) for row in counted.to_pyarrow().to_pylist()}


def read(heaps: Sequence[Heap], order: Order, today: date) -> Table:
    """file, row, reason (null for a usable row), day, form, mark, ident and the watched lines."""
    parts = [_dated(heap) if heap.dated else _parsed(heap, order) for heap in heaps]
    rows = ibis.union(*parts) if len(parts) > 1 else parts[0]
    is_day = _is_day(rows)
    day = _ordinal(rows.y, rows.m, rows.d)
    reason = ibis.cases(
        (rows.flaw.notnull(), rows.flaw),
        (is_day & (day > today.toordinal()), Reason.FUTURE.value),
        (is_day & (rows.y < FIRST_YEAR), Reason.LONG_PAST.value),
        (is_day, ibis.null("string")),
        else_=Reason.IMPOSSIBLE_DATE.value,
    )
    return rows.mutate(reason=reason, day=day).drop("flaw", "y", "m", "d")


def _is_day(rows: Table) -> BooleanValue:
    leap = (rows.y % 4 == 0) & ((rows.y % 100 != 0) | (rows.y % 400 == 0))
    length = ibis.cases(
        (rows.m.isin([4, 6, 9, 11]), 30), (rows.m == 2, leap.ifelse(29, 28)), else_=31
    )
    there = rows.y.between(1, 9999) & rows.m.between(1, 12) & rows.d.between(1, length)
    return ibis.coalesce(there, False)


def _ordinal(y: IntegerValue, m: IntegerValue, d: IntegerValue) -> IntegerValue:
    """Days since the first of January of the year 1, that day being 1."""
    year = y - (m <= 2).ifelse(1, 0)
    month = m + (m <= 2).ifelse(9, -3)
    in_year = (month * 153 + 2) // 5 + d
    return (year * 365 + year // 4 - year // 100 + year // 400 + in_year - 306).cast("int64")


def _dated(heap: Heap) -> Table:
    rows = heap.table
    said = rows.said
    empty = said.isnull().ifelse(Reason.NO_DATE.value, ibis.null("string"))
    return rows.mutate(
        flaw=ibis.coalesce(rows.flaw, empty),
        form=ibis.literal("typed"),
        y=said.year().cast("int64"),
        m=said.month().cast("int64"),
        d=said.day().cast("int64"),
        said=said.cast("string"),
    )


def _parsed(heap: Heap, order: Order) -> Table:
    rows = heap.table.mutate(said=stripped(ibis.coalesce(heap.table.said, "")))
    said = rows.said
    form = ibis.cases(
        (said == "", "none"),
        (said.re_search(dates.YEAR_FIRST), "year_first"),
        (said.re_search(dates.YEAR_LAST), "year_last"),
        (said.re_search(dates.COMPACT), "compact"),
        (said.re_search(dates.SHORT_YEAR), "short"),
        else_="other",
    )
    rows = rows.mutate(form=form)
    rows = rows.mutate(**{f"p{at}": _piece(rows, at) for at in (1, 2, 3)})
    is_last = rows.form == "year_last"
    is_day_first = _is_day_first(rows.said, order)
    month = is_last.ifelse(is_day_first.ifelse(rows.p2, rows.p1), rows.p2)
    day = is_last.ifelse(is_day_first.ifelse(rows.p1, rows.p2), rows.p3)
    turned = is_last & (month > 12) & (month <= 31) & (day <= 12)
    return rows.mutate(
        flaw=ibis.coalesce(rows.flaw, _flaw(rows.form, turned)),
        y=is_last.ifelse(rows.p3, rows.p1),
        m=month,
        d=day,
    ).drop("p1", "p2", "p3")


def _piece(rows: Table, at: int) -> IntegerValue:
    """The figures of a date from the left; null where there is none."""
    start, length = {1: (0, 4), 2: (4, 2), 3: (6, 2)}[at]
    return ibis.cases(
        (rows.form.isin(["year_first", "year_last"]), rows.said.re_extract(_THREE, at)),
        (rows.form == "compact", rows.said.substr(start, length)),
        else_=ibis.null("string"),
    ).cast("int64")


def _is_day_first(said: StringValue, order: Order) -> BooleanValue:
    if not order.day_first:
        return ibis.literal(False)
    return said.re_extract("^[0-9]+([-/.])", 1).isin(sorted(order.day_first))


def _flaw(form: StringValue, turned: BooleanValue) -> StringValue:
    return ibis.cases(
        (form == "none", Reason.NO_DATE.value),
        (form == "short", Reason.TWO_DIGIT_YEAR.value),
        (form == "other", Reason.UNREADABLE_DATE.value),
        (turned, Reason.OTHER_ORDER.value),
        else_=ibis.null("string"),
    )
