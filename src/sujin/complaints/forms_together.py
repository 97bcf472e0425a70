"""What staff fill in to handle a case in company."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.acts.confer import OUTLETS, waiting_for
from sujin.complaints.acts.go_on import overdue_for
from sujin.complaints.desks import BESIDE
from sujin.complaints.forms import CaseForm, MaskedField, because
from sujin.complaints.kinds.together import moment
from sujin.platform.models import Org, Person


class DesksField(forms.TypedMultipleChoiceField):
    """Departments and companies around the case, those that own its line chosen already."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value: Any) -> list[Org]:
        return list(Org.objects.filter(pk__in=super().clean(value)).order_by("pk"))


class DepartmentsForm(CaseForm):
    """Shared: which desks to bring in."""

    def offer(self, name: str) -> None:
        desks = self.around
        around = desks.around(self.case.origin)
        near = [org for org in around if org.kind in BESIDE and desks.is_manned(org)]
        own = {org.pk for org in desks.owners(self.case.origin, self.case.line)}
        field = cast(DesksField, self.fields[name])
        field.choices = [(org.pk, str(org)) for org in near]
        field.initial = [pk for pk in own if pk != self.case.desk_id]


class AskForm(DepartmentsForm):
    desks = DesksField(label=_("征求哪些部门"))
    question = MaskedField(
        label=_("请各部门回答什么"),
        max_length=400,
        initial=_("请就责任、依据和处理办法提出意见。"),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 400}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("desks")


class OpinionForm(CaseForm):
    """The answer to the question that is shown; which one it is travels with the form."""

    assignment = forms.IntegerField(required=False, widget=forms.HiddenInput)
    answer = MaskedField(
        label=_("意见，或联系客户的情况"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 4000}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = waiting_for(self.case, self.asked.person, self.asked.at)
        if asked is not None:
            self.fields["assignment"].initial = asked.pk
            self.fields["answer"].help_text = asked.question


class GoOnForm(CaseForm):
    """Which of the overdue ones is waited for no longer, and why."""

    assignment = forms.TypedChoiceField(label=_("不再等哪一项"), coerce=int)
    because = because(_("为什么不再等待"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        late = overdue_for(self.case, self.asked.reach, self.asked.at)
        cast(forms.TypedChoiceField, self.fields["assignment"]).choices = [
            (one.pk, f"{one.desk} · {one.get_step_display()} · {moment(one.due_at)}")
            for one in late
        ]


class PlanForm(CaseForm):
    plan = MaskedField(
        label=_("处理方案"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 400}),
    )
    coaches = forms.BooleanField(label=_("请受理网点按方案联系客户"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case.origin.kind not in OUTLETS:
            self.fields["coaches"].widget = forms.HiddenInput()
            self.fields["coaches"].initial = False


class ForceForm(DepartmentsForm):
    head = forms.CharField(label=_("牵头人"), max_length=32, help_text=_("填工号"))
    members = DesksField(label=_("参加部门"), required=False)
    plan = MaskedField(
        label=_("一户一策"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 400}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("members")
        self.fields["head"].initial = self.asked.person.staff_no

    def clean_head(self) -> Person:
        found = Person.objects.filter(
            staff_no=self.cleaned_data["head"].strip(), is_active=True, is_service=False
        ).first()
        if found is None:
            raise ValidationError(_t("没有这个工号"))
        return found
