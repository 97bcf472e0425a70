"""The figures as a spreadsheet: one sheet for each table, on the record."""

import io
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from sujin.complaints.figures.layers import OUTCOMES
from sujin.complaints.funnel import LAYERS
from sujin.complaints.pages.export import MEDIA_TYPE
from sujin.complaints.pages.figures import SPAN_NAMES, ask, contents
from sujin.complaints.pages.measured import OUTCOME_NAMES
from sujin.platform.acts.export import exported
from sujin.platform.ui.request import holds

Line = Sequence[str | float | int | None]
Sheet = tuple[str, list[Line]]
HOUR = timedelta(hours=1)


@require_safe
def figures_export(request: HttpRequest) -> HttpResponse:
    """What the page shows; numbers stay numbers, times are hours."""
    asked = holds(request, "export")
    question = ask(request)
    sheets = list(_sheets(contents(question)))
    exported(
        "figures", sum(len(lines) - 1 for _name, lines in sheets), by=asked.person, at=asked.at
    )
    window = question.selection.window
    note = _t("%(first)s 至 %(last)s，%(org)s，导出人 %(staff)s") % {
        "first": window.first,
        "last": window.last,
        "org": question.top,
        "staff": asked.person.staff_no,
    }
    response = HttpResponse(_workbook(sheets, note), content_type=MEDIA_TYPE)
    name = f"figures-{timezone.localdate(asked.at):%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _workbook(sheets: list[Sheet], note: str) -> bytes:
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        for name, lines in sheets:
            sheet = book.add_worksheet(name)
            for number, line in enumerate([*lines, (note,)]):
                for column, value in enumerate(line):
                    if isinstance(value, int | float):
                        sheet.write_number(number, column, value)
                    elif value is not None:
                        sheet.write_string(number, column, str(value))
    return memory.getvalue()


def _sheets(shown: dict[str, Any]) -> Iterator[Sheet]:
    yield _t("漏斗"), _funnel(shown)
    yield _t("机构"), _branches(shown)
    yield _t("时长（小时）"), _waits(shown)
    yield _t("部门耗时"), _units(shown)
    yield _t("承诺兑现"), _promises(shown)
    yield _t("流转规则"), _routes(shown)
    yield _t("网点"), _outlets(shown)


def _funnel(shown: dict[str, Any]) -> list[Line]:
    heads = [_t("层级"), *(str(OUTCOME_NAMES[name]) for name in ("came", *OUTCOMES))]
    return [heads] + [
        [str(LAYERS[one.number]), one.came, *(one.outcomes[name] for name in OUTCOMES)]
        for one in shown["funnel"]
    ]


def _promises(shown: dict[str, Any]) -> list[Line]:
    heads = [_t("部门"), _t("到期承诺"), _t("按时兑现"), _t("涉及的件"), _t("失约的件")]
    return [heads] + [
        [str(one.org), one.share.whole, one.share.part, one.cases, one.broken_cases]
        for one in shown["promises"]
    ]


def _branches(shown: dict[str, Any]) -> list[Line]:
    heads = [_t("机构"), _t("件数"), _t("已化解"), _t("第一层化解"), _t("转手"), _t("退回")]
    return [heads] + [
        [
            str(one.org or _t("其他机构受理")),
            one.cases,
            one.solved,
            one.first,
            one.hops,
            one.hand_backs,
        ]
        for one in shown["branches"]
    ]


def _waits(shown: dict[str, Any]) -> list[Line]:
    heads = [
        _t("区间"), _t("件数"), _t("中位数"), _t("九成以内"), _t("九成五以内"),
        _t("前一段件数"), _t("前一段中位数"), _t("前一段九成以内"), _t("前一段九成五以内"),
    ]  # fmt: skip
    return [heads] + [
        [str(SPAN_NAMES[one.name]), *_tail(one.now), *_tail(one.before)] for one in shown["waits"]
    ]


def _tail(tail: Any) -> Line:
    return [tail.n, _hours(tail.median), _hours(tail.p90), _hours(tail.p95)]


def _hours(span: timedelta | None) -> float | None:
    return None if span is None else span / HOUR


def _units(shown: dict[str, Any]) -> list[Line]:
    heads = [_t("部门"), _t("经手"), _t("持有小时"), _t("超限件"), _t("超出小时")]
    return [heads] + [
        [str(one.org), one.cases, one.seconds / 3600, one.late, one.late_seconds / 3600]
        for one in shown["units"]
    ]


def _routes(shown: dict[str, Any]) -> list[Line]:
    heads = [
        _t("规则"), _t("变更前件数"), _t("变更前转手"), _t("变更后件数"), _t("变更后转手"),
        _t("退回"),
    ]  # fmt: skip
    return [heads] + [
        [
            one.row,
            one.before.cases,
            one.before.hops,
            one.after.cases,
            one.after.hops,
            one.before.hand_backs + one.after.hand_backs,
        ]
        for one in shown["routes"]
    ]


def _outlets(shown: dict[str, Any]) -> list[Line]:
    heads = [_t("网点"), _t("件数"), _t("分钟"), _t("转手"), _t("退回"), _t("自办"), _t("当时当地")]
    spots = {one.org: one.share for one in shown["spots"]}
    lines: list[Line] = [heads]
    for one in shown["outlets"]:
        spot = spots.get(one.org)
        own = (spot.whole, spot.part) if spot else (0, 0)
        lines.append([str(one.org), one.cases, one.minutes, one.hops, one.hand_backs, *own])
    return lines
