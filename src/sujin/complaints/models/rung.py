"""Rungs of the escalation ladder that were climbed: each once."""

from typing import ClassVar

from django.db import models

from sujin.complaints.models.complaint import Complaint


class Rung(models.Model):
    """Row ``row`` of ladder.csv was reached for a limit that ends at ``due_at``.

    ``about`` is the assignment the limit belongs to, 0 for a clock of the case itself. A limit that
    moves is another limit: its rungs can be reached again.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="rungs")
    row = models.CharField(max_length=12)
    about = models.BigIntegerField(default=0)
    due_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="a_rung_is_climbed_once", fields=["complaint", "row", "about", "due_at"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.row}"
