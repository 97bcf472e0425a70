"""账户限制: one box, the kind of restriction, how it is lifted, what to say, a note to hand out."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from sujin.knowledge.audience import audience_of
from sujin.knowledge.catalogue import GAP, without_gaps
from sujin.knowledge.models import Version
from sujin.knowledge.models.usage import READ, SHOWN
from sujin.knowledge.pages.finding import (
    answered,
    asked_words,
    note,
    note_use_here,
    own_question,
    shown,
)
from sujin.knowledge.restrictions import FORM
from sujin.knowledge.restrictions import restrictions as find
from sujin.platform.ui.request import staff

# In the order in which a teller needs them, customer waiting.
STEPS = ("kind", "where", "lift", "documents", "time", "script")


@require_http_methods(["GET", "HEAD", "POST"])
def restrictions(request: HttpRequest) -> HttpResponse:
    """GET: the empty box. POST ``q``: keeps the question, masked, and goes to its page."""
    asked = staff(request)
    question = asked_words(asked) if request.method == "POST" else None
    if question is not None:
        return redirect("knowledge:restrictions_for", question.pk)
    return render(request, "knowledge/restrictions.html")


@require_safe
def restrictions_for(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer to one's own question open, the next likely ones below it."""
    asked = staff(request)
    question = own_question(asked, pk)
    answers = find(question.words, audience_of(asked.reach), asked.at)
    note(asked, [one.version for one in answers[:1]], SHOWN)
    answered(asked, question, answers, answers)
    context: dict[str, Any] = {
        "answers": [(one, _steps(one.version)) for one in shown(answers)],
        "is_sure": bool(answers) and answers[0].is_sure,
        "question": question,
    }
    return render(request, "knowledge/restrictions.html", context)


def _steps(version: Version) -> list[Any]:
    told = {part.code: (part, text) for part, text in version.told()}
    return [told[code] for code in STEPS if code in told]


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """The note for the customer: only what may be quoted, and only if it may be at all. POST: it
    is handed out, which is noted; to look at it again is not to use it."""
    asked = staff(request)
    rows = Version.objects.served(audience_of(asked.reach), asked.at).listed()
    version = rows.filter(item__form=FORM, item__code=code).first()
    if version is None:
        raise Http404
    if request.method == "POST":
        note_use_here(asked, version)
        return redirect("knowledge:restriction_note", code)
    note(asked, [version], READ)
    said = version.parts
    told = [(part, text) for part, text in version.told(public=True) if part.code != "note"]
    public = {part.code: part.name for part in version.item.shape.parts if part.is_public}
    context = {
        "version": version,
        "told": told,
        "unfilled": [name for code, name in public.items() if GAP in said.get(code, "")],
        "words": without_gaps(said.get("note", "")),
    }
    return render(request, "knowledge/restriction_note.html", context)
