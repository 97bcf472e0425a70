"""Distribution: something to be read by a day; who read and understood it, who did what of it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sujin.knowledge.models.issue import COMPILE, Issue
from sujin.knowledge.models.version import Version
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

# Who watches over a unit's reading: may ask it to hurry, sends things out, or audits.
URGE, JOURNAL = "urge", "journal"
WATCHING = frozenset({URGE, COMPILE, JOURNAL})


def watched(reach: Reach, permissions: frozenset[str] = WATCHING) -> Q:
    """Units at or below an organisation for which the person holds one of the permissions."""
    return below((org.path for org in reach.places(*permissions)), "unit__path")


class DistributionQuerySet(models.QuerySet["Distribution"]):
    def within(self, reach: Reach) -> Self:
        """Those that somebody watched over has to read."""
        mine = Acknowledgement.objects.filter(watched(reach)).values("distribution")
        return self.filter(pk__in=mine)

    def listed(self) -> Self:
        return self.select_related("issue", "version__item", "sent_by")


class Distribution(Docketed):
    """Of a signed issue, or of one version; ``orgs`` are those named, everybody below reads."""

    subject = "distribution"

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="distributions", null=True)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", null=True)
    orgs = ArrayField(models.BigIntegerField(), verbose_name=_("机构"))
    read_by: "models.DateField[date, date]" = models.DateField(_("学习期限"))
    wants_quiz = models.BooleanField(_("须通过小测"), default=False)
    wants_measures = models.BooleanField(_("各单位写本地举措"), default=False)
    sent_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sent_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    reminded = models.CharField(max_length=8, blank=True, default="")
    reminded_on = models.DateField(null=True)

    if TYPE_CHECKING:
        measures: "RelatedManager[Measure]"

    objects = DistributionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="a_distribution_is_of_one_thing",
                condition=Q(issue__isnull=True) ^ Q(version__isnull=True),
            )
        ]
        indexes: ClassVar = [models.Index(fields=["read_by"], name="distribution_read_by")]

    def __str__(self) -> str:
        return str(self.issue or self.version)

    def get_absolute_url(self) -> str:
        return reverse("knowledge:reading", args=[self.pk])

    @property
    def map_url(self) -> str:
        return reverse("knowledge:distribution", args=[self.pk])

    def is_over(self, at: datetime) -> bool:
        """Whether the day by which it was to be read has passed."""
        return timezone.localdate(at) > self.read_by


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    def within(self, reach: Reach) -> Self:
        """Of the people in the units that the person watches over."""
        return self.filter(watched(reach))

    def expected(self) -> Self:
        """Of those who are still there."""
        return self.filter(excused_at__isnull=True)

    def missing(self) -> Self:
        return self.expected().filter(understood_at__isnull=True)


class Acknowledgement(Docketed):
    """One person and one distribution, once; ``unit`` is where the person works then."""

    subject = "reading"

    distribution = models.ForeignKey(Distribution, models.CASCADE, related_name="readings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Org, models.PROTECT, related_name="+")
    read_at = models.DateTimeField(_("阅读时间"), null=True)
    understood_at = models.DateTimeField(_("读懂时间"), null=True)
    passed_at = models.DateTimeField(_("通过小测时间"), null=True)
    right = models.PositiveSmallIntegerField(default=0)
    asked = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    # No longer there: nobody waits for this person.
    excused_at = models.DateTimeField(null=True)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="read_once", fields=["distribution", "person"]),
            models.CheckConstraint(
                name="who_understood_has_read",
                condition=Q(understood_at__isnull=True) | Q(read_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["person"], name="reading_missing", condition=Q(understood_at__isnull=True)
            ),
            models.Index(fields=["distribution", "unit"], name="reading_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.distribution_id}: {self.person_id}"


class Measure(models.Model):
    """What a unit does locally about what it read; a later one takes the place of an earlier."""

    distribution = models.ForeignKey(Distribution, models.CASCADE, related_name="measures")
    unit = models.ForeignKey(Org, models.PROTECT, related_name="+")
    words = models.TextField(_("本地举措"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["distribution", "unit"], name="measure_unit")]

    def __str__(self) -> str:
        return self.words
