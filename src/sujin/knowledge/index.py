"""The index of what is in force or about to be: one for the process, made anew when that changed.

It ranks and explains; it decides nothing. Whatever it says goes through ``Version.objects.served``
before anybody sees it, so an index that is a moment old can miss something and serve nothing wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock, Thread

from django.db.models import Count, Max, Q

from sujin.engine.retrieval import Doc, Field, Index, Learned
from sujin.knowledge import kinds
from sujin.knowledge.catalogue import Form
from sujin.knowledge.kinds.version import DATED_STATES
from sujin.knowledge.learnt import learnt
from sujin.knowledge.models import Version
from sujin.knowledge.synonyms import synonyms
from sujin.platform.models import Entry

CHANGES = (
    kinds.VersionReleased,
    kinds.VersionWithdrawn,
    kinds.VersionSuperseded,
    kinds.VersionExtended,
    kinds.VersionReinstated,
)
# So many are indexed while the reader waits, in under a second; more are indexed aside.
AT_ONCE = 300

Stamp = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class _Held:
    stamp: Stamp
    index: Index


class Keeper:
    """Holds the index of this process. Only the very first asker waits for a large one; while it
    is made anew the one before serves."""

    def __init__(self) -> None:
        self._making = Lock()
        self._held: _Held | None = None

    def index(self, at: datetime) -> Index:
        """The index as of ``at``; one cheap query when nothing has changed."""
        stamp, held = _stamp(at), self._held
        if held is not None and held.stamp == stamp:
            return held.index
        if not self._making.acquire(blocking=held is None):
            assert held is not None
            return held.index
        return self._renewed(stamp, at)

    def _renewed(self, stamp: Stamp, at: datetime) -> Index:
        """Called with the lock held; whoever makes the index lets it go."""
        before, aside = self._held, False
        try:
            if before is not None and before.stamp == stamp:
                return before.index
            docs, told = _docs(at), learnt(at)
            if before is not None and len(docs) > AT_ONCE:
                aside = True
                Thread(target=self._make_aside, args=(stamp, docs, told), daemon=True).start()
                return before.index
            return self._make(stamp, docs, told)
        finally:
            if not aside:
                self._making.release()

    def _make_aside(self, stamp: Stamp, docs: Sequence[Doc], told: Sequence[Learned]) -> None:
        try:
            self._make(stamp, docs, told)
        finally:
            self._making.release()

    def _make(self, stamp: Stamp, docs: Sequence[Doc], told: Sequence[Learned]) -> Index:
        index = Index.build(docs, synonyms=synonyms(), learned=told)
        self._held = _Held(stamp, index)
        return index


KEEPER = Keeper()


def _stamp(at: datetime) -> Stamp:
    """What changes when the shelves do; and every hour, for what was learnt since. Counting beside
    the maximum keeps the database on the index of kinds, however many other entries there are."""
    told = Entry.objects.of(*CHANGES).aggregate(n=Count("pk"), last=Max("pk"))
    return told["n"], told["last"] or 0, f"{at:%Y%m%d%H}"


def _docs(at: datetime) -> list[Doc]:
    ending = Q(ended_at__isnull=True) | Q(ended_at__gt=at)
    rows = Version.objects.filter(ending, state__in=DATED_STATES, valid_to__gt=at)
    return [doc(row) for row in rows.select_related("item").order_by("pk")]


def doc(version: Version) -> Doc:
    """A version as the engine indexes it."""
    fields = weighed_fields(version.item.shape, version.parts)
    return Doc(version.pk, version.title, fields, tuple(version.asks))


def weighed_fields(shape: Form, parts: Mapping[str, str]) -> tuple[Field, ...]:
    """The parts that the search reads, by the weights of the form."""
    return tuple(
        Field(parts[part.code], part.weight)
        for part in shape.parts
        if part.weight and parts.get(part.code)
    )
