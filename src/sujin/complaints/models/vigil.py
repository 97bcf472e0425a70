"""The watch over a promise about urgent complaints: a row per calibration, counted nightly."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.engine.vigil import Tally
from sujin.platform.models import Docketed


class Vigil(Docketed):
    """``assured`` is the id of the calibration whose promise is watched; figures are of the whole
    bank. ``urgent`` counts cases that were closed as urgent, ``missed`` those of them that neither
    the rules nor the second look had put before a person."""

    subject = "vigil"

    assured = models.CharField(max_length=16, unique=True)
    begun_at = models.DateTimeField(_("校准时间"))
    alpha = models.FloatField(_("保证"))
    looked = models.PositiveIntegerField(default=0)
    referred = models.PositiveIntegerField(default=0)
    urgent = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)
    open_missed = models.PositiveIntegerField(default=0)
    evidence = models.FloatField(default=1.0)
    capital = models.FloatField(default=1.0)
    watched_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    shifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="no_more_missed_than_urgent",
                condition=models.Q(missed__lte=models.F("urgent")),
            )
        ]

    def __str__(self) -> str:
        return self.assured

    def get_absolute_url(self) -> str:
        return reverse("complaints:assurance")

    @property
    def tally(self) -> Tally:
        return Tally(self.missed, self.urgent)
