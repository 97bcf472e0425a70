"""The war-room of one event, and what may be done there."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from sujin.complaints.rulebook import name_of
from sujin.complaints.words import CHANNELS, is_english
from sujin.governance import flash_event
from sujin.governance.acts.announce_event import announce_event
from sujin.governance.acts.ask_for_line import acknowledge_line, ask_for_line
from sujin.governance.acts.attach_line import attach_line
from sujin.governance.acts.attach_mention import Tally, attach_mention, import_mentions
from sujin.governance.acts.close_event import close_event
from sujin.governance.acts.issue_flash import draft_flash
from sujin.governance.duties import NOTING
from sujin.governance.event_room import Room, candidates
from sujin.governance.forms_event import (
    AskForm,
    AttachForm,
    CloseForm,
    ImportForm,
    MentionForm,
    SureForm,
)
from sujin.governance.models import Event, LineRequest
from sujin.governance.models.event import announces
from sujin.governance.pages.events import reader
from sujin.knowledge.models import Version
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest

Bound = Mapping[str, Any]
DRAFT = "draft"


@require_safe
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is, who owes a line, what came against what was said."""
    asked = reader(request)
    return _show(asked, found(asked, pk))


@require_POST
def perform(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one thing with the event; a refusal shows the page again and says why."""
    asked = reader(request)
    if verb not in VERBS:
        raise Http404
    allowed, form_of, act = VERBS[verb]
    if not allowed(asked):
        raise PermissionDenied
    one = found(asked, pk)
    form = form_of(asked, one)
    if form.is_valid():
        try:
            return act(asked, one, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return _show(asked, one, {verb: form}, status=422)


@require_POST
def line(request: HttpRequest, pk: int, line: int, verb: str) -> HttpResponse:
    """The owner of a line has heard (``receipt``), or says which version it is (``version``)."""
    asked = reader(request)
    one = found(asked, pk)
    held = next((row for row in one.requests.all() if row.pk == line), None)
    if held is None or verb not in {"receipt", "version"}:
        raise Http404
    if not asked.reach.allows(DRAFT, held.owner.tokens):
        raise PermissionDenied
    form = forms.Form(request.POST)
    if verb == "version":
        form = AttachForm(request.POST, offered=_offered(held, Room(one, asked.reach, asked.at)))
    if form.is_valid():
        try:
            _of_line(asked, held, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _t("已登记"))
            return redirect(one)
    return _show(asked, one, {f"line_{held.pk}": form}, status=422)


def _of_line(asked: StaffRequest, held: LineRequest, told: Mapping[str, Any]) -> None:
    if "version" not in told:
        acknowledge_line(held, by=asked.person, at=asked.at)
        return
    version = Version.objects.select_related("item").get(pk=int(told["version"]))
    attach_line(held, version, by=asked.person, at=asked.at)


def found(asked: StaffRequest, pk: int) -> Event:
    """The event, or 404: a draft is nobody's but its writers'."""
    one = Event.objects.readable(asked.reach).listed().filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


def _done(asked: StaffRequest, one: Event, told: str) -> HttpResponse:
    messages.success(asked, told)
    return redirect(one)


def _announce(asked: StaffRequest, one: Event, _told: Bound) -> HttpResponse:
    announce_event(one, by=asked.person, at=asked.at)
    return _done(asked, one, _t("已通报，条线已收到出口径的任务"))


def _ask(asked: StaffRequest, one: Event, told: Bound) -> HttpResponse:
    ask_for_line(one, told["line"], by=asked.person, at=asked.at)
    return _done(asked, one, _t("已请该条线出口径"))


def _mention(asked: StaffRequest, one: Event, told: Bound) -> HttpResponse:
    attach_mention(one, **told, by=asked.person, at=asked.at)
    return _done(asked, one, _t("已登记"))


def _import(asked: StaffRequest, one: Event, told: Bound) -> HttpResponse:
    tally = import_mentions(one, told["file"], by=asked.person, at=asked.at)
    if not tally.rejects:
        return _done(asked, one, _t("读入 %(n)d 条") % {"n": tally.taken})
    return _show(asked, found(asked, one.pk), tally=tally, status=422)


def _close(asked: StaffRequest, one: Event, told: Bound) -> HttpResponse:
    close_event(one, because=told["because"], by=asked.person, at=asked.at)
    return _done(asked, one, _t("事件已结"))


def _flash(asked: StaffRequest, one: Event, _told: Bound) -> HttpResponse:
    made = draft_flash(flash_event.of_event(one, asked.at), by=asked.person, at=asked.at)
    messages.success(asked, _t("快报已成稿，归口部门已收到；请另一人签发"))
    return redirect(made)


def _taken(one: Event) -> list[str]:
    return [row.line for row in one.requests.all()]


Maker = Callable[[StaffRequest, Event], forms.Form]
Act = Callable[[StaffRequest, Event, Bound], HttpResponse]
Allowed = Callable[[StaffRequest], bool]


def _announces(asked: StaffRequest) -> bool:
    return announces(asked.reach)


def _notes(asked: StaffRequest) -> bool:
    return bool(NOTING & asked.reach.may)


VERBS: Mapping[str, tuple[Allowed, Maker, Act]] = {
    "announcement": (_announces, lambda asked, _one: SureForm(asked.POST), _announce),
    "asking": (_announces, lambda asked, one: AskForm(asked.POST, taken=_taken(one)), _ask),
    "mention": (_notes, lambda asked, _one: MentionForm(asked.POST), _mention),
    "import": (_notes, lambda asked, _one: ImportForm(asked.POST, asked.FILES), _import),
    "closure": (_announces, lambda asked, _one: CloseForm(asked.POST), _close),
    "report": (_announces, lambda asked, _one: forms.Form(asked.POST), _flash),
}


def _show(
    asked: StaffRequest,
    one: Event,
    bound: Bound | None = None,
    *,
    tally: Tally | None = None,
    status: int = 200,
) -> HttpResponse:
    room = Room(one, asked.reach, asked.at)
    context = {
        "event": one,
        "room": room,
        "picture": room.picture(),
        "days": room.days,
        "tally": tally,
        "is_future": one.is_future(asked.at),
        **_named(one),
        "asked_lines": _lines(asked, room, bound or {}),
        "forms": _forms(asked, one) | dict(bound or {}),
        "refusals": [error for form in (bound or {}).values() for error in form.non_field_errors()],
    }
    return render(asked, "governance/event.html", context, status=status)


def _named(one: Event) -> dict[str, Any]:
    """Codes in the reader's words."""
    english = is_english()
    axes = {"business": one.business, "cause": one.cause}
    told: dict[str, Any] = {
        axis: "、".join(name_of(axis, code, english=english) for code in codes)
        for axis, codes in axes.items()
    }
    return told | {"channels": [CHANNELS.get(code, code) for code in one.row.channels]}


def _lines(asked: StaffRequest, room: Room, bound: Bound) -> list[dict[str, Any]]:
    """Each line with the forms of whoever writes for its owner."""
    found = []
    for one in room.asked:
        row: dict[str, Any] = {"one": one, "form": bound.get(f"line_{one.request.pk}")}
        if room.event.is_on and asked.reach.allows(DRAFT, one.request.owner.tokens):
            row["may"] = True
            own = f"line-{one.request.pk}-%s"
            offered = _offered(one.request, room)
            row["form"] = row["form"] or AttachForm(offered=offered, auto_id=own)
        found.append(row)
    return found


def _offered(request: LineRequest, room: Room) -> list[tuple[str, str]]:
    rows = candidates(request, room.nearest)
    state = {one.pk: one.get_state_display() for one in rows}
    return [(str(one.pk), f"{one.title}（{state[one.pk]}）") for one in rows]


def _forms(asked: StaffRequest, one: Event) -> dict[str, forms.Form]:
    """What this person may do with it now."""
    may = announces(asked.reach)
    found: dict[str, forms.Form] = {}
    if one.is_draft and may:
        return {"announcement": SureForm(), "edit": forms.Form()}
    if one.is_on and _notes(asked):
        found |= {
            "mention": MentionForm(initial={"on": timezone.localdate(asked.at).isoformat()}),
            "import": ImportForm(),
        }
    if one.is_on and may:
        asking = AskForm(taken=_taken(one))
        found |= {"asking": asking, "closure": CloseForm(), "report": forms.Form()}
        found["edit"] = forms.Form()
    return found
