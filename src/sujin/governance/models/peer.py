"""同业数据: one published figure of one bank, as its source gave it."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from sujin.platform.models import Person


class PeerFigureQuerySet(models.QuerySet["PeerFigure"]):
    def valid(self) -> Self:
        """Those that no correction took the place of."""
        return self.filter(superseded_at__isnull=True)


def _base() -> Any:
    return models.DecimalField(max_digits=16, decimal_places=2, null=True)


class PeerFigure(models.Model):
    """Never changed: a correction is another row, and this one says when it was superseded."""

    bank = models.CharField(max_length=80)
    group = models.CharField(max_length=40, blank=True, default="")
    quarter: "models.DateField[date, date]" = models.DateField()
    metric = models.CharField(max_length=16)
    business = models.CharField(max_length=60, blank=True, default="")
    value = models.DecimalField(max_digits=14, decimal_places=0)
    basis = models.CharField(max_length=24)
    customers, outlets, assets = _base(), _base(), _base()
    source = models.CharField(max_length=200)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(null=True)

    objects = PeerFigureQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="a_bank_has_one_valid_figure",
                fields=["bank", "quarter", "metric", "business", "basis"],
                condition=Q(superseded_at__isnull=True),
            ),
            models.CheckConstraint(
                name="a_peer_figure_is_a_count_with_a_source",
                condition=Q(value__gte=0) & ~Q(source=""),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["quarter", "business"], name="peer_quarter")]

    def __str__(self) -> str:
        return f"{self.bank} {self.quarter} {self.business} {self.basis}"
