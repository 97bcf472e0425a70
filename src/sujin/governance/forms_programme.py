"""What is written down of a programme, a notice, and their tasks."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.governance.forms_ledger import owning
from sujin.governance.kinds import programme as kinds
from sujin.governance.taskcheck import in_its_unit, offered
from sujin.platform.models import Org
from sujin.platform.ui.forms import words as words_field

WORDS_MAX = 600


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, required=required)


class ProgrammeForm(forms.Form):
    sort = forms.ChoiceField(
        label=_("哪一种"), choices=list(kinds.SORTS.items()), widget=forms.RadioSelect,
        initial=kinds.PLAN,
    )  # fmt: skip
    name = forms.CharField(label=_("名称"), max_length=200)
    agency = forms.CharField(
        label=_("来文机关"), max_length=60, required=False, help_text=_("督查通知书填写")
    )
    reference = forms.CharField(label=_("文号"), max_length=60, required=False)
    received_on = _day(_("收到日期"), required=False)
    answer_by = _day(_("答复期限"), required=False)


class TaskForm(forms.Form):
    area = forms.CharField(label=_("领域"), max_length=40, required=False)
    words = words_field(_("做什么"), _("一项一条；督查要求照原文写"), most=WORDS_MAX)
    owner = forms.ModelChoiceField(Org.objects.none(), label=_("谁做"))
    due_on = _day(_("期限"))
    metric = forms.ChoiceField(
        label=_("用哪个指标核对"), required=False, help_text=_("每天对全部投诉核对；里程碑不选")
    )
    target = forms.FloatField(
        label=_("目标"), required=False, min_value=0,
        help_text=_("占比写百分数，时长写天数；方向按指标目录"),
    )  # fmt: skip

    def __init__(self, at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner, metric = self.fields["owner"], self.fields["metric"]
        assert isinstance(owner, forms.ModelChoiceField)
        assert isinstance(metric, forms.ChoiceField)
        owner.queryset = owning()
        metric.choices = [("", _t("不用指标（里程碑）")), *offered()]
        self.fields["due_on"].initial = timezone.localdate(at) + timedelta(days=90)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("metric") and told.get("target") is None:
            self.add_error("target", _t("选了指标，请写目标"))
        elif told.get("metric"):
            told["target"] = in_its_unit(told["metric"], told["target"])
        return told


class ProofForm(forms.Form):
    proof = words_field(_("做了什么"), _("文号、照片、系统上线批次：凭什么能看到"), most=WORDS_MAX)


class BecauseForm(forms.Form):
    because = words_field(_("理由"), most=WORDS_MAX)
