"""Filters by which every figure opens its cases: they appear on the list only when asked for."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sujin.complaints import words
from sujin.complaints.figures.layers import OUTCOMES, at_layer
from sujin.complaints.figures.overrides import DOWN, UP, cases_of
from sujin.complaints.figures.promises import IN_TIME, fallen_due
from sujin.complaints.figures.selection import concerning, midnight
from sujin.complaints.funnel import LAYERS, OUTLETS
from sujin.complaints.models import Complaint, Overrun, Spell
from sujin.complaints.models import Promise as Pledge
from sujin.complaints.rulebook import rulebook, taxonomy
from sujin.platform.models import Org
from sujin.platform.ui.listing import Filter
from sujin.platform.ui.request import StaffRequest

Rows = QuerySet[Complaint]
DAY = timedelta(days=1)
YEARS = (1990, 2199)
WAYS = ((UP, _("上调")), (DOWN, _("下调")), ("yes", _("上调或下调")))
_BROKEN = ~IN_TIME | Q(kept_at__isnull=True)
# Which moment ``from`` and ``to`` are about.
MOMENTS = {
    "received": ("received_at", _("受理")),
    "contacted": ("course__contacted_at", _("首次联系")),
    "answered": ("course__answered_at", _("首次答复")),
    "transfer": ("course__transfer_contacted_at", _("转办后首次联系")),
}
OUTCOME_NAMES = {
    "came": _("进入"),
    "solved": _("化解"),
    "passed": _("转出"),
    "leaked": _("回流"),
    "open": _("在办"),
    "other": _("其他结束"),
}
SPOT = (("yes", _("当时当地解决")), ("all", _("首问自办")))
HOPS = (("0", "0"), ("1", "1"), ("2", "2"), ("some", _("1 次及以上")))


def measured_filters(request: StaffRequest) -> list[Filter[Complaint]]:
    """The filters whose parameters this request carries; what cannot be read has no choices, so
    that the list says it was not used."""
    return [found for found in _all(request) if request.GET.get(found.name)]


def _all(request: StaffRequest) -> Iterator[Filter[Complaint]]:
    moment, _named = MOMENTS.get(request.GET.get("by", ""), MOMENTS["received"])
    yield Filter("by", _("时间口径"), tuple((k, v[1]) for k, v in MOMENTS.items()), _same)
    yield _day(request, "from", _("自"), lambda rows, day: rows.filter(**{f"{moment}__gte": day}))
    yield _day(
        request, "to", _("至"), lambda rows, day: rows.filter(**{f"{moment}__lt": day + DAY})
    )
    yield from _at_orgs(request)
    yield from _numbers(request)
    yield from _of_tier_rows(request)
    yield from _of_codes(request)


def _of_codes(request: StaffRequest) -> Iterator[Filter[Complaint]]:
    """Cases of a class, or of one below it, on each axis by which cases are counted."""
    axes = (
        ("class", "business", _("业务类别")),
        ("cause", "cause", _("投诉原因")),
        ("touchpoint", "touchpoint", _("业务渠道")),
    )
    for name, axis, label in axes:
        code = request.GET.get(name, "")
        known = ((code, words.named(axis, code)),) if (axis, code) in taxonomy() else ()
        yield Filter(name, label, known, _at_code(axis))
    yield Filter("counted", _("计件"), (("yes", _("计件")),), _counted)


def _at_code(axis: str) -> Callable[[Rows, str], Rows]:
    return lambda rows, code: rows.filter(
        Q(**{axis: code}) | Q(**{f"{axis}__startswith": f"{code}."})
    )


def _counted(rows: Rows, _value: str) -> Rows:
    return rows.filter(counted=True)


def _of_tier_rows(request: StaffRequest) -> Iterator[Filter[Complaint]]:
    """Cases that a row of tiers.csv decided, and which way people then moved them."""
    row = request.GET.get("tier_row", "")
    known = tuple((one.row, one.row) for one in rulebook().tiers)
    # The way asks about the same row, so both narrow at once.
    yield Filter("tier_row", _("分级规则行"), known, cases_of)
    yield Filter("overridden", _("人工改级"), WAYS, lambda rows, value: cases_of(rows, row, value))


def _same(rows: Rows, _value: str) -> Rows:
    return rows


def _day(
    request: StaffRequest, name: str, label: Promise, narrow: Callable[[Rows, datetime], Rows]
) -> Filter[Complaint]:
    asked = request.GET.get(name, "")
    day = read_day(asked)
    if day is None:
        return Filter(name, label, (), _same)
    since = midnight(day)
    return Filter(name, label, ((asked, asked),), lambda rows, _value: narrow(rows, since))


def read_day(text: str) -> date | None:
    """A day as the URL carries it, or None."""
    try:
        found = date.fromisoformat(text) if len(text) == len("2026-03-02") else None
    except ValueError:
        return None
    # Beyond these years a day more or less would leave the calendar.
    return found if found and YEARS[0] <= found.year <= YEARS[1] else None


def _at_orgs(request: StaffRequest) -> Iterator[Filter[Complaint]]:
    """Filters whose value is the code of an organisation."""
    questions: dict[str, tuple[Promise, Callable[[Rows, Org], Rows]]] = {
        "org": (_("机构"), concerning),
        "brought": (_("受理于"), lambda rows, org: rows.filter(origin__path__startswith=org.path)),
        "origin": (_("受理机构"), lambda rows, org: rows.filter(origin=org)),
        "outside": (_("受理于此机构以外"), lambda rows, org: rows.exclude(
            origin__path__startswith=org.path)),
        "held_by": (_("经手"), lambda rows, org: rows.filter(_exists(Spell, Q(desk=org)))),
        "late_at": (_("超限于"), lambda rows, org: rows.filter(
            _exists(Overrun, Q(desk=org, due_at__lt=request.at)))),
        "promised_at": (_("承诺到期于"), lambda rows, org: rows.filter(
            _exists(Pledge, Q(desk=org) & fallen_due(request.at)))),
        "broke_at": (_("失约于"), lambda rows, org: rows.filter(
            _exists(Pledge, Q(desk=org) & fallen_due(request.at) & _BROKEN))),
    }  # fmt: skip
    codes = {name: request.GET.get(name, "") for name in questions}
    known = {
        org.code: org for org in Org.objects.filter(code__in=set(filter(None, codes.values())))
    }
    for name, (label, narrow) in questions.items():
        yield _at_org(name, label, known.get(codes[name]), narrow)


def _at_org(
    name: str, label: Promise, org: Org | None, narrow: Callable[[Rows, Org], Rows]
) -> Filter[Complaint]:
    if org is None:
        return Filter(name, label, (), _same)
    return Filter(name, label, ((org.code, str(org)),), lambda rows, _value: narrow(rows, org))


def _exists(model: type[Spell] | type[Overrun] | type[Pledge], fits: Q) -> Exists:
    return Exists(model.objects.filter(fits, complaint=OuterRef("pk")))


def _numbers(request: StaffRequest) -> Iterator[Filter[Complaint]]:
    layers = tuple((str(number), name) for number, name in LAYERS.items())
    cells = tuple(
        (f"{number}-{code}", f"{name} · {said}")
        for number, name in LAYERS.items()
        for code, said in OUTCOME_NAMES.items()
    )
    row = request.GET.get("row", "")[:24]
    yield Filter("handled", _("来源"), (("yes", _("本系统办理")),), _handled)
    yield Filter("layer", _("化解于"), layers, _equal("layer_closed"))
    yield Filter("funnel", _("漏斗"), cells, _cell)
    yield Filter("row", _("流转规则"), ((row, row),), _equal("route_row"))
    yield Filter("hops", _("转手"), HOPS, _hops)
    yield Filter("handed_back", _("退回"), (("yes", _("有退回")),), _handed_back)
    yield Filter("late", _("超限"), (("yes", _("曾超限")),), lambda rows, _value: rows.filter(
        _exists(Overrun, Q(due_at__lt=request.at))))  # fmt: skip
    yield Filter("spot", _("当时当地"), SPOT, _spot)
    yield Filter("outlets", _("受理层级"), (("yes", _("网点与支行")),), _of_outlets)


def _equal(field: str) -> Callable[[Rows, str], Rows]:
    return lambda rows, value: rows.filter(**{f"course__{field}": value})


def _handled(rows: Rows, _value: str) -> Rows:
    return rows.filter(course__is_history=False)


def _cell(rows: Rows, value: str) -> Rows:
    number, outcome = value.split("-")
    assert outcome == "came" or outcome in OUTCOMES
    return at_layer(rows, int(number), outcome)


def _hops(rows: Rows, value: str) -> Rows:
    if value == "some":
        return rows.filter(course__hops__gte=1)
    return rows.filter(course__hops=int(value))


def _handed_back(rows: Rows, _value: str) -> Rows:
    return rows.filter(course__hand_backs__gt=0)


def _spot(rows: Rows, value: str) -> Rows:
    own = rows.filter(course__first_desk=F("origin"), course__layer_first=1)
    return own.filter(course__on_the_spot=True) if value == "yes" else own


def _of_outlets(rows: Rows, _value: str) -> Rows:
    return rows.filter(origin__kind__in=OUTLETS)
