"""数字由来: what any headline's change is made of, though nobody declared a measure for it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints.rulebook import taxonomy
from sujin.complaints.words import named
from sujin.engine.series.panel import ALL, Node
from sujin.engine.verify import Declared, Definition, Observed, TooShort
from sujin.engine.verify.card import Cause, Span, effect_card
from sujin.governance import wave_words
from sujin.governance.ledgerbook import limits
from sujin.governance.measured import MONDAY, WEEK, busiest_beside, observed_between
from sujin.governance.metric_places import UNITS
from sujin.governance.models.owned import WATCH
from sujin.governance.models.wave import in_reach, line_of
from sujin.governance.pages.measure_card import YEAR, SpansForm, lines_of
from sujin.governance.verdict_words import signed
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.ui.request import StaffRequest, holds

STREAM = "complaint"
# What the last weeks are compared with at first: the same weeks of the year before.
RECENT = 13
SEED = 1


class HeadlineForm(SpansForm):
    """Where, of what, between which times; what is known of changes besides."""

    org = forms.ChoiceField(label=_("机构"), required=False)
    business = forms.ChoiceField(label=_("业务"), required=False)
    cause = forms.ChoiceField(label=_("原因"), required=False)
    since = forms.DateField(
        label=_("做法从哪天起不同"), required=False, help_text=_("不填按后一段的第一天")
    )
    redefined_on = forms.DateField(label=_("口径哪天变过"), required=False)
    ratio = forms.FloatField(
        label=_("新口径是旧口径的几倍"), required=False, min_value=0.01, max_value=100
    )
    field_order = ("org", "business", "cause")

    def __init__(self, asked: StaffRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("since", "redefined_on"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.choose("org", _orgs(asked))
        for axis in ("business", "cause"):
            self.choose(axis, _tops(axis))

    def choose(self, name: str, options: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _t("全部")), *options]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("ratio") and not told.get("redefined_on"):
            self.add_error("redefined_on", _t("写了倍数，请写明口径哪天变的"))
        return told

    def node(self) -> Node:
        told = self.cleaned_data
        return (told.get("org") or ALL, told["business"] or ALL, told["cause"] or ALL, ALL)

    def declared(self, after: Span) -> Declared:
        told = self.cleaned_data
        definitions: tuple[Definition, ...] = ()
        if told.get("redefined_on"):
            definitions = (Definition(told["redefined_on"], told.get("ratio"), 0.05),)
        return Declared(MONDAY(told.get("since") or after.first), definitions=definitions)


@require_safe
def headline(request: HttpRequest) -> HttpResponse:
    """The card between the times of the address; at first the last quarter and a year before."""
    asked = holds(request, WATCH)
    today = timezone.localdate(asked.at)
    form = HeadlineForm(asked, asked.GET if "after_last" in asked.GET else _usual(asked, today))
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context |= _told(asked, form, today)
    return render(request, "governance/headline.html", context)


def _usual(asked: StaffRequest, today: date) -> dict[str, Any]:
    last = MONDAY(today) - timedelta(days=1)
    first = last - RECENT * WEEK + timedelta(days=1)
    own = _orgs(asked)
    return {
        "before_first": first - YEAR, "before_last": last - YEAR, "after_first": first,
        "after_last": last, "org": "" if asked.reach.everything or not own else own[0][0],
        "business": "" if asked.reach.everything or own else _of_line(asked), "cause": "",
    }  # fmt: skip


def _told(asked: StaffRequest, form: HeadlineForm, today: date) -> dict[str, Any]:
    node = form.node()
    if not in_reach(asked.reach, node[0], node[1]):
        form.add_error("org", _t("只能看自己的机构，或自己条线的业务"))
        return {}
    before, after = form.spans()
    controls = busiest_beside(node, STREAM, today)
    upto = min(after.last + WEEK, today)
    earliest = before.first - WEEK * limits().history_weeks
    try:
        declared = form.declared(after)
        observed = observed_between(
            STREAM, node, controls=controls, sinks=_sinks(node), first=earliest, today=upto
        )
        _refuse_unknown(observed, declared)
        card = effect_card(observed, declared, before=before, after=after, seed=SEED)
    except (TooShort, ValueError):
        return {"too_little": True}
    names = wave_words.names([node, *controls])
    earlier, later = (names.cases(STREAM, node, one.first, one.last) for one in (before, after))
    return {
        "lines": lines_of(card, {Cause.MEASURE: _t("自那天起别的都解释不了的变化")}),
        "spans": (before, after),
        "raw": signed(card.raw - 1), "where": names.node(node), "before": earlier,
        "after": later, "controls": [names.beside(one, node) for one in controls],
    }  # fmt: skip


def _refuse_unknown(observed: Observed, declared: Declared) -> None:
    """Raises ValueError where nothing is known of before."""
    if not observed.starts or not observed.starts[0] < declared.start:
        raise ValueError("the change lies before the first week with cases")


def _sinks(node: Node) -> list[Node]:
    """Of a branch, the companies and centres that its cases may be handed to."""
    if not node[0]:
        return []
    rows = Org.objects.filter(kind__in=(OrgKind.COMPANY, OrgKind.CENTRE)).order_by("path")
    paths = rows.values_list("path", flat=True)
    return [(path, *node[1:]) for path in paths if not path.startswith(node[0])]


def _orgs(asked: StaffRequest) -> list[tuple[str, str]]:
    """The reader's own units and those right below."""
    places = [place for place in asked.reach.places(WATCH) if place.kind in UNITS]
    if asked.reach.everything:
        rows = Org.objects.filter(kind=OrgKind.BRANCH1)
    else:
        own = [place.pk for place in places]
        rows = Org.objects.filter(pk__in=own) | Org.objects.filter(parent__in=own, kind__in=UNITS)
    return [(org.path, str(org)) for org in rows.order_by("path").distinct()]


def _of_line(asked: StaffRequest) -> str:
    """A business of the reader's own line, for whoever has no place of the own."""
    lines = {place.line for place in asked.reach.places(WATCH) if place.line}
    return next((code for code, _name in _tops("business") if line_of(code) in lines), "")


def _tops(axis: str) -> list[tuple[str, str]]:
    """Classes down to the second step."""
    rows = (row for row in taxonomy().values() if row.axis == axis and row.code.count(".") < 2)
    return [(row.code, named(axis, row.code)) for row in rows]
