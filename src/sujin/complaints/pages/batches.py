"""Several cases at once: done from the list, looked at and undone on a page of its own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from sujin.complaints import words
from sujin.complaints.acts.do_many import OF_CODES, UNDO_WITHIN, VERBS, do_many, undo_many
from sujin.complaints.forms_many import ManyForm
from sujin.complaints.models import Batch, BatchLine, Complaint
from sujin.complaints.pages.cases import NUMBER
from sujin.complaints.rulebook import name_of
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import staff


@require_POST
def batches(request: HttpRequest) -> HttpResponse:
    """Do it; what was typed wrong goes back to the list as a message."""
    asked = staff(request)
    form = ManyForm(request.POST)
    chosen = [one for one in request.POST.getlist("case") if NUMBER.fullmatch(one)]
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return _back(request)
    cases = list(Complaint.objects.within(asked.reach).filter(number__in=chosen).order_by("number"))
    try:
        batch = do_many(
            form.cleaned_data["verb"], cases, given=form.given, by=asked.person, at=asked.at
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _back(request)
    return redirect(batch)


def _back(request: HttpRequest) -> HttpResponse:
    """The list as it was asked for."""
    query = QueryDict(request.POST.get("query", "")[:500]).urlencode()
    return redirect(f"{reverse('complaints:list')}?{query}")


@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of each case."""
    asked = staff(request)
    found = get_object_or_404(Batch, pk=pk, by=asked.person)
    verb = VERBS[found.act]
    within = Complaint.objects.within(asked.reach)
    rows = found.lines.filter(complaint__in=within.values("pk")).select_related("complaint")
    lines = list(rows.order_by("pk"))
    can_undo = verb.undo is not None and not found.undone_at and asked.at - found.at <= UNDO_WITHIN
    queue = "corrections" if found.act in OF_CODES else "list"
    context = {
        "batch": found,
        "verb": verb,
        "lines": [(line, _change(line)) for line in lines],
        "refused": sum(bool(line.refused) for line in lines),
        # A correction may carry a case to another line; the undo reaches it there.
        "hidden": found.lines.count() - len(lines),
        "can_undo": can_undo and found.lines.filter(refused="").exists(),
        "back": f"{reverse(f'complaints:{queue}')}?{request.GET.urlencode()}",
        "query": request.GET.urlencode(),
    }
    return render(request, "complaints/batch.html", context)


def _change(line: BatchLine) -> str:
    """Of a correction: the axis, and which code was to become which."""
    if not line.axis:
        return ""
    codes = [line.asked.get("code", ""), line.code]
    names = [name_of(line.axis, one, english=words.is_english()) for one in codes if one]
    return (
        f"{words.AXES[line.axis]}{_t('：')}{' → '.join(names)}"
        if names
        else str(words.AXES[line.axis])
    )


@require_POST
def undoing(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo what can still be undone."""
    asked = staff(request)
    found = get_object_or_404(Batch, pk=pk, by=asked.person)
    try:
        count = undo_many(found, by=asked.person, at=asked.at)
        messages.success(request, _t("已撤销 %(n)d 件") % {"n": count})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    query = QueryDict(request.POST.get("query", "")[:500]).urlencode()
    return redirect(f"{found.get_absolute_url()}?{query}")
