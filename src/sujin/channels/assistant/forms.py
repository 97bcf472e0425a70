"""What the assistant asks: one line of words; and, to hand a matter over, whom to call back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.channels.fields import NAME_MAX
from sujin.channels.web_form import numbers
from sujin.channels.web_form.forms import KINDS, Words
from sujin.complaints.draft import CaseKind
from sujin.knowledge.models.conversation import WORDS_MAX

MORE_MAX = 2_000
OFFERED_KINDS = (CaseKind.COMPLAINT, CaseKind.CONSULTATION)


class AskForm(forms.Form):
    """One question; its length is judged where the turn is taken, in the same words for all."""

    words = Words(
        label=_("您想问什么"),
        help_text=_("请不要写姓名、电话、卡号、密码和验证码。"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": WORDS_MAX, "enterkeyhint": "send"}),
    )


class PersonForm(forms.Form):
    """Whom a person shall call; ``kind`` was guessed from the words, the customer decides."""

    kind = forms.ChoiceField(
        label=_("您希望我们做什么"),
        choices=[(kind.value, KINDS[kind]) for kind in OFFERED_KINDS],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项"), "invalid_choice": _("请从两项中选一项")},
    )
    name = Words(
        label=_("您的姓名"),
        help_text=_("联系时好称呼您。"),
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("请填姓名")},
    )
    phone = Words(
        label=_("您的电话"),
        help_text=_("只用来就这件事联系您。手机，或区号加固定电话。"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("请填一个能找到您的电话")},
    )
    more = Words(
        label=_("还想补充的"),
        help_text=_("不是必须的。前面说过的不用再写。"),
        max_length=MORE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_phone(self) -> str:
        found = numbers.phone(self.cleaned_data["phone"])
        if not found:
            raise ValidationError(
                _t("电话不对：手机是 11 位数字，固定电话请加区号，例如 010-88886666")
            )
        return found

    def given(self) -> dict[str, Any]:
        """What was filled in, cleaned."""
        return dict(self.cleaned_data)
