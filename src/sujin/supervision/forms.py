"""What is filled in about a finding."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sujin.supervision.kinds.finding import VERDICTS

WORDS_MAX = 2000


def _words(label: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, max_length=WORDS_MAX, widget=widget)


class ExplainForm(forms.Form):
    """The unit's own words."""

    words = _words(_("本单位的说明"))


class JudgeForm(forms.Form):
    """The verdict and why."""

    verdict = forms.ChoiceField(
        label=_("认定"), choices=tuple(VERDICTS.items()), widget=forms.RadioSelect
    )
    because = _words(_("理由"))


class SettleForm(forms.Form):
    """What was done about it."""

    words = _words(_("采取的措施"))
