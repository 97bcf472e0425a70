"""What a problem may come from: a warning, a work order, a concern of a visit, an event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from sujin.engine.series.panel import ALL, Node
from sujin.governance import wave_words
from sujin.governance.models import Concern, Wave, WorkOrder
from sujin.platform.models import Org
from sujin.platform.reach import Reach

STREAM = "complaint"
TITLE_MAX, KEY_MAX = 200, 18
# Where a problem may come from: subjects of the journal, or a person's own eyes.
SOURCES = {
    "": _("人工登记"),
    "wave": _("预警"),
    "order": _("督办单"),
    "concern": _("走访问题"),
    "decision": _("研判会决定"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """``subject`` and ``key`` are the journal's; the rest is what they say of a problem."""

    subject: str
    key: int | None
    node: Node
    stream: str
    title: str
    owner: Org | None


def source_of(subject: str, key: str, reach: Reach) -> Source | None:
    """None for what is not there, or not in the reader's reach."""
    read = _READERS.get(subject)
    is_key = key.isdecimal() and len(key) <= KEY_MAX
    return read(int(key), reach) if read is not None and is_key else None


def _wave(key: int, reach: Reach) -> Source | None:
    wave = Wave.objects.within(reach).select_related("owner").filter(pk=key).first()
    if wave is None:
        return None
    title = wave_words.names([wave.node]).node(wave.node)
    return Source(Wave.subject, key, wave.node, wave.stream, title[:TITLE_MAX], wave.owner)


def _order(key: int, reach: Reach) -> Source | None:
    rows = WorkOrder.objects.within(reach).select_related("owner", "org")
    order = rows.filter(pk=key).first()
    if order is None:
        return None
    path = ALL if order.org.is_root else order.org.path
    title = f"{order.org} · {order.row or order.indicator}"
    return Source(
        WorkOrder.subject, key, (path, ALL, ALL, ALL), STREAM, title[:TITLE_MAX], order.owner
    )


def _concern(key: int, reach: Reach) -> Source | None:
    rows = Concern.objects.readable(reach).select_related("visit__place", "owner")
    concern = rows.filter(pk=key).first()
    if concern is None:
        return None
    visit = concern.visit
    path = ALL if visit.place.is_root else visit.place.path
    return Source(
        Concern.subject, key, (path, visit.business, ALL, ALL), STREAM, concern.words[:TITLE_MAX],
        concern.owner,
    )  # fmt: skip


_READERS: Mapping[str, Callable[[int, Reach], Source | None]] = {
    Wave.subject: _wave,
    WorkOrder.subject: _order,
    Concern.subject: _concern,
}
