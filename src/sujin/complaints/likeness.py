"""The index of near-identical texts: on disk for what has settled, in memory for the newest.

It is a cache of the complaints' masked texts and can be made again from them at any time. Every
process maps the same files; what has come since they were written is read from the database.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from procrastinate.exceptions import AlreadyEnqueued

from sujin.complaints.models import Complaint
from sujin.engine import nearby
from sujin.engine.nearby import Builder, Index, Nearest
from sujin.engine.shingles import FORM
from sujin.platform.keeping import Spoiled, Stamp, reading
from sujin.platform.queue import job_of
from sujin.platform.shelf import ArraySet, Contents, Shelf

# A transaction may commit a smaller number after a greater one was read: the newest cases stay in
# memory, where they are asked for again each time.
UNSETTLED = 2_000
TAIL_MAX = 20_000  # cases kept in memory; the oldest of them are left out until the next build
SETS_MAX = 4
ASKED, FIRST = "asked for", "first build"
OTHER_FORM, INCOMPLETE = "another form", "does not hold every case"
BUILD = "sujin.complaints.jobs.build_nearby"
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: ``added`` texts, ``whole`` when all were read again and ``why``."""

    texts: int
    added: int
    whole: bool
    why: str
    size: int


@dataclass(frozen=True, slots=True)
class Near:
    """Cases with texts like the asked one, best first, and how like; ``spoiled`` says why older
    cases could not be looked at, ``left_out`` how many new ones were not."""

    cases: dict[int, float]
    spoiled: str = ""
    left_out: int = 0


def shelf() -> Shelf:
    return Shelf(Path(settings.VAR) / "nearby")


def build(
    *, at: datetime, whole: bool = False, unsettled: int = UNSETTLED, tell: Tell = lambda done: None
) -> Built:
    """Take in what has settled since the last build; everything anew when ``whole`` is asked for,
    or when what is there is spoiled, of another form, or does not hold every case. What was served
    before is served until this is done. Raises Busy when another process builds."""
    here = shelf()
    with here.alone():
        sets, last, why = _standing(here) if not whole else ((), 0, ASKED)
        newest = Complaint.objects.aggregate(Max("pk"))["pk__max"] or 0
        until = max(newest - unsettled, last)
        index = _read(last, until, tell)
        if len(index):
            sets = (*sets, here.write(_arrays(index)))
        if len(sets) > SETS_MAX:
            sets = (here.write(_arrays(nearby.joined(_opened(here, sets)))),)
        texts = Complaint.objects.filter(pk__lte=until).count()
        facts = {"form": FORM, "last": until, "texts": texts, "at": at.isoformat(), "why": why}
        here.publish(sets, facts)
    return Built(texts, len(index), bool(why), why, sum(one.size for one in sets))


def _standing(here: Shelf) -> tuple[tuple[ArraySet, ...], int, str]:
    """What can be built upon: the sets, the last case in them, and else why nothing can."""
    try:
        found = served(here)
    except Spoiled as spoiled:
        return (), 0, str(spoiled)
    if found is None:
        return (), 0, FIRST
    if not found.is_ours:
        return (), 0, OTHER_FORM
    held = sum(len(one) for one in found.indexes)
    if held != Complaint.objects.filter(pk__lte=found.last).count():
        return (), 0, INCOMPLETE
    return found.contents.sets, found.last, ""


@dataclass(frozen=True, slots=True)
class Served:
    """What the shelf serves: its indexes up to the case ``last``; none of another form."""

    contents: Contents
    indexes: list[Index]
    last: int
    is_ours: bool


def served(here: Shelf) -> Served | None:
    """None before the first build. Raises Spoiled."""
    opened = here.open_all()
    if opened is None:
        return None
    contents, arrays = opened
    if contents.facts.get("form") != FORM:
        return Served(contents, [], 0, is_ours=False)
    with reading(here.served):
        indexes = [Index(**one) for one in arrays]
        return Served(contents, indexes, int(contents.facts["last"]), is_ours=True)


