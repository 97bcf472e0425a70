"""What a person fills in about a visit, at a desk or on a telephone beside a counter."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.governance.acts.propose_visit import working_day
from sujin.governance.acts.report_visit import owners
from sujin.governance.models import Visit
from sujin.governance.models.visit import VISIT
from sujin.governance.visitbook import limits, severities
from sujin.platform.models import Org, Person, Post
from sujin.platform.organisation import OrgKind
from sujin.platform.reach import roles
from sujin.platform.ui.forms import words as words_field

WORDS_MAX = 600
# From where people go on visits: the head office and its lines, and the levels above the place.
SENDING = (OrgKind.HEAD, OrgKind.DEPARTMENT)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))  # fmt: skip # noqa: E501


class ProposalForm(forms.Form):
    visitor = forms.ChoiceField(label=_("谁去"), help_text=_("不能是被走访单位的人"))
    due_on = _day(_("走访期限"))
    why = words_field(_("为什么走访、看什么"), _("不写客户姓名和号码"), most=WORDS_MAX)

    def __init__(self, place: Org, at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in _who_goes(place, at)}
        visitor = self.fields["visitor"]
        assert isinstance(visitor, forms.ChoiceField)
        visitor.choices = [("", _t("请选择")), *((key, _named(one)) for key, one in self.people.items())]  # fmt: skip # noqa: E501
        self.fields["due_on"].initial = working_day(timezone.localdate(at), limits().longest // 2)

    def clean_visitor(self) -> Person:
        return self.people[self.cleaned_data["visitor"]]


def _who_goes(place: Org, at: datetime) -> list[Person]:
    """People who go on visits, at head office or above the place; nobody of the place itself."""
    going = [role.code for role in roles().values() if VISIT in role.may]
    posts = Post.objects.on_duty_at(at).filter(role__in=going).select_related("org", "person")
    inside = {post.person_id for post in posts if post.org.path.startswith(place.path)}
    near = (post for post in posts if post.org.kind in SENDING or post.org_id in place.lineage)
    found = {post.person_id: post.person for post in near if post.person_id not in inside}
    return sorted(found.values(), key=lambda one: one.staff_no)


def _named(person: Person) -> str:
    return f"{person} {person.staff_no}"


class BecauseForm(forms.Form):
    because = words_field(_("理由"), most=WORDS_MAX)


class ConcernForm(forms.Form):
    words = words_field(_("发现了什么"), _("一次写一个问题；不写客户姓名和号码"), most=WORDS_MAX)
    severity = forms.ChoiceField(label=_("轻重"), widget=forms.RadioSelect)
    owner = forms.ModelChoiceField(Org.objects.none(), label=_("归口单位"))

    def __init__(self, visit: Visit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        severity, owner = self.fields["severity"], self.fields["owner"]
        assert isinstance(severity, forms.ChoiceField)
        assert isinstance(owner, forms.ModelChoiceField)
        severity.choices = [(code, _due(one)) for code, one in severities().items()]
        owner.queryset = owners(visit).order_by("path")
        owner.initial = visit.place_id


def _due(one: Any) -> str:
    return _t("%(severity)s（%(days)s 个工作日）") % {"severity": one, "days": one.days}


class ReportForm(forms.Form):
    visited_on = _day(_("走访日期"))
    summary = words_field(_("看了什么、结论是什么"), most=WORDS_MAX)


class AnswerForm(forms.Form):
    answer = words_field(_("改了什么"), _("做了什么、什么时候做的、怎样防止再发生"), most=WORDS_MAX)


class JudgementForm(forms.Form):
    because = words_field(_("看到了什么"), _("怎样核实的"), most=WORDS_MAX)
