"""One item: what is said now, since when, by whom; before it; and its next version."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sujin.knowledge.acts.draft import draft_item, draft_next
from sujin.knowledge.acts.note_usage import note_usage
from sujin.knowledge.audience import audience_of
from sujin.knowledge.catalogue import forms as catalogue
from sujin.knowledge.duties import COMPILE, DRAFT, in_care, may, readable, reads_drafts
from sujin.knowledge.forms import NextForm
from sujin.knowledge.models import Item, Usage, Version
from sujin.knowledge.models.usage import READ, WAYS
from sujin.knowledge.pages.newcomer import NewForm, own_line, owner_for
from sujin.knowledge.search import similar
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, holds, staff


@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """The version in force for this reader. Whoever reads it is noted; a guideline is measured by
    who has read it."""
    asked = staff(request)
    found = readable(asked, code)
    return show(asked, found, note=True)


@require_POST
def next_version(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the next version."""
    asked = staff(request)
    found = in_care(asked, code, DRAFT)
    form = NextForm(request.POST)
    if form.is_valid():
        try:
            made = draft_next(found, **form.cleaned_data, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(made)
    return show(asked, found, form=form, status=422)


def show(
    asked: StaffRequest,
    found: Item,
    *,
    form: NextForm | None = None,
    note: bool = False,
    status: int = 200,
) -> HttpResponse:
    served = Version.objects.served(audience_of(asked.reach), asked.at).listed()
    current = served.filter(item=found).first()
    in_my_care = any(may(asked.reach, what, found) for what in ("draft", "release"))
    if current is None and not in_my_care and not _was_served(asked, found):
        raise Http404
    if current is not None and note:
        note_usage([current], READ, by=asked.person, at=asked.at)
    context: dict[str, Any] = {
        "item": found,
        "version": current,
        "told": current.told() if current else [],
        "versions": _versions(asked, found),
        "used": _used(current),
        "near": similar(current, audience_of(asked.reach), asked.at) if current else [],
        "may_draft": may(asked.reach, DRAFT, found),
        "next_form": form or NextForm(),
        "may_hand_out": COMPILE in asked.reach.may,
    }
    return render(asked, "knowledge/item.html", context, status=status)


def _was_served(asked: StaffRequest, found: Item) -> bool:
    """An address that worked yesterday says today why it is empty, and does not vanish."""
    rows = Version.objects.for_audience(audience_of(asked.reach))
    return rows.filter(item=found, released_at__isnull=False).exists()


def _versions(asked: StaffRequest, found: Item) -> list[Version]:
    rows = list(Version.objects.listed().filter(item=found).order_by("-number"))
    if any(reads_drafts(asked.reach, row) for row in rows[:1]):
        return rows
    mine = Version.objects.for_audience(audience_of(asked.reach)).filter(item=found)
    known = set(mine.values_list("pk", flat=True))
    return [row for row in rows if row.released_at is not None and row.pk in known]


def _used(current: Version | None) -> list[tuple[Any, int]]:
    """How often it was shown, read, used."""
    if current is None:
        return []
    rows = Usage.objects.filter(version=current).order_by().values_list("way")
    found = dict(rows.annotate(n=Count("pk")))
    return [(label, found.get(way, 0)) for way, label in WAYS.items()]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, form: str) -> HttpResponse:
    """Begin a new item of this form; the desk of its line answers for it."""
    asked = holds(request, DRAFT)
    shape = catalogue().get(form)
    if shape is None:
        raise Http404
    filled = NewForm(request.POST or None, shape=shape, initial={"line": own_line(asked)})
    if request.method == "POST" and filled.is_valid():
        owner = owner_for(asked, filled.cleaned_data["line"])
        if owner is None:
            raise PermissionDenied
        try:
            made = draft_item(filled.wording(), owner=owner, by=asked.person, at=asked.at)
        except Refusal as refusal:
            filled.add_error("code", str(refusal))
        else:
            messages.success(request, _t("草稿已建立，请写内容"))
            return redirect(made)
    context = {"form": filled, "shape": shape}
    return render(request, "knowledge/new.html", context, status=422 if filled.errors else 200)
