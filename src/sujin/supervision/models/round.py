"""One round of the guard over the whole house."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.platform.models import Docketed


class Round(Docketed):
    """What was asked and what the audit of remedies saw; findings stand on their own."""

    subject = "round"

    at = models.DateTimeField(_("核查时间"))
    periods = ArrayField(models.CharField(max_length=8), default=list)
    asked = models.PositiveIntegerField(default=0)
    few = models.PositiveIntegerField(default=0)
    departures = models.JSONField(default=list)
    points = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-at"], name="round_at")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:dispersion")
