"""What is asked for when a case is taken out of its group."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sujin.complaints.forms import because


class RemovalForm(forms.Form):
    because = because(_("为什么不属于这一组"))
