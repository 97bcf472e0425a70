"""What is filled in about an outreach."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sujin.knowledge.audience import audience_of
from sujin.knowledge.models import Version
from sujin.platform.models import Org
from sujin.platform.ui.forms import words as words_field
from sujin.platform.ui.request import StaffRequest
from sujin.supervision.acts.hold_outreach import REACHED_MOST
from sujin.supervision.voicebook import methods, segments, topics

WORDS_MAX, MATERIALS = 600, 300


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


class OutreachForm(forms.Form):
    topic = forms.ChoiceField(label=_("主题"))
    place = forms.ModelChoiceField(Org.objects.none(), label=_("哪里"))
    segment = forms.ChoiceField(label=_("对象"))
    method = forms.ChoiceField(label=_("方式"))
    planned_on = _day(_("计划日期"))
    version = forms.ModelChoiceField(
        Version.objects.none(), label=_("材料"), required=False,
        help_text=_("知识库里生效的一份；没有可以不选"),
    )  # fmt: skip
    why = words_field(_("为什么在这里讲这个"), most=WORDS_MAX)

    def __init__(self, asked: StaffRequest, places: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = {
            "topic": {code: str(one) for code, one in topics().items()}, "segment": segments(),
            "method": methods(),
        }  # fmt: skip
        for name, choices in told.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(choices.items())
        place, version = self.fields["place"], self.fields["version"]
        assert isinstance(place, forms.ModelChoiceField)
        assert isinstance(version, forms.ModelChoiceField)
        place.queryset = places
        served = Version.objects.served(audience_of(asked.reach), asked.at)
        keys = list(served.order_by("title", "pk").values_list("pk", flat=True)[:MATERIALS])
        version.queryset = Version.objects.filter(pk__in=keys).order_by("title", "pk")
        today = timezone.localdate(asked.at)
        self.fields["planned_on"].initial = today + timedelta(days=14)


class HeldForm(forms.Form):
    held_on = _day(_("举行日期"))
    reached = forms.IntegerField(label=_("覆盖人数"), min_value=1, max_value=REACHED_MOST)
    counted_how = forms.CharField(
        label=_("怎么数的"), max_length=200, help_text=_("签到表、观看人次、发出的材料数")
    )


class CancelForm(forms.Form):
    because = words_field(_("理由"), most=WORDS_MAX)
