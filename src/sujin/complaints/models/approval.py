"""What waits for somebody else's yes: one row for each request, decided once."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models.complaint import Complaint
from sujin.platform.models import Person
from sujin.platform.reach import Reach


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def waiting(self) -> Self:
        return self.filter(decided_at__isnull=True)

    def within(self, reach: Reach) -> Self:
        """Requests about cases the person may see."""
        if reach.everything:
            return self
        return self.filter(complaint__seen_by__sharing=reach.tokens)


class Approval(models.Model):
    """Somebody asked for ``act`` to be done with ``data``; one of ``approvers`` decides.

    ``approvers`` are codes of the pack's approvers.csv. What was asked and decided stands on the
    case's docket; this row is what the inbox lists.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="approvals")
    act = models.CharField(max_length=24)
    data = models.JSONField(default=dict)
    title = models.CharField(_("事项"), max_length=120)
    because = models.CharField(_("理由"), max_length=400)
    approvers = models.JSONField(default=list)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    words = models.CharField(_("意见"), max_length=400, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="approver_is_not_who_asked",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            ),
            models.UniqueConstraint(
                name="one_request_of_a_kind_waits",
                fields=["complaint", "act"],
                condition=Q(decided_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"],
                name="approval_waiting",
                condition=Q(decided_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.complaint}: {self.title}"

    @property
    def is_waiting(self) -> bool:
        return self.decided_at is None

    @property
    def is_lapsed(self) -> bool:
        """Whether the case began anew before anybody decided."""
        return self.decided_at is not None and self.decided_by_id is None
