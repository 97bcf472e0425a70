"""问责: a person is held to account for something that was confirmed, heard, and may appeal."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.models import Docketed, Org, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach
from sujin.supervision import accountbook
from sujin.supervision.kinds import accountability as kinds
from sujin.supervision.models.finding import Finding
from sujin.supervision.models.inspection import INSPECT, paths_of
from sujin.supervision.models.shortcoming import Shortcoming

ACCOUNT, DECIDE = "account", "decide"


class AccountabilityQuerySet(models.QuerySet["Accountability"]):
    def within(self, reach: Reach) -> Self:
        """One's own, and those of units in whose matters one may open or decide."""
        if reach.everything and {ACCOUNT, DECIDE, INSPECT} & reach.may:
            return self
        there = below(paths_of(reach, ACCOUNT, DECIDE), "unit__path")
        return self.filter(there | Q(person=reach.person_id))

    def in_force(self, since: datetime) -> Self:
        """Of a measure that came into force from then on."""
        return self.filter(in_force_at__gte=since).exclude(measure="")


class Accountability(Docketed):
    """Of one shortcoming or one finding. Every other column but person, unit and who opened it is a
    cache of the docket. ``asked`` is the measure asked for, ``measure`` what was decided."""

    subject = "accountability"

    shortcoming = models.ForeignKey(Shortcoming, models.PROTECT, related_name="+", null=True)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="+", null=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("谁"))
    unit = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("单位"))
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(_("提起时间"))
    evidence = models.TextField(blank=True, default="")
    asked = models.CharField(max_length=24, blank=True, default="")
    respond_by = models.DateTimeField(_("陈述期限"), null=True)
    response = models.TextField(blank=True, default="")
    measure = models.CharField(max_length=24, blank=True, default="")
    because = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    appeal_by = models.DateTimeField(_("申诉期限"), null=True)
    appeal = models.TextField(blank=True, default="")
    verdict = models.CharField(
        max_length=12, blank=True, default="", choices=list(kinds.APPEAL_VERDICTS.items())
    )
    heard_because = models.TextField(blank=True, default="")
    in_force_at = models.DateTimeField(_("生效时间"), null=True)
    state = models.CharField(
        _("状态"), max_length=10, default=kinds.OPENED,
        choices=list(kinds.ACCOUNTABILITY_STATES.items()),
    )  # fmt: skip

    objects = AccountabilityQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="an_accountability_is_for_one_thing",
                condition=Q(shortcoming__isnull=True) ^ Q(finding__isnull=True),
            ),
            models.CheckConstraint(
                name="nobody_holds_oneself_to_account", condition=~Q(person=F("opened_by"))
            ),
            models.CheckConstraint(
                name="who_opened_does_not_decide",
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("opened_by")) & ~Q(decided_by=F("person"))),
            ),
            models.UniqueConstraint(
                name="a_person_is_held_to_account_once_for_a_thing",
                fields=["person", "shortcoming", "finding"], nulls_distinct=False,
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["state", "-opened_at"], name="accountability_state"),
            models.Index(fields=["person", "in_force_at"], name="accountability_person"),
        ]

    def __str__(self) -> str:
        return _t("问责 %(number)d") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("supervision:accountability", args=[self.pk])

    @property
    def source(self) -> Shortcoming | Finding:
        found = self.shortcoming or self.finding
        assert found is not None
        return found

    @property
    def asked_name(self) -> str:
        return accountbook.name(self.asked)

    @property
    def measure_name(self) -> str:
        return accountbook.name(self.measure) if self.measure else _t("不予问责")

    @property
    def is_decided(self) -> bool:
        return self.decided_by_id is not None
