"""Sampling surveys, invitations to say how a case was handled, and what customers said."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models import Complaint
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach
from sujin.supervision.kinds import survey as kinds

if TYPE_CHECKING:
    from datetime import date, datetime

    from django_stubs_ext.db.models.manager import RelatedManager

# Whoever holds it reads the surveys of the own units, at the head office of all of them.
SURVEY = "survey"
# Whoever holds it draws samples from them.
SAMPLE = "sample"


def surveyed(reach: Reach, field: str, *permissions: str) -> Q:
    """Rows whose organisation the person reads surveys of; ``field`` is its path."""
    if SURVEY not in reach.may:
        return Q(pk__in=[])
    if reach.everything:
        return Q()
    return below([place.path for place in reach.places(*permissions or (SURVEY,))], field)


class SampleSurveyQuerySet(models.QuerySet["SampleSurvey"]):
    def within(self, reach: Reach) -> Self:
        """Those of the person's own units, for the head office all."""
        return self.filter(surveyed(reach, "unit__path"))


class SampleSurvey(Docketed):
    """A seeded stratified draw from closed complaints. ``strata`` are ``{unit, name, size, n}``;
    ``frame`` the cases it was drawn from by unit, so that anybody can draw it again.
    ``answering`` is the share expected to answer, on which the promised margin rests."""

    subject = "survey"

    opened_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("范围"))
    strata = models.JSONField(default=list)
    answering = models.FloatField(default=1.0)
    seed = models.BigIntegerField()
    frame = models.JSONField(default=dict)
    name = models.CharField(_("名称"), max_length=80)
    questionnaire = models.CharField(max_length=24)
    since: "models.DateField[date, date]" = models.DateField()
    until: "models.DateField[date, date]" = models.DateField()
    margin = models.FloatField()
    closes_on: "models.DateField[date, date]" = models.DateField(_("截止日"))
    state = models.CharField(
        _("状态"), max_length=8, default=kinds.RUNNING, choices=list(kinds.SAMPLE_STATES.items())
    )

    if TYPE_CHECKING:
        invitations: "RelatedManager[Invitation]"

    objects = SampleSurveyQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="a_sample_looks_back", condition=Q(since__lte=models.F("until"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("supervision:survey", args=[self.pk])

    @property
    def population(self) -> int:
        return sum(int(one["size"]) for one in self.strata)

    @property
    def n(self) -> int:
        return sum(int(one["n"]) for one in self.strata)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def within(self, reach: Reach) -> Self:
        """Those about the person's own units, for the head office all."""
        return self.filter(surveyed(reach, "unit__path"))


class Invitation(Docketed):
    """One customer is asked about one case; of a sampling survey, ``stratum`` is its unit."""

    subject = "invitation"

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="invitations")
    sample = models.ForeignKey(SampleSurvey, models.PROTECT, related_name="invitations", null=True)
    unit = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("机构"))
    stratum = models.BigIntegerField(null=True)
    made_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    questionnaire = models.CharField(max_length=24)
    way = models.CharField(max_length=8, blank=True, choices=list(kinds.WAYS.items()))
    because = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    filled_at = models.DateTimeField(null=True)
    state = models.CharField(
        max_length=8, default=kinds.UNSENT, choices=list(kinds.INVITATION_STATES.items())
    )

    if TYPE_CHECKING:
        vouchers: "RelatedManager[Voucher]"
        sheet: "AnswerSheet"

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="a_case_is_asked_about_once",
                fields=["complaint", "questionnaire", "sample"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="what_is_out_has_an_end",
                condition=~Q(state=kinds.SENT) | Q(expires_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "sent_at"], name="invitation_of_unit"),
            models.Index(fields=["sent_at"], name="invitation_sent"),
            models.Index(
                fields=["expires_at"], name="invitation_open",
                condition=Q(state__in=[kinds.SENT, kinds.UNSENT]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.pk}"


class Voucher(models.Model):
    """A link that opens an invitation. Only the SHA-256 of its secret is kept: whoever reads the
    database can open nothing. A reminder has a link of its own, the first one stays good."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="vouchers")
    digest = models.CharField(max_length=64, unique=True)
    made_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:8]


class AnswerSheetQuerySet(models.QuerySet["AnswerSheet"]):
    def within(self, reach: Reach) -> Self:
        """Those about the person's own units, for the head office all."""
        return self.filter(surveyed(reach, "invitation__unit__path"))


class AnswerSheet(models.Model):
    """What a customer said. ``words`` are masked before they are written, ``topic`` is their cause
    by the pack's words; ``network`` is a keyed digest, the address itself is kept nowhere."""

    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="sheet")
    at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(_("作答时间"))
    scores = models.JSONField(default=dict)
    words = models.TextField(_("想说的话"), blank=True)
    topic = models.CharField(_("主题"), max_length=60, blank=True)
    flags = ArrayField(models.CharField(max_length=20), default=list)
    counted = models.BooleanField(default=True)
    network = models.CharField(max_length=32, blank=True)

    objects = AnswerSheetQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["network", "at"], name="sheet_network", condition=~Q(network="")),
            models.Index(fields=["-at", "-id"], name="sheet_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
