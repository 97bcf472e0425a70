"""证据档案: complaints of several customers that point at one hand, for a human to judge.

Nothing here is about a customer's worth. The row names cases, and traces by their marks: the first
letters of a keyed index, which name nobody and find nothing outside the house.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models import Complaint
from sujin.governance import rulebook
from sujin.governance.kinds import CLOSED, OPEN, PROPOSED, STATES
from sujin.platform.models import Docketed, Person
from sujin.platform.reach import Reach

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

JUDGED = ("organised", "not_organised", "unclear")


class EvidenceFileQuerySet(models.QuerySet["EvidenceFile"]):
    def within(self, reach: Reach) -> Self:
        """Files of which the person may see at least one case."""
        if reach.everything:
            return self
        mine = EvidenceMember.objects.within(reach).values("file")
        return self.filter(pk__in=mine)

    def kept(self, at: datetime) -> Self:
        """Without the files whose time to be kept in sight is over."""
        return self.exclude(closed_at__lte=at - rulebook.days("keep_days"))

    def expired(self, at: datetime) -> Self:
        """Files whose verdict holds no longer, closed or not."""
        return self.filter(state__in=(*JUDGED, CLOSED), valid_until__lte=at)


class EvidenceFile(Docketed):
    """One suspicion, its reasons, and what people made of it. A cache of its docket."""

    subject = "evidence"

    opened_at = models.DateTimeField(_("立档时间"))
    found_at = models.DateTimeField(_("最近一次发现"), null=True)
    state = models.CharField(_("状态"), max_length=16, default=OPEN, choices=list(STATES.items()))
    cases = models.PositiveIntegerField(_("投诉件数"), default=0)
    principals = models.PositiveIntegerField(_("客户数"), default=0)
    first = models.DateTimeField(_("最早"), null=True)
    last = models.DateTimeField(_("最近"), null=True)
    # How many groups at least this strong chance alone makes in a year.
    expected = models.FloatField(_("一年偶然凑成的组数"), default=0)
    traces = models.JSONField(default=list)
    dissolves = models.JSONField(default=list)
    pack_version = models.CharField(max_length=16, blank=True)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    valid_until = models.DateTimeField(_("结论有效期至"), null=True)
    closed_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        members: "RelatedManager[EvidenceMember]"

    objects = EvidenceFileQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="what_waits_for_a_second_person_has_a_first",
                condition=~Q(state=PROPOSED) | Q(proposed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="a_group_is_of_several_customers", condition=Q(principals__lte=F("cases"))
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-last"], name="evidence_state")]

    def __str__(self) -> str:
        return _t("证据档案 %(number)d") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("governance:evidence_file", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.state == CLOSED


class EvidenceMemberQuerySet(models.QuerySet["EvidenceMember"]):
    def within(self, reach: Reach) -> Self:
        """Members whose case the person may see."""
        if reach.everything:
            return self
        return self.filter(complaint__seen_by__sharing=reach.tokens)


class EvidenceMember(models.Model):
    """A case of a file; ``person`` tells customers apart: the first case of the same customer."""

    file = models.ForeignKey(EvidenceFile, models.PROTECT, related_name="members")
    # No way back from the case: nothing about a case may lead here.
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="+")
    person = models.BigIntegerField()
    added_at = models.DateTimeField()

    objects = EvidenceMemberQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="a_case_is_in_a_file_once", fields=["file", "complaint"])
        ]

    def __str__(self) -> str:
        return f"{self.file_id}: {self.complaint_id}"
