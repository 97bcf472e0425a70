"""What we promised the customer: a timer with a result."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models.complaint import Complaint
from sujin.engine.promises import KINDS
from sujin.platform.models import Org, Person

WHAT_MAX = 200
# What we will do, as the customer and the desk read it.
NAMES = {
    "call_back": _("回电"),
    "refund": _("退款"),
    "answer": _("答复"),
    "visit": _("上门"),
    "document": _("寄送或出具材料"),
    "other": _("办好"),
}
CHOICES = [(kind, NAMES[kind]) for kind in KINDS]


class PromiseQuerySet(models.QuerySet["Promise"]):
    def open(self) -> Self:
        """Neither kept nor released; a missed one is still owed."""
        return self.filter(kept_at__isnull=True, released_at__isnull=True)

    def owed_under(self, case: Complaint) -> Self:
        """What was promised to this case, and to those that go on under its number."""
        return self.filter(Q(complaint=case) | Q(complaint__merged_into=case))

    def listed(self) -> Self:
        """As a page shows them: with the desk that promised, the earliest first."""
        return self.select_related("desk").order_by("due_at", "pk")

    def overdue(self, at: datetime) -> Self:
        """Owed, past its moment, and not yet told as missed. What ended without being merged owes
        nothing any more."""
        alive = Q(complaint__closed_at__isnull=True) | Q(complaint__merged_into__isnull=False)
        return self.open().filter(alive, missed_at__isnull=True, due_at__lt=at)


class Promise(models.Model):
    """One promise. The docket tells what became of it, this row is the timer."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="promises")
    kind = models.CharField(_("承诺"), max_length=12, choices=CHOICES)
    what = models.CharField(_("内容"), max_length=WHAT_MAX)
    amount = models.DecimalField(_("金额"), max_digits=16, decimal_places=2, null=True)
    due_at = models.DateTimeField(_("最迟"))
    desk = models.ForeignKey(Org, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    note = models.CharField(_("结果说明"), max_length=300, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="promise_lies_ahead", condition=Q(due_at__gt=F("made_at"))),
            models.CheckConstraint(
                name="promise_is_kept_or_released",
                condition=Q(kept_at__isnull=True) | Q(released_at__isnull=True),
            ),
            models.CheckConstraint(
                name="promise_is_missed_only_after_its_moment",
                condition=Q(missed_at__isnull=True) | Q(missed_at__gt=F("due_at")),
            ),
            models.CheckConstraint(
                name="promise_kept_in_time_is_not_missed",
                condition=Q(missed_at__isnull=True)
                | Q(kept_at__isnull=True)
                | Q(kept_at__gte=F("missed_at")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                name="promise_timer",
                condition=Q(kept_at__isnull=True, missed_at__isnull=True, released_at__isnull=True),
            ),
            models.Index(fields=["due_at"], name="promise_due"),
            models.Index(fields=["complaint", "due_at"], name="promise_of_case"),
            models.Index(fields=["desk", "made_at"], name="promise_of_desk"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.kept_at is None and self.released_at is None

    @property
    def was_kept_late(self) -> bool:
        return self.kept_at is not None and self.kept_at > self.due_at
