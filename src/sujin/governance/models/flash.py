"""快报: what a trigger means, to whom, and what to do next, within minutes of it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.governance.kinds.flash import DRAFTED, FLASH_STATES, ISSUED
from sujin.governance.models.event import READERS, Event
from sujin.governance.models.wave import Wave
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class FlashReportQuerySet(models.QuerySet["FlashReport"]):
    def about(self, subject: str, subject_id: int) -> Self:
        """All versions for one trigger, the latest first."""
        return self.filter(of=subject, of_id=subject_id).order_by("-version")

    def within(self, reach: Reach) -> Self:
        """As far as what set it off is readable; and those that go to the person's own desk, or to
        one below it."""
        if not READERS & reach.may:
            return self.none()
        owners = below((place.path for place in reach.places(*READERS)), "owner__path")
        mine = FlashReceipt.objects.filter(owners).values("flash")
        return self.filter(_known(reach) | Q(pk__in=mine))

    def explained(self, reach: Reach) -> Self:
        """Those of which the person may open what set them off, too."""
        return self.within(reach).filter(_known(reach))

    def unacknowledged(self) -> Self:
        """What somebody still has to acknowledge."""
        return self.filter(state__in=[DRAFTED, ISSUED])


def _known(reach: Reach) -> Q:
    waves = Wave.objects.within(reach).values("pk")
    events = Event.objects.readable(reach).values("pk")
    return Q(of=Wave.subject, of_id__in=waves) | Q(of=Event.subject, of_id__in=events)


class FlashReport(Docketed):
    """``of`` and ``of_id`` name the trigger as an entry names its subject. ``content`` is the whole
    report as ``sujin.governance.flash`` writes and reads it, kept as it was; versions of one
    trigger share its number."""

    subject = "flash"

    of = models.CharField(max_length=24)
    of_id = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    version = models.PositiveSmallIntegerField()
    title = models.CharField(_("标题"), max_length=160)
    content = models.JSONField(default=dict)
    triggered_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    drafted_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.CharField(
        _("状态"), max_length=12, default=DRAFTED, choices=list(FLASH_STATES.items())
    )
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    due_at = models.DateTimeField(_("确认期限"), null=True)
    escalated_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        receipts: "RelatedManager[FlashReceipt]"

    objects = FlashReportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="a_flash_has_its_number", fields=["year", "number", "version"]
            ),
            models.UniqueConstraint(
                name="a_trigger_has_its_versions", fields=["of", "of_id", "version"]
            ),
            models.CheckConstraint(
                name="who_issues_a_flash_did_not_draft_it",
                condition=Q(issued_by__isnull=True) | ~Q(issued_by=F("drafted_by")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="flash_due")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("governance:flash", args=[self.pk])

    @property
    def label(self) -> str:
        """Its number for people."""
        said = {"year": self.year, "number": self.number, "version": self.version}
        return _t("快报〔%(year)d〕第 %(number)d 期 第 %(version)d 稿") % said

    @property
    def seconds(self) -> float:
        """From the trigger to the draft in the owners' hands."""
        return (self.drafted_at - self.triggered_at).total_seconds()

    @property
    def trigger_url(self) -> str:
        return reverse(settings.SUBJECT_PAGES[self.of], args=[self.of_id])


class FlashReceipt(models.Model):
    """One owner that has to acknowledge it."""

    flash = models.ForeignKey(FlashReport, models.PROTECT, related_name="receipts")
    owner = models.ForeignKey(Org, models.PROTECT, related_name="+")
    acknowledged_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="a_flash_goes_to_an_owner_once", fields=["flash", "owner"])
        ]

    def __str__(self) -> str:
        return f"{self.flash_id}: {self.owner_id}"
