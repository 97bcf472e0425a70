"""What is filled in about plans, inspections, shortcomings and recordings."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sujin.complaints.forms import FilesField
from sujin.platform.models import Org
from sujin.platform.ui.forms import words
from sujin.platform.ui.request import StaffRequest
from sujin.supervision.inspectionbook import sorts
from sujin.supervision.kinds import shortcoming
from sujin.supervision.models.inspection import PLAN

DAY = timedelta(days=1)
WORDS_MAX = 500
MOMENT = "%Y-%m-%dT%H:%M"


class DateInput(forms.DateInput):
    input_type = "date"


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"


class PlanForm(forms.Form):
    """``places`` are those for which the person may draw."""

    org = forms.ModelChoiceField(label=_("为哪个机构"), queryset=Org.objects.none())
    name = forms.CharField(label=_("名称"), max_length=80)
    sort = forms.ChoiceField(label=_("哪一种"), widget=forms.RadioSelect)
    first = forms.DateField(label=_("从"), widget=DateInput(format="%Y-%m-%d"))
    last = forms.DateField(label=_("到"), widget=DateInput(format="%Y-%m-%d"))
    visits = forms.IntegerField(label=_("抽几家"), min_value=1, max_value=5000)

    def __init__(self, asked: StaffRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [place.pk for place in asked.reach.places(PLAN)]
        org, sort = self.fields["org"], self.fields["sort"]
        assert isinstance(org, forms.ModelChoiceField) and isinstance(sort, forms.ChoiceField)
        org.queryset = Org.objects.filter(pk__in=places).order_by("path")
        org.empty_label = None
        sort.choices = [(row.code, f"{row}：{row.about_said}") for row in sorts().values()]
        today = timezone.localdate(asked.at)
        self.fields["first"].initial = today + DAY
        self.fields["last"].initial = today + 30 * DAY
        self.fields["visits"].initial = 5


class BecauseForm(forms.Form):
    because = words(_("为什么"), most=WORDS_MAX)


class AnswerForm(forms.Form):
    """Words and at least one file."""

    answer = words(_("改了什么"), rows=4, most=WORDS_MAX)
    papers = FilesField(label=_("证明材料"), help_text=_("照片或文件，让复查的人看得到"))


class LookForm(forms.Form):
    """How it was looked at again, and what was seen."""

    look = forms.ChoiceField(
        label=_("怎么复查的"), choices=list(shortcoming.LOOKS.items()), widget=forms.RadioSelect
    )
    because = words(_("看到了什么"), most=WORDS_MAX)


class RecordingForm(forms.Form):
    camera = forms.CharField(label=_("哪个位置"), max_length=60)
    since = forms.DateTimeField(
        label=_("从"), input_formats=[MOMENT], widget=MomentInput(format=MOMENT)
    )
    until = forms.DateTimeField(
        label=_("到"), input_formats=[MOMENT], widget=MomentInput(format=MOMENT)
    )
    why = words(_("为什么调阅"), most=WORDS_MAX)


class ProvideForm(forms.Form):
    answer = words(_("存在哪里、怎么看"), most=WORDS_MAX)


class AbsentForm(forms.Form):
    answer = words(_("为什么没有"), most=WORDS_MAX)


class SeenForm(forms.Form):
    words = words(_("看到了什么"), most=WORDS_MAX)
