"""请假与代理: when one is away, and who stands in."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from sujin.platform.acts.stand_in import come_back, go_away
from sujin.platform.models import Absence, Org, Person, Post
from sujin.platform.reach import roles
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest

# Whoever may approve in an organisation may also enter the absences of its people.
ENTERS = "approve"
SHOWN = 60


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)


class AbsenceForm(forms.Form):
    """``person`` is asked only of those who may enter somebody else's absence."""

    person = forms.CharField(label=_("谁请假"), max_length=32, help_text=_("填工号"))
    since = DayField(label=_("从"))
    until = DayField(label=_("到（含当天）"))
    deputy = forms.CharField(
        label=_("代理人"), max_length=32, required=False, help_text=_("填工号；须同在一个分行")
    )
    because = forms.CharField(label=_("事由"), max_length=120, required=False)

    def __init__(self, *args: Any, request: StaffRequest, **kwargs: Any) -> None:
        self.asked = request
        today = timezone.localdate(request.at)
        kwargs["initial"] = {"person": request.person.staff_no, "since": today, "until": today}
        super().__init__(*args, **kwargs)
        if not _led(request):
            del self.fields["person"]

    def clean_person(self) -> Person:
        found = _found(self.cleaned_data["person"])
        if found != self.asked.person and not _is_ours(found, self.asked):
            raise ValidationError(_t("这个人不在你的机构内"))
        return found

    def clean_deputy(self) -> Person | None:
        written = self.cleaned_data["deputy"].strip()
        return _found(written) if written else None


def _found(staff_no: str) -> Person:
    rows = Person.objects.filter(staff_no=staff_no.strip(), is_active=True, is_service=False)
    found = rows.first()
    if found is None:
        raise ValidationError(_t("没有这个工号"))
    return found


def _led(request: StaffRequest) -> list[Org]:
    """Where the reader leads by a post of the own; what is held in somebody's place is no lead."""
    return [
        post.org
        for post in request.reach.posts
        if post.stands_in_for is None and ENTERS in roles()[post.role].may
    ]


def _is_ours(person: Person, request: StaffRequest) -> bool:
    """Whether one of the person's own posts lies where the reader leads."""
    led = {org.pk for org in _led(request)}
    held = Post.objects.held_at(request.at).filter(person=person, stands_in_for=None)
    return any(led & set(post.org.lineage) for post in held.select_related("org"))


@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    """Mine, those I stand in for, and, for whoever leads, those of the organisation's people."""
    asked = cast(StaffRequest, request)
    if asked.method != "POST":
        return _show(asked, AbsenceForm(request=asked))
    form = AbsenceForm(asked.POST, request=asked)
    if not form.is_valid():
        return _show(asked, form, status=422)
    try:
        given = {"person": asked.person, **form.cleaned_data}
        go_away(**given, by=asked.person, at=asked.at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(asked, form, status=422)
    messages.success(request, _t("已登记；代理人在这几天有同样的岗位"))
    return redirect("platform:absences")


@require_POST
def returned(request: HttpRequest, pk: int) -> HttpResponse:
    """Back today."""
    asked = cast(StaffRequest, request)
    found = get_object_or_404(Absence.objects.select_related("person", "deputy"), pk=pk)
    if found.person != asked.person and not _is_ours(found.person, asked):
        raise PermissionDenied
    try:
        come_back(found, by=asked.person, at=asked.at)
        messages.success(request, _t("已销假"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("platform:absences")


def _show(request: StaffRequest, form: AbsenceForm, status: int = 200) -> HttpResponse:
    rows = Absence.objects.from_now(request.at).filter(_concern(request))
    rows = rows.select_related("person", "deputy").order_by("since", "pk").distinct()
    context = {"form": form, "absences": rows[:SHOWN], "today": timezone.localdate(request.at)}
    return render(request, "platform/absences.html", context, status=status)


def _concern(request: StaffRequest) -> Q:
    mine = Q(person=request.person) | Q(deputy=request.person)
    for org in _led(request):
        mine |= Q(person__posts__org__path__startswith=org.path)
    return mine
