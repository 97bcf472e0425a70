"""What staff fill in to meet the customer, and to say what came of it."""

from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints import tables
from sujin.complaints.acts.hold import FollowUp
from sujin.complaints.acts.meet import Guest
from sujin.complaints.forms import CaseForm, MaskedField, MomentField, because
from sujin.complaints.forms_together import DepartmentsForm, DesksField
from sujin.complaints.models import Session
from sujin.complaints.models.session import KINDS, WAYS
from sujin.platform.models import Org, Person

FOLLOW_UPS = 3
GUESTS_MAX = 10
# What has to be done by a day is done by the end of that working day.
END_OF_DAY = time(18, 0)


def _wide(rows: int, most: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "maxlength": most})


def person_of(staff_no: str) -> Person:
    """The member of staff with this number; raises ValidationError."""
    found = Person.objects.filter(staff_no=staff_no, is_active=True, is_service=False).first()
    if found is None:
        raise ValidationError(_t("没有工号 %(number)s") % {"number": staff_no})
    return found


def choose(form: forms.Form, name: str, choices: list[tuple[Any, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class BookForm(DepartmentsForm):
    kind = forms.ChoiceField(label=_("形式"), choices=list(KINDS.items()), widget=forms.RadioSelect)
    way = forms.ChoiceField(label=_("方式"), choices=list(WAYS.items()), widget=forms.RadioSelect)
    starts_at = MomentField(label=_("时间"))
    minutes_planned = forms.IntegerField(
        label=_("时长（分钟）"), initial=30, min_value=5, max_value=480
    )
    place = forms.CharField(label=_("地点、电话或链接"), max_length=200, required=False)
    host = forms.CharField(label=_("主持人"), max_length=32, help_text=_("填工号"))
    orgs = DesksField(label=_("邀请的机构"), required=False)
    persons = forms.CharField(
        label=_("邀请的人员"), max_length=400, required=False, help_text=_("填工号，用空格隔开")
    )
    guests = forms.CharField(
        label=_("外部人员"),
        max_length=400,
        required=False,
        help_text=_("每行一人：姓名，身份。姓名加密保存"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    risk = forms.ChoiceField(label=_("事前研判：不谈好可能升级为"))
    risk_words = MaskedField(
        label=_("为什么有这种风险"), max_length=400, required=False, widget=_wide(2, 400)
    )
    consent = forms.BooleanField(label=_("已征得客户同意"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("orgs")
        choose(self, "risk", [("", "—"), *tables.choices(tables.risks())])
        self.fields["host"].initial = self.asked.person.staff_no

    def clean_host(self) -> Person:
        return person_of(self.cleaned_data["host"].strip())

    def clean_persons(self) -> list[Person]:
        return [person_of(number) for number in self.cleaned_data["persons"].split()]

    def clean_guests(self) -> list[Guest]:
        lines = [line for line in self.cleaned_data["guests"].splitlines() if line.strip()]
        if len(lines) > GUESTS_MAX:
            raise ValidationError(_t("外部人员最多 %(n)d 人") % {"n": GUESTS_MAX})
        parts = [line.replace(",", "，").partition("，") for line in lines]
        return [Guest(name.strip(), role.strip()) for name, _comma, role in parts]


class SessionForm(CaseForm):
    """Shared: which of the case's sittings it is about."""

    session = forms.ChoiceField(label=_("哪一次"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in self.found()}
        choose(self, "session", [(pk, _named(row)) for pk, row in self.rows.items()])
        if len(self.rows) == 1:
            self.fields["session"].widget = forms.HiddenInput()
            self.fields["session"].initial = next(iter(self.rows))

    def found(self) -> list[Session]:
        return list(self.case.sessions.booked().order_by("starts_at", "pk"))

    def clean_session(self) -> Session:
        return self.rows[self.cleaned_data["session"]]


def _named(session: Session) -> str:
    kind, way = session.get_kind_display(), session.get_way_display()
    return f"{kind} · {way} · {session.starts_at.astimezone(get_current_timezone()):%m-%d %H:%M}"


class MoveForm(SessionForm):
    starts_at = MomentField(label=_("改到"))
    because = because(_("改期理由"))


class CancelForm(SessionForm):
    because = because(_("取消理由"))


class MinutesForm(SessionForm):
    held_at = MomentField(label=_("实际召开时间"))
    attended = forms.TypedMultipleChoiceField(
        label=_("谁到场了"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    outcome = forms.ChoiceField(label=_("结果"))
    minutes = MaskedField(label=_("纪要"), max_length=4000, widget=_wide(4, 4000))
    plan = MaskedField(
        label=_("商定的办法"), max_length=2000, required=False, widget=_wide(2, 2000)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "outcome", [("", "—"), *tables.choices(tables.outcomes())])
        self._offer_guests()
        for n in range(1, FOLLOW_UPS + 1):
            self._offer_follow_up(n)

    def _offer_guests(self) -> None:
        invited = [
            one
            for row in self.rows.values()
            for one in row.invited.select_related("org", "person").order_by("pk")
        ]
        field = cast(forms.TypedMultipleChoiceField, self.fields["attended"])
        field.choices = [(one.pk, f"{one.get_side_display()} · {one}") for one in invited]
        field.initial = [one.pk for one in invited]

    def _offer_follow_up(self, n: int) -> None:
        label = {"n": n}
        self.fields[f"what{n}"] = MaskedField(
            label=_t("后续事项 %(n)d") % label, max_length=300, required=False
        )
        self.fields[f"desk{n}"] = forms.CharField(
            label=_t("由哪个部门办"),
            max_length=80,
            required=False,
            widget=forms.TextInput(attrs={"list": "desks", "autocomplete": "off"}),
        )
        self.fields[f"until{n}"] = forms.DateField(
            label=_t("哪天办完"), required=False, widget=forms.DateInput(attrs={"type": "date"})
        )

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        found = [self._follow_up(n, given) for n in range(1, FOLLOW_UPS + 1)]
        given["follow_ups"] = [one for one in found if one is not None]
        return given

    def _follow_up(self, n: int, given: dict[str, Any]) -> FollowUp | None:
        what, desk, until = (given.pop(f"{name}{n}", None) for name in ("what", "desk", "until"))
        if not what and not desk:
            return None
        org = _org(desk or "")
        if not (what and org and until):
            self.add_error(f"what{n}", _t("后续事项要写明做什么、由哪个部门办、哪天办完"))
            return None
        return FollowUp(what, org, _end_of(until))


def _org(asked: str) -> Org | None:
    wanted = asked.strip()
    found = list(Org.objects.filter(Q(code=wanted) | Q(name=wanted) | Q(name_en=wanted))[:2])
    return found[0] if len(found) == 1 else None


def _end_of(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY, tzinfo=get_current_timezone())


class AvoidanceForm(SessionForm):
    avoided = forms.ChoiceField(
        label=_("事前担心的升级避免了吗"),
        choices=[("yes", _("避免了")), ("no", _("没有避免"))],
        widget=forms.RadioSelect,
    )
    evidence = MaskedField(
        label=_("证据"),
        max_length=1000,
        required=False,
        help_text=_("与谁核实、核实了什么。来龙去脉里已有转办、重办、再次联系的，以记录为准"),
        widget=_wide(3, 1000),
    )

    def found(self) -> list[Session]:
        return list(self.case.sessions.to_check(self.asked.at).order_by("held_at", "pk"))
