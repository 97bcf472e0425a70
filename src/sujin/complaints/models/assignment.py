"""What one desk asks of another for a case: an opinion, or a contact after coaching."""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models.complaint import Complaint
from sujin.platform.models import Org, Person

OPINION, COACHED = "opinion", "coached"
FOLLOW_UP, LINKAGE = "follow_up", "linkage"
STEPS = {
    OPINION: _("出具意见"),
    COACHED: _("按方案联系客户"),
    FOLLOW_UP: _("会商后续事项"),
    LINKAGE: _("行司联动：确认责任划分"),
}


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def open(self) -> Self:
        return self.filter(done_at__isnull=True)

    def of_desks(self, ids: list[int]) -> Self:
        return self.filter(desk__in=ids)


class Assignment(models.Model):
    """A question put to a desk, and its answer; the docket tells both, this row is the queue."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="assignments")
    step = models.CharField(max_length=12, choices=list(STEPS.items()))
    desk = models.ForeignKey(Org, models.PROTECT, related_name="+")
    question = models.CharField(_("请办事项"), max_length=400)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(_("意见"), blank=True)
    done_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    done_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="a_desk_is_asked_once_at_a_time",
                fields=["complaint", "step", "desk"],
                # One session may leave a desk several things to do.
                condition=models.Q(done_at__isnull=True) & ~models.Q(step=FOLLOW_UP),
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["desk", "due_at"],
                name="assignment_queue",
                condition=models.Q(done_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.desk}"
