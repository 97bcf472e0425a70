"""One issue: compiled and signed, then read by everybody, downloaded, handed out."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.knowledge.acts.compile_issue import abandon, arrange, fill
from sujin.knowledge.acts.distribute import distribute
from sujin.knowledge.acts.sign_issue import sign_issue
from sujin.knowledge.audience import STAFF, Audience, audience_of
from sujin.knowledge.booked import booked
from sujin.knowledge.duties import COMPILE
from sujin.knowledge.forms_reading import AbandonForm, DistributeForm, NoForm
from sujin.knowledge.frozen import frozen, items_of
from sujin.knowledge.models import Issue, Version
from sujin.knowledge.pages.arranging import Arrangement, chapters_of, is_key
from sujin.knowledge.pages.fallen import named
from sujin.knowledge.pages.library import filters
from sujin.knowledge.standing import Fallen, fallen
from sujin.platform.documents.book import Book
from sujin.platform.documents.book import forms as ways
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds, staff

PICKS = 40
PICK_SORTS = [Sort("title", _("按标题"), ("item__form", "title", "pk"))]
# What a draft's own page offers to do, and its form.
ENDING: Mapping[str, tuple[type[forms.Form], Callable[..., Any]]] = {
    "signature": (NoForm, sign_issue),
    "abandonment": (AbandonForm, abandon),
    "distribution": (DistributeForm, distribute),
}


@require_safe
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft for whoever compiles; what is signed for everybody."""
    asked = staff(request)
    return _show(asked, _found(asked, pk))


@require_safe
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """The text as it would be printed if it were signed now."""
    asked, found = _compiled(request, pk)
    if not found.is_open:
        return redirect(found)
    context = {"issue": found, "book": _drafted(found, asked), "is_proof": True, "gone": {}}
    return render(request, "knowledge/issue_proof.html", context)


@require_safe
def paper(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The signed text as a file, the same to the byte whenever it is asked for. If something in it
    has fallen since, the page says what first, and the file is called so."""
    asked = staff(request)
    found = _found(asked, pk)
    way = ways().get(form)
    if way is None or not found.is_signed:
        raise Http404
    gone = _gone(asked, found)
    if gone and request.GET.get("with") != "fallen":
        return redirect(f"{found.get_absolute_url()}#fallen")
    name = _t("%(issue)s（含已停用条目）") % {"issue": found} if gone else str(found)
    answer = HttpResponse(way.make(_book(found)), content_type=way.content_type)
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}{way.ending}")
    return answer


@require_POST
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the chosen items into a chapter."""
    asked, found = _compiled(request, pk)
    picked = [int(one) for one in request.POST.getlist("version")[:200] if is_key(one)]
    chapter = request.POST.get("chapter", "")
    rows = list(_pickable(asked).filter(pk__in=picked).order_by("item__form", "title", "pk"))
    place = int(chapter) if chapter.isdecimal() and len(chapter) < 3 else -1
    return _do(asked, found, lambda: fill(found, rows, chapter=place, by=asked.person, at=asked.at))


@require_POST
def arrangement(request: HttpRequest, pk: int) -> HttpResponse:
    """Names and order of chapters, order in them, what is taken out."""
    asked, found = _compiled(request, pk)
    told = Arrangement(request.POST)
    return _do(
        asked,
        found,
        lambda: arrange(
            found, name=told.name, chapters=told.chapters, places=told.places,
            by=asked.person, at=asked.at,
        ),
    )  # fmt: skip


def _do(asked: StaffRequest, found: Issue, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        return _show(asked, _found(asked, found.pk), refused=str(refusal), status=422)
    messages.success(asked, _t("已保存"))
    kept = asked.POST.get("back", "")
    return redirect(f"{found.get_absolute_url()}{kept if kept.startswith('?') else ''}")


@require_POST
def perform(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Sign it, give it up, hand it out."""
    asked, found = _compiled(request, pk)
    if verb not in ENDING:
        raise Http404
    form = _form(asked, verb, request.POST)
    if form.is_valid():
        try:
            ENDING[verb][1](found, **form.cleaned_data, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _t("已办理"))
            return redirect(found)
    return _show(asked, found, bound={verb: form}, status=422)


def _form(asked: StaffRequest, verb: str, told: QueryDict | None = None) -> forms.Form:
    shape = ENDING[verb][0]
    if shape is DistributeForm:
        return DistributeForm(told, prefix=verb, reach=asked.reach)
    return shape(told, prefix=verb)


def _compiled(request: HttpRequest, pk: int) -> tuple[StaffRequest, Issue]:
    """An issue, for whoever compiles at its organisation or above it; 403 otherwise."""
    asked = holds(request, COMPILE)
    found = _found(asked, pk)
    if not asked.reach.allows(COMPILE, found.org.tokens):
        raise PermissionDenied
    return asked, found


def _found(asked: StaffRequest, pk: int) -> Issue:
    rows = Issue.objects.within(asked.reach).select_related("org", "compiled_by", "signed_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _pickable(asked: StaffRequest) -> Any:
    """What may be in an issue: in force, for staff, in the whole bank."""
    rows = Version.objects.served(Audience(STAFF), asked.at).filter(orgs=[])
    return rows.exclude(successor__staged_until__gt=asked.at).listed()


def _show(
    asked: StaffRequest,
    found: Issue,
    *,
    bound: Mapping[str, forms.Form] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    may_compile = asked.reach.allows(COMPILE, found.org.tokens)
    context: dict[str, Any] = {
        "issue": found,
        "history": list(found.entries.select_related("by").in_order()),
        "may_compile": may_compile,
        "refused": refused,
        "forms": {name: _form(asked, name) for name in ENDING} | dict(bound or {}),
    }
    if found.is_open:
        if not may_compile:
            raise PermissionDenied
        return render(
            asked, "knowledge/issue_draft.html", context | _draft(asked, found), status=status
        )
    return render(asked, "knowledge/issue.html", context | _signed(asked, found), status=status)


def _draft(asked: StaffRequest, found: Issue) -> dict[str, Any]:
    lines = list(found.lines.select_related("version__item"))
    words = asked.GET.get("q", "").strip()[:60]
    rows = _pickable(asked).exclude(item__in=[line.version.item_id for line in lines])
    if words:
        rows = rows.filter(title__icontains=words)
    hands = found.entries.filter(by=asked.person).exists()
    return {
        "chapters": chapters_of(found, lines, asked.at),
        "picks": Listing(asked.GET, rows, filters=filters(), sorts=PICK_SORTS, size=PICKS),
        "words": words,
        "may_sign": not hands and asked.person.pk != found.compiled_by_id,
        "count": len(lines),
    }


def _signed(asked: StaffRequest, found: Issue) -> dict[str, Any]:
    if found.frozen is None:
        return {"book": None}
    gone = _gone(asked, found)
    return {
        "fallen": named(found.frozen, gone),
        "book": _book(found),
        "gone": {str(one.pk): one for one in gone},
        "distributions": list(found.distributions.select_related("sent_by").order_by("-pk")),
        "ways": ways(),
    }


def _gone(asked: StaffRequest, found: Issue) -> list[Fallen]:
    assert found.frozen is not None
    keys = [item["version"] for item in items_of(found.frozen)]
    return fallen(keys, audience_of(asked.reach), asked.at)


def _book(found: Issue) -> Book:
    assert found.frozen is not None
    return booked(found.frozen, found.digest)


def _drafted(found: Issue, asked: StaffRequest) -> Book:
    lines = list(found.lines.select_related("version__item"))
    return booked(frozen(found, lines, signed_by="（未签发）", at=asked.at), "")
