"""Search: words in, answers with their reasons out; what was chosen is remembered."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from sujin.knowledge.acts.ask import choose
from sujin.knowledge.audience import audience_of
from sujin.knowledge.models import Version
from sujin.knowledge.models.usage import SHOWN
from sujin.knowledge.pages.finding import answered, asked_words, note, own_question, shown
from sujin.knowledge.pages.library import filters
from sujin.knowledge.search import Found
from sujin.knowledge.search import search as find
from sujin.platform.ui.listing import Filter
from sujin.platform.ui.request import StaffRequest, staff

RESULTS, NEAREST = 20, 5


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """GET: the empty box. POST ``q``, ``form``, ``line``: keeps the question, masked, and goes to
    its page."""
    asked = staff(request)
    question = asked_words(asked) if request.method == "POST" else None
    if question is None:
        return _show(asked, {"choices": _choices(asked.GET)})
    kept = {one.name: value for one, value in _choices(asked.POST) if value}
    query = f"?{urlencode(kept)}" if kept else ""
    return redirect(reverse("knowledge:found_for", args=[question.pk]) + query)


@require_safe
def found_for(request: HttpRequest, pk: int) -> HttpResponse:
    """``?form=&line=``: the answers to one's own question; without a sure one the nearest, and the
    gap is noted."""
    asked = staff(request)
    question = own_question(asked, pk)
    choices = _choices(asked.GET)
    chosen = {one.name: value for one, value in choices}
    answers = _find(asked, question.words, chosen, RESULTS)
    is_sure = bool(answers) and answers[0].is_sure
    is_narrow = any(chosen.values())
    widened = _find(asked, question.words, {}, NEAREST) if is_narrow and not answers else []
    shelf = answers if is_sure else (answers or widened)[:NEAREST]
    note(asked, [one.version for one in shelf], SHOWN)
    answered(asked, question, answers or widened, shelf)
    context: dict[str, Any] = {
        "choices": choices,
        "answers": shown(shelf),
        "is_sure": is_sure,
        "is_widened": bool(widened),
        "question": question,
    }
    return _show(asked, context)


def _show(asked: StaffRequest, context: dict[str, Any]) -> HttpResponse:
    return render(asked, "knowledge/search.html", context)


def _choices(params: QueryDict) -> list[tuple[Filter[Version], str]]:
    """The filters, each with the value asked for; what is unknown is not asked."""
    return [(one, _known(one.choices, params.get(one.name, ""))) for one in filters()]


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
    """This answer, of those that were shown to one's own question, was opened: note it and show
    the item. A link, so that it opens in another tab as well; opening twice changes nothing."""
    asked = staff(request)
    question = own_question(asked, pk)
    rows = Version.objects.served(audience_of(asked.reach), asked.at).select_related("item")
    found = rows.filter(pk=version).first() if version in question.offered else None
    if found is None:
        raise Http404
    if request.method == "GET":
        choose(question, found)
    return redirect(found.item)
