"""A finding: one unit, one way in which its figures look better than the work may be."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.platform.models import Docketed, Org
from sujin.platform.reach import Reach

STATES = (
    ("found", _("待说明")),
    ("explained", _("待认定")),
    ("upheld", _("认定属实")),
    ("dismissed", _("不予认定")),
    ("settled", _("已了结")),
)
# Somebody still has something to do about these.
STANDING = ("found", "explained", "upheld", "dismissed")


class FindingQuerySet(models.QuerySet["Finding"]):
    def within(self, reach: Reach) -> Self:
        """All of them for whoever inspects the whole house; for others those of their own unit that
        they may explain."""
        if reach.everything and "inspect" in reach.may:
            return self
        return self.filter(unit__in=explained_by(reach))

    def standing(self) -> Self:
        return self.filter(state__in=STANDING)


def explained_by(reach: Reach) -> list[int]:
    """The units that the person may speak for."""
    mine = (grant.token for grant in reach.grants if "explain" in grant.may)
    return [int(token[2:]) for token in mine if token.startswith("o:")]


class Finding(Docketed):
    """``readings`` are the discoveries, one for each period; ``cases`` make them."""

    subject = "finding"

    unit = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("单位"))
    detector = models.CharField(_("做法"), max_length=24)
    state = models.CharField(_("状态"), max_length=12, choices=STATES, default="found")
    readings = models.JSONField(default=list)
    cases = ArrayField(models.BigIntegerField(), default=list)
    found_at = models.DateTimeField(_("发现时间"), null=True)
    explain_by = models.DateTimeField(_("说明期限"), null=True)
    explanation = models.TextField(_("说明"), blank=True)
    explained_at = models.DateTimeField(null=True)
    verdict = models.CharField(_("认定"), max_length=12, blank=True)
    reason = models.TextField(_("认定理由"), blank=True)
    settled_at = models.DateTimeField(null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="a_finding_stands_once",
                fields=["unit", "detector"],
                condition=Q(state__in=STANDING),
            ),
            models.CheckConstraint(
                name="a_judged_finding_has_a_reason",
                condition=Q(verdict="") | ~Q(reason=""),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-found_at", "-id"], name="finding_found")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.detector}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:finding", args=[self.pk])

    @property
    def periods(self) -> list[str]:
        return [str(reading["period"]) for reading in self.readings]

    @property
    def loudest(self) -> dict[str, Any]:
        """The reading least likely by chance."""
        return min(self.readings, key=lambda reading: float(reading["p"]))
