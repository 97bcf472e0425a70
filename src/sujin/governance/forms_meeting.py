"""What is written down of a 研判会: when, who sits there, what is decided, what was said."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.rulebook import lines
from sujin.complaints.words import line as line_name
from sujin.governance.forms_ledger import owning
from sujin.governance.kinds.meeting import SORTS
from sujin.governance.models import Meeting
from sujin.platform.models import Org
from sujin.platform.ui.forms import words as words_field

WORDS_MAX, MINUTES_MAX = 600, 4000


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


class ConveneForm(forms.Form):
    sort = forms.ChoiceField(label=_("什么会议"), choices=list(SORTS.items()))
    held_on = _day(_("哪天开"))
    seats = forms.MultipleChoiceField(
        label=_("请哪些条线参加"), widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(code, line_name(code)) for code in lines()],
    )  # fmt: skip

    def __init__(self, at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].initial = timezone.localdate(at) + timedelta(days=2)


class AgendaForm(forms.Form):
    add = forms.CharField(label=_("加一个议题"), max_length=200, required=False)
    drop = forms.TypedMultipleChoiceField(
        label=_("去掉"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    because = forms.CharField(label=_("为什么调整"), max_length=200)

    def __init__(self, meeting: Meeting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drop = self.fields["drop"]
        assert isinstance(drop, forms.TypedMultipleChoiceField)
        drop.choices = [(at, one["title"]) for at, one in enumerate(meeting.agenda, start=1)]


class DecisionForm(forms.Form):
    topic = forms.TypedChoiceField(
        label=_("哪个议题"), coerce=int,
        help_text=_("数据提出的议题列入台账，由台账给出结论；其他的由归口单位回报"),
    )  # fmt: skip
    words = words_field(_("决定做什么"), _("一项一条；不写客户姓名和号码"), most=WORDS_MAX)
    owner = forms.ModelChoiceField(Org.objects.none(), label=_("谁做"))
    due_on = _day(_("期限"))

    def __init__(self, meeting: Meeting, at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic, owner = self.fields["topic"], self.fields["owner"]
        assert isinstance(topic, forms.TypedChoiceField)
        assert isinstance(owner, forms.ModelChoiceField)
        numbered = enumerate(meeting.agenda, start=1)
        topic.choices = [
            (0, _t("不列入台账")),
            *((at_, one["title"]) for at_, one in numbered if one["kind"] != "words"),
        ]
        owner.queryset = owning()
        self.fields["due_on"].initial = timezone.localdate(at) + timedelta(days=30)


class MinutesForm(forms.Form):
    minutes = words_field(
        _("会议纪要"), _("到会的人、说了什么；不写客户姓名和号码"), rows=6, most=MINUTES_MAX
    )


class AnswerForm(forms.Form):
    answer = words_field(_("做了什么"), most=WORDS_MAX)


class BecauseForm(forms.Form):
    because = words_field(_("理由"), most=WORDS_MAX)
