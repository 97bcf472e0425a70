"""检查: the list, one inspection with what it found, and what may be done about it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.platform.models import Attachment
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, staff
from sujin.platform.ui.verbs import Offered, Verb, Verbs
from sujin.supervision.acts.ask_recording import (
    ask_recording,
    asks,
    miss_recording,
    provide_recording,
    provides,
    see_recording,
)
from sujin.supervision.acts.run_plan import pass_on_inspection
from sujin.supervision.forms_inspection import (
    AbsentForm,
    BecauseForm,
    ProvideForm,
    RecordingForm,
    SeenForm,
)
from sujin.supervision.inspectionbook import items, sorts
from sujin.supervision.kinds import inspection as kinds
from sujin.supervision.kinds import recording as recordings
from sujin.supervision.models import Inspection, Recording
from sujin.supervision.models.inspection import PLAN, READERS

VERBS = Verbs(
    Verb("passing-on", _("换人检查"), "arrows-exchange", BecauseForm, pass_on_inspection),
    Verb("recordings", _("调阅录像"), "video", RecordingForm, ask_recording),
)
RECORDING_VERBS = Verbs(
    Verb("provision", _("提供录像"), "file-import", ProvideForm, provide_recording),
    Verb("absence", _("没有录像"), "circle-x", AbsentForm, miss_recording),
    Verb("viewing", _("查看录像"), "eye", SeenForm, see_recording),
)
COLUMNS = [
    Column("day", _("哪一天"), sort="day"), Column("outlet", _("网点")),
    Column("sort", _("哪一种")), Column("inspector", _("检查人")), Column("state", _("状态")),
    Column("bad", _("不合格")),
]  # fmt: skip


def reader(request: HttpRequest) -> StaffRequest:
    """The request of somebody who has to do with inspections; 403 otherwise."""
    asked = staff(request)
    if not READERS & asked.reach.may:
        raise PermissionDenied
    return asked


@require_safe
def inspections(request: HttpRequest) -> HttpResponse:
    """Those in reach, the next first; one's own on top."""
    asked = reader(request)
    known = tuple((row.code, str(row)) for row in sorts().values())
    rows = Inspection.objects.within(asked.reach).select_related("outlet", "inspector", "plan")
    listing = Listing(
        asked.GET,
        rows.defer("plan__pool"),
        filters=[
            Filter(
                "state", _("状态"), tuple(kinds.INSPECTION_STATES.items()),
                lambda rows, value: rows.filter(state=value),
            ),
            Filter("sort", _("哪一种"), known, lambda rows, value: rows.filter(plan__sort=value)),
        ],
        sorts=[Sort("day", _("哪一天"), ("-day", "-pk"))],
        columns=COLUMNS,
    )  # fmt: skip
    mine = rows.defer("plan__pool").mine(asked.reach).order_by("day", "pk")[:20]
    context = {"listing": listing, "mine": mine, "may_draw": PLAN in asked.reach.may}
    return render(request, "supervision/inspections.html", context)


@require_safe
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """One: what was marked, its photographs, what fell short, recordings, its docket."""
    asked = reader(request)
    return _show(asked, visible(asked, pk))


@require_POST
def perform(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """``passing-on`` sends another, ``recordings`` asks for one."""
    asked = reader(request)
    found = visible(asked, pk)
    if verb not in VERBS:
        raise Http404
    bound = VERBS.perform(asked, verb, found)
    return redirect(found) if bound is None else _show(asked, found, bound, status=422)


@require_POST
def recording(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The outlet provides it or has none; the inspector looks at it."""
    asked = reader(request)
    found = Recording.objects.within(asked.reach).select_related("inspection").filter(pk=pk).first()
    if found is None or verb not in RECORDING_VERBS:
        raise Http404
    bound = RECORDING_VERBS.perform(asked, verb, found)
    if bound is None:
        return redirect(found.get_absolute_url())
    return _show(asked, visible(asked, found.inspection_id), answered=(found.pk, bound), status=422)


@require_safe
def photo(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """A photograph, to whoever may see the inspection; never inline from our origin."""
    found = visible(reader(request), pk)
    kept = Attachment.objects.filter(subject=Inspection.subject, subject_id=found.pk)
    return served(kept.filter(pk=file).first())


def served(kept: Attachment | None) -> FileResponse:
    """The file as a download that cannot run as ours; 404 of none."""
    if kept is None or not kept.path.is_file():
        raise Http404
    response = FileResponse(
        kept.path.open("rb"), as_attachment=True, filename=kept.name, content_type=kept.media_type
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def visible(asked: StaffRequest, pk: int) -> Inspection:
    """The inspection if it lies in reach; 404 otherwise, as if it did not exist."""
    rows = Inspection.objects.within(asked.reach)
    found = rows.select_related("outlet", "inspector", "plan__org").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _show(
    asked: StaffRequest,
    found: Inspection,
    bound: Offered | None = None,
    answered: tuple[int, Offered] | None = None,
    status: int = 200,
) -> HttpResponse:
    history = found.entries.select_related("by").in_order()
    context = {
        "inspection": found,
        "is_mine": found.inspector_id == asked.reach.person_id and found.is_ahead,
        "lines": _lines(found),
        "shortcomings": found.shortcomings.order_by("pk"),
        "recordings": _recordings(asked, found, answered),
        "verbs": VERBS.offered(_allowed(asked, found), bound),
        "history": [(one, one.what()) for one in history],
    }
    return render(asked, "supervision/inspection.html", context, status=status)


def _lines(found: Inspection) -> list[dict[str, Any]]:
    """Each item as it was handed in, with its photographs."""
    photos: dict[str, list[Attachment]] = {}
    for one in found.photos.select_related("file").order_by("pk"):
        photos.setdefault(one.item, []).append(one.file)
    known = items()
    return [
        {
            **one, "name": str(known.get(one["item"], one["item"])), "row": known.get(one["item"]),
            "said": kinds.MARKS[one["mark"]], "photos": photos.get(one["item"], []),
        }
        for one in found.result
    ]  # fmt: skip


def _allowed(asked: StaffRequest, found: Inspection) -> list[str]:
    if not asks(found, asked.reach):
        return []
    told = not found.is_ahead or bool(found.plan.row and found.plan.row.announced)
    return ["passing-on"] * found.is_ahead + ["recordings"] * told


def _recordings(
    asked: StaffRequest, found: Inspection, answered: tuple[int, Offered] | None
) -> list[tuple[Recording, Any]]:
    rows = found.recordings.order_by("pk")
    return [(one, _recording_verbs(asked, found, one, answered)) for one in rows]


def _recording_verbs(
    asked: StaffRequest, found: Inspection, one: Recording, answered: tuple[int, Offered] | None
) -> Any:
    one.inspection = found
    codes: list[str] = []
    if one.state == recordings.ASKED and provides(one, asked.reach):
        codes = ["provision", "absence"]
    if one.state == recordings.PROVIDED and asks(found, asked.reach):
        codes = ["viewing"]
    bound = answered[1] if answered is not None and answered[0] == one.pk else None
    return RECORDING_VERBS.offered(codes, bound)
