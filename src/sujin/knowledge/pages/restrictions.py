"""账户限制: one box, the kind of restriction, how it is lifted, what to say, a note to hand out."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sujin.knowledge.audience import audience_of
from sujin.knowledge.catalogue import GAP, without_gaps
from sujin.knowledge.models import Version
from sujin.knowledge.models.usage import SHOWN, USED
from sujin.knowledge.pages.finding import note, noted, shown
from sujin.knowledge.restrictions import FORM
from sujin.knowledge.restrictions import restrictions as find
from sujin.knowledge.search import WORDS_MAX
from sujin.platform.ui.request import staff

# In the order in which a teller needs them, customer waiting.
STEPS = ("kind", "where", "lift", "documents", "time", "script")
# What starter content says where the bank's own figure is still to be written.


@require_safe
def restrictions(request: HttpRequest) -> HttpResponse:
    """``?q=``: the answer open, the next likely ones below it."""
    asked = staff(request)
    words = request.GET.get("q", "").strip()[:WORDS_MAX]
    answers = find(words, audience_of(asked.reach), asked.at) if words else []
    note(asked, [one.version for one in answers[:1]], SHOWN)
    context: dict[str, Any] = {
        "words": words,
        "answers": [(one, _steps(one.version)) for one in shown(answers)],
        "is_sure": bool(answers) and answers[0].is_sure,
        "question": noted(asked, words, answers),
    }
    return render(request, "knowledge/restrictions.html", context)


def _steps(version: Version) -> list[Any]:
    told = {part.code: (part, text) for part, text in version.told()}
    return [told[code] for code in STEPS if code in told]


@require_safe
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """The note for the customer: only what may be quoted, and only if it may be at all."""
    asked = staff(request)
    rows = Version.objects.served(audience_of(asked.reach), asked.at).listed()
    version = rows.filter(item__form=FORM, item__code=code).first()
    if version is None:
        raise Http404
    note(asked, [version], USED)
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
