"""What staff fill in to investigate, answer, call back."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin import packs
from sujin.complaints import words
from sujin.complaints.acts.reply import BODY_MAX, REASON_MAX
from sujin.complaints.forms import CaseForm, MaskedField
from sujin.complaints.kinds.base import in_language
from sujin.complaints.models import Complaint
from sujin.complaints.models.letter import KINDS
from sujin.complaints.rulebook import HOUSE_PACK, taxonomy

REMEDY_MAX = Decimal("99999999")


def _rows(axis: str) -> list[tuple[str, str]]:
    english = words.is_english()
    found = [row for row in taxonomy().values() if row.axis == axis]
    return [(row.code, row.en if english else row.zh) for row in found]


class InvestigateForm(CaseForm):
    findings = MaskedField(
        label=_("查了什么，查到什么"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 4000}),
    )
    fault = forms.ChoiceField(label=_("行方原因"))
    liable = forms.CharField(
        label=_("责任机构或岗位"),
        max_length=24,
        required=False,
        help_text=_("银行无过错时留空"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["fault"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "—"), *_rows("fault")]
        choice.initial = self.case.fault


class DraftForm(CaseForm):
    kind = forms.ChoiceField(label=_("信函"), choices=list(KINDS.items()), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = "extension" if self.case.untold else "decision"


class CallBackForm(CaseForm):
    body = "complaints/partials/call_back.html"

    @property
    def script(self) -> list[str]:
        """What is said to the customer, line by line."""
        rows = packs.rows(HOUSE_PACK, "call_back_script")
        return [in_language({"zh": row["zh"], "en": row["en"]}) for row in rows]

    satisfied = forms.ChoiceField(
        label=_("客户对答复"),
        choices=[("yes", _("满意")), ("no", _("不满意")), ("unreached", _("未接通"))],
        widget=forms.RadioSelect,
    )
    note = MaskedField(
        label=_("客户怎么说"),
        max_length=400,
        required=False,
        help_text=_("不满意的，登记后提高一级重新办理"),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 400}),
    )

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        if given.get("satisfied") == "no" and not given.get("note", "").strip():
            self.add_error("note", _t("请写下客户不满意什么"))
        return given


class LetterForm(forms.Form):
    """The words of a letter, in Markdown; a heading of two signs begins a section."""

    body = forms.CharField(
        label=_("正文"),
        max_length=BODY_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "false"}),
    )


class SubmitForm(forms.Form):
    """What the letter decides, for whoever reads it with the second pair of eyes."""

    finding = forms.ChoiceField(label=_("处理结论"))
    remedy = forms.DecimalField(
        label=_("赔付金额（元）"),
        required=False,
        min_value=0,
        max_value=REMEDY_MAX,
        decimal_places=2,
    )
    reason = MaskedField(
        label=_("不按尺度的理由"),
        max_length=REASON_MAX,
        required=False,
        help_text=_("赔付超出处理尺度时必填，复核人会看到"),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": REASON_MAX}),
    )

    def __init__(self, *args: Any, kind: str, case: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["finding"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "—"), *_rows("finding")]
        choice.required = kind == "decision"
        if kind != "decision":
            del self.fields["finding"], self.fields["remedy"], self.fields["reason"]

    @property
    def given(self) -> dict[str, Any]:
        return {
            "finding": self.cleaned_data.get("finding", ""),
            "remedy": self.cleaned_data.get("remedy"),
            "reason": self.cleaned_data.get("reason", ""),
        }


class SendForm(forms.Form):
    """How it reached the customer: the proof that article 21 wants kept."""

    way = forms.ChoiceField(
        label=_("送达方式"),
        choices=[
            ("letter", _("交付或邮寄")),
            ("email", _("邮件")),
            ("sms", _("短信")),
            ("phone", _("电话告知")),
            ("face", _("当面告知")),
        ],
    )
    proof = forms.CharField(
        label=_("送达凭据"),
        max_length=200,
        help_text=_("快递单号、短信流水、通话时间等"),
    )
