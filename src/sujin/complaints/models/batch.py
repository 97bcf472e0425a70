"""Several cases done at once: what became of each, and whether it was undone."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from sujin.complaints.models.complaint import Complaint
from sujin.platform.models import Person


class Batch(models.Model):
    """One verb on several cases, by one person; only that person sees it and can undo it."""

    act = models.CharField(max_length=16)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "batches"
        indexes: ClassVar = [models.Index(fields=["by", "-at"], name="batch_by_at")]

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("complaints:batch", args=[self.pk])


class BatchLine(models.Model):
    """What became of one case: empty ``refused`` means it was done; ``kept`` why it stayed so when
    the batch was undone. Of a correction also the axis, the code it was to get, and the row of the
    queue as it was ``asked``, which an undo puts back."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="lines")
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="+")
    refused = models.CharField(max_length=200, blank=True)
    kept = models.CharField(max_length=200, blank=True)
    axis = models.CharField(max_length=16, blank=True)
    code = models.CharField(max_length=60, blank=True)
    asked = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="a_case_is_once_in_a_batch", fields=["batch", "complaint", "axis"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.refused}"
