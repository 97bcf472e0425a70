"""Early view: the owner of a professional line sees its cases from the first minute."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints.pages.cases import COLUMNS, SORTS, filters, search
from sujin.platform.ui.listing import Listing
from sujin.platform.ui.request import holds


@require_safe
def early(request: HttpRequest) -> HttpResponse:
    """Open complaints of the person's lines, newest first, wherever they are being handled."""
    asked = holds(request, "early_view")
    owned = [post.org.line for post in asked.reach.posts if post.org.line]
    rows = search(asked, "").filter(closed_at__isnull=True, line__in=owned, kind="complaint")
    listing = Listing(request.GET, rows, filters=filters(asked)[1:5], sorts=SORTS, columns=COLUMNS)
    context = {"listing": listing, "title": _("本条线投诉"), "query": ""}
    return render(request, "complaints/cases.html", context)
