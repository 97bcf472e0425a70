"""治理台账: the list, the form that writes a problem down, and the list as a file."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from sujin.complaints.figures.selection import midnight
from sujin.complaints.pages.export import ROWS_MAX
from sujin.complaints.pages.measured import read_day
from sujin.engine.verify import Verdict
from sujin.governance import wave_words
from sujin.governance.acts.open_problem import open_problem
from sujin.governance.cells import guarded
from sujin.governance.forms_ledger import ProblemForm
from sujin.governance.kinds import ledger as kinds
from sujin.governance.kinds.wave import STREAM_NAMES
from sujin.governance.ledger_sources import SOURCES, Source, source_of
from sujin.governance.ledgerbook import root_causes
from sujin.governance.models import Measure, Problem
from sujin.governance.models.owned import WATCH
from sujin.governance.models.problem import GOVERN
from sujin.governance.models.wave import in_reach
from sujin.governance.pages.wave_node import node_asked
from sujin.platform.acts.export import exported
from sujin.platform.models import Org
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds

WEEK = timedelta(weeks=1)
COLUMNS = [
    Column("problem", _("问题")),
    Column("where", _("哪里")),
    Column("state", _("状态")),
    Column("owner", _("归口单位")),
    Column("due", _("办结期限"), "due"),
    Column("measures", _("措施（有效）")),
]
SORTS = [
    Sort("new", _("最近在前"), ("-opened_at", "-pk")),
    Sort("due", _("办结期限"), ("due_on", "pk")),
]
WHICH = (("mine", _("我的单位归口的")), ("late", _("逾期的")), ("uncaused", _("还没有定因的")))


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Problems in reach, the latest first."""
    asked = holds(request, WATCH)
    listing = _listed(asked)
    names = wave_words.names([one.node for one in listing.page_rows])
    for one in listing.page_rows:
        one.where = names.node(one.node)
    context = {
        "listing": listing,
        "may_export": "export" in asked.reach.may,
        "may_open": GOVERN in asked.reach.may,
    }
    return render(request, "governance/ledger.html", context)


def _listed(asked: StaffRequest) -> Listing[Problem]:
    counted = Q(measures__state=kinds.CANCELLED)
    rows = Problem.objects.within(asked.reach).select_related("owner")
    rows = rows.annotate(
        taken=Count("measures", filter=~counted, distinct=True),
        worked=Count("measures", filter=Q(measures__verdict=Verdict.WORKED), distinct=True),
    )
    causes = tuple((code, str(one)) for code, one in root_causes().items())
    filters = [
        Filter("state", _("状态"), tuple(kinds.PROBLEM_STATES.items()), _of("state")),
        Filter("root", _("根因"), causes, _of("root")),
        Filter("source", _("来源"), tuple(SOURCES.items())[1:], _of("source")),
        Filter("which", _("范围"), WHICH, lambda rows, value: _which(rows, value, asked)),
    ]
    filters += _linked(asked)
    return Listing(asked.GET, rows, filters=filters, sorts=SORTS, columns=COLUMNS, size=20)


def _linked(asked: StaffRequest) -> list[Filter[Problem]]:
    """Questions that only a link asks: of one owner, opened or closed in the week of a day."""
    found: list[Filter[Problem]] = []
    code = asked.GET.get("owner", "")
    org = Org.objects.filter(code=code).first() if code else None
    if org is not None:
        found.append(Filter(
            "owner", _("归口单位"), ((code, str(org)),),
            lambda rows, value: rows.filter(owner__code=value),
        ))  # fmt: skip
    for name, label in (("opened", _("登记的一周")), ("closed", _("办结的一周"))):
        day = read_day(asked.GET.get(name, ""))
        if day is not None:
            found.append(Filter(
                name, label, ((day.isoformat(), day.isoformat()),), _in_week(f"{name}_at", day)
            ))  # fmt: skip
    return found


