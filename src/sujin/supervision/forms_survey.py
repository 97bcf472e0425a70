"""The questionnaire as a customer fills it in, and the sample as an analyst designs it."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.models import Org
from sujin.supervision.questionnaires import (
    CSAT5,
    NPS,
    SAMPLE,
    Question,
    Questionnaire,
    numbers,
    of_sort,
)

LABELS = (_("很差"), _("较差"), _("一般"), _("较好"), _("很好"))
UNITS_KINDS = ("branch1", "company", "branch2")


def _labels(asked: Question) -> list[tuple[str, str]]:
    """Each mark with what a screen reader says of it."""
    if asked.scale == CSAT5:
        return [(str(mark), str(LABELS[mark - 1])) for mark in asked.marks]
    if asked.scale == NPS:
        return [(str(mark), str(mark)) for mark in asked.marks]
    return [("1", _t("解决了")), ("0", _t("没有"))]


class SheetForm(forms.Form):
    """A field for each question; ``stamp`` says when it was shown, signed."""

    def __init__(self, asked: Questionnaire, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for one in asked.questions:
            self.fields[one.code] = self._field(one)

    @staticmethod
    def _field(one: Question) -> forms.Field:
        if not one.marks:
            most = int(numbers()["words_max"])
            widget = forms.Textarea(attrs={"rows": 2, "maxlength": most})
            return forms.CharField(
                label=one.title, required=one.required, max_length=most, widget=widget
            )
        return forms.ChoiceField(
            label=one.title, required=one.required, choices=_labels(one), widget=forms.RadioSelect,
            error_messages={"required": _t("请选一项")},
        )  # fmt: skip

    @property
    def scores(self) -> dict[str, int]:
        """The marks given, once the form is valid."""
        given = {one.code: self.cleaned_data.get(one.code) for one in self.asked.scored}
        return {code: int(mark) for code, mark in given.items() if mark not in (None, "")}

    @property
    def words(self) -> str:
        codes = [one.code for one in self.asked.questions if not one.marks]
        return " ".join(str(self.cleaned_data.get(code) or "") for code in codes)

    @property
    def drawn(self) -> list[tuple[str, forms.BoundField]]:
        """Each question with its scale, for the page."""
        return [(one.scale, self[one.code]) for one in self.asked.questions]


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


class SampleForm(forms.Form):
    """A sampling survey; ``places`` are where the person may draw."""

    name = forms.CharField(label=_("名称"), min_length=4, max_length=80)
    questionnaire = forms.ChoiceField(label=_("问卷"))
    unit = forms.ModelChoiceField(
        Org.objects.none(), label=_("范围"), help_text=_("按它的下一级机构分层")
    )
    since, until = _day(_("办结日期从")), _day(_("到"))
    total = forms.IntegerField(
        label=_("抽多少件"), min_value=1, max_value=5000, initial=200,
        help_text=_("按各机构件数的比例分配，每个机构都有"),
    )  # fmt: skip
    answering = forms.IntegerField(
        label=_("预计多少人会答（%）"), min_value=1, max_value=100,
        help_text=_("承诺的误差按它算；往年没有数就写低一些"),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def __init__(self, places: list[Org], at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, asked = self.fields["unit"], self.fields["questionnaire"]
        assert isinstance(unit, forms.ModelChoiceField)
        assert isinstance(asked, forms.ChoiceField)
        unit.queryset, unit.empty_label = _within(places), None
        asked.choices = [(one.code, one.title) for one in of_sort(SAMPLE)]
        self.fields["answering"].initial = round(float(numbers()["answering"]) * 100)
        self.fields["since"].initial = _quarter_before(timezone.localdate(at))
        self.fields["until"].initial = timezone.localdate(at)

    @property
    def plan(self) -> dict[str, Any]:
        """What the design asks for, in its own units."""
        told = self.cleaned_data
        return {
            "unit": told["unit"], "since": told["since"], "until": told["until"],
            "total": told["total"], "answering": told["answering"] / 100,
        }  # fmt: skip


def _within(places: list[Org]) -> Any:
    """The places themselves and what of size stands below them."""
    found = Org.objects.filter(pk__in=[place.pk for place in places])
    for place in places:
        found |= Org.objects.under(place).filter(kind__in=UNITS_KINDS)
    return found.order_by("path")


def _quarter_before(today: date) -> date:
    return today - timedelta(days=90)
