"""What the nightly examination found wrong: a row for each breach, from first seen to gone."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models.complaint import Complaint
from sujin.platform.models import Docketed
from sujin.platform.reach import Reach


class Examination(Docketed):
    """One run over the house's invariants: when, how much was looked at, where it goes on."""

    subject = "examination"

    at = models.DateTimeField(_("核对时间"))
    looked = models.PositiveIntegerField(_("核对件数"), default=0)
    # Entries and cases up to these numbers were compared; the next run begins behind them.
    last_entry = models.BigIntegerField(default=0)
    last_case = models.BigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-at"], name="examination_at")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("complaints:examination", args=[self.pk])


class BreachQuerySet(models.QuerySet["Breach"]):
    def within(self, reach: Reach) -> Self:
        """Breaches of cases the person may see; those of no case are for the head office."""
        if reach.everything:
            return self
        return self.filter(complaint__seen_by__sharing=reach.tokens)

    def standing(self) -> Self:
        return self.filter(gone_at__isnull=True)


class Breach(models.Model):
    """Something that must never be so, and is. ``rule`` is an invariant's code, ``about`` a number
    of a case or of a missing case, ``points`` what exactly: columns, or steps that are missing."""

    rule = models.CharField(max_length=24)
    about = models.CharField(_("对象"), max_length=40)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="breaches", null=True)
    points = ArrayField(models.CharField(max_length=40), default=list)
    since = models.DateTimeField(_("起于"), null=True)
    seen_in = models.ForeignKey(Examination, models.PROTECT, related_name="seen")
    seen_at = models.DateTimeField(_("首次发现"))
    gone_at = models.DateTimeField(_("已消除"), null=True)

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "breaches"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="a_breach_stands_once",
                fields=["rule", "about"],
                condition=Q(gone_at__isnull=True),
            )
        ]
        indexes: ClassVar = [models.Index(fields=["-seen_at", "-id"], name="breach_seen")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.about}"
