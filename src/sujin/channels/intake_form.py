"""The form that staff fill in while the customer is speaking, at a counter or on the phone."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.channels.drafting import representative
from sujin.channels.fields import (
    LATE_AFTER,
    NAME_MAX,
    CardField,
    DocumentField,
    Fault,
    PhoneField,
    ReceivedField,
    SaidField,
    refuse_unlikely,
)
from sujin.complaints import words
from sujin.complaints.draft import PartyDraft
from sujin.complaints.forms import FilesField, codes
from sujin.complaints.rulebook import HOUSE_PACK, rulebook
from sujin.platform.reach import Reach

# Parts of the page that stay folded until they are needed.
FOLDED = {
    "people": (
        "vulnerable",
        "spoken_by",
        "other_name",
        "other_phone",
        "other_id_number",
        "authority",
        "representatives",
    ),
    "papers": ("papers",),
    "time": ("received_at", "late_because"),
}
AMOUNT_MAX = Decimal("99999999999999")
PEOPLE_MAX = 1_000_000


def fresh_token() -> str:
    """What makes a form that is sent twice one case."""
    return uuid.uuid4().hex


class NameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("姓名"))
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(max_length=NAME_MAX, required=False, widget=widget, **kwargs)


class TokenField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(max_length=32, min_length=8, initial=fresh_token, widget=forms.HiddenInput)


class BudForm(forms.Form):
    """记一条苗头: one sentence and nothing else."""

    text = SaidField(
        label=_("记一条苗头"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": _("一句话：听到的抱怨、咨询里的苗头")}
        ),
    )
    token = TokenField()


class IntakeForm(forms.Form):
    """The words first; who said them; what was read out of them; the rest only where it applies."""

    text = SaidField()
    kind = forms.ChoiceField(
        label=_("类型"),
        choices=[(code, words.KINDS[code]) for code in ("complaint", "consultation", "suggestion")],
        initial="complaint",
        required=False,
        widget=forms.RadioSelect,
    )
    name = NameField()
    phone = PhoneField(label=_("手机号"))
    id_number = DocumentField(label=_("证件号码"))
    card = CardField(label=_("卡号"))
    vulnerable = forms.MultipleChoiceField(
        label=_("需要特别照顾"),
        choices=list(words.VULNERABLE.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    business = forms.ChoiceField(label=_("业务类别"), required=False)
    cause = forms.ChoiceField(label=_("投诉原因"), required=False)
    amount = forms.DecimalField(
        label=_("涉及金额（元）"),
        required=False,
        min_value=0,
        max_value=AMOUNT_MAX,
        decimal_places=2,
    )
    people = forms.IntegerField(
        label=_("投诉人数"), required=False, min_value=1, max_value=PEOPLE_MAX
    )
    business_read = forms.CharField(required=False, widget=forms.HiddenInput)
    cause_read = forms.CharField(required=False, widget=forms.HiddenInput)
    amount_read = forms.CharField(required=False, widget=forms.HiddenInput)
    people_read = forms.CharField(required=False, widget=forms.HiddenInput)

    spoken_by = forms.ChoiceField(
        label=_("来反映的人"),
        choices=[
            ("self", _("客户本人")),
            ("agent", words.PARTY_ROLES["agent"]),
            ("heir", words.PARTY_ROLES["heir"]),
        ],
        initial="self",
        required=False,
        widget=forms.RadioSelect,
    )
    other_name = NameField(label=_("代理人或继承人姓名"))
    other_phone = PhoneField(label=_("代理人或继承人手机号"))
    other_id_number = DocumentField(label=_("代理人或继承人证件号码"))
    authority = forms.CharField(
        label=_("授权或继承材料"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("如：授权委托书原件，亲笔签名")}),
    )
    representatives = forms.CharField(
        label=_("共同投诉代表人"),
        required=False,
        help_text=_("每行一人：姓名 手机号 证件号码，用空格分开，最多 5 人"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    papers = FilesField(label=_("材料"), required=False)
    received_at = ReceivedField()
    late_because = forms.CharField(
        label=_("补录原因"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("早于一天前时须填写")}),
    )
    token = TokenField()

    def __init__(self, *args: Any, at: datetime, reach: Reach, **kwargs: Any) -> None:
        self.at, self.reach = at, reach
        super().__init__(*args, **kwargs)
        for axis in ("business", "cause"):
            choice = self.fields[axis]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = codes(axis, HOUSE_PACK)

    def defaults(self) -> dict[str, Any]:
        """What a door's own fields count as while they are empty."""
        return {}

    @property
    def opened(self) -> set[str]:
        """The folded parts that hold something, or something wrong."""
        return {
            part
            for part, names in FOLDED.items()
            if any(self[name].errors or self._is_filled(name) for name in names)
        }

    def _is_filled(self, name: str) -> bool:
        return self[name].value() not in (None, "", "self", [], ())

    def clean_received_at(self) -> datetime:
        moment: datetime = self.cleaned_data["received_at"] or self.at
        refuse_unlikely(moment, at=self.at)
        return moment

    def clean_representatives(self) -> tuple[PartyDraft, ...]:
        lines = [line.split() for line in self.cleaned_data["representatives"].splitlines()]
        named = [line for line in lines if line]
        limit = int(rulebook().manifest["limits"]["representatives_max"])
        if len(named) > limit:
            raise Fault(
                _t("代表人 %(n)d 人，不能超过 %(limit)d 人（银保监会令2020年第3号 第十二条）")
                % {"n": len(named), "limit": limit},
                _t("请客户推选代表人，其余人数填在投诉人数里"),
            )
        return tuple(representative(line) for line in named)

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        self._ask_authority(given)
        received = given.get("received_at")
        is_late = received is not None and self.at - received > LATE_AFTER
        if is_late and not given.get("late_because", "").strip():
            self.add_error(
                "late_because",
                Fault(_t("受理时间在一天以前"), _t("请写明补录原因，随件保存")),
            )
        return given

    def _ask_authority(self, given: Mapping[str, Any]) -> None:
        if given.get("spoken_by") not in {"agent", "heir"}:
            return
        if not given.get("other_name"):
            self.add_error("other_name", Fault(_t("没有姓名"), _t("请填代理人或继承人的姓名")))
        if given["spoken_by"] == "agent" and not given.get("authority", "").strip():
            self.add_error(
                "authority",
                Fault(
                    _t("代理人须有授权委托书（银保监会令2020年第3号 第十四条）"),
                    _t("请写明授权材料，并上传原件的照片"),
                ),
            )
