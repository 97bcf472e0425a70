"""How many cases there are, kept as they come: lines that a trigger of the database writes with
each case, and their sums.

A line says that a cell gained or lost a case. Lines are only ever added, so that nobody who takes a
case in waits for anybody who counts; `sujin.complaints.tally` sums them up and reads both.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from sujin.platform.models import Org


class Counted(models.Model):
    """So many cases of one kind, received on one day by the calendar of the bank. ``cases`` counts
    each matter once, ``repeats`` what was brought again."""

    day = models.DateField()
    kind = models.CharField(max_length=16)
    business = models.CharField(max_length=60)
    cases = models.IntegerField()
    repeats = models.IntegerField()

    class Meta:
        abstract = True


class Tally(Counted):
    """A line: what was added to a cell, or taken from it, and is not in its sum yet."""

    # The case's own row is what keeps the organisation from being removed.
    origin = models.ForeignKey(
        Org, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    cause = models.CharField(max_length=60)
    touchpoint = models.CharField(max_length=60)

    class Meta:
        verbose_name_plural = "tally lines"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="a_line_counts_something", condition=~Q(cases=0) | ~Q(repeats=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.cases:+d}"


class TallyCell(Counted):
    """The sum of a cell: one organisation's own, one business, cause and touchpoint, one day."""

    origin = models.ForeignKey(
        Org, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    cause = models.CharField(max_length=60)
    touchpoint = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="a_cell_has_one_sum",
                fields=["origin", "kind", "day", "business", "cause", "touchpoint"],
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["kind", "day"], include=["business", "cause", "cases"], name="cell_of_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.cases}"


class TallyBoard(Counted):
    """The sum for the boards of those that have most cases, the head office and what stands right
    below it: one organisation with all below it, one business, one day."""

    org = models.ForeignKey(
        Org, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="a_board_has_one_sum",
                fields=["org", "kind", "day", "business"],
                include=["cases", "repeats"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.cases}"
