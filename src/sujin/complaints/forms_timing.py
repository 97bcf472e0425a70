"""What staff fill in to move a limit; only what the rules of the case allow is offered."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints import approvers, words
from sujin.complaints.acts import extend, pause
from sujin.complaints.acts.extend import Choice
from sujin.complaints.forms import CaseForm, MaskedField, MomentField, RespondForm, because


class ExtendForm(CaseForm):
    choice = forms.ChoiceField(label=_("延到"), widget=forms.RadioSelect)
    because = because(_("延期理由，将告知客户"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = extend.choices(self.case, at=self.asked.at)
        asked = self.fields["choice"]
        assert isinstance(asked, forms.ChoiceField)
        asked.choices = [(one.code, _said(one)) for one in found]
        if len(found) == 1:
            asked.initial = found[0].code


def _said(choice: Choice) -> str:
    """Until when, by which article, and who has to agree."""
    language = "en" if words.is_english() else "zh"
    told = [date_format(localtime(choice.until), "DATE_FORMAT"), choice.row.title[language]]
    if choice.row.approvers:
        names = approvers.names(choice.row.approvers)
        told.append(_t("须%(names)s批准") % {"names": names})
    return " · ".join([*told, choice.row.article])


class TellForm(RespondForm):
    note = MaskedField(
        label=_("怎么告知的，客户怎么说"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PauseForm(CaseForm):
    cause = forms.ChoiceField(label=_("中止事由"), widget=forms.RadioSelect)
    consent = forms.BooleanField(label=_("客户已同意"), required=False)
    because = because(_("具体情况"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = "en" if words.is_english() else "zh"
        asked = self.fields["cause"]
        assert isinstance(asked, forms.ChoiceField)
        asked.choices = [
            (code, f"{row.title[language]} · {row.article}")
            for code, row in pause.causes(self.case).items()
        ]


class AgreeForm(CaseForm):
    until = MomentField(label=_("约定在此之前答复"))
    because = because(_("客户怎么同意的，凭据在哪里"))

    def clean_until(self) -> datetime:
        until: datetime = self.cleaned_data["until"]
        if until <= self.asked.at:
            raise ValidationError(_t("约定的时间须在现在以后"))
        return until


class RestartForm(CaseForm):
    material_at = MomentField(label=_("收到新材料的时间"))
    because = because(_("新的事实和理由是什么"))

    def clean_material_at(self) -> datetime:
        moment: datetime = self.cleaned_data["material_at"]
        if not self.case.received_at < moment <= self.asked.at:
            raise ValidationError(_t("新材料的时间须在受理以后、现在以前"))
        return moment


class DecideForm(forms.Form):
    """The approver's words; to refuse, they are needed."""

    words = MaskedField(
        label=_("意见"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 400}),
    )
