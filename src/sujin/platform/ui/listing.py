"""The one table mechanism: filters, sorting and pages over any queryset, read from the URL.

The database never counts or skips more than ``ceiling`` rows, so the cost of a page is bounded
however large the table grows; whoever needs the rows beyond narrows the filters.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sujin.platform.ui.query import PAGE, changed

M = TypeVar("M", bound=Model)
Label = str | Promise
SORT = "sort"


@dataclass(frozen=True, slots=True)
class Filter(Generic[M]):
    """One question a list can be asked; ``narrow`` answers it for a chosen value."""

    name: str
    label: Label
    choices: tuple[tuple[str, Label], ...]
    narrow: Callable[[QuerySet[M], str], QuerySet[M]]


@dataclass(frozen=True, slots=True)
class Sort:
    """A named order; ``order`` are the fields of ``QuerySet.order_by``, "-" for falling."""

    name: str
    label: Label
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table; ``sort`` names the sort its heading switches on, if any."""

    name: str
    label: Label
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter as the form shows it."""

    value: str
    label: Label
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter as the form shows it."""

    name: str
    label: Label
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter; ``query`` is the same page without it."""

    label: Label
    value: Label
    query: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A column heading; ``query`` sorts by it (empty: cannot), ``aria_sort`` says it does."""

    name: str
    label: Label
    query: str
    aria_sort: str


