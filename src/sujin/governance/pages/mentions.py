"""舆情: everything that was noted, beside events and cases; and one beside a case."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sujin.complaints.models import Complaint
from sujin.governance.acts.attach_mention import attach_mention
from sujin.governance.duties import NOTING
from sujin.governance.forms_event import CaseMentionForm
from sujin.governance.kinds.event import TONES
from sujin.governance.models import Mention
from sujin.governance.pages.events import reader
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest

OF = (("event", _("事件")), ("case", _("投诉")))
COLUMNS = [
    Column("on", _("日期"), "new"),
    Column("outlet", _("媒体或平台")),
    Column("title", _("标题或大意")),
    Column("tone", _("倾向")),
    Column("readers", _("传播量"), "readers"),
    Column("of", _("挂接")),
]
SORTS = [
    Sort("new", _("最近在前"), ("-on", "-pk")),
    Sort("readers", _("传播量"), ("-readers", "-pk")),
]


def _of_tone(rows: QuerySet[Mention], value: str) -> QuerySet[Mention]:
    return rows.filter(tone=value)


def _of_what(rows: QuerySet[Mention], value: str) -> QuerySet[Mention]:
    return rows.filter(event__isnull=value != "event")


FILTERS = [
    Filter("tone", _("倾向"), tuple(TONES.items()), _of_tone),
    Filter("of", _("挂接"), OF, _of_what),
]


@require_http_methods(["GET", "HEAD", "POST"])
def mentions(request: HttpRequest) -> HttpResponse:
    """The list; a POST notes one beside a case within reach."""
    asked = reader(request)
    form = CaseMentionForm(request.POST or None)
    if request.method == "POST":
        if not NOTING & asked.reach.may:
            raise PermissionDenied
        if form.is_valid() and _noted(asked, form):
            messages.success(request, _t("已登记"))
            return redirect("governance:mentions")
    rows = Mention.objects.within(asked.reach).select_related("event", "complaint", "noted_by")
    listing = Listing(request.GET, rows, filters=FILTERS, sorts=SORTS, columns=COLUMNS)
    context = {"listing": listing, "form": form if NOTING & asked.reach.may else None}
    status = 422 if form.errors else 200
    return render(request, "governance/mentions.html", context, status=status)


def _noted(asked: StaffRequest, form: CaseMentionForm) -> bool:
    told = dict(form.cleaned_data)
    case = Complaint.objects.within(asked.reach).filter(number=told.pop("case")).first()
    if case is None:
        form.add_error("case", _t("您的范围内没有这一件"))
        return False
    try:
        attach_mention(case, **told, by=asked.person, at=asked.at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
