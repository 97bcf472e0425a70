"""Gap: one thing that is asked and not answered, as the worker gathered it last."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Gap(models.Model):
    """Made anew every hour, so nothing may point here: a gap is known by its ``questions``.

    ``place`` is the path of the organisations where it was asked, empty for the whole bank with
    its customers; ``weekly`` counts from the oldest week to this one.
    """

    place = models.CharField(max_length=120, blank=True, db_index=True)
    title = models.CharField(max_length=200)
    asks = models.JSONField(default=list)
    questions = ArrayField(models.BigIntegerField())
    n = models.PositiveIntegerField()
    weekly = ArrayField(models.PositiveIntegerField())
    last_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    gathered_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["place", "-n", "-last_at"], name="gap_most_asked")
        ]

    def __str__(self) -> str:
        return self.title
