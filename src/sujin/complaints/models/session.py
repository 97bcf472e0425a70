"""A sitting with the customer: directly, or company, channel and customer at one table."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models.complaint import Complaint
from sujin.platform.fields import SealedField
from sujin.platform.models import Org, Person
from sujin.platform.reach import Reach

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

DIRECT, THREE_PARTY = "direct", "three_party"
KINDS = {DIRECT: _("直连"), THREE_PARTY: _("三方会商")}
WAYS = {"phone": _("电话"), "video": _("视频"), "onsite": _("当面")}
SIDES = {
    "bank": _("银行"),
    "company": _("子公司"),
    "channel": _("渠道"),
    "customer": _("客户"),
    "other": _("其他"),
}
NO_RISK = "none"
# Minutes are written on the same day or the next: the bank's own rule.
MINUTES_WITHIN = timedelta(days=1)


class SessionQuerySet(models.QuerySet["Session"]):
    def within(self, reach: Reach) -> Self:
        """Sessions of the cases that the person may see."""
        if reach.everything:
            return self
        return self.filter(complaint__seen_by__sharing=reach.tokens)

    def booked(self) -> Self:
        """Neither held nor cancelled yet."""
        return self.filter(held_at__isnull=True, cancelled_at__isnull=True)

    def upcoming(self, at: datetime) -> Self:
        return self.booked().filter(starts_at__gte=at)

    def without_minutes(self, at: datetime) -> Self:
        """The hour has passed and nobody has said what came of it."""
        return self.booked().filter(starts_at__lt=at)

    def to_check(self, at: datetime) -> Self:
        """Whether what was feared came to pass can be seen by now."""
        return self.filter(check_due_at__lte=at, checked_at__isnull=True)


class Session(models.Model):
    """One booked sitting. The docket tells what happened to it; this row is the calendar."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="sessions")
    kind = models.CharField(_("形式"), max_length=12, choices=list(KINDS.items()))
    way = models.CharField(_("方式"), max_length=8, choices=list(WAYS.items()))
    starts_at = models.DateTimeField(_("时间"))
    minutes_planned = models.PositiveSmallIntegerField(_("时长（分钟）"), default=30)
    place = SealedField(_("地点或链接"), context="session.place")
    host = models.ForeignKey(Person, models.PROTECT, related_name="+")
    booked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()
    consent = models.BooleanField(_("客户同意"), default=False)
    risk = models.CharField(_("升级风险"), max_length=16)
    risk_words = models.CharField(_("风险说明"), max_length=400, blank=True)
    risk_stated_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    minutes = models.TextField(_("纪要"), blank=True)
    outcome = models.CharField(_("结果"), max_length=16, blank=True)
    plan = models.TextField(_("商定的办法"), blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.CharField(max_length=400, blank=True)
    check_due_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    avoided = models.CharField(max_length=3, blank=True)
    evidence = models.TextField(_("证据"), blank=True)
    # What the host was reminded of, each once.
    reminded = models.JSONField(default=list)

    if TYPE_CHECKING:
        invited: "RelatedManager[Participant]"

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="one_booked_session_of_a_kind",
                fields=["complaint", "kind"],
                condition=Q(held_at__isnull=True, cancelled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="session_is_held_or_cancelled",
                condition=Q(held_at__isnull=True) | Q(cancelled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="avoided_needs_a_risk_stated_before_and_a_check_after",
                condition=~Q(avoided="yes")
                | (
                    ~Q(risk=NO_RISK)
                    & Q(risk_stated_at__lt=F("held_at"))
                    & Q(checked_at__gte=F("check_due_at"))
                    & ~Q(evidence="")
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["starts_at"], name="session_starts"),
            models.Index(fields=["held_at"], name="session_held"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {KINDS.get(self.kind, self.kind)}"

    @property
    def is_booked(self) -> bool:
        return self.held_at is None and self.cancelled_at is None

    def is_to_check(self, at: datetime) -> bool:
        is_due = self.check_due_at is not None and self.check_due_at <= at
        return is_due and self.checked_at is None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes_planned)


class Participant(models.Model):
    """One who was invited: an organisation, a member of staff, the customer, or an outsider."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="invited")
    side = models.CharField(max_length=8, choices=list(SIDES.items()))
    org = models.ForeignKey(Org, models.PROTECT, related_name="+", null=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    name = SealedField(_("姓名"), context="participant.name")
    role = models.CharField(max_length=40, blank=True)
    # None until minutes are written.
    attended = models.BooleanField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["session", "side"], name="participant_side")]

    def __str__(self) -> str:
        return str(self.person or self.org or self.role or self.get_side_display())
