"""What is filled in about stars."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sujin.platform.ui.forms import words
from sujin.supervision.kinds import star as kinds

WORDS_MAX = 500


class StarAppealForm(forms.Form):
    """``rows`` are the keys behind the line with what they are called."""

    keys = forms.TypedMultipleChoiceField(
        label=_("哪些不应计入"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    words = words(_("理由"), most=WORDS_MAX)

    def __init__(self, rows: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = self.fields["keys"]
        assert isinstance(keys, forms.TypedMultipleChoiceField)
        keys.choices = rows


class DecideAppealForm(forms.Form):
    state = forms.ChoiceField(
        label=_("申诉决定"), widget=forms.RadioSelect,
        choices=[(code, kinds.APPEAL_STATES[code]) for code in (kinds.GRANTED, kinds.REFUSED)],
    )  # fmt: skip
    because = words(_("理由"), most=WORDS_MAX)


class SignForm(forms.Form):
    words = words(_("签署意见"), most=WORDS_MAX)
