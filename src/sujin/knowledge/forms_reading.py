"""What a person fills in about issues, reading and revisions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sujin.knowledge.kinds.issue import SERIES
from sujin.knowledge.models.issue import compilable
from sujin.knowledge.rules import reasons
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.reach import Reach
from sujin.platform.ui.forms import words as words_field

RECEIVING = (OrgKind.HEAD, OrgKind.BRANCH1, OrgKind.COMPANY, OrgKind.CENTRE)
CHAPTERS = "场景问答\n应答口径\n处理标准与指引\n联系目录"


class BeginForm(forms.Form):
    series = forms.ChoiceField(label=_("系列"), choices=list(SERIES.items()))
    name = forms.CharField(label=_("标题"), max_length=80, help_text=_("不写期号，期号自动编排"))
    chapters = words_field(_("章名"), _("每行一章，以后可以改"), rows=5, most=900)

    def clean_chapters(self) -> list[str]:
        return [line for line in self.cleaned_data["chapters"].splitlines() if line.strip()]


class AbandonForm(forms.Form):
    because = words_field(_("理由"), rows=2, most=300)


class NoForm(forms.Form):
    """Nothing is asked."""


class DistributeForm(forms.Form):
    """To whom, until when, and what is asked besides reading. Offered is what is at or below the
    organisations where the person compiles."""

    orgs = forms.ModelMultipleChoiceField(
        label=_("下发机构"),
        queryset=Org.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("所选机构和它下面的各部门、支行、网点都要学"),
    )
    read_by = forms.DateField(label=_("学习期限"), widget=forms.DateInput(attrs={"type": "date"}))
    wants_quiz = forms.BooleanField(label=_("须通过小测"), required=False)
    wants_measures = forms.BooleanField(label=_("各单位写本地举措"), required=False)

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["orgs"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Org.objects.filter(compilable(reach), kind__in=RECEIVING).order_by("path")

    def clean_orgs(self) -> list[Org]:
        return list(self.cleaned_data["orgs"])


class MeasureForm(forms.Form):
    words = words_field(_("本单位怎样做"), _("写具体做法、谁负责、从哪天起"), rows=4, most=1000)


class FeedbackForm(forms.Form):
    """Why it did not work; personal data in the words is masked when it is kept."""

    reason = forms.ChoiceField(label=_("哪里不好用"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("具体情况"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 500}),
        help_text=_("不要写客户姓名和号码；写了也会自动遮蔽"),
    )
    case = forms.CharField(
        label=_("投诉编号"),
        required=False,
        max_length=24,
        help_text=_("写作 2026-0000417，只有归口部门看到；可以不填"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.code, one.name) for one in reasons().values() if one.offered]


class AnswerForm(forms.Form):
    words = words_field(_("答复"), _("提出的人会看到"), rows=3, most=500)
