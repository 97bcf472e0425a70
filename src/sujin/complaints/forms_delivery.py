"""Where a letter goes by wire: an address the customer gave, or one typed for a second reader."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models import Party
from sujin.complaints.models.dispatch import ADDRESSES
from sujin.platform.masking import masked

OTHER = "other"


class DeliveryForm(forms.Form):
    """One way of sending; ``given`` is what ``dispatch.queue`` takes."""

    to = forms.ChoiceField(label=_("发到"), widget=forms.RadioSelect)
    typed = forms.CharField(
        label=_("手工填写的地址"),
        max_length=120,
        required=False,
        help_text=_("先由另一个人复核，再发送"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sure = forms.BooleanField(label=_("已核对收件人和信函，确认发送"))

    def __init__(self, data: Any = None, *, way: str, parties: list[Party]) -> None:
        super().__init__(data, prefix=way)
        self.way = way
        choice = self.fields["to"]
        assert isinstance(choice, forms.ChoiceField)
        known = [(str(party.pk), _shown(party, way)) for party in parties if _held(party, way)]
        choice.choices = [*known, (OTHER, _t("其他地址"))]
        choice.initial = known[0][0] if known else OTHER

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        if given.get("to") == OTHER and not given.get("typed", "").strip():
            self.add_error("typed", _t("请填写地址"))
        return given

    @property
    def given(self) -> dict[str, Any]:
        to = self.cleaned_data["to"]
        if to == OTHER:
            return {"way": self.way, "typed": self.cleaned_data["typed"].strip()}
        return {"way": self.way, "party": int(to)}


class StopForm(forms.Form):
    """Why a letter is taken out of the outbox."""

    because = forms.CharField(label=_("为什么停止发送"), max_length=100)


def _held(party: Party, way: str) -> str:
    return str(getattr(party, ADDRESSES[way]))


def _shown(party: Party, way: str) -> str:
    return f"{masked('name', party.name)}  {masked(ADDRESSES[way], _held(party, way))}".strip()
