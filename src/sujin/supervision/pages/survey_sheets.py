"""What customers said, sheet by sheet, and the same as a spreadsheet on the record."""

import io
from collections.abc import Callable, Iterable
from typing import Any

import xlsxwriter
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints import kinds as complaint_kinds
from sujin.complaints.figures.selection import midnight
from sujin.complaints.models import Complaint
from sujin.complaints.pages.export import MEDIA_TYPE, ROWS_MAX
from sujin.complaints.rulebook import name_of
from sujin.platform.acts.export import exported
from sujin.platform.models import Entry
from sujin.platform.ui.listing import Column, Filter, Label, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds
from sujin.supervision import silent
from sujin.supervision.kinds.survey import FLAGS
from sujin.supervision.models import AnswerSheet
from sujin.supervision.models.survey import SURVEY
from sujin.supervision.pages.survey_guard import chosen, is_number
from sujin.supervision.pages.survey_shown import Shown, shown
from sujin.supervision.pages.surveys import NOW, RECENT, days
from sujin.supervision.questionnaires import DIMENSIONS, numbers, questionnaires
from sujin.supervision.sampling import still_asked
from sujin.supervision.survey_figures import DISSATISFIED_BELOW

COLUMNS = [
    Column("at", _("作答时间"), sort="at"), Column("unit", _("机构")),
    Column("scores", _("得分")), Column("words", _("想说的话")), Column("case", _("投诉")),
]  # fmt: skip
SORTS = [Sort("at", _("最近在前"), ("-at", "-pk"))]
Narrow = Callable[["QuerySet[AnswerSheet]", str], "QuerySet[AnswerSheet]"]
SCORES = (("low", _("1–2 分")), ("middle", _("3 分")), ("high", _("4–5 分")))


