"""预警: what rises today, in a few sentences, grouped by how high it lies in the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from procrastinate.exceptions import AlreadyEnqueued

from sujin.complaints import tally
from sujin.governance import realised, watchbook, wave_words
from sujin.governance.acts.judge_wave import JUDGE
from sujin.governance.kinds.wave import DETECTORS, STREAM_NAMES
from sujin.governance.models import Wave
from sujin.governance.models.owned import WATCH
from sujin.governance.wave_words import Names
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.queue import job_of
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds

WHICH = (
    ("standing", _("正在持续")),
    ("new", _("今天新立")),
    ("late", _("逾期未签收")),
    ("dismissed", _("已驳回")),
    ("false", _("误报")),
    ("over", _("已平息")),
    ("all", _("全部")),
)
LEVELS = {"head": _("全行"), "branch": _("一级分行"), "below": _("二级分行、支行和网点")}
SORTS = [Sort("telling", _("最突出在前"), ("-evidence", "-pk"))]
COLUMNS = [Column("node", _("哪里")), Column("figures", _("件数"))]
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Item:
    """One wave as the board shows it."""

    wave: Wave
    name: str
    page: str
    cases: str
    detectors: tuple[Any, ...]


@require_safe
def waves(request: HttpRequest) -> HttpResponse:
    """The waves in reach, the most telling first."""
    asked = holds(request, WATCH)
    listing = listed(asked)
    rows = list(listing.page_rows)
    context: dict[str, Any] = {
        "listing": listing,
        "groups": _groups(rows),
        "last": realised.last_look(),
        "realised": realised.realised(asked.at),
        "hushed": _hushed(asked),
        "may_judge": JUDGE in asked.reach.may,
        "may_export": "export" in asked.reach.may,
        "most": watchbook.limits().new_a_morning,
        "today": _so_far(asked),
    }
    return render(request, "governance/waves.html", context)


def _so_far(asked: StaffRequest) -> list[tuple[str, int, str]]:
    """Of each stream what today has brought to the reader's own place, the first of several, and
    its cases. A line has none: what it answers for is brought to others."""
    today = timezone.localdate(asked.at)
    own = [place for place in asked.reach.places(WATCH) if not place.line][:1]
    if asked.reach.everything:
        own = [Org.objects.get(parent=None)]
    if not own:
        return []
    node = ("" if asked.reach.everything else own[0].path, "", "", "")
    named = wave_words.names([node])
    return [
        (str(label), int(tally.board(own, today, today, kind=stream).cases.sum()),
         named.cases(stream, node, today, today))
        for stream, label in STREAM_NAMES.items()
    ]  # fmt: skip


@require_POST
def watch_now(request: HttpRequest) -> HttpResponse:
    """Look at the day so far, by a worker."""
    asked = holds(request, JUDGE)
    job = job_of("sujin.governance.jobs.waves_now", queueing_lock="watch_waves_now")
    try:
        with transaction.atomic():
            job.defer(person=asked.person.pk, at=asked.at.isoformat())
    except AlreadyEnqueued:
        messages.info(request, _t("已经在巡查，稍后刷新"))
    else:
        messages.success(request, _t("已开始巡查，稍后刷新看结果"))
    return redirect("governance:waves")


def listed(asked: StaffRequest) -> Listing[Wave]:
    """What the address asks for, within reach; those that stand when it asks for nothing."""
    params = asked.GET.copy()
    params.setdefault("which", "standing")
    rows = Wave.objects.within(asked.reach).select_related("owner")
    filters = [
        Filter("which", _("状态"), WHICH, lambda rows, value: _which(rows, value, asked)),
        Filter("stream", _("类型"), tuple(STREAM_NAMES.items()), _of_stream),
        Filter("detector", _("为什么"), tuple(DETECTORS.items()), _of_detector),
    ]
    return Listing(params, rows, filters=filters, sorts=SORTS, columns=COLUMNS, size=SHOWN)


def _which(rows: QuerySet[Wave], value: str, asked: StaffRequest) -> QuerySet[Wave]:
    today = timezone.localdate(asked.at)
    return {
        "standing": rows.filter(state__in=("raised", "acknowledged")),
        "new": rows.filter(raised_at__date=today),
        "late": rows.filter(state="raised", acknowledge_by__lt=asked.at),
        "dismissed": rows.filter(state="dismissed"),
        "false": rows.filter(is_false=True),
        "over": rows.filter(state="over"),
        "all": rows,
    }[value]


def _of_stream(rows: QuerySet[Wave], value: str) -> QuerySet[Wave]:
    return rows.filter(stream=value)


def _of_detector(rows: QuerySet[Wave], value: str) -> QuerySet[Wave]:
    return rows.filter(detectors__contains=[value])


def items(rows: Sequence[Wave]) -> tuple[list[Item], Names]:
    """These waves with their names and addresses: one query, however many there are."""
    known = wave_words.names([wave.node for wave in rows])
    return [_item(wave, known) for wave in rows], known


def _item(wave: Wave, known: Names) -> Item:
    return Item(
        wave,
        titled(wave, known),
        known.page(wave.stream, wave.node, wave.grain if wave.grain == "day" else "week"),
        known.cases(wave.stream, wave.node, wave.since, wave.last_day),
        tuple(DETECTORS[name] for name in wave.detectors),
    )


def titled(wave: Wave, known: Names) -> str:
    """Where it is; of new words the first of them in front."""
    name = known.node(wave.node)
    if wave.grain != watchbook.WORDS or not wave.words:
        return name
    return _t("“%(word)s” · %(node)s") % {"word": wave.words[0]["term"], "node": name}


def _groups(rows: Sequence[Wave]) -> list[tuple[Any, list[Item]]]:
    made, known = items(rows)
    groups: dict[str, list[Item]] = {level: [] for level in LEVELS}
    for one in made:
        groups[_level(one.wave, known)].append(one)
    return [(LEVELS[level], found) for level, found in groups.items() if found]


def _level(wave: Wave, known: Names) -> str:
    org = known.orgs.get(wave.org_path)
    if org is None:
        return "head"
    return "branch" if org.kind == OrgKind.BRANCH1 else "below"


def _hushed(asked: StaffRequest) -> list[tuple[str, realised.Proposal]]:
    found = realised.hushed_nodes(asked.at, asked.reach)
    known = wave_words.names([one.node for one in found])
    return [(known.node(one.node), one) for one in found]
