"""Feedback: this did not work; and the revision it leads to, which the item's owner answers."""

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sujin.knowledge.kinds.revision import OPEN, REVISION_STATES, UNANSWERED
from sujin.knowledge.models.item import Item
from sujin.knowledge.models.version import Version
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.reach import Reach

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

CARING = ("draft", "release")
# The number of a case, as complaints give it; this room knows no more of a case.
CASE = re.compile(r"20[0-9]{2}-[0-9]{7}")


class RevisionQuerySet(models.QuerySet["Revision"]):
    def within(self, reach: Reach) -> Self:
        """Of items in the person's care, and those that the person has spoken to."""
        rows = Item.objects.none()
        for permission in CARING:
            rows = rows | Item.objects.in_care_of(reach, permission)
        spoken = Feedback.objects.filter(person=reach.person_id).values("revision")
        return self.filter(Q(item__in=rows) | Q(pk__in=spoken))

    def unanswered(self) -> Self:
        return self.filter(state__in=UNANSWERED)

    def listed(self) -> Self:
        return self.select_related("item__owner", "version", "next_version", "opened_by")


class Revision(Docketed):
    """A task of the item's owner with a limit in working days; at most one of an item is open."""

    subject = "revision"

    item = models.ForeignKey(Item, models.PROTECT, related_name="revisions")
    # What was served when it was opened; nothing, when nothing was.
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", null=True)
    source = models.CharField(_("来源"), max_length=12)
    because = models.TextField(_("为什么"))
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    due_on = models.DateField(_("答复期限"), null=True)
    state = models.CharField(
        _("状态"), max_length=12, default=OPEN, choices=list(REVISION_STATES.items())
    )
    answer = models.TextField(_("答复"), blank=True, default="")
    next_version = models.ForeignKey(Version, models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        feedback: "RelatedManager[Feedback]"

    objects = RevisionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="one_revision_of_an_item_is_open",
                fields=["item"], condition=Q(state__in=UNANSWERED),
            ),
            models.CheckConstraint(
                name="a_revision_ends_with_an_answer",
                condition=Q(state__in=UNANSWERED) | Q(ended_at__isnull=False),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["state", "due_on"], name="revision_due")]

    def __str__(self) -> str:
        return self.version.title if self.version else self.item.code

    def get_absolute_url(self) -> str:
        return reverse("knowledge:revision", args=[self.pk])

    @property
    def is_unanswered(self) -> bool:
        return self.state in UNANSWERED

    def is_late(self, at: datetime) -> bool:
        """Whether the owner owes an answer that should be there."""
        due: date | None = self.due_on
        return self.is_unanswered and due is not None and timezone.localdate(at) > due


class Feedback(models.Model):
    """What somebody who used it says; personal data in ``words`` is masked before it is kept."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="feedback")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="feedback")
    reason = models.CharField(_("原因"), max_length=12)
    words = models.TextField(_("说明"), blank=True)
    # As the person typed it: whether it is within anybody's reach, this room does not know.
    case = models.CharField(_("投诉编号"), max_length=24, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    org = models.ForeignKey(Org, models.PROTECT, related_name="+", null=True)
    at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="a_case_is_named_by_its_number",
                condition=Q(case="") | Q(case__regex=f"^{CASE.pattern}$"),
            )
        ]
        indexes: ClassVar = [models.Index(fields=["person", "at"], name="feedback_person")]

    def __str__(self) -> str:
        return self.words or self.reason
