"""What is written into the ledger: a problem, its cause, a measure before it begins."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.engine.series.panel import Node
from sujin.engine.verify import Definition
from sujin.governance import wave_words
from sujin.governance.acts.declare_measure import Plan
from sujin.governance.ledgerbook import limits, root_causes
from sujin.governance.measured import proposed_controls, proposed_sinks
from sujin.governance.models import Problem
from sujin.governance.models.measure import Measure, node_of
from sujin.governance.models.wave import in_reach
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.reach import Reach
from sujin.platform.ui.forms import words as words_field

WORDS_MAX = 600
_APART = "|"
# Desks that answer for problems: lines and branches, not single outlets.
# Desks that carry measures out for others.
ACTING = (OrgKind.HEAD, OrgKind.DEPARTMENT, OrgKind.COMPANY)
OWNING = (OrgKind.HEAD, OrgKind.DEPARTMENT, OrgKind.COMPANY, OrgKind.BRANCH1, OrgKind.BRANCH2)


def _day(label: Any, hint: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, widget=widget)


def owning() -> Any:
    """What stands right below the head office first: it owns most."""
    rows = Org.objects.filter(kind__in=OWNING)
    return rows.order_by(F("parent__parent").asc(nulls_first=True), "path")


class ProblemForm(forms.Form):
    title = words_field(_("什么问题"), _("一句话；不写客户姓名和号码"), rows=2, most=200)
    owner = forms.ModelChoiceField(Org.objects.none(), label=_("归口单位"))
    due_on = _day(_("办结期限"))

    def __init__(self, at: datetime, *args: Any, owner: Org | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["owner"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = owning()
        chosen.initial = owner
        today = timezone.localdate(at)
        self.fields["due_on"].initial = today + timedelta(days=limits().due_days)


class CauseForm(forms.Form):
    root = forms.ChoiceField(
        label=_("根因"),
        choices=lambda: [(code, str(one)) for code, one in root_causes().items()],
        widget=forms.RadioSelect,
    )
    why = words_field(_("为什么会发生"), _("看了哪些件，问了谁"), most=WORDS_MAX)


class BecauseForm(forms.Form):
    because = words_field(_("理由"), most=WORDS_MAX)


class ProofForm(forms.Form):
    proof = words_field(
        _("怎样落实的"), _("文号、上线批次、照片存放处：凭什么能看到"), most=WORDS_MAX
    )


class ProlongForm(BecauseForm):
    weeks = forms.IntegerField(label=_("再等几周"), min_value=4, initial=13)


@dataclass(frozen=True, eq=False)
class Offer:
    """What a declaration may choose from, worked out once for a page: units beside the problem's
    place, those of them that the person sees, and where cases may have been moved to."""

    problem: Problem
    owners: QuerySet[Org]
    named: list[tuple[int, str]]
    also: list[Node]
    beside: list[Node]
    elsewhere: list[Node]
    names: wave_words.Names


def offered(problem: Problem, mine: Reach, at: datetime) -> Offer:
    """Those who may carry a measure out are the problem's own desk and the departments, which read
    problems of others when they are asked to act."""
    beside = proposed_controls(problem, timezone.localdate(at)) if problem.stands else []
    elsewhere = proposed_sinks(problem) if problem.stands else []
    owners = Org.objects.filter(Q(pk=problem.owner_id) | Q(kind__in=ACTING)).order_by("path")
    also = [node for node in beside if in_reach(mine, node[0], node[1])]
    names = wave_words.names([*beside, *elsewhere])
    named = [(one.pk, str(one)) for one in owners]
    return Offer(problem, owners, named, also, beside, elsewhere, names)


class PlanForm(forms.Form):
    words = words_field(_("做什么"), _("一项一条；不写客户姓名和号码"), most=WORDS_MAX)
    owner = forms.ModelChoiceField(Org.objects.none(), label=_("谁落实"))
    starts_on = _day(_("哪天开始"), _("最早明天：开始以后不能再声明"))
    weeks = forms.IntegerField(label=_("开始几周以后核验"), min_value=4)
    promised = forms.IntegerField(
        label=_("承诺减少（%）"), min_value=1, max_value=95,
        help_text=_("核验时整个区间都达不到的，结论是无效"),
    )  # fmt: skip
    settle = forms.IntegerField(
        label=_("头几周不计"), min_value=0, max_value=12, initial=0,
        help_text=_("措施要几周才铺开的，写几周"),
    )  # fmt: skip
    also = forms.MultipleChoiceField(
        label=_("还在哪里同时做"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("几处一起核验；这里选的，不再作对照"),
    )  # fmt: skip
    controls = forms.MultipleChoiceField(
        label=_("与谁比较"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("没有这项措施的同类单位；没有对照，季节和市场就分不清"),
    )  # fmt: skip
    sinks = forms.MultipleChoiceField(
        label=_("可能改派到哪里"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("那里多出来的，从这里的减少中扣除"),
    )  # fmt: skip
    redefined_on = forms.DateField(
        label=_("口径哪天变过"), required=False, help_text=_("没有变过不填"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    ratio = forms.FloatField(
        label=_("新口径是旧口径的几倍"), required=False, min_value=0.01, max_value=100,
        help_text=_("抽样双编码得到；不知道不填"),
    )  # fmt: skip

    def __init__(self, offer: "Offer", *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = offer.owners
        # Read once for a page, however many forms stand on it.
        owner.choices = offer.named
        owner.initial = offer.problem.owner_id
        self.fields["weeks"].initial = limits().judge_weeks
        self.fields["promised"].initial = round(100 * limits().promised)
        chosen = (("also", offer.also), ("controls", offer.beside), ("sinks", offer.elsewhere))
        for name, nodes in chosen:
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [
                (_coded(node), offer.names.beside(node, offer.problem.node)) for node in nodes
            ]
        self.fields["controls"].initial = [_coded(node) for node in offer.beside]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("ratio") and not told.get("redefined_on"):
            self.add_error("redefined_on", _t("写了倍数，请写明口径哪天变的"))
        return told

    def plan(self) -> Plan:
        """What was declared."""
        told = self.cleaned_data
        return Plan(
            told["words"], told["owner"], told["starts_on"], told["weeks"],
            told["promised"] / 100, told["settle"],
            tuple(_node(one) for one in told["controls"] if one not in told["also"]),
            tuple(map(_node, told["sinks"])), tuple(map(_node, told["also"])),
            _definitions(told["redefined_on"], told["ratio"]),
        )  # fmt: skip


def declared(measure: Measure) -> dict[str, Any]:
    """The form's values of a measure as it was declared."""
    known = measure.definitions[0] if measure.definitions else {}
    return {
        "words": measure.words, "owner": measure.owner_id, "starts_on": measure.starts_on,
        "weeks": (measure.judge_on - measure.starts_on).days // 7 - measure.settle,
        "promised": round(100 * measure.promised), "settle": measure.settle,
        "also": [_coded(node_of(one)) for one in measure.targets[1:]],
        "controls": [_coded(node_of(one)) for one in measure.controls],
        "sinks": [_coded(node_of(one)) for one in measure.sinks],
        "redefined_on": known.get("at"), "ratio": known.get("ratio"),
    }  # fmt: skip


# A ratio from cases coded both ways is known so well, as a standard deviation of its logarithm.
_CODED_TWICE = 0.05


def _definitions(day: date | None, ratio: float | None) -> tuple[Definition, ...]:
    if day is None:
        return ()
    return (Definition(day, ratio, _CODED_TWICE if ratio else 0.0),)


def _coded(node: Node) -> str:
    return _APART.join(node)


def _node(coded: str) -> Node:
    return tuple(coded.split(_APART))
