"""One time the customer told us, through one door, word for word."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models.complaint import Complaint
from sujin.platform.fields import SealedField
from sujin.platform.models import Org, Person


class Contact(models.Model):
    """``text`` has its personal data masked; ``raw`` is what was said, sealed.

    ``source`` and ``external_id`` make intake idempotent: the same pair is accepted once.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="contacts")
    channel = models.CharField(_("渠道"), max_length=16)
    at = models.DateTimeField()
    origin = models.ForeignKey(Org, models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.TextField()
    raw = SealedField(context="contact.raw")
    # All that the draft of a joined contact said besides, sealed; should it leave, it comes anew.
    told = SealedField(context="contact.told")
    source = models.CharField(max_length=32, blank=True)
    external_id = models.CharField(max_length=64, blank=True)
    attributes = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="contact_accepted_once",
                fields=["source", "external_id"],
                condition=~models.Q(external_id=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.at:%Y-%m-%d}"
