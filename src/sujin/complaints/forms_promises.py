"""What staff fill in about a promise: how it was kept, or why the customer let it go."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sujin.complaints.forms import MaskedField


class KeptForm(forms.Form):
    how = MaskedField(
        label=_("怎么做到的"),
        max_length=200,
        widget=forms.TextInput(attrs={"maxlength": 200, "autocomplete": "off"}),
    )


class ReleasedForm(forms.Form):
    because = MaskedField(
        label=_("客户怎么同意的"),
        max_length=200,
        widget=forms.TextInput(attrs={"maxlength": 200, "autocomplete": "off"}),
    )
