"""Beside an open case and its letters: what knowledge says, put into one's own words by a click."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from sujin.complaints import words
from sujin.complaints.models import Complaint
from sujin.complaints.pages.guard import bar_recused, visible
from sujin.complaints.rulebook import name_of
from sujin.knowledge.acts.ask import note_use
from sujin.knowledge.acts.note_usage import note_usage
from sujin.knowledge.assist import Pick, assist
from sujin.knowledge.audience import Situation, audience_of
from sujin.knowledge.catalogue import Part
from sujin.knowledge.models import Version
from sujin.knowledge.models.usage import READ, SHOWN, USED
from sujin.platform.ui.request import StaffRequest, staff

TEXT_MAX = 300
# What may be put into a note or a letter as it stands.
INSERTED = ("answer", "script")
# Permissions by which one works on a case: a note, a letter.
WRITING = ("annotate", "answer")


@dataclass(frozen=True, slots=True)
class Beside:
    """One piece of knowledge as the panel shows it; ``inserts`` are what a click puts in."""

    version: Version
    told: list[tuple[Part, str]]
    inserts: list[tuple[Part, str]]
    why: str


def beside(case: Complaint, request: StaffRequest) -> list[Beside]:
    """The panel of an open case, for whoever may handle it; that it was shown is noted once a day.
    A fixed number of queries."""
    if not (case.is_open and case.may_be_handled_by(request.person)):
        return []
    picked = assist(_named(case), situation(case), audience_of(request.reach), request.at)
    if request.method == "GET":
        _note(request, case, [pick.version for pick in picked], SHOWN)
    return [_beside(pick, case) for pick in picked]


def situation(case: Complaint) -> Situation:
    """The case as knowledge is asked about it: codes, and the masked words."""
    return Situation(
        business=case.business,
        cause=case.cause,
        demand=case.demand,
        tier=case.tier,
        touchpoint=case.touchpoint,
        text=case.text[:TEXT_MAX],
    )


@require_POST
def knowledge(request: HttpRequest, number: str) -> HttpResponse:
    """``version`` was opened (``way=read``) or put into a note or letter (``way=used``) here. Used
    only by who works on the open case: effects are judged and the search is taught by it."""
    asked, case = staff(request), visible(request, number)
    bar_recused(case, asked)
    pk, way = request.POST.get("version", ""), request.POST.get("way", "")
    rows = Version.objects.served(audience_of(asked.reach), asked.at, situation(case))
    is_number = pk.isdecimal() and len(pk) < 15
    found = rows.filter(pk=int(pk)).first() if is_number else None
    if found is None or way not in {READ, USED}:
        raise Http404
    if way == USED and not works_on(case, asked):
        raise PermissionDenied
    _note(asked, case, [found], way)
    if way == USED:
        note_use(_named(case), found, by=asked.person, at=asked.at)
    return HttpResponse(status=204)


def works_on(case: Complaint, request: StaffRequest) -> bool:
    """Whether the person may write a note or a letter at this open case."""
    if not (case.is_open and case.may_be_handled_by(request.person)):
        return False
    return any(request.reach.allows(what, case.seen_by) for what in WRITING)


def _note(request: StaffRequest, case: Complaint, versions: list[Version], way: str) -> None:
    """At the case when the person works on it; an onlooker's reading is no part of it."""
    posts = request.reach.posts
    org = posts[0].org if posts else None
    at_case = case.pk if works_on(case, request) else None
    note_usage(versions, way, by=request.person, at=request.at, org=org, case=at_case)


def _named(case: Complaint) -> str:
    """Business and cause in the words of the taxonomy: they name nobody, so that the search may
    learn from them."""
    codes = {"business": case.business, "cause": case.cause}
    return " ".join(name_of(axis, code, english=False) for axis, code in codes.items() if code)


def _beside(pick: Pick, case: Complaint) -> Beside:
    told = [(part, text) for part, text in pick.version.told() if part.kind != "quiz"]
    inserts = [(part, text) for part, text in told if part.code in INSERTED]
    return Beside(pick.version, told, inserts, _why(pick, case))


def _why(pick: Pick, case: Complaint) -> str:
    names = {
        "business": lambda: _t("业务：%(name)s") % {"name": words.business(case.business)},
        "cause": lambda: _t("原因：%(name)s") % {"name": words.cause(case.cause)},
    }
    said = [names[scope]() for scope in pick.scopes]
    met = ["→".join(dict.fromkeys(pair)) for pair in pick.words]
    said += [_t("匹配：%(words)s") % {"words": _t("、").join(met)}] if met else []
    return _t("；").join(said)
