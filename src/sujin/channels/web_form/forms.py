"""What the public form asks: the matter first, then who to answer. Every question says why."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.channels.fields import NAME_MAX, as_said
from sujin.channels.web_form import numbers, places
from sujin.complaints.draft import CaseKind
from sujin.complaints.forms import FilesField
from sujin.complaints.rulebook import rulebook
from sujin.engine.text import fold
from sujin.platform.files import MAX_BYTES, MAX_FILES, MEGABYTE, CannotAttach, Checked, check

ACCEPTED = "image/*,audio/*,video/mp4,.pdf,.docx,.xlsx,.txt"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few large choices: its name and what it means."""

    name: Promise
    means: Promise

    def __str__(self) -> str:
        return str(self.name)


KINDS = {
    CaseKind.COMPLAINT: Choice(_("投诉"), _("我的权益受到了损害，要求处理")),
    CaseKind.CONSULTATION: Choice(_("咨询"), _("有事情不明白，想问清楚")),
    CaseKind.SUGGESTION: Choice(_("建议"), _("有个主意，希望银行改进")),
}
CARE = {
    "elderly": Choice(_("老年人"), _("希望慢慢说，字大一些")),
    "disabled": Choice(_("残障人士"), _("听、看、说或行动不便")),
    "minor": Choice(_("未成年人"), _("未满 18 岁")),
    "hardship": Choice(_("生活困难"), _("低保、重病或急等用钱")),
}


class Words(forms.CharField):
    """Typed text as it was meant."""

    def to_python(self, value: Any) -> str:
        return super().to_python(as_said(value)) or ""


