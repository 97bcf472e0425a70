"""Forecast: what was said of a day before it came, and how it compared once it had come."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from sujin.engine.events.scoring import Scored
from sujin.governance.models.event import Event


class ForecastQuerySet(models.QuerySet["Forecast"]):
    def scored(self) -> Self:
        return self.filter(scored_at__isnull=False)


class Forecast(models.Model):
    """Complaints of the event's stream on ``day``: quantiles .1, .5, .9 as said at ``made_at``, and
    ``excess``, the part due to the event. A trigger refuses another word once it is written; only
    what came is added, once."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="forecasts")
    made_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    day: "models.DateField[date, date]" = models.DateField()
    low = models.FloatField()
    mid = models.FloatField()
    high = models.FloatField()
    excess = models.FloatField()
    method = models.CharField(max_length=8)
    likes = models.PositiveSmallIntegerField(default=0)
    actual = models.PositiveIntegerField(null=True)
    naive = models.FloatField(null=True)
    scored_at = models.DateTimeField(null=True)

    objects = ForecastQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="said_once", fields=["event", "made_at", "day"]),
            models.CheckConstraint(
                name="quantiles_rise", condition=Q(low__lte=F("mid"), mid__lte=F("high"))
            ),
            models.CheckConstraint(
                name="scored_against_what_came",
                condition=Q(scored_at__isnull=True) | Q(actual__isnull=False, naive__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["day"], name="forecast_unscored", condition=Q(scored_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.day}"

    def as_scored(self) -> Scored:
        """For the engine, once it has been scored."""
        return Scored((self.low, self.mid, self.high), float(self.actual or 0), self.naive or 0.0)