def _in_week(field: str, day: date) -> Callable[[QuerySet[Problem], str], QuerySet[Problem]]:
    """The seven days from ``day`` on."""
    ends = {f"{field}__gte": midnight(day), f"{field}__lt": midnight(day + WEEK)}
    return lambda rows, _value: rows.filter(**ends)


def _of(field: str) -> Any:
    return lambda rows, value: rows.filter(**{field: value})


def _which(rows: QuerySet[Problem], value: str, asked: StaffRequest) -> QuerySet[Problem]:
    today = timezone.localdate(asked.at)
    return {
        "mine": rows.filter(owner__in=[place.pk for place in asked.reach.places(GOVERN)]),
        "late": rows.filter(state__in=kinds.STANDING, due_on__lt=today),
        "uncaused": rows.filter(state=kinds.OPENED, root=""),
    }[value]


@require_http_methods(["GET", "HEAD", "POST"])
def problem_new(request: HttpRequest) -> HttpResponse:
    """GET: where it is, and the form; POST: it stands in the ledger."""
    asked = holds(request, GOVERN)
    told = _told(asked)
    if not in_reach(asked.reach, told.node[0], told.node[1]):
        raise Http404
    form = ProblemForm(
        asked.at, asked.POST or None, owner=told.owner, initial={"title": told.title}
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(
                open_problem(
                    told.node, told.stream, **form.cleaned_data, source=told.subject,
                    source_key=told.key, by=asked.person, at=asked.at,
                )
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    known = wave_words.names([told.node])
    context = {
        "form": form, "told": told, "where": known.node(told.node),
        "stream_name": STREAM_NAMES[told.stream], "node_url": known.page(told.stream, told.node),
    }  # fmt: skip
    return render(
        request, "governance/problem_new.html", context, status=422 if form.errors else 200
    )


def _told(asked: StaffRequest) -> Source:
    """What it comes from, if the reader may see that; else the node of the address."""
    if asked.GET.get("source"):
        found = source_of(asked.GET["source"], asked.GET.get("key", ""), asked.reach)
        if found is None:
            raise Http404
        return found
    stream = asked.GET.get("kind", "complaint")
    if stream not in STREAM_NAMES:
        raise Http404
    return Source("", None, node_asked(asked), stream, "", None)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Every measure of the problems listed, and problems without one, as CSV; on the record."""
    asked = holds(request, "export")
    holds(request, WATCH)
    rows = list(_listed(asked).rows.prefetch_related("measures__owner")[:ROWS_MAX])
    exported("ledger", len(rows), by=asked.person, at=asked.at)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"ledger-{timezone.localdate(asked.at):%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    write = csv.writer(response)
    write.writerow(_heads())
    names = wave_words.names([one.node for one in rows])
    for problem in rows:
        first = [
            problem.pk, problem.name, names.node(problem.node), problem.get_state_display(),
            str(problem.owner), problem.root_name, problem.why, problem.due_on, problem.urged,
        ]  # fmt: skip
        measures: list[Measure | None] = list(problem.measures.all())
        write.writerows(guarded([*first, *_of_measure(one)]) for one in measures or [None])
    return response


def _heads() -> list[str]:
    return [
        _t("编号"), _t("问题"), _t("哪里"), _t("状态"), _t("归口单位"), _t("根因"),
        _t("为什么会发生"), _t("办结期限"), _t("督办次数"), _t("措施"), _t("谁落实"), _t("开始"),
        _t("核验"), _t("承诺减少"), _t("措施状态"), _t("结论"), _t("效果"), _t("区间下限"),
        _t("区间上限"),
    ]  # fmt: skip


def _of_measure(measure: Measure | None) -> list[Any]:
    if measure is None:
        return [""] * 10
    effect = measure.figures.get("net", ["", "", ""])
    return [
        measure.words, str(measure.owner), measure.starts_on, measure.judge_on, measure.promised,
        measure.get_state_display(), measure.verdict_name, *effect,
    ]  # fmt: skip
