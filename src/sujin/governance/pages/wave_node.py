"""Any node of the bank's tree: its series with what was expected, and what lies below."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints.rulebook import taxonomy
from sujin.engine.series.panel import Grain, Node
from sujin.governance import watching, wave_chart, wave_grid, wave_words
from sujin.governance.kinds.wave import STREAM_NAMES
from sujin.governance.models import Wave
from sujin.governance.models.owned import WATCH
from sujin.governance.models.wave import in_reach
from sujin.governance.wave_words import CODE_AXES, LIST_NAMES
from sujin.platform.models import Org
from sujin.platform.ui.request import StaffRequest, holds

AXIS_NAMES = (_("机构"), _("业务"), _("原因"), _("渠道"))
CHILDREN_MAX = 12
GRAINS = {"week": Grain.WEEK, "day": Grain.DAY}
WINDOW = {Grain.WEEK: timedelta(days=28), Grain.DAY: timedelta(days=14)}


@require_safe
def wave_node(request: HttpRequest) -> HttpResponse:
    """A node in reach; what the address names and nobody knows is 404."""
    asked = holds(request, WATCH)
    node = node_asked(asked)
    if not in_reach(asked.reach, node[0], node[1]):
        raise Http404
    grain = GRAINS.get(asked.GET.get("grain", ""), Grain.WEEK)
    stream = asked.GET.get("kind", "complaint")
    if stream not in STREAM_NAMES:
        raise Http404
    last = wave_chart.last_whole(grain, timezone.localdate(asked.at))
    return render(request, "governance/wave_node.html", _contents(asked, stream, node, grain, last))


def node_asked(asked: StaffRequest) -> Node:
    """The node that the address names; 404 for codes that nobody knows."""
    code = asked.GET.get("org", "")
    org = Org.objects.filter(code=code).first() if code else None
    if code and org is None:
        raise Http404
    path = "" if org is None or org.is_root else org.path
    codes = [asked.GET.get(name, "") for name in LIST_NAMES]
    for axis, one in zip(CODE_AXES, codes, strict=True):
        if one and (axis, one) not in taxonomy():
            raise Http404
    return (path, *codes)


def _contents(
    asked: StaffRequest, stream: str, node: Node, grain: Grain, last: date
) -> dict[str, Any]:
    told = wave_chart.series(stream, node, grain, last)
    axes = watching.axes()
    first = last - WINDOW[grain] + timedelta(days=1)
    below = wave_grid.children(stream, node, axes, first, last)
    known = wave_words.names([node, *(one.node for one in below)])
    return {
        "name": known.node(node),
        "stream": stream,
        "streams": [
            (code, label, known.page(code, node, str(grain)))
            for code, label in STREAM_NAMES.items()
        ],
        "grains": [(code, known.page(stream, node, code)) for code in GRAINS],
        "grain": str(grain),
        "drawing": wave_chart.draw(told),
        "latest": list(zip(told.starts, told.counts, told.expected, strict=True))[-8:][::-1],
        "first": first,
        "last": last,
        "cases_url": known.cases(stream, node, first, last),
        "groups": _groups(below, stream, known, grain, (first, last)),
        "waves": _waves(asked, stream, node),
    }  # fmt: skip


def _groups(
    below: list[wave_grid.Child], stream: str, known: wave_words.Names, grain: Grain,
    days: tuple[date, date],
) -> list[tuple[Any, list[dict[str, Any]]]]:  # fmt: skip
    """The largest children on each axis."""
    made = []
    for place, label in enumerate(AXIS_NAMES):
        mine = [one for one in below if one.place == place][:CHILDREN_MAX]
        made.append((label, [_child(one, stream, known, grain, days) for one in mine]))
    return made


def _child(
    one: wave_grid.Child,
    stream: str,
    known: wave_words.Names,
    grain: Grain,
    days: tuple[date, date],
) -> dict[str, Any]:  # fmt: skip
    return {
        "name": known.code(one.place, one.node[one.place]),
        "page": known.page(stream, one.node, str(grain)),
        "cases": known.cases(stream, one.node, *days),
        "observed": one.observed,
        "usual": one.usual,
    }


def _waves(asked: StaffRequest, stream: str, node: Node) -> list[Wave]:
    org, business, cause, channel = node
    rows = Wave.objects.within(asked.reach).filter(
        stream=stream, org_path=org, business=business, cause=cause, channel=channel
    )
    return list(rows.order_by("-pk")[:10])