class PapersField(FilesField):
    """Every bad file is named; the good ones beside it stay in ``good`` and are not sent twice."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.good: list[Checked] = []

    def clean(self, data: Any, initial: Any = None) -> list[Checked]:
        wrong = []
        self.good = []
        for file in data if isinstance(data, list) else []:
            try:
                self.good.append(check(file))
            except CannotAttach as refusal:
                wrong.append(str(refusal))
        if wrong:
            raise ValidationError(wrong)
        return self.good


class WhatForm(forms.Form):
    """Screen 1: what happened. ``waiting`` is how many files are already kept."""

    text = Words(
        label=_("发生了什么事"),
        help_text=_(
            "什么时候、在哪里、和谁有关、您希望怎么解决，想到什么写什么。密码和验证码请不要写。"
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("还没有写：请用一两句话说说发生了什么事")},
    )
    kind = forms.ChoiceField(
        label=_("您希望我们做什么"),
        choices=list(KINDS.items()),
        initial=CaseKind.COMPLAINT.value,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项"), "invalid_choice": _("请从三项中选一项")},
    )
    papers = PapersField(label=_("照片或文件"), required=False)

    def __init__(self, *args: Any, waiting: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._room = MAX_FILES - waiting
        papers = self.fields["papers"]
        papers.widget.attrs["accept"] = ACCEPTED
        papers.help_text = _t("不是必须的。最多 %(n)d 个，每个不超过 %(mb)d MB。") % {
            "n": MAX_FILES,
            "mb": MAX_BYTES // MEGABYTE,
        }

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        most = rulebook().text_max
        if not fold(text):
            raise ValidationError(_t("还没有写：请用一两句话说说发生了什么事"))
        if len(text) > most:
            raise ValidationError(
                _t("写了 %(have)d 字，最多 %(most)d 字；请只留要点，其余的存成文件一起上传")
                % {"have": len(text), "most": most}
            )
        return text

    def clean_papers(self) -> list[Checked]:
        papers: list[Checked] = self.cleaned_data["papers"]
        if len(papers) > self._room:
            raise ValidationError(
                _t("一件事最多 %(n)d 个文件；请先移除一些，或分两次提交") % {"n": MAX_FILES}
            )
        return papers

    @property
    def good_papers(self) -> list[Checked]:
        """The files that may wait, as many as there is room for, whatever else was refused."""
        field = self.fields["papers"]
        assert isinstance(field, PapersField)
        return field.good[: self._room]


def _name(label: Any, why: Any, *, required: bool = True) -> forms.CharField:
    missing = {"required": _("请填姓名")}
    return Words(
        label=label, help_text=why, max_length=NAME_MAX, required=required, error_messages=missing
    )


class WhoForm(forms.Form):
    """Screen 2: whom to answer. Only a complaint needs a name and a telephone."""

    name = _name(_("您的姓名"), _("联系时好称呼您。"))
    phone = Words(
        label=_("您的电话"),
        help_text=_("只用来就这件事联系您。手机，或区号加固定电话。"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("请填一个能找到您的电话")},
    )
    place = forms.ChoiceField(
        label=_("和哪家分行或网点有关"),
        help_text=_("知道就选，能少转一次手；不清楚不用选。"),
        required=False,
        error_messages={"invalid_choice": _("没有这家机构；请重新选，或选“不清楚”")},
    )
    care = forms.MultipleChoiceField(
        label=_("需要我们特别照顾的（没有不选）"),
        choices=list(CARE.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_agent = forms.BooleanField(label=_("我是替别人反映的"), required=False)
    customer = _name(_("您替谁反映"), _("办理业务的本人的姓名。"), required=False)
    customer_phone = Words(
        label=_("本人的电话"),
        help_text=_("我们会向本人核实授权，填了能快些。"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    authority = Words(
        label=_("凭什么替本人办"),
        help_text=_("例如：委托书，3月1日本人签字，已拍照上传。规定要求代理人提供授权。"),
        max_length=200,
        required=False,
    )
    paper = Words(label=_("本人的证件号码"), max_length=40, required=False)
    account = Words(label=_("有关的卡号或账号"), max_length=60, required=False)

    def __init__(self, *args: Any, kind: str, places: places.Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = places
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)
        place.choices = places
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        for name in ("paper", "account"):
            self.fields[name].widget.attrs.update({"autocomplete": "off"})
        for name in ("name", "phone"):
            self.fields[name].required = kind == CaseKind.COMPLAINT
            self.fields[name].widget.is_required = kind == CaseKind.COMPLAINT

    def clean_phone(self) -> str:
        return self._phone("phone")

    def clean_customer_phone(self) -> str:
        return self._phone("customer_phone")

    def _phone(self, field: str) -> str:
        said: str = self.cleaned_data[field]
        found = numbers.phone(said)
        if said and not found:
            raise ValidationError(
                _t("电话不对：手机是 11 位数字，固定电话请加区号，例如 010-88886666")
            )
        return found

    def clean_paper(self) -> str:
        said: str = self.cleaned_data["paper"]
        found = numbers.paper(said)
        if said and not found:
            raise ValidationError(_t("证件号码有误：请对照证件再看一遍；这一项不填也可以"))
        return found

    def clean_account(self) -> str:
        said: str = self.cleaned_data["account"]
        found = numbers.account(said)
        if said and not found:
            raise ValidationError(_t("卡号或账号应是 8 到 32 位数字；这一项不填也可以"))
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("is_agent"):
            if not given.get("customer"):
                self.add_error("customer", _t("请写明您替谁反映"))
            if not given.get("authority"):
                self.add_error("authority", _t("请写明授权；没有授权书，可请本人直接反映"))
        return given

    @property
    def place_name(self) -> str:
        """The chosen branch by name; empty when none was chosen."""
        groups = [names for _group, names in self._places if isinstance(names, list)]
        names = {code: name for group in groups for code, name in group}
        return names.get(self.cleaned_data["place"], "").strip()

    @property
    def care_names(self) -> list[Choice]:
        return [CARE[flag] for flag in self.cleaned_data["care"]]

    @property
    def opens_last_resort(self) -> bool:
        """Whether the optional numbers were filled in, or came back with an error."""
        names = ("paper", "account")
        return any(self[name].value() or self[name].errors for name in names)
