"""Issue: what was in force on one day, put together under one number and signed by two people."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.knowledge.kinds.issue import (
    COMPILING,
    DISTRIBUTED,
    HANDBOOK,
    ISSUE_STATES,
    SERIES,
    SIGNED,
)
from sujin.knowledge.models.version import Version
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

READABLE = (SIGNED, DISTRIBUTED)
# The permission, as roles.csv has it.
COMPILE = "compile"


def compilable(reach: Reach, path: str = "path") -> Q:
    """At or below where the person compiles, by the field ``path``."""
    return below((org.path for org in reach.places(COMPILE)), path)


class IssueQuerySet(models.QuerySet["Issue"]):
    def within(self, reach: Reach) -> Self:
        """What is signed, for everybody; a draft, for whoever compiles at its organisation or
        above it."""
        return self.filter(Q(state__in=READABLE) | compilable(reach, "org__path"))

    def signed(self) -> Self:
        return self.filter(state__in=READABLE)


class Issue(Docketed):
    """A cache of its docket; ``frozen`` is its whole text as it was signed, which nothing changes
    any more (a trigger says so), so that the documents made of it stay the same for ever."""

    subject = "issue"

    series = models.CharField(_("系列"), max_length=12, choices=list(SERIES.items()))
    year = models.PositiveSmallIntegerField(_("年份"))
    # Of a compilation or special issue: its place in the year. Of a handbook: its edition.
    number = models.PositiveSmallIntegerField(_("期号"))
    name = models.CharField(_("标题"), max_length=80)
    chapters = models.JSONField(_("章"), default=list)
    org = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("编发单位"))
    compiled_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    compiled_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    state = models.CharField(
        _("状态"), max_length=12, default=COMPILING, choices=list(ISSUE_STATES.items())
    )
    signed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    signed_at = models.DateTimeField(_("签发时间"), null=True)
    frozen = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True, default="")

    if TYPE_CHECKING:
        lines: "RelatedManager[IssueLine]"

    objects = IssueQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="an_issue_has_its_number", fields=["series", "year", "number"]
            ),
            models.CheckConstraint(
                name="who_signs_did_not_compile",
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("compiled_by")),
            ),
            models.CheckConstraint(
                name="what_is_signed_is_frozen",
                condition=~Q(state__in=READABLE)
                | Q(signed_by__isnull=False, signed_at__isnull=False, frozen__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "signed_at"], name="issue_signed")]

    def __str__(self) -> str:
        return f"{self.name} {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("knowledge:issue", args=[self.pk])

    @property
    def label(self) -> str:
        """``2026年第3期``, or a handbook's edition."""
        said: Mapping[str, int] = {"year": self.year, "n": self.number}
        if self.series == HANDBOOK:
            return _t("第 %(n)d 版（%(year)d年）") % said
        return _t("%(year)d年第 %(n)d 期") % said

    @property
    def is_open(self) -> bool:
        return self.state == COMPILING

    @property
    def is_signed(self) -> bool:
        return self.state in READABLE


class IssueLine(models.Model):
    """One version in an issue: in which chapter, at which place."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="lines")
    chapter = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="once_in_an_issue", fields=["issue", "version"]),
        ]
        ordering: ClassVar = ["chapter", "position", "pk"]

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.version_id}"
