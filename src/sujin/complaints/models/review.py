"""核查: the customer asks the superior organisation to look at a decision again."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sujin.complaints import tables
from sujin.complaints.models.complaint import Complaint
from sujin.platform.models import Org, Person

WAYS = {"letter": _("信函"), "face": _("当面"), "sms": _("短信"), "email": _("电子邮件")}


class ReviewQuerySet(models.QuerySet["Review"]):
    def undecided(self) -> Self:
        return self.filter(decided_at__isnull=True)


class Review(models.Model):
    """One review of one answer; the docket tells it, this row is the superior desk's queue."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="reviews")
    # Which answer: every answer may be reviewed once.
    answered_at = models.DateTimeField()
    answered_desk = models.ForeignKey(Org, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_words = models.TextField(_("核查理由"))
    desk = models.ForeignKey(Org, models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    verdict = models.CharField(_("核查决定"), max_length=16, blank=True)
    reasons = models.TextField(_("理由和依据"), blank=True)
    way = models.CharField(_("告知方式"), max_length=12, blank=True)
    proof = models.CharField(_("送达凭据"), max_length=200, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="an_answer_is_reviewed_once", fields=["complaint", "answered_at"]
            ),
            models.CheckConstraint(
                name="a_review_is_decided_with_reasons_and_told",
                condition=Q(decided_at__isnull=True)
                | (~Q(verdict="") & ~Q(reasons="") & ~Q(way="") & ~Q(proof="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["desk", "due_at"],
                name="review_queue",
                condition=Q(decided_at__isnull=True),
            ),
            models.Index(
                fields=["decided_at"],
                name="review_decided",
                condition=Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.desk}"

    @property
    def verdict_name(self) -> str:
        return tables.name(tables.verdicts(), self.verdict)
