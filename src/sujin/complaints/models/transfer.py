"""The regulator's transfer letter of a case."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models.complaint import Complaint


class Transfer(models.Model):
    """Who passed the case to us, under which number, and by when they want to hear."""

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="transfer")
    agency = models.CharField(_("转办机构"), max_length=60)
    reference = models.CharField(_("文号"), max_length=60)
    transferred_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="transfer_once", fields=["agency", "reference"])
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.reference}"
