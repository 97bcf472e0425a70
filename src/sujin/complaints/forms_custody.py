"""What staff fill in to give a case to another desk."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.forms import CaseForm, MaskedField, MomentField, because
from sujin.complaints.rulebook import rulebook
from sujin.engine.workdays import CalendarNotLoaded
from sujin.platform.models import Org

CALLS_END = 17


def organisation(asked: str) -> Org:
    """The one organisation of this code or name; raises ValidationError."""
    found = Org.objects.filter(Q(code=asked) | Q(name=asked) | Q(name_en=asked))[:2]
    if len(found) != 1:
        raise ValidationError(
            _t("没有找到唯一的机构“%(asked)s”，请从列表中选择") % {"asked": asked}
        )
    return found[0]


class HandOverForm(CaseForm):
    """``told`` and ``promised_at`` are asked for by the act when it goes up."""

    to = forms.CharField(
        label=_("移交给"),
        max_length=80,
        help_text=_("填机构名称或机构号"),
        widget=forms.TextInput(attrs={"list": "desks", "autocomplete": "off"}),
    )
    because = because(_("移交理由"))
    told = MaskedField(
        label=_("怎么告诉客户的"),
        max_length=300,
        required=False,
        help_text=_("交给上级时必填：由谁接着办、多久有结果，客户怎么说"),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
    )
    promised_at = MomentField(
        label=_("答应客户最迟何时回电"),
        required=False,
        help_text=_("交给上级时必填；到时没有回电会提醒"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["promised_at"].initial = next_afternoon(self.asked.at)

    def clean_to(self) -> Org:
        return organisation(self.cleaned_data["to"].strip())


def next_afternoon(at: datetime) -> datetime:
    """The end of the calls on the next working day; of the next day where no calendar is loaded."""
    here = localtime(at)
    try:
        day = rulebook().house.calendar.add_working(here.date(), 1)
    except CalendarNotLoaded:
        day = here.date() + timedelta(days=1)
    return here.replace(
        year=day.year,
        month=day.month,
        day=day.day,
        hour=CALLS_END,
        minute=0,
        second=0,
        microsecond=0,
    )
