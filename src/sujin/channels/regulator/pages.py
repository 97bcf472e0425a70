"""登记监管转办: one letter, filled in by hand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods

from sujin.channels.intake import take_in
from sujin.channels.regulator import receive
from sujin.channels.regulator.forms import TransferForm
from sujin.channels.regulator.letters import already_here
from sujin.complaints.arrival import Reception
from sujin.complaints.models import Complaint
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, holds


@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    asked = holds(request, "import")
    if request.method != "POST":
        return render(request, "regulator/intake.html", {"form": TransferForm(at=asked.at)})
    form = TransferForm(request.POST, at=asked.at)
    if form.is_valid():
        try:
            return _send(asked, form)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, "regulator/intake.html", {"form": form}, status=422)


def _send(request: StaffRequest, form: TransferForm) -> HttpResponse:
    given = form.cleaned_data
    letter = (given["agency"], given["reference"])
    before = already_here([letter]).get(letter)
    if before is not None:
        messages.warning(request, _t("这封转办件此前已登记，没有重复登记"))
        return _to(request, before)
    receipt = take_in(receive.draft(given), (), by=request.person, at=request.at)
    if receipt.reception is Reception.JOINED:
        messages.success(request, _t("与正在办理的一件是同一事项，已并入，转为监管通道"))
    else:
        messages.success(request, _t("已登记，编号 %(number)s") % {"number": receipt.number})
    return _to(request, receipt.complaint)


def _to(request: StaffRequest, case: Complaint) -> HttpResponse:
    """On to the dossier, or back to an empty form for whoever may not see the case."""
    if Complaint.objects.within(request.reach).filter(pk=case.pk).exists():
        return redirect(case)
    return redirect("regulator:intake")
