"""Letters to the customer: drafted by one person, approved by another, sent with proof."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models.complaint import Complaint
from sujin.platform.fields import SealedField
from sujin.platform.models import Person

KINDS = {"decision": _("处理答复"), "extension": _("延期告知")}


class Letter(models.Model):
    """One letter of a case; the body is Markdown and may name the customer, so it is sealed."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=16, choices=list(KINDS.items()))
    regime = models.CharField(max_length=24)
    body = SealedField(_("正文"), context="letter.body")
    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)
    finding = models.CharField(_("处理结论"), max_length=16, blank=True)
    remedy = models.DecimalField(_("赔付金额"), max_digits=16, decimal_places=2, null=True)
    sent_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    sent_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=12, blank=True)
    proof = models.CharField(_("送达凭据"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="letter_has_four_eyes",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="letter_is_approved_before_it_is_sent",
                condition=Q(sent_at__isnull=True) | Q(approved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {KINDS.get(self.kind, self.kind)}"

    def get_absolute_url(self) -> str:
        return reverse("complaints:letter", args=[self.complaint.number, self.pk])

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None
