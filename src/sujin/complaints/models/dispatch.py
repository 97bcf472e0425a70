"""The outbox: what is to reach the customer by wire, how often it was tried, what came back."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models.complaint import Complaint
from sujin.complaints.models.letter import Letter
from sujin.platform.fields import SealedField
from sujin.platform.masking import masked
from sujin.platform.models import Person

WAYS = {"email": _("邮件"), "sms": _("短信")}
# Which field of a party holds the address of a way.
ADDRESSES = {"email": "email", "sms": "phone"}


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def under_way(self) -> Self:
        """On its way: neither accepted by the other side nor given up."""
        return self.filter(
            released_at__isnull=False, sent_at__isnull=True, given_up_at__isnull=True
        )

    def deciding(self, case: Complaint) -> Self:
        """Under way with a decision of the case."""
        return self.under_way().filter(letter__complaint=case, letter__kind="decision")

    def doubtful(self, case: Complaint) -> Self:
        """Taken out with a decision of the case that may have reached the customer before."""
        stopped = self.filter(is_stopped=True, may_have_arrived=True)
        return stopped.filter(letter__complaint=case, letter__kind="decision")

    def unheard(self) -> Self:
        """Taken over by the other side, and not recorded as told: the case was ended or begun anew
        while they were on the wire."""
        return self.filter(sent_at__isnull=False, letter__sent_at__isnull=True)


class Dispatch(models.Model):
    """One letter on its way to one address.

    ``message_id`` is the identity under which every attempt is made: whoever receives it twice
    can tell. ``released_at`` is empty while a typed address waits for a second pair of eyes.
    ``on_wire_since`` is when the attempt began of which no answer is recorded yet;
    ``may_have_arrived``: an attempt ended without anybody knowing how.
    """

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="dispatches")
    way = models.CharField(max_length=12, choices=list(WAYS.items()))
    address = SealedField(_("地址"), context="dispatch.address")
    is_typed = models.BooleanField(default=False)
    message_id = models.CharField(max_length=160, unique=True)
    queued_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    queued_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    on_wire_since = models.DateTimeField(null=True)
    may_have_arrived = models.BooleanField(default=False)
    last_error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=200, blank=True)
    given_up_at = models.DateTimeField(null=True)
    is_stopped = models.BooleanField(default=False)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "dispatches"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="one_dispatch_of_a_letter_under_way",
                fields=["letter"],
                condition=Q(
                    released_at__isnull=False, sent_at__isnull=True, given_up_at__isnull=True
                ),
            ),
            models.CheckConstraint(
                name="dispatch_is_sent_or_given_up",
                condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True),
            ),
            models.CheckConstraint(
                name="dispatch_is_sent_with_a_receipt",
                condition=Q(sent_at__isnull=True) | ~Q(receipt=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{WAYS[self.way]} {self.shown}"

    @property
    def shown(self) -> str:
        """The address as the screen and the docket show it."""
        return masked(ADDRESSES[self.way], self.address)

    @property
    def proof(self) -> str:
        """What shows that it was taken over: its identity, and the answer of the other side."""
        return f"{self.message_id} {self.receipt}"

    @property
    def state(self) -> str:
        """``asked``, ``waiting``, ``sent``, ``failed`` or, given up by ourselves, ``stopped``."""
        if self.sent_at:
            return "sent"
        if self.given_up_at:
            return "stopped" if self.is_stopped else "failed"
        return "waiting" if self.released_at else "asked"

    @property
    def is_over(self) -> bool:
        return self.sent_at is not None or self.given_up_at is not None

    @property
    def is_in_doubt(self) -> bool:
        """It may have reached the customer although no answer is recorded."""
        return self.may_have_arrived or self.on_wire_since is not None
