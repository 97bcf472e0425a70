"""宣教活动: financial education chosen from what people complain of, and what became of it."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.engine.series.panel import ALL, Node
from sujin.engine.verify import Verdict
from sujin.governance.models.owned import WATCH
from sujin.knowledge.models import Version
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach
from sujin.supervision.kinds import outreach as kinds
from sujin.supervision.voicebook import methods, segments, topic_name


class OutreachQuerySet(models.QuerySet["Outreach"]):
    def within(self, reach: Reach) -> Self:
        """All for the head office; for others those at their own places, and those they planned."""
        if WATCH not in reach.may:
            return self.none()
        if reach.everything:
            return self
        paths = [place.path for place in reach.places(WATCH)]
        return self.filter(below(paths, "place__path") | Q(planned_by=reach.person_id))

    def ripe(self, today: date) -> Self:
        """Held, and the declared day has come."""
        return self.filter(state=kinds.HELD, judge_on__lte=today)


class Outreach(Docketed):
    """Every column but the first three is a cache of the docket."""

    subject = "outreach"

    planned_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    planned_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    place = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("哪里"))
    topic = models.CharField(_("主题"), max_length=24, blank=True, default="")
    business = models.CharField(max_length=60, blank=True, default="")
    cause = models.CharField(max_length=60, blank=True, default="")
    segment = models.CharField(_("对象"), max_length=24, blank=True, default="")
    method = models.CharField(_("方式"), max_length=24, blank=True, default="")
    planned_on: "models.DateField[date, date]" = models.DateField(_("计划日期"))
    judge_on: "models.DateField[date, date]" = models.DateField(_("看走势的日期"))
    why = models.TextField(_("为什么选它"), blank=True, default="")
    version = models.ForeignKey(
        Version, models.PROTECT, related_name="+", null=True, verbose_name=_("材料")
    )
    hits = models.PositiveIntegerField(default=0)
    among = models.PositiveIntegerField(default=0)
    controls: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    state = models.CharField(
        _("状态"), max_length=12, default=kinds.PLANNED, choices=list(kinds.STATES.items())
    )
    held_on = models.DateField(_("举行日期"), null=True)
    reached = models.PositiveIntegerField(_("覆盖人数"), null=True)
    counted_how = models.CharField(max_length=200, blank=True, default="")
    verdict = models.CharField(_("事后走势"), max_length=12, blank=True, default="")
    figures: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    judged_at = models.DateTimeField(null=True)

    objects = OutreachQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="what_was_held_says_whom_it_reached",
                condition=~Q(state__in=[kinds.HELD, kinds.JUDGED])
                | (Q(held_on__isnull=False) & Q(reached__isnull=False) & ~Q(counted_how="")),
            ),
            models.CheckConstraint(
                name="a_judged_outreach_has_a_verdict",
                condition=~Q(state=kinds.JUDGED) | (~Q(verdict="") & Q(judged_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "judge_on"], name="outreach_state"),
            models.Index(fields=["-planned_on", "-id"], name="outreach_planned"),
        ]

    def __str__(self) -> str:
        return _t("%(topic)s · %(place)s") % {"topic": self.topic_name, "place": self.place}

    def get_absolute_url(self) -> str:
        return reverse("supervision:outreach", args=[self.pk])

    @property
    def node(self) -> Node:
        path = ALL if self.place.is_root else self.place.path
        return (path, self.business, self.cause, ALL)

    @property
    def topic_name(self) -> str:
        return topic_name(self.topic)

    @property
    def segment_name(self) -> str:
        return segments().get(self.segment, self.segment)

    @property
    def method_name(self) -> str:
        return methods().get(self.method, self.method)

    @property
    def verdict_name(self) -> str:
        return str(kinds.VERDICTS[Verdict(self.verdict)]) if self.verdict else ""
