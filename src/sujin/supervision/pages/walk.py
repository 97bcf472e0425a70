"""到场填表: the list on a telephone, which works without a network and sends what it kept later.

The page is a plain form that works without a script. With one, every tap is kept on the telephone
first (frontend/js/walk.js) and sent when there is a network, each sending under a key of its own.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sujin.platform import files
from sujin.platform.files import CannotAttach
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest
from sujin.supervision.acts.carry_inspection import (
    WORDS_MAX,
    Note,
    keep_photo,
    note_marks,
    submit_inspection,
)
from sujin.supervision.inspectionbook import AREAS, checklist, numbers
from sujin.supervision.kinds import inspection as kinds
from sujin.supervision.models import Inspection, Mark
from sujin.supervision.pages.inspections import reader, visible

NOTES_MAX = 100
# Years a telephone may say; nearer to the ends of time no zone can be applied.
EARLIEST, LATEST = 2000, 9000


class BadNote(Refusal):
    """What was sent cannot be read; the message names the field."""


@require_http_methods(["GET", "HEAD", "POST"])
def walk(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the list as it stands; POST: the whole form at once, for browsers without a script."""
    asked = reader(request)
    found = _own(asked, pk)
    wrong = ""
    if request.method == "POST":
        try:
            note_marks(found, _from_form(asked, found), by=asked.person, at=asked.at)
            _keep_files(asked, found)
            if "submit" in asked.POST:
                submit_inspection(found, by=asked.person, at=asked.at)
                return redirect(found)
            return redirect("supervision:walk", pk=pk)
        except Refusal as refusal:
            wrong = str(refusal)
    status = 422 if wrong else 200
    return render(request, "supervision/walk.html", _contents(found, wrong), status=status)


def _contents(found: Inspection, wrong: str) -> dict[str, Any]:
    marks = {one.item: one for one in found.marks.all()}
    kept: dict[str, int] = {}
    for item in found.photos.values_list("item", flat=True):
        kept[item] = kept.get(item, 0) + 1
    areas: dict[str, list[Any]] = {}
    for one in checklist(found.plan.sort):
        areas.setdefault(one.area, []).append((one, marks.get(one.code), kept.get(one.code, 0)))
    return {
        "inspection": found,
        "areas": [(AREAS[area], rows) for area, rows in areas.items()],
        "marks": list(kinds.MARKS.items()),
        "total": sum(len(rows) for rows in areas.values()),
        "done": len(marks),
        "wrong": wrong,
        "words_max": WORDS_MAX,
        "photos_max": numbers()["photos"],
    }


def _from_form(asked: StaffRequest, found: Inspection) -> list[Note]:
    """What the form says of each item and is not what we know already."""
    known = {one.item: one for one in found.marks.all()}
    told = []
    for one in checklist(found.plan.sort):
        mark = asked.POST.get(f"mark-{one.code}", "")
        said = _text(asked.POST, f"words-{one.code}").strip()[:WORDS_MAX]
        before = known.get(one.code)
        if said and not mark:
            raise BadNote(_t("写了字的，请先选合格、不合格或不适用：%(item)s") % {"item": one})
        if mark and (before is None or (before.mark, before.words) != (mark, said)):
            replaces = before.key if before else None
            told.append(Note(uuid4(), one.code, mark, said, asked.at, replaces))
    return told


def _keep_files(asked: StaffRequest, found: Inspection) -> None:
    for one in checklist(found.plan.sort):
        for handed in asked.FILES.getlist(f"photo-{one.code}"):
            checked = files.check(handed)
            keep_photo(
                found, one.code, checked, key=uuid4(), taken_at=asked.at, by=asked.person,
                at=asked.at,
            )  # fmt: skip


@require_POST
def marks(request: HttpRequest, pk: int) -> JsonResponse:
    """``{"notes": [{key, item, mark, words, at, replaces}]}``: kept whole, or refused with why;
    ``stands`` is what holds now."""
    asked = reader(request)
    found = _own(asked, pk)
    try:
        notes = _read(request.body)
        note_marks(found, notes, by=asked.person, at=asked.at)
    except Refusal as refusal:
        return JsonResponse({"why": str(refusal)}, status=422)
    stands = {one.item: _told(one) for one in found.marks.all()}
    return JsonResponse({"kept": [str(one.key) for one in notes], "stands": stands})


