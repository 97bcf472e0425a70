"""The regulators' transfer letters of a case."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sujin.complaints.draft import RegulatorDraft
from sujin.complaints.models.complaint import Complaint


class TransferQuerySet(models.QuerySet["Transfer"]):
    def under(self, case: Complaint) -> Self:
        """Those of the case and of the numbers that go on under it: each wants its answer."""
        return self.filter(Q(complaint=case) | Q(complaint__merged_into=case))


class Transfer(models.Model):
    """Who passed the case to us, under which number, and by when they want to hear.

    One matter may come by more than one letter; a letter's number may, by mistake, come twice.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="transfers")
    agency = models.CharField(_("转办机构"), max_length=60)
    reference = models.CharField(_("文号"), max_length=60)
    transferred_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["agency", "reference"], name="transfer_reference")
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.reference}"

    @classmethod
    def of(cls, complaint: Complaint, letter: RegulatorDraft) -> "Transfer":
        return cls(
            complaint=complaint,
            agency=letter.agency,
            reference=letter.reference,
            transferred_at=letter.transferred_at,
            due_at=letter.due_at,
        )
