"""What the owner of a work order says."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sujin.platform.ui.forms import words as words_field

WORDS_MAX = 600


class PlanForm(forms.Form):
    words = words_field(_("打算怎么整改"), _("谁做什么、什么时候见效"), most=WORDS_MAX)


class ReportForm(forms.Form):
    words = words_field(_("整改情况"), _("已经做了什么、还差什么"), most=WORDS_MAX)
