"""What a person fills in about an evidence file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.care import OBJECTORS
from sujin.governance.kinds import VERDICTS


def words(label: object, hint: object = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "maxlength": 600})
    return forms.CharField(label=label, help_text=hint, max_length=600, widget=widget)  # type: ignore[arg-type]


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("核查结论"), choices=list(VERDICTS.items()), widget=forms.RadioSelect
    )
    because = words(_("理由"), _("看了哪些件、核实了什么、为什么这样认定；“有组织”须第二人确认"))


class ObjectionForm(forms.Form):
    who = forms.ChoiceField(label=_("谁提出"), choices=list(OBJECTORS.items()))
    words = words(_("异议内容"), _("登记后，原结论失效，须重新核查"))


class ClosingForm(forms.Form):
    because = words(_("结档理由"))
