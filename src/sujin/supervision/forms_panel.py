"""What is filled in about experience officers and their walkthroughs."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.governance.models import Measure
from sujin.platform.models import Org
from sujin.platform.ui.forms import words as words_field
from sujin.supervision.acts.walk_through import Ballot
from sujin.supervision.kinds.panel import RATED_MOST, RATINGS, VOTES
from sujin.supervision.models import Panelist, Proposal
from sujin.supervision.voicebook import segments

WORDS_MAX, NOTE_MAX = 600, 200


def _day(label: Any, today: date | None = None) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, initial=today)


class PanelistForm(forms.Form):
    unit = forms.ModelChoiceField(Org.objects.none(), label=_("哪个单位请的"))
    segment = forms.ChoiceField(label=_("哪类客户"))
    consented_on = _day(_("同意日期"))
    joined_on = _day(_("加入日期"))
    consent_how = forms.CharField(
        label=_("怎样同意的"),
        max_length=200,
        help_text=_("例如：签了同意书，存在网点；不写姓名和号码"),
    )

    def __init__(self, units: QuerySet[Org], today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, segment = self.fields["unit"], self.fields["segment"]
        assert isinstance(unit, forms.ModelChoiceField)
        assert isinstance(segment, forms.ChoiceField)
        unit.queryset, unit.initial = units, units.first()
        segment.choices = list(segments().items())
        self.fields["consented_on"].initial = self.fields["joined_on"].initial = today


def _named(field: Any) -> None:
    """A measure by its problem, number and words."""
    field.label_from_instance = lambda one: f"{one.problem} {one}：{one.words[:40]}"


class LeaveForm(forms.Form):
    left_on = _day(_("退出日期"))
    because = words_field(_("为什么退出"), rows=2, most=WORDS_MAX)


class WalkthroughForm(forms.Form):
    unit = forms.ModelChoiceField(Org.objects.none(), label=_("哪个单位的体验官"))
    proposal = forms.ModelChoiceField(
        Proposal.objects.none(), label=_("优化建议"), required=False,
        help_text=_("看一条建议、一项措施，或者都不选，只写在下面"),
    )  # fmt: skip
    measure = forms.ModelChoiceField(Measure.objects.none(), label=_("措施"), required=False)
    words = words_field(_("请客户看哪个变化"), _("从前怎样，现在怎样"), most=WORDS_MAX)

    def __init__(
        self, units: QuerySet[Org], proposals: QuerySet[Proposal], measures: QuerySet[Measure],
        *args: Any, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        told: dict[str, QuerySet[Any]] = {
            "unit": units, "proposal": proposals, "measure": measures,
        }  # fmt: skip
        for name, rows in told.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        self.fields["unit"].initial = units.first()
        _named(self.fields["measure"])


def _choice(label: str, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=widget)


class SessionForm(forms.Form):
    """A row of fields for each panelist: without a vote somebody was not there."""

    held_on = _day(_("日期"))

    def __init__(self, panelists: Sequence[Panelist], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.panelists = panelists
        self.fields["held_on"].widget.attrs["class"] = "form-control"
        votes = [("", _t("没有到场")), *VOTES.items()]
        points = [("", "—"), *((str(n), str(n)) for n in range(1, RATED_MOST + 1))]
        for one in panelists:
            self.fields[f"vote_{one.pk}"] = _choice(f"{one} {_t('投票')}", votes)
            for code, words in RATINGS.items():
                self.fields[f"{code}_{one.pk}"] = _choice(f"{one} {words}", points)
            self.fields[f"note_{one.pk}"] = forms.CharField(
                label=f"{one} {_t('意见')}", max_length=NOTE_MAX, required=False,
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )  # fmt: skip

    def rows(self) -> list[tuple[Panelist, list[tuple[str, BoundField]]]]:
        """As the table shows them: each field with the heading it stands under."""
        named = {"vote": _t("投票"), **RATINGS, "note": _t("意见")}
        return [
            (one, [(str(words), self[f"{name}_{one.pk}"]) for name, words in named.items()])
            for one in self.panelists
        ]

    def ballots(self) -> list[Ballot]:
        """Of those who were there; what was not rated counts as 0 and is refused."""
        told = self.cleaned_data
        return [
            Ballot(
                one.pk, told[f"vote_{one.pk}"],
                {code: int(told[f"{code}_{one.pk}"] or 0) for code in RATINGS},
                told[f"note_{one.pk}"],
            )
            for one in self.panelists
            if told[f"vote_{one.pk}"]
        ]  # fmt: skip


class AnswerForm(forms.Form):
    words = words_field(_("采纳情况"), _("因为这些意见改了什么；不改的写明为什么"), most=WORDS_MAX)
