"""Wrong guesses, kept as long as a budget counts them."""

from datetime import datetime
from typing import ClassVar

from django.db import models


class Miss(models.Model):
    """One try of what ``key`` names that was not right, or is still being judged."""

    key = models.CharField(max_length=64)
    at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()

    class Meta:
        verbose_name_plural = "misses"
        indexes: ClassVar = [
            models.Index(fields=["key", "at"], name="miss_key_at"),
            models.Index(fields=["at"], name="miss_at"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.at:%Y-%m-%d %H:%M}"
