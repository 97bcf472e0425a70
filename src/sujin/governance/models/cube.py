"""The cube: the values of every fact, summed by day and by month for those who have most cases.

Nothing here is a source: `sujin.governance.cube` makes each row from the facts, and again whenever
a trigger of the database has marked its day. A mark is only ever added, so that nobody who handles
a case waits for anybody who sums up.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Mark(models.Model):
    """Something changed in the facts that belong to ``day`` by ``moment``."""

    moment = models.CharField(max_length=12)
    day = models.DateField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day", "moment"], name="mark_day")]

    def __str__(self) -> str:
        return f"{self.moment} {self.day}"


class Sum(models.Model):
    """``scope`` is the path of the head office or of a place right below it, which includes all
    below, or ``line:`` and a professional line. Of ``n`` rows ``hits`` are above 0."""

    fact = models.CharField(max_length=24)
    scope = models.CharField(max_length=40)
    n = models.IntegerField()
    hits = models.IntegerField()

    class Meta:
        abstract = True


class DaySum(Sum):
    """``values`` in order, of a fact that has quantiles."""

    day = models.DateField()
    values = ArrayField(models.IntegerField(), default=list)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="a_day_is_summed_once", fields=["scope", "fact", "day"], include=["n", "hits"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.scope} {self.day}"


class MonthSum(Sum):
    """``month`` is its first day; the quantiles are those of the engine, exact."""

    month = models.DateField()
    median = models.IntegerField(null=True)
    p90 = models.IntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="a_month_is_summed_once", fields=["scope", "month", "fact"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.scope} {self.month}"
