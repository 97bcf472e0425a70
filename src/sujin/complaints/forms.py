"""What staff fill in about a case. Every choice comes from the pack."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints import words
from sujin.complaints.desks import Desks
from sujin.complaints.kinds.care import OBJECTORS
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import name_of, rulebook, taxonomy
from sujin.engine.text import redact
from sujin.platform import files
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest


class CaseForm(forms.Form):
    """A form about one case, filled in by one member of staff."""

    def __init__(self, *args: Any, case: Complaint, request: StaffRequest, **kwargs: Any) -> None:
        self.case, self.asked = case, request
        super().__init__(*args, **kwargs)

    @property
    def around(self) -> Desks:
        """The organisations around the case: looked up once for all the forms of a page."""
        found: Desks = self.asked.__dict__.setdefault("_desks", Desks(self.asked.at))
        return found


BECAUSE = _("理由")
_MOMENT = "%Y-%m-%dT%H:%M"


class MaskedField(forms.CharField):
    """Words for the docket: personal data in them is masked before anybody stores them."""

    def clean(self, value: Any) -> str:
        return redact(super().clean(value) or "").text


class MomentField(forms.DateTimeField):
    """A moment of the bank's own day."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)
        super().__init__(widget=widget, **kwargs)


def because(label: Any = BECAUSE) -> forms.CharField:
    """The reason that every change of a case asks for."""
    return MaskedField(
        label=label, max_length=300, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300})
    )


class NothingForm(CaseForm):
    """A verb that needs no more than the click."""


class BecauseForm(CaseForm):
    because = because()


class WithdrawForm(CaseForm):
    because = because(_("客户怎么说的"))
    is_confirmed = forms.BooleanField(
        label=_("已核对：客户本人或有授权的代理人明确表示撤回，凭据已存"),
        error_messages={"required": _("请先与客户核对，再勾选这一项")},
    )


class RecuseForm(CaseForm):
    person = forms.CharField(label=_("须回避的人员"), max_length=32, help_text=_("填工号"))
    because = because(_("回避事由"))

    def clean_person(self) -> Person:
        found = Person.objects.filter(staff_no=self.cleaned_data["person"].strip()).first()
        if found is None:
            raise ValidationError(_t("没有这个工号"))
        return found


class RespondForm(CaseForm):
    way = forms.ChoiceField(
        label=_("方式"),
        choices=[
            ("phone", _("电话")),
            ("face", _("面谈")),
            ("sms", _("短信")),
            ("letter", _("信函")),
        ],
    )
    note = forms.CharField(
        label=_("沟通内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class NoteForm(CaseForm):
    note = forms.CharField(
        label=_("办理记录"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ObjectionForm(CaseForm):
    who = forms.ChoiceField(label=_("谁提出"), choices=list(OBJECTORS.items()))
    words = forms.CharField(
        label=_("异议内容"),
        help_text=_(
            "客户不认可被当作职业代理或有组织投诉时登记。转交有权核查的人；"
            "不影响本件办理，是否有核查、结果如何都不在这里显示"
        ),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each checked by its bytes; ``clean`` gives ``list[Checked]``."""

    def __init__(self, **kwargs: Any) -> None:
        accepted = ",".join(f".{ending}" for ending in files.ENDINGS)
        super().__init__(widget=ManyFiles(attrs={"multiple": True, "accept": accepted}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[files.Checked]:
        handed = [item for item in (data if isinstance(data, list | tuple) else [data]) if item]
        if not handed:
            if self.required:
                raise ValidationError(_t("请选择文件"))
            return []
        try:
            return files.check_all(handed)
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from None


class AttachForm(CaseForm):
    papers = FilesField(label=_("材料"))


class RevealForm(CaseForm):
    because = forms.ChoiceField(label=_("查看事由"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = "en" if words.is_english() else "zh"
        reasons = rulebook().manifest["personal"]["reveal"]
        choice = self.fields["because"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(row["code"], row[language]) for row in reasons]


class RetierForm(CaseForm):
    to = forms.ChoiceField(label=_("调整为"), choices=list(words.TIERS.items()))
    because = because()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["to"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [pair for pair in words.TIERS.items() if pair[0] != self.case.tier]


class ReclassifyForm(CaseForm):
    to = forms.ChoiceField(label=_("改为"))
    because = because()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["to"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [pair for pair in words.KINDS.items() if pair[0] != self.case.kind]


class RecodeForm(CaseForm):
    business = forms.ChoiceField(label=_("业务类别"))
    cause = forms.ChoiceField(label=_("投诉原因"), required=False)
    because = because(_("更正理由"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for axis in ("business", "cause"):
            choice = self.fields[axis]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = codes(axis, self.case.pack)
            choice.initial = getattr(self.case, axis)


class MergeForm(CaseForm):
    into = forms.CharField(
        label=_("并入编号"),
        max_length=16,
        help_text=_("填接着办的那一件：期限早的、分级高的、监管转办的接着办，另一件并入它"),
    )
    because = because(_("并案理由"))
    identity = MaskedField(
        label=_("怎样核实是同一客户"),
        max_length=400,
        required=False,
        help_text=_("两件登记了相同的电话或证件的不必填；有一件没有登记客户信息的必须写明"),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 400}),
    )

    def clean_into(self) -> Complaint:
        return another(self.cleaned_data["into"], self.asked)


class PartForm(CaseForm):
    contact = forms.IntegerField(widget=forms.HiddenInput)
    because = because(_("为什么不是这一件"))


class DistinguishForm(CaseForm):
    other = forms.CharField(label=_("另一件的编号"), max_length=16)

    def clean_other(self) -> Complaint:
        return another(self.cleaned_data["other"], self.asked)


def another(number: str, request: StaffRequest) -> Complaint:
    """The case of that number; who may not see it is told that there is none."""
    found = Complaint.objects.within(request.reach).filter(number=number.strip()).first()
    if found is None:
        raise ValidationError(_t("没有这个编号，或不在你的权限范围内"))
    return found


def codes(axis: str, pack: str) -> list[tuple[str, str]]:
    """Every code of the axis, inner ones too, by its full name."""
    rows = [row.code for row in taxonomy(pack).values() if row.axis == axis]
    english = words.is_english()
    return [("", "—"), *((code, name_of(axis, code, english=english, pack=pack)) for code in rows)]
