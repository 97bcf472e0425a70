"""调阅录像: a named window of a camera's recording, asked for in an inspection."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.models import Docketed, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach
from sujin.supervision.kinds import recording as kinds
from sujin.supervision.models.inspection import RECTIFY, Inspection, paths_of


class RecordingQuerySet(models.QuerySet["Recording"]):
    def within(self, reach: Reach) -> Self:
        """Of inspections in reach; the outlet asked hears of its own however the inspection is."""
        there = below(paths_of(reach, RECTIFY), "inspection__outlet__path")
        return self.filter(there | Q(inspection__in=Inspection.objects.within(reach).values("pk")))


class Recording(Docketed):
    """Every column but the inspection is a cache of the docket."""

    subject = "recording"

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="recordings")
    camera = models.CharField(_("位置"), max_length=60, blank=True, default="")
    since = models.DateTimeField(_("从"), null=True)
    until = models.DateTimeField(_("到"), null=True)
    why = models.TextField(blank=True, default="")
    answer_by = models.DateTimeField(_("提供期限"), null=True)
    state = models.CharField(
        _("状态"), max_length=10, default=kinds.ASKED, choices=list(kinds.RECORDING_STATES.items())
    )
    answer = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    seen = models.TextField(blank=True, default="")

    objects = RecordingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="a_recordings_window_is_in_order",
                condition=Q(since__isnull=True) | Q(since__lt=F("until")),
            ),
        ]

    def __str__(self) -> str:
        return _t("调阅 %(number)d") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return f"{self.inspection.get_absolute_url()}#recording-{self.pk}"

    @property
    def verbs_url(self) -> str:
        """Below which its verbs stand."""
        return f"/recordings/{self.pk}"