@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """``?unit=&month=&score=&topic=&flag=`` narrow it; whatever a figure counted is what it
    opens."""
    asked = holds(request, SURVEY)
    listing, told = listed(asked)
    rows = listing.page_rows
    seen = set(
        Complaint.objects.within(asked.reach)
        .filter(pk__in=[one.invitation.complaint_id for one in rows if told.opens(one)])
        .values_list("pk", flat=True)
    )
    context = {
        "listing": listing, "unit": chosen(asked), "query": asked.GET.urlencode(),
        "lines": [line(one, told, one.invitation.complaint_id in seen) for one in rows],
        "numbers": numbers(),
    }  # fmt: skip
    return render(request, "supervision/survey_sheets.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """What the list shows, at most ROWS_MAX rows; without the words' customers, as the list is."""
    asked = holds(request, "export")
    holds(request, SURVEY)
    listing, told = listed(asked)
    rows = list(listing.rows[:ROWS_MAX])
    exported("surveys", len(rows), by=asked.person, at=asked.at)
    response = HttpResponse(_workbook(rows, told), content_type=MEDIA_TYPE)
    name = f"surveys-{timezone.localdate(asked.at):%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def listed(asked: StaffRequest) -> tuple[Listing[AnswerSheet], Shown]:
    """The list as the address asks for it, and what this reader may read in it."""
    unit = chosen(asked)
    # A sample keeps whom it drew; after a case, only what is a complaint to this day is told of.
    rows = AnswerSheet.objects.within(asked.reach).filter(
        Q(invitation__sample__isnull=False) | still_asked("invitation__complaint__"),
        invitation__unit__path__startswith=unit.path,
    )  # fmt: skip
    if asked.GET.get("own"):
        rows = rows.filter(invitation__unit=unit)
    if is_number(sample := asked.GET.get("sample", "")):
        rows = rows.filter(invitation__sample=int(sample))
    months = _months(asked)
    chosen_month = asked.GET.get(months.name, "")
    is_known = chosen_month in dict(months.choices)
    told = shown(asked, months.narrow(rows, chosen_month) if is_known else rows)
    rows = rows.select_related("invitation__unit", "invitation__complaint")
    filters = [months, *_filters(asked, told)]
    listing = Listing(asked.GET, rows, filters=filters, sorts=SORTS, columns=COLUMNS, size=20)
    return listing, told


def _months(asked: StaffRequest) -> Filter[AnswerSheet]:
    months = silent.months_over(asked.at, int(numbers()["months"]))
    named = [f"{one:%Y-%m}" for one in months[:-1]]
    spans: list[tuple[str, Label]] = [
        (RECENT, _("最近几个月合计")), (NOW, _("本月至今")), *zip(named, named, strict=True),
    ]  # fmt: skip

    def within(rows: "QuerySet[AnswerSheet]", value: str) -> "QuerySet[AnswerSheet]":
        since, until = days(months, value)
        return rows.filter(
            invitation__sample__isnull=True, invitation__sent_at__gte=midnight(since),
            invitation__sent_at__lt=midnight(until),
        )  # fmt: skip

    return Filter("month", _("月份（按发出邀请）"), tuple(spans), within)


def _filters(asked: StaffRequest, told: Shown) -> list[Filter[AnswerSheet]]:
    topics = _topics(asked)
    flags = [("counted", _("计入得分的")), ("uncounted", _("不计入的")),
             ("otherwise", _("回访记为满意，自己答不满意")), *FLAGS.items()]  # fmt: skip
    return [
        Filter(
            "score", _("总体得分"), SCORES, lambda rows, value: _scored(told.narrowed(rows), value)
        ),
        Filter(
            "topic", _("主题"), topics, lambda rows, value: told.narrowed(rows).filter(topic=value)
        ),
        Filter("flag", _("标记"), tuple(flags), lambda rows, value: _flagged(rows, value, told)),
    ]


def _topics(asked: StaffRequest) -> tuple[tuple[str, str], ...]:
    found = AnswerSheet.objects.within(asked.reach).exclude(topic="").order_by()
    codes = sorted(found.values_list("topic", flat=True).distinct())
    return tuple((code, _topic(code)) for code in codes)


def _topic(code: str) -> str:
    return name_of("cause", code, english=get_language() == "en")


def _scored(rows: "QuerySet[AnswerSheet]", value: str) -> "QuerySet[AnswerSheet]":
    least, most = {"low": (1, 2), "middle": (3, 3), "high": (4, 5)}[value]
    return rows.filter(scores__overall__gte=least, scores__overall__lte=most)


def _flagged(
    rows: "QuerySet[AnswerSheet]", value: str, told: Shown
) -> "QuerySet[AnswerSheet]":  # fmt: skip
    if value == "otherwise":
        said = Entry.objects.of(complaint_kinds.CalledBack).filter(
            subject=Complaint.subject, subject_id=OuterRef("invitation__complaint"),
            data__satisfied="yes", by__is_service=False,
        )  # fmt: skip
        return told.narrowed(rows).filter(
            Exists(said), counted=True, scores__overall__lt=DISSATISFIED_BELOW
        )
    if value in FLAGS:
        return rows.filter(flags__contains=[value])
    return rows.filter(Q(counted=value == "counted"))


def line(sheet: AnswerSheet, told: Shown, is_seen: bool) -> dict[str, Any]:
    """A sheet as the list shows it; its case only to whoever may see that."""
    is_read = told.reads(sheet)
    asked = questionnaires().get(sheet.invitation.questionnaire)
    marks = [
        (DIMENSIONS[one.dimension], sheet.scores[one.code], one.marks[-1])
        for one in (asked.scored if asked and is_read else ())
        if one.code in sheet.scores
    ]
    return {
        "sheet": sheet, "marks": marks, "is_read": is_read,
        "topic": _topic(sheet.topic) if sheet.topic and is_read else "",
        "flags": [FLAGS.get(flag, flag) for flag in sheet.flags],
        "case": sheet.invitation.complaint if is_seen else None,
    }  # fmt: skip


def _workbook(rows: Iterable[AnswerSheet], told: Shown) -> bytes:
    memory = io.BytesIO()
    codes = list(dict.fromkeys(q.code for one in questionnaires().values() for q in one.scored))
    heads: list[object] = [
        _t("作答时间"), _t("机构"), *codes, _t("想说的话"), _t("主题"), _t("计入"), _t("标记"),
    ]  # fmt: skip
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        page = book.add_worksheet(_t("客户满意度"))
        for number, cells in enumerate(
            [heads, *(_cells(one, codes, told.reads(one)) for one in rows)]
        ):
            for column, value in enumerate(cells):
                page.write_string(number, column, str(value))
    return memory.getvalue()


def _cells(one: AnswerSheet, codes: list[str], is_read: bool) -> list[object]:
    flags = _t("、").join(str(FLAGS.get(flag, flag)) for flag in one.flags)
    return [
        f"{timezone.localtime(one.at):%Y-%m-%d}", one.invitation.unit,
        *(one.scores.get(code, "") if is_read else "" for code in codes),
        one.words if is_read else "", _topic(one.topic) if one.topic and is_read else "",
        _t("是") if one.counted else _t("否"), flags,
    ]  # fmt: skip
