"""A return of rows: every complaint received in the period, a row each, and what is blank."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import override

from sujin.complaints.draft import PartyRole
from sujin.complaints.models import Complaint, Party, Transfer
from sujin.platform.models import Org
from sujin.reports.returns.book import Return
from sujin.reports.returns.counts import ROWS_OF, base
from sujin.reports.returns.periods import Period
from sujin.reports.returns.sources import SOURCES, Told

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Filled:
    """How many rows there are, and for each column that must not be blank, in how many it is.
    ``prints`` are short digests by number: which row changed, not what it holds."""

    n: int
    blanks: dict[str, int]
    prints: dict[str, str]

    @property
    def full(self) -> float:
        """The share of cells that must be filled and are."""
        wanted = self.n * len(self.blanks)
        return 1 - sum(self.blanks.values()) / wanted if wanted else 1.0


def cases(asked: Return, period: Period) -> QuerySet[Complaint, Any]:
    """Those that have a row; of a return of cells all that were received."""
    rows = base(asked.base).filter(ROWS_OF[asked.rows or "received"](period.window))
    return rows.select_related("origin").defer("tokens", "minhash", "bands", "text")


def rows(asked: Return, period: Period, today: date) -> Iterator[list[str]]:
    """The cells of each row, in the order of the numbers, as of the period's end or ``today``."""
    branches = {
        org.path: org.code for org in Org.objects.filter(parent__parent__isnull=True)
    }  # fmt: skip
    sources = [SOURCES[column.source] for column in asked.columns]
    found = cases(asked, period).order_by("number").iterator(chunk_size=BATCH)
    today = min(today, period.last)
    for batch in _batches(found):
        told = _told(asked, branches, [case.pk for case in batch], today)
        # Never across a yield: whoever reads the rows keeps the own language.
        for case in batch:
            _as_of(case, period.window.until)
        with override(asked.language):
            made = [[source(case, told) for source in sources] for case in batch]
        yield from made


def _as_of(case: Complaint, until: datetime) -> None:
    """As it stood at the end of the period: what came later is the next one's."""
    if case.answered_at is not None and case.answered_at >= until:
        case.answered_at = None
    if case.closed_at is not None and case.closed_at >= until:
        case.closed_at, case.finding, case.outcome, case.remedy = None, "", "", None


def _batches(found: Iterator[Complaint]) -> Iterator[Sequence[Complaint]]:
    batch: list[Complaint] = []
    for case in found:
        batch.append(case)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _told(asked: Return, branches: dict[str, str], keys: Sequence[int], today: date) -> Told:
    mine = {"complaint__in": keys}
    agents = Party.objects.filter(**mine, role=PartyRole.AGENT)
    transfers = Transfer.objects.filter(**mine, transferred_at__isnull=False).order_by("-pk")
    return Told(
        asked, branches, frozenset(agents.values_list("complaint", flat=True)),
        dict(transfers.values_list("complaint", "transferred_at")),
        today,
    )  # fmt: skip


def filled(asked: Return, period: Period, today: date) -> Filled:
    """All rows of the period, read once."""
    number = next(at for at, one in enumerate(asked.columns) if one.source == "number")
    must = [(at, one.name) for at, one in enumerate(asked.columns) if one.is_must]
    blanks: Counter[str] = Counter({name: 0 for _at, name in must})
    prints: dict[str, str] = {}
    for row in rows(asked, period, today):
        blanks.update(name for at, name in must if not row[at])
        prints[row[number]] = blake2b("\x1f".join(row).encode(), digest_size=6).hexdigest()
    return Filled(len(prints), dict(blanks), prints)
