"""People and posts, for the administrator; no page of whom shows a complaint."""

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from sujin.platform.acts.appoint import appoint, dismiss
from sujin.platform.models import Org, Person, Post
from sujin.platform.reach import role_name, roles
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Listing
from sujin.platform.ui.request import StaffRequest

COLUMNS = [
    Column("staff_no", _("工号")),
    Column("name", _("姓名")),
    Column("posts", pgettext_lazy("岗位", "任职")),
    Column("do", _("操作")),
]


class AppointForm(forms.Form):
    """A new post for somebody."""

    person = forms.CharField(label=_("工号"), max_length=32)
    org = forms.CharField(label=_("机构号"), max_length=32)
    role = forms.ChoiceField(label=_("角色"))
    since = forms.DateField(label=_("自"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast(forms.ChoiceField, self.fields["role"])
        choice.choices = [(code, role_name(code)) for code in roles()]

    def clean_person(self) -> Person:
        found = Person.objects.filter(staff_no=self.cleaned_data["person"].strip()).first()
        if found is None or found.is_service:
            raise ValidationError(_t("没有这个工号"))
        return found

    def clean_org(self) -> Org:
        found = Org.objects.filter(code=self.cleaned_data["org"].strip()).first()
        if found is None:
            raise ValidationError(_t("没有这个机构号"))
        return found


def administrator(request: HttpRequest) -> StaffRequest:
    asked = cast(StaffRequest, request)
    if "administer" not in asked.reach.may:
        raise PermissionDenied
    return asked


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    asked = administrator(request)
    return _show(asked, AppointForm(initial={"since": timezone.localdate(asked.at)}))


@require_POST
def appointment(request: HttpRequest) -> HttpResponse:
    asked = administrator(request)
    form = AppointForm(request.POST)
    if not form.is_valid():
        return _show(asked, form, status=422)
    try:
        appoint(**form.cleaned_data, by=asked.person, at=asked.at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(asked, form, status=422)
    messages.success(request, _t("已任职"))
    return redirect("platform:people")


@require_POST
def dismissal(request: HttpRequest, pk: int) -> HttpResponse:
    """The post ends today; the person's reach ends with it tomorrow."""
    asked = administrator(request)
    post = get_object_or_404(Post.objects.select_related("person", "org"), pk=pk)
    today: date = timezone.localdate(asked.at)
    try:
        dismiss(post, until=today, by=asked.person, at=asked.at)
        messages.success(request, _t("任职今日结束"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("platform:people")


def _show(request: StaffRequest, form: AppointForm, status: int = 200) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:40]
    held = Post.objects.held_at(request.at).select_related("org").order_by("since", "pk")
    rows = Person.objects.filter(is_service=False).prefetch_related(
        Prefetch("posts", held, to_attr="held")
    )
    if words:
        rows = rows.filter(Q(staff_no=words) | Q(name__startswith=words))
    listing = Listing(request.GET, rows.order_by("staff_no"), columns=COLUMNS, size=30)
    context = {"listing": listing, "form": form, "words": words}
    return render(request, "platform/people.html", context, status=status)
