"""事件: something outside or inside that will make customers call, and who owes an answer line."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sujin.complaints.words import line as line_name
from sujin.governance import event_rules
from sujin.governance.kinds.event import CLOSED, DRAFT, EVENT_STATES, FIELDS, LIVE, WATCHED
from sujin.knowledge.models import Version
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.reach import Reach

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from sujin.governance.models.forecast import Forecast
    from sujin.governance.models.mention import Mention

ANNOUNCE = "announce"
# Whoever answers for more than single cases, and whoever writes what is said.
READERS = frozenset({ANNOUNCE, "draft", "release", "inspect", "search"})
ON = (LIVE, WATCHED)


def announces(reach: Reach) -> bool:
    """Whether the person may announce: the permission counts at the head office alone, for an
    event is the whole bank's."""
    return any(org.is_root for org in reach.places(ANNOUNCE))


class EventQuerySet(models.QuerySet["Event"]):
    def readable(self, reach: Reach) -> Self:
        """Drafts are their writers' own: a policy may not be known yet."""
        return self if announces(reach) else self.exclude(state=DRAFT)

    def on(self) -> Self:
        """Those that are responded to or watched."""
        return self.filter(state__in=ON)

    def listed(self) -> Self:
        """With everything that the lead of their lines is read from: three queries more."""
        asked = "requests__attachments__version__item__versions"
        return self.select_related("announced_by").prefetch_related(asked, "requests__owner")


def _codes(label: Any) -> Any:
    return ArrayField(models.CharField(max_length=60), verbose_name=label, default=list, blank=True)


class Event(Docketed):
    """The description is the officer's; state, moments and first complaint are a cache of the
    docket. ``figures`` are those of the last look, which changes nothing."""

    subject = "event"

    kind = models.CharField(FIELDS["kind"], max_length=24)
    title = models.CharField(FIELDS["title"], max_length=120)
    what = models.TextField(FIELDS["what"])
    source = models.CharField(FIELDS["source"], max_length=200)
    starts_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(
        FIELDS["starts_at"]
    )
    lines = _codes(FIELDS["lines"])
    business = _codes(FIELDS["business"])
    cause = _codes(FIELDS["cause"])
    branches = ArrayField(models.BigIntegerField(), default=list, blank=True)
    products = _codes(FIELDS["products"])
    customers = models.PositiveIntegerField(FIELDS["customers"], null=True, blank=True)
    customers_by = models.CharField(FIELDS["customers_by"], max_length=80, blank=True)
    population = models.TextField(FIELDS["population"], blank=True)
    before_after = models.JSONField(FIELDS["before_after"], default=list, blank=True)
    acceptance = models.TextField(FIELDS["acceptance"], blank=True)
    opinion = models.TextField(FIELDS["opinion"], blank=True)
    words = _codes(FIELDS["words"])
    move = models.FloatField(_("波动（%）"), null=True, blank=True)

    state = models.CharField(
        _("状态"), max_length=8, default=DRAFT, choices=list(EVENT_STATES.items())
    )
    announced_at = models.DateTimeField(_("通报时间"), null=True)
    announced_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    first_at = models.DateTimeField(_("第一件投诉"), null=True)
    closed_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(_("最近一次计算"), null=True)
    figures = models.JSONField(default=dict)

    if TYPE_CHECKING:
        requests: "RelatedManager[LineRequest]"
        forecasts: "RelatedManager[Forecast]"
        mentions: "RelatedManager[Mention]"

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="what_is_announced_has_its_moment",
                condition=Q(state=DRAFT) | Q(announced_at__isnull=False),
            ),
            models.CheckConstraint(
                name="who_counts_customers_is_named",
                condition=Q(customers__isnull=True) | ~Q(customers_by=""),
            ),
            models.CheckConstraint(
                name="what_is_closed_has_its_day",
                condition=~Q(state=CLOSED) | Q(closed_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-starts_at"], name="event_state"),
            models.Index(fields=["kind", "starts_at"], name="event_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("governance:event", args=[self.pk])

    @property
    def row(self) -> event_rules.EventRow:
        """The pack's row of its kind, as the pack has it now."""
        return event_rules.of_kind(self.kind)

    @property
    def first_day(self) -> date:
        return timezone.localdate(self.starts_at)

    @property
    def last_day(self) -> date:
        """The last day on which it is watched."""
        return self.first_day + timedelta(days=self.row.watch - 1)

    @property
    def is_draft(self) -> bool:
        return self.state == DRAFT

    @property
    def is_on(self) -> bool:
        return self.state in ON

    @property
    def line_names(self) -> list[str]:
        return [line_name(code) for code in self.lines]

    def is_future(self, at: datetime) -> bool:
        return self.starts_at > at


class LineRequestQuerySet(models.QuerySet["LineRequest"]):
    def owed(self, at: datetime) -> Self:
        """Of events that are on, those without a line that is live at the moment."""
        unlive = Q(live_at__isnull=True) | Q(live_at__gt=at)
        return self.filter(unlive, event__state__in=ON)


class LineRequest(Docketed):
    """One professional line is asked for what is to be said. ``version`` and ``live_at`` are those
    of the last attachment; ``escalated`` says what went up: ``ack``, then ``line``."""

    subject = "event_line"

    event = models.ForeignKey(Event, models.PROTECT, related_name="requests")
    line = models.CharField(_("条线"), max_length=24)
    owner = models.ForeignKey(Org, models.PROTECT, related_name="+")
    asked_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ack_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", null=True)
    live_at = models.DateTimeField(null=True)
    escalated = models.CharField(max_length=8, blank=True, default="")

    if TYPE_CHECKING:
        attachments: "RelatedManager[Attached]"

    objects = LineRequestQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="a_line_is_asked_once", fields=["event", "line"]),
            models.CheckConstraint(
                name="a_line_is_live_by_a_version",
                condition=Q(live_at__isnull=True) | Q(version__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], name="event_line_owed", condition=Q(live_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return line_name(self.line)

    def get_absolute_url(self) -> str:
        return self.event.get_absolute_url()

    def late(self, at: datetime) -> str:
        """What is late: ``line``, ``ack``, or nothing."""
        is_live = self.live_at is not None and self.live_at <= at
        if not is_live and self.due_at is not None and at > self.due_at:
            return "line"
        waits = self.acknowledged_at is None and self.version_id is None
        if waits and self.ack_due_at is not None and at > self.ack_due_at:
            return "ack"
        return ""


class Attached(models.Model):
    """A version was said to be the line of this request, from then on; all of them are kept."""

    request = models.ForeignKey(LineRequest, models.PROTECT, related_name="attachments")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="attached_once", fields=["request", "version", "at"])
        ]
        ordering: ClassVar = [F("at").asc(), "pk"]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.version_id}"
