"""What was done with knowledge: who was shown, read, used which version; what was asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from sujin.knowledge.models.version import Version
from sujin.platform.models import Org, Person
from sujin.platform.models.identity import below

SHOWN, READ, USED, HELPED = "shown", "read", "used", "helped"
WAYS = {SHOWN: _("显示"), READ: _("打开阅读"), USED: _("插入使用"), HELPED: _("据此办结")}


class Usage(models.Model):
    """One version, one person, one case, one day, one way: once. Not an entry: a page that is
    opened changes nothing, and there are very many of these.

    ``case`` is the key of a complaint, which this room does not know; empty outside of one.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="usages")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    org = models.ForeignKey(Org, models.PROTECT, related_name="+", null=True)
    case = models.BigIntegerField(null=True)
    way = models.CharField(max_length=8, choices=list(WAYS.items()))
    day = models.DateField()
    at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="used_once_a_day",
                fields=["version", "person", "case", "way", "day"],
                nulls_distinct=False,
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "way"], name="usage_case"),
            models.Index(fields=["version", "way", "at"], name="usage_version"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.way}"


class QuestionQuerySet(models.QuerySet["Question"]):
    def within_care(self, paths: Sequence[str] | None) -> Self:
        """Asked at the organisations under these paths; None: everywhere, and by customers."""
        if paths is None:
            return self
        return self.filter(below(paths, "org__path"))


class Question(models.Model):
    """One search: its words (numbers masked), how sure the answer was, what was chosen of it."""

    words = models.CharField(_("检索词"), max_length=200)
    surface = models.CharField(max_length=12)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    org = models.ForeignKey(Org, models.PROTECT, related_name="+", null=True)
    at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    found = models.PositiveIntegerField(default=0)
    confidence = models.FloatField(default=0.0)
    best = models.ForeignKey(Version, models.SET_NULL, related_name="+", null=True)
    chosen = models.ForeignKey(Version, models.SET_NULL, related_name="+", null=True)
    # The keys of the versions shown to it: of others none can be chosen.
    offered = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # Which proposed item it led to, by the code of that item: the gap is being closed.
    answered_by = models.CharField(max_length=48, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="question_at")]

    def __str__(self) -> str:
        return self.words
