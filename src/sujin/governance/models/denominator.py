"""基数: how many could have complained, as the bank's own books say it for one month."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from sujin.platform.models import Org, Person


class DenominatorQuerySet(models.QuerySet["Denominator"]):
    def valid(self) -> Self:
        """Those that no correction took the place of."""
        return self.filter(superseded_at__isnull=True)


class Denominator(models.Model):
    """Never changed: a correction is another row, and this one says when it was superseded."""

    org = models.ForeignKey(Org, models.PROTECT, related_name="+")
    measure = models.CharField(max_length=16)
    month: "models.DateField[date, date]" = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=2)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(null=True)

    objects = DenominatorQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="an_organisation_has_one_valid_figure",
                fields=["measure", "org", "month"],
                condition=Q(superseded_at__isnull=True),
            ),
            models.CheckConstraint(name="a_denominator_is_above_0", condition=Q(value__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.org_id} {self.measure} {self.month}"