class Listing(Generic[M]):
    """One page of ``rows`` as the parameters of the URL ask for it.

    Unknown filters, sorts and page numbers are ignored and reported in ``notes``. The first sort is
    the order of a list that was not asked for another; the primary key breaks ties.
    """

    def __init__(
        self,
        params: QueryDict,
        rows: QuerySet[M],
        *,
        filters: Sequence[Filter[M]] = (),
        sorts: Sequence[Sort] = (),
        columns: Sequence[Column] = (),
        size: int = 50,
        ceiling: int = 10_000,
    ) -> None:
        self.params, self.filters, self.columns = params, tuple(filters), tuple(columns)
        self.size, self.ceiling = size, ceiling
        self._sorts = {sort.name: sort for sort in sorts}
        self._chosen = {f.name: params.get(f.name, "") for f in filters if _knows(f, params)}
        self.sort, self.is_reversed = self._asked_sort()
        self.rows = self._ordered(self._narrowed(rows))

    # What is shown.

    @cached_property
    def page_rows(self) -> list[M]:
        """The rows of this page."""
        start = (self.number - 1) * self.size
        return list(self.rows[start : min(start + self.size, self.ceiling)])

    @cached_property
    def count(self) -> int:
        """How many rows there are, counted no further than ``ceiling + 1``."""
        return self.rows.order_by()[: self.ceiling + 1].count()

    @property
    def is_over_ceiling(self) -> bool:
        return self.count > self.ceiling

    @property
    def count_label(self) -> str:
        """``1,234``, or ``10,000+`` when nobody counted further."""
        return f"{self.ceiling:,}+" if self.is_over_ceiling else f"{self.count:,}"

    @property
    def first(self) -> int:
        """Position of the page's first row, from 1; 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.count else 0

    @property
    def last(self) -> int:
        """Position of the page's last row."""
        return min(self.number * self.size, self.count, self.ceiling)

    # Pages.

    @property
    def number(self) -> int:
        """The page shown, from 1."""
        return min(self._asked_number or 1, self.last_number)

    @property
    def last_number(self) -> int:
        return max(1, -(-min(self.count, self.ceiling) // self.size))

    @property
    def has_next(self) -> bool:
        return self.number < self.last_number

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def next_query(self) -> str:
        return self.query(page=self.number + 1)

    @property
    def previous_query(self) -> str:
        return self.query(page=self.number - 1)

    # The form and the headings.

    @property
    def choices(self) -> list[Choice]:
        """Every filter with the chosen value marked."""
        return [Choice(f.name, f.label, self._options(f)) for f in self.filters]

    @property
    def chips(self) -> list[Chip]:
        """The active filters, each with the query that takes it away."""
        return [
            Chip(f.label, dict(f.choices)[self._chosen[f.name]], self.query(**{f.name: None}))
            for f in self.filters
            if f.name in self._chosen
        ]

    @property
    def clear_query(self) -> str:
        """This list without any filter, asked or refused."""
        return self.query(**dict.fromkeys((f.name for f in self.filters), None))

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Parameters that are no filter of ours, for the form to carry along."""
        ours = {PAGE, *(f.name for f in self.filters)}
        return [(k, v) for k, vs in self.params.lists() if k not in ours for v in vs if v]

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.columns]

    @property
    def notes(self) -> list[str]:
        """What was asked for and could not be given, as sentences."""
        return [*self._refusals(), *self._page_notes()]

    def query(self, **changes: object) -> str:
        """The query string of this list with ``changes`` made; see ``query.changed``."""
        return changed(self.params, changes)

    # How the URL is read.

    @cached_property
    def _asked_number(self) -> int | None:
        """The page asked for; ``None`` when what was asked for is no page number."""
        asked = self.params.get(PAGE) or "1"
        # Longer digits are nobody's page, and int() refuses absurd lengths with an exception.
        return (
            int(asked) or None if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
        )

    def _asked_sort(self) -> tuple[Sort | None, bool]:
        asked = self.params.get(SORT, "")
        default = next(iter(self._sorts.values()), None)
        return self._sorts.get(asked.removeprefix("-"), default), self._is_sort(asked, "-")

    def _is_sort(self, asked: str, prefix: str = "") -> bool:
        return asked.startswith(prefix) and asked.removeprefix("-") in self._sorts

    def _narrowed(self, rows: QuerySet[M]) -> QuerySet[M]:
        for f in self.filters:
            if f.name in self._chosen:
                rows = f.narrow(rows, self._chosen[f.name])
        return rows

    def _ordered(self, rows: QuerySet[M]) -> QuerySet[M]:
        if self.sort is None:
            return rows if rows.ordered else rows.order_by("pk")
        order = [_turned(name) for name in self.sort.order] if self.is_reversed else self.sort.order
        return rows.order_by(*order, "pk")

    def _options(self, f: Filter[M]) -> tuple[Option, ...]:
        chosen = self._chosen.get(f.name)
        return tuple(Option(value, label, value == chosen) for value, label in f.choices)

    def _heading(self, column: Column) -> Heading:
        if column.sort not in self._sorts:
            return Heading(column.name, column.label, "", "")
        is_current = self.sort is not None and self.sort.name == column.sort
        is_rising = is_current and not self.is_reversed
        query = self.query(sort=f"-{column.sort}" if is_rising else column.sort)
        aria_sort = ("ascending" if is_rising else "descending") if is_current else ""
        return Heading(column.name, column.label, query, aria_sort)

    def _refusals(self) -> Iterator[str]:
        for f in self.filters:
            asked = self.params.get(f.name, "")
            if asked and f.name not in self._chosen:
                yield _("筛选“%(label)s”没有“%(asked)s”这一项，未采用。") % {
                    "label": f.label,
                    "asked": asked[:40],
                }
        asked = self.params.get(SORT, "")
        if asked and not self._is_sort(asked):
            yield _("不能按“%(asked)s”排序，已按默认顺序排列。") % {"asked": asked[:40]}

    def _page_notes(self) -> Iterator[str]:
        if self._asked_number is None:
            yield _("页码无法识别，已显示第 1 页。")
        elif self._asked_number > self.last_number:
            yield _("没有第 %(asked)d 页，已显示最后一页。") % {"asked": self._asked_number}
        if self.is_over_ceiling and not self.has_next:
            yield _("只列出前 %(ceiling)s 条，请缩小筛选范围。") % {"ceiling": f"{self.ceiling:,}"}


def _knows(f: Filter[M], params: QueryDict) -> bool:
    asked = params.get(f.name, "")
    return any(value == asked for value, _label in f.choices if value)


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"
