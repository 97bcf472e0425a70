"""What is written down when somebody is enrolled by hand, or excused."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.models import Org
from sujin.platform.models.identity import below
from sujin.platform.organisation import OrgKind
from sujin.platform.reach import Reach, role_name, roles
from sujin.platform.ui.forms import words as words_field
from sujin.supervision.kinds import training as kinds
from sujin.supervision.models.training import TRAIN
from sujin.supervision.theme import COMPARED

WORDS_MAX = 300
GIVEN = timedelta(days=30)


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


class EnrolForm(forms.Form):
    """Who learns it, why, and by when."""

    unit = forms.ModelChoiceField(
        Org.objects.none(), label=_("哪个单位"), help_text=_("所选单位和下属单位的人员")
    )
    role = forms.ChoiceField(label=_("岗位"), required=False)
    because = forms.ChoiceField(
        label=_("为什么"), widget=forms.RadioSelect,
        choices=[(code, kinds.BECAUSE[code]) for code in (kinds.SHORTCOMING, kinds.THEME)],
    )  # fmt: skip
    source = words_field(
        _("从哪里看出来"), _("检查、走访、投诉主题的具体情况；不写客户信息"), most=WORDS_MAX
    )
    due_on = _day(_("期限"))

    def __init__(self, reach: Reach, at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, role = self.fields["unit"], self.fields["role"]
        assert isinstance(unit, forms.ModelChoiceField)
        assert isinstance(role, forms.ChoiceField)
        unit.queryset = _units(reach)
        role.choices = [("", _t("全部岗位")), *((code, role_name(code)) for code in roles())]
        self.fields["due_on"].initial = timezone.localdate(at) + GIVEN


def _units(reach: Reach) -> Any:
    """At and below the places where the person trains; the head office names no single outlet."""
    rows = Org.objects.filter(below([place.path for place in reach.places(TRAIN)]))
    if reach.everything:
        shown = {OrgKind.HEAD, OrgKind.DEPARTMENT, OrgKind.CENTRE, *COMPARED} - {OrgKind.OUTLET}
        rows = rows.filter(kind__in=[kind.value for kind in shown])
    return rows.order_by("path")


class ExcuseForm(forms.Form):
    """Until when, and why."""

    until = _day(_("免到哪天"))
    because = words_field(_("为什么"), _("休假、外派、已持有同类证书"), most=WORDS_MAX)
