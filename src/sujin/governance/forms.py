"""What a person fills in about an evidence file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.care import OBJECTORS
from sujin.governance.kinds import VERDICTS
from sujin.platform.ui.forms import words as words_field

WORDS_MAX = 600


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("核查结论"), choices=list(VERDICTS.items()), widget=forms.RadioSelect
    )
    because = words_field(
        _("理由"), _("看了哪些件、核实了什么、为什么这样认定；“有组织”须第二人确认"), most=WORDS_MAX
    )


class ObjectionForm(forms.Form):
    who = forms.ChoiceField(label=_("谁提出"), choices=list(OBJECTORS.items()))
    words = words_field(_("异议内容"), _("登记后，原结论失效，须重新核查"), most=WORDS_MAX)


class ClosingForm(forms.Form):
    because = words_field(_("结档理由"), most=WORDS_MAX)
