"""舆情: what somebody outside wrote or said, without an address, beside an event or a case."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models import Complaint
from sujin.governance.kinds.event import DRAFT, TONES
from sujin.governance.models.event import Event, announces
from sujin.platform.models import Docketed, Person
from sujin.platform.reach import Reach

# How much it weighs in the risk view: readers in powers of ten, bad words thrice the others.
HEAVY = {"negative": 3.0, "neutral": 1.0, "positive": 0.0}


class MentionQuerySet(models.QuerySet["Mention"]):
    def within(self, reach: Reach) -> Self:
        """Of events that the person may read of, and of cases that the person may see."""
        rows = self if announces(reach) else self.exclude(event__state=DRAFT)
        if reach.everything:
            return rows
        return rows.filter(Q(event__isnull=False) | Q(complaint__seen_by__sharing=reach.tokens))


class Mention(Docketed):
    """One mention; numbers in ``title`` are masked before it is kept."""

    subject = "mention"

    event = models.ForeignKey(Event, models.PROTECT, related_name="mentions", null=True)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="+", null=True)
    on: "models.DateField[date, date]" = models.DateField(_("日期"))
    outlet = models.CharField(_("媒体或平台"), max_length=60)
    title = models.CharField(_("标题或大意"), max_length=200)
    readers = models.PositiveIntegerField(_("传播量"), default=0)
    tone = models.CharField(_("倾向"), max_length=8, choices=list(TONES.items()))
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    noted_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="a_mention_is_of_one_thing",
                condition=Q(event__isnull=True) ^ Q(complaint__isnull=True),
            ),
            models.UniqueConstraint(
                name="mentioned_once",
                fields=["event", "complaint", "on", "outlet", "title"],
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-on"], name="mention_on")]

    def __str__(self) -> str:
        return f"{self.outlet} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("governance:mentions")

    @property
    def weight(self) -> float:
        return HEAVY[self.tone] * (1 + len(str(self.readers)) - 1)
