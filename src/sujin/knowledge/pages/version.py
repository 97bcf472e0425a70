"""One version: its wording, what changed against the last one, and what may be done with it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.knowledge.acts.edit import NothingChanged, edit
from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.submit import drop, send_back, submit
from sujin.knowledge.acts.withdraw import extend, withdraw
from sujin.knowledge.audience import audience_of
from sujin.knowledge.duties import DRAFT, RELEASE, in_care, may, reads_drafts
from sujin.knowledge.forms import (
    ExtendForm,
    ReasonForm,
    ReleaseForm,
    WithdrawForm,
    WordingForm,
    initial_of,
    scope_of,
)
from sujin.knowledge.kinds.version import DATED_STATES, RELEASED
from sujin.knowledge.kinds.version import DRAFT as IS_DRAFT
from sujin.knowledge.kinds.version import SUBMITTED as IS_SUBMITTED
from sujin.knowledge.models import Version
from sujin.knowledge.pages.comparing import changes
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, staff


class NoForm(forms.Form):
    """Nothing is asked."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that may be done with a version, in these states, by whoever holds this."""

    name: str
    label: Promise
    icon: str
    permission: str
    states: tuple[str, ...]
    form: type[forms.Form]
    act: Callable[..., None]
    done: Promise


VERBS = [
    Verb("submission", _("送审"), "send", DRAFT, (IS_DRAFT,), NoForm, submit, _("已送审")),
    Verb(
        "release", _("发布"), "circle-check", RELEASE, (IS_SUBMITTED,), ReleaseForm, release,
        _("已发布，新版即刻生效或到期生效"),
    ),
    Verb(
        "return", _("退回"), "arrow-back-up", RELEASE, (IS_SUBMITTED,), ReasonForm, send_back,
        _("已退回起草人"),
    ),
    Verb(
        "withdrawal", _("撤回"), "ban", RELEASE, DATED_STATES, WithdrawForm, withdraw,
        _("已撤回，各屏幕五分钟内停用"),
    ),
    Verb(
        "extension", _("复核延期"), "calendar-event", RELEASE, (RELEASED,), ExtendForm, extend,
        _("已延长有效期"),
    ),
    Verb(
        "dropping", _("放弃草稿"), "trash", DRAFT, (IS_DRAFT, IS_SUBMITTED), ReasonForm, drop,
        _("草稿已放弃"),
    ),
]  # fmt: skip
BY_NAME = {verb.name: verb for verb in VERBS}


@require_safe
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The version, for whoever may read it; a draft with its form."""
    asked = staff(request)
    return _show(asked, _found(asked, code, number))


@require_safe
def found(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of the version with this key: where a notice leads."""
    row = Version.objects.select_related("item").filter(pk=pk).first()
    if row is None:
        raise Http404
    return redirect(_found(staff(request), row.item.code, row.number))


@require_POST
def perform(request: HttpRequest, code: str, number: int, verb: str) -> HttpResponse:
    """Do one thing with the version; a refusal shows the page again and says why."""
    asked = staff(request)
    found = _found(asked, code, number)
    if verb == "wording":
        return _edit(asked, found)
    action = BY_NAME.get(verb)
    if action is None:
        raise Http404
    in_care(asked, code, action.permission)
    form = action.form(request.POST, prefix=action.name)
    if form.is_valid():
        try:
            action.act(found, **form.cleaned_data, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(action.done))
            return redirect(found.item if verb == "dropping" else found)
    return _show(asked, found, bound={action.name: form}, status=422)


def _edit(asked: StaffRequest, found: Version) -> HttpResponse:
    """Save the draft; with ``then=submission`` submit what was saved, in one step."""
    in_care(asked, found.item.code, DRAFT)
    form = WordingForm(asked.POST, shape=found.item.shape)
    is_last = asked.POST.get("then") == "submission"
    if form.is_valid():
        try:
            with suppress(*([NothingChanged] if is_last else [])):
                edit(found, form.wording(), by=asked.person, at=asked.at)
            if is_last:
                submit(found, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(asked, _t("已送审") if is_last else _t("草稿已保存"))
            return redirect(found)
    return _show(asked, found, wording=form, status=422)


def _found(asked: StaffRequest, code: str, number: int) -> Version:
    """The version for whoever cares for the item; for others one once released for them."""
    rows = Version.objects.listed().select_related("drafted_by", "successor__item")
    found = rows.filter(item__code=code, number=number).first()
    if found is None:
        raise Http404
    if not reads_drafts(asked.reach, found):
        mine = Version.objects.for_audience(audience_of(asked.reach))
        if not mine.filter(pk=found.pk, released_at__isnull=False).exists():
            raise Http404
    return found


def _show(
    asked: StaffRequest,
    found: Version,
    *,
    wording: WordingForm | None = None,
    bound: Mapping[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    is_mine = found.is_writable and may(asked.reach, DRAFT, found.item)
    if is_mine and wording is None:
        wording = WordingForm(initial=initial_of(found), shape=found.item.shape)
    context: dict[str, Any] = {
        "version": found,
        "item": found.item,
        "wording": wording if is_mine else None,
        "stages": list(found.stages.select_related("org").order_by("since", "org__path")),
        "in_force": found.is_in_force(asked.at),
        "verbs": _verbs(asked, found, bound or {}),
        "scope": scope_of(found) if found.awaits_second_pair_of_eyes else [],
        "history": list(found.entries.select_related("by").in_order()),
        **_told(asked, found),
    }
    return render(asked, "knowledge/version.html", context, status=status)


def _told(asked: StaffRequest, found: Version) -> dict[str, Any]:
    """The text, and what it changed: of what is served no longer only to whoever cares for it."""
    if reads_drafts(asked.reach, found):
        before = found.item.versions.filter(number__lt=found.number).order_by("-number").first()
        return {
            "told": found.told(),
            "before": before,
            "changes": changes(before, found) if before else [],
        }
    served = Version.objects.served(audience_of(asked.reach), asked.at)
    is_served = served.filter(pk=found.pk).exists()
    return {"told": found.told() if is_served else [], "is_closed": not is_served}


def _verbs(
    asked: StaffRequest, found: Version, bound: Mapping[str, forms.Form]
) -> list[dict[str, Any]]:
    """What this person may do now, each with its form."""
    return [
        {
            "verb": verb,
            "form": bound.get(verb.name) or verb.form(prefix=verb.name),
            "is_opened": verb.name in bound,
        }
        for verb in VERBS
        if found.state in verb.states
        and may(asked.reach, verb.permission, found.item)
        and not _wrote(asked, found, verb)
    ]


def _wrote(asked: StaffRequest, found: Version, verb: Verb) -> bool:
    """Whoever wrote a word of it neither releases nor prolongs it, and is not offered to."""
    return verb.act in {release, extend} and found.was_written_by(asked.person)