def _read(after: int, until: int, tell: Tell) -> Index:
    rows = Complaint.objects.filter(pk__gt=after, pk__lte=until).order_by("pk")
    builder, done = Builder(max(rows.count(), 1)), 0
    pairs = rows.values_list("pk", "text").iterator(chunk_size=nearby.AT_ONCE)
    while batch := list(islice(pairs, nearby.AT_ONCE)):
        builder.add([pk for pk, _text in batch], [text for _pk, text in batch])
        done += len(batch)
        tell(done)
    return builder.finish()


def _arrays(index: Index) -> dict[str, Any]:
    return {field.name: getattr(index, field.name) for field in fields(Index)}


def _opened(here: Shelf, sets: Sequence[ArraySet]) -> list[Index]:
    return [Index(**here.open(one)) for one in sets]


class Reader:
    """What one process knows of the index: the files it has mapped, and the newest cases."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._stamp: Stamp | str | None = None
        self._indexes: list[Index] = []
        self._last, self._spoiled = 0, ""
        self._tail: list[Index] = []
        self._known: set[int] = set()

    def near(self, text: str, *, top: int, without: int = 0) -> Near:
        """The ``top`` cases with texts like ``text``, the case ``without`` set aside."""
        with self._lock:
            self._open()
            left_out = self._follow()
            indexes = [*self._indexes, *self._tail]
        answers = [nearby.nearest(index, [text], top=top + 1) for index in indexes]
        found = nearby.best(answers, top=top + 1) if answers else _nothing()
        pairs = zip(found.ids[0].tolist(), found.likeness[0].tolist(), strict=True)
        cases = [(pk, likeness) for pk, likeness in pairs if pk not in (-1, without)]
        return Near(dict(cases[:top]), self._spoiled, left_out)

    def _open(self) -> None:
        """Map what is served now, when it is not what was served before."""
        here = shelf()
        stamp = _stamp(here)
        if stamp == self._stamp:
            return
        self._indexes, self._last, self._spoiled = [], 0, ""
        self._tail, self._known = [], set()
        try:
            found = served(here)
        except Spoiled as spoiled:
            self._spoiled = str(spoiled)
            ask_for_build()
        else:
            if found is not None:
                self._indexes, self._last = found.indexes, found.last
        self._stamp = stamp

    def _follow(self) -> int:
        """Take in the cases that came since; how many are too many to be looked at."""
        rows = Complaint.objects.filter(pk__gt=self._last)
        newest = list(rows.order_by("-pk").values_list("pk", flat=True)[: TAIL_MAX + 1])
        fresh = sorted(set(newest[:TAIL_MAX]) - self._known)
        if fresh:
            texts = dict(rows.filter(pk__in=fresh).values_list("pk", "text"))
            self._tail.append(nearby.built(sorted(texts), [texts[pk] for pk in sorted(texts)]))
            self._known |= set(texts)
        if len(self._tail) > SETS_MAX:
            self._tail = [nearby.joined(self._tail)]
        return rows.count() - TAIL_MAX if len(newest) > TAIL_MAX else 0


def _stamp(here: Shelf) -> Stamp | str | None:
    """What would tell that something else is served, also where nothing can be read."""
    try:
        return here.stamp
    except Spoiled as spoiled:
        return str(spoiled)


def ask_for_build() -> None:
    """Have the worker build, unless it has been asked already."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        job_of(BUILD, queueing_lock="build_nearby").defer(timestamp=0)


def _nothing() -> Nearest:
    return Nearest(np.full((1, 1), -1, np.int64), np.zeros((1, 1), np.float32))


READER = Reader()


def near(text: str, *, top: int, without: int = 0) -> Near:
    """As ``Reader.near``, by the reader of this process."""
    return READER.near(text, top=top, without=without)
