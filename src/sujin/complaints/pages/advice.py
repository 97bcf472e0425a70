"""行内模型的建议: asked from the panel that says why, shown beside the codes, never as them."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from sujin.complaints import advising, kinds, words
from sujin.complaints.acts.seek_advice import seek_advice
from sujin.complaints.models import Complaint
from sujin.complaints.pages.guard import allowed
from sujin.complaints.rulebook import name_of
from sujin.complaints.sides import Sight
from sujin.platform.models import Entry
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, staff

PERMISSION = "reclassify"


@require_POST
def advice(request: HttpRequest, number: str) -> HttpResponse:
    """Ask once; the panel alone comes back, so that nothing typed elsewhere is lost."""
    case, asked = allowed(request, number, PERMISSION), staff(request)
    if settings.ADVISER is None:
        raise Http404
    silence = ""
    try:
        seek_advice(case, by=asked.person, at=asked.at)
    except Refusal as refusal:
        silence = str(refusal)
    if not asked.htmx:
        if silence:
            messages.error(request, silence)
        return redirect(f"{case.get_absolute_url()}#why")
    latest = case.entries.of(kinds.Advised).select_related("by").order_by("-pk")[:1]
    told = tell(case, latest, may_correct=case.may_be_handled_by(asked.person))
    shown = {"case": case, "advice": told, "silence": silence}
    return render(request, "complaints/partials/advice.html", shown)


def tell(case: Complaint, told: Iterable[Entry], *, may_correct: bool) -> dict[str, Any]:
    """The first of the entries, newest first, that is advice, beside the codes as they are; and
    whether to offer to ask. Empty when there is neither."""
    entry = next((one for one in told if one.kind == kinds.Advised.code), None)
    what = entry.what() if entry else None
    rows = _rows(case, what) if isinstance(what, kinds.Advised) else []
    may_ask = may_correct and _is_offered(case, what)
    if not rows and not may_ask:
        return {}
    return {
        "rows": rows,
        "said": what,
        "entry": entry,
        "may_ask": may_ask,
        "may_apply": may_correct and not all(row["is_same"] for row in rows),
    }


def may_correct(case: Complaint, request: StaffRequest, sight: Sight) -> bool:
    """Whether this person may correct the codes here, and so may ask about them."""
    is_theirs = not sight.is_partial and case.may_be_handled_by(request.person)
    return is_theirs and request.reach.allows(PERMISSION, case.seen_by)


def _is_offered(case: Complaint, what: object) -> bool:
    wired = settings.ADVISER
    if wired is None or not case.text.strip():
        return False
    asked = (wired.model, advising.brief(case.pack).digest)
    return not (isinstance(what, kinds.Advised) and (what.model, what.prompt) == asked)


def _rows(case: Complaint, what: kinds.Advised) -> list[dict[str, Any]]:
    return [
        {
            "label": words.AXES[axis],
            "name": name_of(axis, said["code"], english=words.is_english(), pack=what.pack),
            "quote": said["quote"],
            "is_same": said["code"] == getattr(case, axis),
        }
        for axis in advising.AXES
        if (said := what.advice.get(axis))
    ]


def codes(case: Complaint) -> dict[str, str]:
    """The latest advice as a correction would fill it in; a person writes why, and sends it."""
    latest = case.entries.of(kinds.Advised).order_by("-pk").first()
    what = latest.what() if latest else None
    if not isinstance(what, kinds.Advised):
        return {}
    return {axis: said["code"] for axis, said in what.advice.items()}
