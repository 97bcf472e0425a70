"""Rows that stand in the archive more than once, and numbers that two different rows share."""

from dataclasses import dataclass

import ibis
from ibis.expr.types import Table

from sujin.archive.reasons import Reason


@dataclass(frozen=True, slots=True)
class Repeated:
    """``copies`` are rows the same in every cell as an earlier one; ``shared`` are further rows
    with a number already used, other cells differing."""

    copies: int
    shared: int


def count(rows: Table, *, has_ident: bool) -> Repeated:
    """Both figures, over the rows that are usable otherwise."""
    suspects = _suspects(rows, has_ident=has_ident)
    same = suspects.group_by("ident", "mark").agg(n=suspects.count())
    copies = int((same.n - 1).sum().to_pyarrow().as_py() or 0)
    if not has_ident:
        return Repeated(copies, 0)
    shared = same.group_by("ident").agg(n=same.count())
    return Repeated(copies, int((shared.n - 1).sum().to_pyarrow().as_py() or 0))


def drop(rows: Table, *, has_ident: bool) -> Table:
    """The same rows, with every copy but the first one rejected."""
    suspects = _suspects(rows, has_ident=has_ident)
    window = ibis.window(group_by=[suspects.mark], order_by=[suspects.file, suspects.row])
    later = suspects.select("file", "row", at=ibis.row_number().over(window))
    later = later.filter(later.at > 0).select(copy_file=later.file, copy_row=later.row)
    joined = rows.left_join(later, [rows.file == later.copy_file, rows.row == later.copy_row])
    reason = ibis.coalesce(
        joined.reason, joined.copy_row.notnull().ifelse(Reason.DUPLICATE.value, ibis.null("string"))
    )
    return joined.mutate(reason=reason).drop("copy_file", "copy_row")


def _suspects(rows: Table, *, has_ident: bool) -> Table:
    """Rows that are the same have the same number: only where one is repeated are whole rows
    compared."""
    usable = rows.filter(rows.reason.isnull())
    if not has_ident:
        return usable.select("file", "row", "ident", "mark")
    twice = usable.filter(usable.ident != "").group_by("ident").agg(n=lambda t: t.count())
    twice = twice.filter(twice.n > 1).select("ident")
    return usable.semi_join(twice, "ident").select("file", "row", "ident", "mark")
