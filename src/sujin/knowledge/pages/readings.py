"""What I have to read: the list, the text, the quiz."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from sujin.knowledge.acts.measure_up import write_measure
from sujin.knowledge.acts.note_usage import note_usage
from sujin.knowledge.acts.read import open_reading, take_quiz, understand
from sujin.knowledge.audience import audience_of
from sujin.knowledge.booked import booked
from sujin.knowledge.forms_reading import MeasureForm
from sujin.knowledge.frozen import items_of
from sujin.knowledge.models import Acknowledgement, Version
from sujin.knowledge.models.reading import URGE
from sujin.knowledge.models.usage import READ
from sujin.knowledge.pages.fallen import named
from sujin.knowledge.quiz import Marked, drawn, served_of, sources_of
from sujin.knowledge.standing import fallen
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Listing
from sujin.platform.ui.request import StaffRequest, staff

DONE_SHOWN = 30
WAITING_SHOWN = 100


@require_safe
def readings(request: HttpRequest) -> HttpResponse:
    """Mine: what is still to be read first, the nearest day first."""
    asked = staff(request)
    rows = _mine(asked)
    waiting = rows.missing().order_by("distribution__read_by", "pk")[:WAITING_SHOWN]
    done = rows.filter(understood_at__isnull=False).order_by("-understood_at", "-pk")
    context = {
        "waiting": list(waiting),
        "listing": Listing(request.GET, done, size=DONE_SHOWN),
        "today": timezone.localdate(asked.at),
    }
    return render(request, "knowledge/readings.html", context)


@require_safe
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """The text, then what is asked. Opening it is noted, once. Whoever only watches over it is
    sent to the map."""
    asked = staff(request)
    found = _mine(asked).filter(distribution=pk).first()
    if found is None:
        return redirect("knowledge:distribution", pk)
    if found.read_at is None and not _is_fallen(found, asked):
        open_reading(found, by=asked.person, at=asked.at)
        read = served_of(found.distribution, audience_of(asked.reach), asked.at)
        note_usage(read, READ, by=asked.person, at=asked.at, org=found.unit)
        found.refresh_from_db()
    return _show(asked, found)


@require_POST
def understanding(request: HttpRequest, pk: int) -> HttpResponse:
    """Read and understood."""
    asked = staff(request)
    found = _own(asked, pk)
    try:
        understand(found, by=asked.person, at=asked.at)
    except Refusal as refusal:
        return _show(asked, found, refused=str(refusal), status=422)
    messages.success(request, _t("已确认"))
    return redirect(found.distribution)


@require_POST
def quiz(request: HttpRequest, pk: int) -> HttpResponse:
    """The answers of one try; the page says at once what was right."""
    asked = staff(request)
    found = _own(asked, pk)
    try:
        marks = take_quiz(found, request.POST.dict(), by=asked.person, at=asked.at)
    except Refusal as refusal:
        return _show(asked, found, refused=str(refusal), status=422)
    return _show(asked, _own(asked, pk), marks=marks)


@require_POST
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """What the person's own unit does about it."""
    asked = staff(request)
    found = _own(asked, pk)
    if not _may_measure(asked, found):
        raise Http404
    form = MeasureForm(request.POST)
    if form.is_valid():
        try:
            write_measure(
                found.distribution, unit=found.unit, **form.cleaned_data,
                by=asked.person, at=asked.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _t("已保存"))
            return redirect(found.distribution)
    return _show(asked, found, form=form, status=422)


def _mine(asked: StaffRequest) -> Any:
    """Nobody waits for who left: what such a person had to read is on the list no longer."""
    rows = Acknowledgement.objects.expected().filter(person=asked.person)
    return rows.select_related(
        "unit", "distribution__issue__org", "distribution__version__item__owner",
        "distribution__sent_by",
    )  # fmt: skip


def _own(asked: StaffRequest, pk: int) -> Acknowledgement:
    found: Acknowledgement | None = _mine(asked).filter(distribution=pk).first()
    if found is None:
        raise Http404
    return found


def _is_fallen(found: Acknowledgement, asked: StaffRequest) -> bool:
    if found.distribution.version_id is None:
        return False
    return not served_of(found.distribution, audience_of(asked.reach), asked.at).exists()


def _instead(asked: StaffRequest, version: Version) -> Version | None:
    """What this reader is served in the place of a version that has fallen."""
    served = Version.objects.served(audience_of(asked.reach), asked.at).select_related("item")
    return served.filter(Q(item=version.item_id) | Q(pk=version.successor_id)).first()


def _may_measure(asked: StaffRequest, found: Acknowledgement) -> bool:
    """Whoever watches over the unit speaks for it: its manager, or the supervisor above."""
    return asked.reach.allows(URGE, found.unit.tokens)


def _show(
    asked: StaffRequest,
    found: Acknowledgement,
    *,
    marks: list[Marked] | None = None,
    form: MeasureForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    distribution = found.distribution
    is_fallen = _is_fallen(found, asked)
    sources = sources_of(distribution, audience_of(asked.reach), asked.at)
    asks_measure = distribution.wants_measures and _may_measure(asked, found)
    context: dict[str, Any] = {
        "reading": found,
        "distribution": distribution,
        "is_over": distribution.is_over(asked.at),
        "is_fallen": is_fallen,
        "marks": marks,
        "right": sum(one.is_right for one in marks or ()),
        "questions": drawn(found, sources),
        "needs_quiz": distribution.wants_quiz and bool(sources),
        "refused": refused,
        "measures": _measures(found) if distribution.wants_measures else [],
        "measure_form": (form or MeasureForm()) if asks_measure else None,
        **_text(asked, found, is_fallen),
    }
    return render(asked, "knowledge/reading.html", context, status=status)


def _measures(found: Acknowledgement) -> list[Any]:
    rows = found.distribution.measures.filter(unit=found.unit).select_related("by")
    return list(rows.order_by("-pk")[:5])


def _text(asked: StaffRequest, found: Acknowledgement, is_fallen: bool) -> dict[str, Any]:
    """What is to be read: an issue as a book, one version by its parts."""
    issue, version = found.distribution.issue, found.distribution.version
    if issue is not None and issue.frozen is not None:
        gone = fallen(
            [one["version"] for one in items_of(issue.frozen)], audience_of(asked.reach), asked.at
        )
        told = booked(issue.frozen, issue.digest)
        marks = {str(one.pk): one for one in gone}
        return {"book": told, "gone": marks, "issue": issue, "fallen": named(issue.frozen, gone)}
    if version is None:
        return {}
    if is_fallen:
        return {"instead": _instead(asked, version)}
    return {"version": version, "told": version.told()}
