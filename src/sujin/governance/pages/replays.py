"""预警回放: choose settings by how many warnings a month they would have given."""

import csv
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_safe

from sujin.governance import watchbook, wave_words
from sujin.governance.acts.judge_wave import JUDGE
from sujin.governance.acts.replay_watch import ask_replay
from sujin.governance.cells import guarded
from sujin.governance.forms_wave import ReplayForm
from sujin.governance.kinds.wave import DETECTORS
from sujin.governance.models import Replay
from sujin.platform.acts.export import exported
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, holds

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def replays(request: HttpRequest) -> HttpResponse:
    """Those asked for lately, and the form; figures of the whole house, for who judges waves."""
    asked = holds(request, JUDGE)
    form = ReplayForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = dict(form.cleaned_data)
            try:
                return redirect(ask_replay(said.pop("row"), said, by=asked.person, at=asked.at))
            except Refusal as refusal:
                form.add_error(None, str(refusal))
    rows = Replay.objects.select_related("asked_by").order_by("-pk")[:SHOWN]
    context = {"form": form, "replays": [(one, _title(one)) for one in rows]}
    return render(request, "governance/replays.html", context, status=status)


@require_safe
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; then warnings by month, and each of them."""
    asked = holds(request, JUDGE)
    found = _found(asked, pk)
    most = max((count for _month, count in found.months), default=0)
    context: dict[str, Any] = {
        "replay": found,
        "title": _title(found),
        "months": [(month, n, round(100 * n / most) if most else 0) for month, n in found.months],
        "lines": _lines(found),
        "a_month": len(found.alarms) / max(len(found.months), 1),
    }
    return render(request, "governance/replay.html", context)


@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as CSV, on the record."""
    asked = holds(request, JUDGE)
    if "export" not in asked.reach.may:
        raise Http404
    found = _found(asked, pk)
    exported("replay", len(found.alarms), by=asked.person, at=asked.at)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"replay-{found.row}-{timezone.localdate(asked.at):%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    write = csv.writer(response)
    write.writerow([_t("首次预警"), _t("自"), _t("哪里"), _t("件数"), _t("预期"), _t("为什么")])
    for one in _lines(found):
        row = [one[name] for name in ("first_alarm", "since", "name", "observed", "expected")]
        write.writerow(guarded([*row, "、".join(map(str, one["heard"]))]))
    return response


def _found(asked: StaffRequest, pk: int) -> Replay:
    found = Replay.objects.select_related("asked_by").filter(pk=pk).first()
    if found is None or not asked.reach.everything:
        raise Http404
    return found


def _title(found: Replay) -> str:
    return next((str(one) for one in watchbook.watched() if one.row == found.row), found.row)


def _lines(found: Replay) -> list[dict[str, Any]]:
    known = wave_words.names([one["node"] for one in found.alarms])
    return [
        {
            **one,
            "name": known.node(one["node"]),
            "heard": [DETECTORS.get(code, code) for code in one["detectors"]],
        }
        for one in found.alarms
    ]