@require_POST
def photos(request: HttpRequest, pk: int) -> JsonResponse:
    """One photograph: ``key``, ``item``, ``at`` and the file ``photo``."""
    asked = reader(request)
    found, handed = _own(asked, pk), asked.FILES.get("photo")
    try:
        if handed is None:
            raise CannotAttach(_t("没有收到照片"))
        key, at = _uuid(asked.POST.get("key")), _moment(asked.POST.get("at"))
        keep_photo(
            found, str(asked.POST.get("item", "")), files.check(handed), key=key, taken_at=at,
            by=asked.person, at=asked.at,
        )  # fmt: skip
    except Refusal as refusal:
        return JsonResponse({"why": str(refusal)}, status=422)
    return JsonResponse({"kept": [str(key)]})


@require_POST
def submission(request: HttpRequest, pk: int) -> JsonResponse:
    """The list is handed in. What was handed in before answers the same again."""
    asked = reader(request)
    found = visible(asked, pk)
    if found.inspector_id != asked.person.pk:
        raise Http404
    if found.state != kinds.SUBMITTED:
        try:
            submit_inspection(found, by=asked.person, at=asked.at)
        except Refusal as refusal:
            return JsonResponse({"why": str(refusal)}, status=422)
    return JsonResponse({"url": found.get_absolute_url()})


@require_safe
def standing(request: HttpRequest, pk: int) -> JsonResponse:
    """What we hold, so that the telephone knows what it still has to send."""
    asked = reader(request)
    found = visible(asked, pk)
    if found.inspector_id != asked.person.pk:
        raise Http404
    return JsonResponse(
        {
            "state": found.state,
            "marks": {one.item: _told(one) for one in found.marks.all()},
            "photos": [str(key) for key in found.photos.values_list("key", flat=True)],
        }
    )


def _told(mark: Mark) -> Mapping[str, str]:
    return {"key": str(mark.key), "mark": mark.mark, "words": mark.words}


def _own(asked: StaffRequest, pk: int) -> Inspection:
    found = visible(asked, pk)
    if found.inspector_id != asked.person.pk or not found.is_ahead:
        raise Http404
    return found


def _read(body: bytes) -> list[Note]:
    """Raises BadNote naming the field."""
    try:
        told = json.loads(body)["notes"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadNote(_t("发来的内容读不懂：应为 {“notes”: […]}")) from None
    if not isinstance(told, list) or not 0 < len(told) <= NOTES_MAX:
        raise BadNote(_t("一次 1 到 %(n)d 条") % {"n": NOTES_MAX})
    return [_note(one) for one in told]


def _note(told: Any) -> Note:
    if not isinstance(told, dict):
        raise BadNote(_t("每一条应有 key、item、mark、words、at"))
    words = _text(told, "words").strip()[:WORDS_MAX]
    replaces = _text(told, "replaces")
    return Note(
        _uuid(told.get("key")), _text(told, "item"), _text(told, "mark"), words,
        _moment(told.get("at")), _uuid(replaces) if replaces else None,
    )  # fmt: skip


def _text(told: Mapping[str, Any], name: str) -> str:
    """Words that a database can hold."""
    found = told.get(name, "")
    if not isinstance(found, str) or not is_plain(found):
        raise BadNote(_t("%(name)s 应为文字") % {"name": name})
    return found


def is_plain(words: str) -> bool:
    """Without what is no character: NUL, or half of one."""
    return "\0" not in words and not any("\ud800" <= one <= "\udfff" for one in words)


def _uuid(told: Any) -> UUID:
    try:
        return UUID(str(told))
    except ValueError:
        raise BadNote(_t("key 应为 UUID")) from None


def _moment(told: Any) -> datetime:
    try:
        found = datetime.fromisoformat(str(told).replace("Z", "+00:00"))
    except ValueError:
        raise BadNote(_t("at 应为时间，例如 2026-03-02T10:00:00+08:00")) from None
    told_at = found.replace(tzinfo=found.tzinfo or timezone.get_current_timezone())
    if not EARLIEST < told_at.year < LATEST:
        raise BadNote(_t("at 应为时间，例如 2026-03-02T10:00:00+08:00"))
    return told_at
