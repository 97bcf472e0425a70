"""Search: words in, answers with their reasons out; what was chosen is remembered."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from sujin.knowledge.acts.ask import choose
from sujin.knowledge.audience import audience_of
from sujin.knowledge.models import Question, Version
from sujin.knowledge.models.usage import SHOWN
from sujin.knowledge.pages.finding import note, noted, shown
from sujin.knowledge.pages.library import filters
from sujin.knowledge.search import WORDS_MAX, Found
from sujin.knowledge.search import search as find
from sujin.platform.ui.request import StaffRequest, staff

RESULTS, NEAREST = 20, 5


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """``?q=&form=&line=``: the answers; without a sure one the nearest, and the gap is noted."""
    asked = staff(request)
    words = request.GET.get("q", "").strip()[:WORDS_MAX]
    chosen = {one.name: _known(one.choices, request.GET.get(one.name, "")) for one in filters()}
    answers = _find(asked, words, chosen, RESULTS)
    is_sure = bool(answers) and answers[0].is_sure
    widened = [] if answers or not any(chosen.values()) else _find(asked, words, {}, NEAREST)
    shelf = answers if is_sure else (answers or widened)[:NEAREST]
    note(asked, [one.version for one in shelf], SHOWN)
    context: dict[str, Any] = {
        "words": words,
        "choices": [(one, chosen[one.name]) for one in filters()],
        "answers": shown(shelf),
        "is_sure": is_sure,
        "is_widened": bool(widened),
        "question": noted(asked, words, answers or widened),
    }
    return render(request, "knowledge/search.html", context)


def _find(asked: StaffRequest, words: str, chosen: dict[str, str], k: int) -> list[Found]:
    return find(
        words,
        audience_of(asked.reach),
        asked.at,
        forms=[chosen["form"]] if chosen.get("form") else (),
        lines=[chosen["line"]] if chosen.get("line") else (),
        k=k,
    )


def _known(choices: Any, value: str) -> str:
    return value if any(value == code for code, _label in choices) else ""


@require_safe
def chosen(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """This answer was opened: note it on one's own question and show the item. A link, so that it
    opens in another tab as well; opening twice changes nothing."""
    asked = staff(request)
    rows = Version.objects.served(audience_of(asked.reach), asked.at).select_related("item")
    found = rows.filter(pk=version).first()
    question = Question.objects.filter(pk=pk, person=asked.person).first()
    if found is None or question is None:
        raise Http404
    if request.method == "GET":
        choose(question, found)
    return redirect(found.item)
