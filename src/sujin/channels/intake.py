"""Intake by a member of staff: one mechanism behind the counter's door and the hotline's.

The page asks for the words; the form fills itself from them as they are typed; the person confirms
and sends. Without a script the same steps are plain posts. Nothing typed is ever thrown away.
"""

import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from sujin.channels.intake_form import IntakeForm
from sujin.channels.reading import NOTHING, Reading, read
from sujin.complaints import clock
from sujin.complaints.acts.attach import attach
from sujin.complaints.acts.receive import Receipt, receive
from sujin.complaints.arrival import Reception
from sujin.complaints.draft import Draft
from sujin.complaints.models import Complaint
from sujin.platform import crypto
from sujin.platform.files import Checked
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, holds

COOKIE = "receipt"
# Long enough to be redirected to the page that shows it; the page then takes it away.
COOKIE_SECONDS = 300
SEAL = "channel.receipt"


@dataclass(frozen=True, slots=True)
class Door:
    """A door where staff take complaints in: its addresses, its form, what its payload means."""

    code: str
    form: Callable[..., IntakeForm]
    drafted: Callable[[Mapping[str, Any]], Draft]

    def page(self, name: str, *args: str) -> str:
        return reverse(f"{self.code}:{name}", args=args)

    def new_form(self, request: StaffRequest, *args: Any, **kwargs: Any) -> IntakeForm:
        return self.form(*args, at=request.at, reach=request.reach, **kwargs)

    def take(self, request: HttpRequest, **extra: Any) -> HttpResponse:
        """GET shows the empty form; POST takes the complaint in and goes on to the receipt.

        ``extra`` is what the door's own template shows besides.
        """
        asked = holds(request, "receive")
        if request.method != "POST":
            return self.show(asked, self.new_form(asked), **extra)
        form = self.new_form(asked, request.POST, request.FILES)
        if form.is_valid():
            try:
                return self._send(asked, form)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
        found = read(form, self.drafted, by=asked.person, reach=asked.reach, at=asked.at)
        return self.show(asked, form, found, status=422, **extra)

    def read(self, request: HttpRequest, **extra: Any) -> HttpResponse:
        """What the typed words say: the panel alone for a script, else the page with all typed."""
        asked = holds(request, "receive")
        typed = self.new_form(asked, request.POST)
        found = read(typed, self.drafted, by=asked.person, reach=asked.reach, at=asked.at)
        form = self.new_form(asked, initial=found.values)
        if asked.htmx:
            return render(request, "intake/reading.html", {"reading": found.shown_in(form)})
        return self.show(asked, form, found, **extra)

    def show(
        self,
        request: StaffRequest,
        form: IntakeForm,
        found: Reading = NOTHING,
        *,
        status: int = 200,
        **extra: Any,
    ) -> HttpResponse:
        context = {
            **extra,
            "form": form,
            "reading": found.shown_in(self.new_form(request, initial=found.values), form),
            "send_url": self.page("intake"),
            "read_url": self.page("read"),
        }
        return render(request, f"{self.code}/intake.html", context, status=status)

    def _send(self, request: StaffRequest, form: IntakeForm) -> HttpResponse:
        given = form.cleaned_data
        receipt = take_in(self.drafted(given), given["papers"], by=request.person, at=request.at)
        if receipt.reception is Reception.JOINED and not _is_seen(request, receipt.complaint):
            # Another unit has the case: what it is called and where it lies is not for this desk.
            joined = _t("这位客户的同一事项本行正在办理，已并入；由经办机构联系客户。")
            messages.success(request, joined)
            return redirect(self.page("intake"))
        url = self.page("done", receipt.number)
        return handed_over(redirect(url), receipt, path=url, at=request.at)

    def done(self, request: HttpRequest, number: str) -> HttpResponse:
        """The receipt in large print; its tracking code is there the first time only."""
        asked = holds(request, "receive")
        kept = receipt_in(request)
        if kept.get("number") != number:
            kept = _without_code(asked, number)
        case = Complaint.objects.within(asked.reach).filter(number=number).first()
        kept["groups"] = textwrap.wrap(kept["code"], 4)
        context = {"receipt": kept, "case": case, "again": self.page("intake")}
        response = render(request, "intake/done.html", context)
        response.delete_cookie(COOKIE, path=request.path)
        return response


def take_in(draft: Draft, papers: Sequence[Checked], *, by: Person, at: datetime) -> Receipt:
    """Receive a draft and its papers in one transaction; raises CannotReceive.

    A second delivery of the same (source, external id) gets the case the first one became, also
    when both arrive in the same moment: the loser of that race finds the winner's case.
    """
    try:
        return _take_in(draft, papers, by=by, at=at)
    except IntegrityError:
        return _take_in(draft, papers, by=by, at=at)


@transaction.atomic
def _take_in(draft: Draft, papers: Sequence[Checked], *, by: Person, at: datetime) -> Receipt:
    receipt = receive(draft, by=by, at=at)
    if receipt.reception is not Reception.KNOWN:
        attach(receipt.complaint, papers, by=by, at=at)
    return receipt


def _is_seen(request: StaffRequest, case: Complaint) -> bool:
    return Complaint.objects.within(request.reach).filter(pk=case.pk).exists()


def handed_over(
    response: HttpResponse, receipt: Receipt, *, path: str, at: datetime
) -> HttpResponse:
    """The receipt travels sealed in the person's own browser: no tracking code is stored here."""
    case = receipt.complaint
    kept = {
        "number": case.number,
        "code": receipt.code,
        "reception": receipt.reception.value,
        **_known_of(case, at),
    }
    response.set_cookie(
        COOKIE,
        crypto.seal(json.dumps(kept), context=SEAL).hex(),
        max_age=COOKIE_SECONDS,
        path=path,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )
    return response


def receipt_in(request: HttpRequest) -> dict[str, Any]:
    """The receipt this browser was handed, or nothing when there is none or it was altered."""
    try:
        sealed = bytes.fromhex(request.COOKIES.get(COOKIE, ""))
        kept = json.loads(crypto.unseal(sealed, context=SEAL)) if sealed else {}
    except (ValueError, IndexError, crypto.CannotUnseal):
        return {}
    latest = kept.get("latest")
    return {**kept, "latest": datetime.fromisoformat(latest) if latest else None}


def _without_code(request: StaffRequest, number: str) -> dict[str, Any]:
    """The receipt of a case in reach as it can be shown again; 404 otherwise."""
    rows = Complaint.objects.within(request.reach).select_related("desk")
    case = rows.filter(number=number).first()
    if case is None:
        raise Http404
    known = _known_of(case, request.at)
    latest = known["latest"]
    return {
        "number": number,
        "code": "",
        "reception": "again",
        **known,
        "latest": datetime.fromisoformat(latest) if latest else None,
    }


def _known_of(case: Complaint, at: datetime) -> dict[str, str]:
    """Who has it and by when the customer will be told, as text that survives a cookie."""
    due = latest_answer(case, at=at)
    return {"unit": str(case.desk or ""), "latest": due.isoformat() if due else ""}


def latest_answer(case: Complaint, *, at: datetime) -> datetime | None:
    """When the decision must have been told (Order 3 of 2020, article 18); None without a limit."""
    readings = clock.of(case, now=at)
    return next((reading.due_at for reading in readings if reading.clock == "decision"), None)
