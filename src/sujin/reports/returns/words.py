"""A return in words and rows: its basis, its figures, whether they add up, and what is different
from the last submission."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.timezone import localtime
from django.utils.translation import gettext as _t

from sujin.governance.models import Submission
from sujin.reports.parts import Part, Report, Table
from sujin.reports.returns.book import CELLS, Return
from sujin.reports.returns.compared import NAMED, Difference, Rows, differences, rows
from sujin.reports.returns.compiled import Compiled, compiled
from sujin.reports.returns.counts import COUNTS
from sujin.reports.returns.periods import Period
from sujin.reports.returns.rows import Filled, cases, filled


@dataclass(frozen=True, slots=True)
class Made:
    """A return of one period, of either form, beside its last submission."""

    asked: Return
    period: Period
    cells: Compiled | None
    filled: Filled | None
    last: Submission | None

    @property
    def values(self) -> dict[str, str]:
        return (
            self.cells.values if self.cells else {"rows": str(self.filled.n if self.filled else 0)}
        )

    @property
    def prints(self) -> dict[str, str]:
        return self.filled.prints if self.filled else {}

    @property
    def differences(self) -> list[Difference]:
        return differences(self.last.values, self.values) if self.last else []

    @property
    def rows(self) -> Rows | None:
        if self.last is None or self.filled is None or not self.is_deep:
            return None
        return rows(self.last.prints, self.prints)

    @property
    def has_blanks(self) -> bool:
        return self.filled is not None and any(self.filled.blanks.values())

    @property
    def is_deep(self) -> bool:
        """Whether every row was read."""
        return self.filled is None or bool(self.filled.blanks)

    @property
    def is_as_submitted(self) -> bool:
        if not self.is_deep:
            return False
        same = self.rows is None or not self.rows.any
        return self.last is not None and not self.differences and same


def made(asked: Return, period: Period, today: date, *, deep: bool = True) -> Made:
    """Not ``deep``: of a return of rows only how many there are."""
    last = Submission.objects.filter(report=asked.code, period=str(period))
    cells = compiled(asked, period) if asked.form == CELLS else None
    full = _filled(asked, period, today, deep=deep) if cells is None else None
    return Made(asked, period, cells, full, last.order_by("-version").first())


def _filled(asked: Return, period: Period, today: date, *, deep: bool) -> Filled:
    if deep:
        return filled(asked, period, today)
    return Filled(cases(asked, period).count(), {}, {})


def report(told: Made, links: Sequence[str] = ()) -> Report:
    """``links`` are the cases of each line, in their order."""
    parts = [*_cells(told, links), _checks(told), *_differences(told)]
    title = f"{told.asked} {told.period}"
    return Report(title, _t("报送"), tuple(_basis(told)), tuple(parts))


def _basis(told: Made) -> list[str]:
    said = [_t("口径：%(basis)s。") % {"basis": told.asked.basis},
            _t("出处：%(source)s。") % {"source": told.asked.source}]  # fmt: skip
    if told.asked.awaits_signoff:
        said.append(_t("本报表的字段和口径待法律合规部门确认后使用。"))
    return said


def _cells(told: Made, links: Sequence[str]) -> list[Part]:
    if told.cells is None or told.filled is not None:
        return [_rows(told)]
    lines = told.cells.lines
    known = dict(zip((line.code for line in lines), links, strict=False))
    head = (_t("项目"), _t("数"))
    parts = []
    for section in dict.fromkeys(line.cell.section for line in lines):
        whole = [line for line in lines if line.cell.section == section and not line.cell.split]
        tables = [Table(
            _t("合计"), head, tuple((line.name, figure(line.cell.count, line.value))
            for line in whole), tuple(known.get(line.code, "") for line in whole),
        )] if whole else []  # fmt: skip
        split = [line for line in lines if line.cell.section == section and line.cell.split]
        for cell in dict.fromkeys(line.cell for line in split):
            mine = [line for line in split if line.cell == cell]
            tables.append(Table(
                str(cell.name), head,
                tuple((line.name, figure(line.cell.count, line.value)) for line in mine),
                tuple(known.get(line.code, "") for line in mine),
            ))  # fmt: skip
        parts.append(Part(_sections().get(section, section), (), tuple(tables)))
    return parts


def _sections() -> dict[str, str]:
    return {
        "transferred": _t("监管转办"), "own": _t("自收投诉"), "result": _t("办理结果"),
        "volume": _t("数量"), "closed": _t("关闭"), "product": _t("按产品"),
    }  # fmt: skip


def figure(count: str, value: object) -> str:
    return f"{value:,.2f}" if COUNTS[count].money else f"{value:,.0f}"


def _rows(told: Made) -> Part:
    full = told.filled
    if full is None:
        return Part("", (), ())
    if not told.is_deep:
        return Part(
            _t("逐件报送"), (_t("共 %(n)s 行，还没有逐行核对。") % {"n": f"{full.n:,}"},), ()
        )
    said = _t("共 %(n)s 行；必填项填写率 %(share)s。") % {
        "n": f"{full.n:,}", "share": f"{100 * full.full:.2f}%",
    }  # fmt: skip
    table = Table(
        _t("列"), (_t("列名"), _t("含义"), _t("必填"), _t("空白行数")),
        tuple(
            (one.name, str(one.said), _t("是") if one.is_must else "",
             f"{full.blanks[one.name]:,}" if one.is_must else "")
            for one in told.asked.columns
        ),
    )  # fmt: skip
    return Part(_t("逐件报送"), (said,), (table,))


def _checks(told: Made) -> Part:
    if told.cells is None:
        return Part(_t("核对"), (_t("每件一行，编号不重复；空白的必填项见上表。"),), ())
    wrong = sum(not one.holds for one in told.cells.checks)
    said = (_t("勾稽关系全部成立。") if not wrong
            else _t("勾稽关系有 %(n)s 项不成立：先查明，再报送。") % {"n": wrong})  # fmt: skip
    lines = [line for line in (said, _carried(told)) if line]
    table = Table(
        _t("勾稽关系"), (_t("关系"), _t("左边"), _t("右边"), _t("是否成立")),
        tuple(
            (str(one.check.said), f"{one.left:,f}", f"{one.right:,f}",
             _t("成立") if one.holds else _t("不成立"))
            for one in told.cells.checks
        ),
    )  # fmt: skip
    return Part(_t("核对"), tuple(lines), (table,))


def _carried(told: Made) -> str | None:
    """Whether this period begins with what the one before was submitted to have ended with."""
    ends = {line.code: line.value for line in (told.cells.lines if told.cells else ())}
    begun = ends.get("open_start")
    rows = Submission.objects.filter(report=told.asked.code, period=str(told.period.before))
    last = rows.order_by("-version").first()
    if begun is None or last is None or "open_end" not in last.values:
        return None
    figures = {"begun": f"{begun:f}", "ended": last.values["open_end"]}
    if begun == Decimal(last.values["open_end"]):
        return _t("期初 %(begun)s 与上期报送的期末 %(ended)s 相同。") % figures
    return _t("期初 %(begun)s 与上期报送的期末 %(ended)s 不同：上期须更正，或说明原因。") % figures


def _differences(told: Made) -> list[Part]:
    last = told.last
    if last is None:
        return []
    said = [_t("第 %(n)s 次报送于 %(at)s。") % {
        "n": last.version, "at": f"{localtime(last.submitted_at):%Y-%m-%d %H:%M}"}]  # fmt: skip
    if last.note:
        said.append(_t("更正说明：%(note)s") % {"note": last.note})
    if told.is_as_submitted:
        said.append(_t("现在的数与报送的一致。"))
    names = {line.code: f"{line.cell.name} {line.name}" if line.key else line.name
             for line in (told.cells.lines if told.cells else ())}  # fmt: skip
    tables = [Table(
        _t("不同的数"), (_t("项目"), _t("报送"), _t("现在"), _t("相差")),
        tuple((names.get(one.code, one.code), one.then or "—", one.now or "—", one.change)
              for one in told.differences),
    )] if told.differences else []  # fmt: skip
    if told.rows is not None and told.rows.any:
        tables.append(_changed(told.rows))
    return [Part(_t("与上次报送相比"), tuple(said), tuple(tables))]


def _changed(found: Rows) -> Table:
    kinds = ((_t("新增"), found.added), (_t("不再有"), found.gone), (_t("有改动"), found.changed))
    shown = [(word, number) for word, numbers in kinds for number in numbers[:NAMED]]
    more = sum(max(len(numbers) - NAMED, 0) for _word, numbers in kinds)
    rest = ((_t("其余"), _t("%(n)s 行") % {"n": more}),) if more else ()
    return Table(_t("不同的行"), (_t("怎样"), _t("编号")), (*shown, *rest))
