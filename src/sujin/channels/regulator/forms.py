"""A transfer letter as a form, one by one or as a row of a file; the same rules for both."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.channels.fields import (
    EARLIEST_YEAR,
    DocumentField,
    Fault,
    OrgField,
    PhoneField,
    ReceivedField,
    SaidField,
    refuse_unlikely,
)
from sujin.channels.intake_form import NameField
from sujin.channels.orgs import Known
from sujin.channels.regulator import receive, sheet
from sujin.complaints import words
from sujin.complaints.rulebook import name_of

# A reply date further away is a slip of the keyboard: the longest limit of Order 3 is 60 days.
DUE_WITHIN = timedelta(days=366)
REFERENCE_MAX = 60


class DayField(forms.DateField):
    """A date as people and spreadsheets write it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)

    def to_python(self, value: Any) -> date | None:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            raise Fault(
                _t("“%(given)s” 不是日期") % {"given": value}, _t("请写成 2026-03-02")
            ) from None


class LetterForm(forms.Form):
    """The facts of one letter. ``agency`` is cleaned to the name the letter is filed under."""

    agency: forms.Field = forms.CharField(label=_("转办机构"), max_length=60)
    reference = forms.CharField(
        label=_("文号"),
        max_length=REFERENCE_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    transferred_on = DayField(label=_("转办日期"), required=False)
    due_on = DayField(label=_("反馈期限"), required=False)
    name = NameField()
    phone = PhoneField(label=_("手机号"))
    id_number = DocumentField(label=_("身份证号"))
    text = SaidField(label=_("投诉内容"))
    branch = OrgField(label=_("涉及机构"))
    received_at = ReceivedField(label=_("收到时间（空为现在）"))

    def __init__(self, *args: Any, at: datetime, known: Known | None = None, **kwargs: Any) -> None:
        self.at = at
        super().__init__(*args, **kwargs)
        branch = self.fields["branch"]
        assert isinstance(branch, OrgField)
        branch.known = known

    def clean_agency(self) -> str:
        return receive.agency_named(self.cleaned_data["agency"])

    def clean_received_at(self) -> datetime:
        moment: datetime = self.cleaned_data["received_at"] or self.at
        refuse_unlikely(moment, at=self.at)
        return moment

    def clean_transferred_on(self) -> date | None:
        day: date | None = self.cleaned_data["transferred_on"]
        if day and day.year < EARLIEST_YEAR:
            raise Fault(
                _t("转办日期不能早于 %(year)d 年") % {"year": EARLIEST_YEAR}, _t("请核对年份")
            )
        if day and day > timezone.localdate(self.at):
            raise Fault(_t("转办日期不能晚于今天"), _t("请对照转办函核对"))
        return day

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        sent = self.cleaned_data.get("transferred_on")
        if day and sent and day < sent:
            raise Fault(_t("反馈期限早于转办日期"), _t("请对照转办函核对"))
        if day and day > timezone.localdate(self.at) + DUE_WITHIN:
            raise Fault(_t("反馈期限在一年以后"), _t("请对照转办函核对年份"))
        if day and day.year < EARLIEST_YEAR:
            raise Fault(
                _t("反馈期限不能早于 %(year)d 年") % {"year": EARLIEST_YEAR}, _t("请核对年份")
            )
        return day


class TransferForm(LetterForm):
    """One letter filled in by hand: the agency is chosen, and any other one is written out."""

    agency = forms.ChoiceField(label=_("转办机构"))
    agency_other = forms.CharField(
        label=_("其他机构名称"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("选“其他机构”时填写")}),
    )
    field_order = ("agency", "agency_other")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency = self.fields["agency"]
        assert isinstance(agency, forms.ChoiceField)
        english = words.is_english()
        agency.choices = [
            *((code, name_of("source", code, english=english)) for code in receive.AGENCIES),
            (receive.OTHER, _("其他机构")),
        ]

    def clean_agency(self) -> str:
        return str(self.cleaned_data["agency"])

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        chosen, other = given.get("agency", ""), given.get("agency_other", "").strip()
        if chosen == receive.OTHER and not other:
            self.add_error("agency_other", Fault(_t("没有机构名称"), _t("请写明是哪个机构转来的")))
        named = receive.agency_named(other)
        return {**given, "agency": receive.agencies().get(chosen, named)}


class BatchForm(forms.Form):
    """A file of letters; ``clean_file`` gives its rows."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("XLSX 或 CSV，不超过 5 MB、5000 行"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> sheet.Sheet:
        handed = self.cleaned_data["file"]
        return sheet.take(handed.name, handed.size, handed.read)
