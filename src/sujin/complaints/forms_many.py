"""What is asked for when several cases are done at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.acts.do_many import OF_CASES
from sujin.complaints.forms import MaskedField, MomentField
from sujin.complaints.forms_custody import organisation
from sujin.platform.models import Org


class ManyForm(forms.Form):
    """The verb; a hand-over asks where to and why, a nudge may say something."""

    verb = forms.ChoiceField(
        label=_("批量"), choices=[(code, verb.label) for code, verb in OF_CASES.items()]
    )
    to = forms.CharField(
        label=_("移交给"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "desks", "autocomplete": "off"}),
    )
    because = MaskedField(label=_("理由或要说的话"), max_length=300, required=False)
    told = MaskedField(label=_("交给上级的：怎么告诉客户的"), max_length=300, required=False)
    promised_at = MomentField(label=_("答应客户最迟何时回电"), required=False)

    def clean_to(self) -> Org | None:
        asked = self.cleaned_data["to"].strip()
        return organisation(asked) if asked else None

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        if given.get("verb") == "hand_over":
            if not given.get("to") and "to" not in self.errors:
                self.add_error("to", _t("请填移交给哪个机构"))
            if not given.get("because"):
                self.add_error("because", _t("请写明移交理由"))
        return given

    @property
    def given(self) -> dict[str, Any]:
        """The act's keyword arguments."""
        data = self.cleaned_data
        return {
            "claim": {},
            "hand_over": {name: data[name] for name in ("to", "because", "told", "promised_at")},
            "urge": {"words": data["because"]},
        }[data["verb"]]
