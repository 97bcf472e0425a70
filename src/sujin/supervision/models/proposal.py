"""优化建议: what staff and customers would have done better, and what became of it."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models import Complaint
from sujin.engine.verify import Verdict
from sujin.governance.models import Measure, Problem
from sujin.governance.verdict_words import VERDICTS
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach
from sujin.supervision.kinds import proposal as kinds
from sujin.supervision.voicebook import level_name

ASSESS = "assess"


def desks(reach: Reach) -> list[Org]:
    """Where the person holds a desk: what lies below is the person's to see."""
    tokens = {grant.token for grant in reach.grants}
    return [post.org for post in reach.posts if f"o:{post.org_id}" in tokens]


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def within(self, reach: Reach) -> Self:
        """All for the head office; for others those they wrote on, those of and about their own
        units, and those that their desk answers for."""
        if reach.everything:
            return self
        paths = [org.path for org in desks(reach)]
        places = below(paths, "unit__path") | below(paths, "about__path")
        return self.filter(
            Q(writers__contains=[reach.person_id]) | places | below(paths, "owner__path")
        )

    def undecided(self) -> Self:
        return self.filter(state__in=kinds.UNDECIDED)


class Proposal(Docketed):
    """``writers`` wrote on it, ``hands`` assessed, decided or awarded it: never the same person.
    Every column but the first six is a cache of the docket."""

    subject = "proposal"

    submitted_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(_("提出时间"))
    submitted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("提出单位"))
    origin = models.CharField(_("谁提的"), max_length=8, choices=list(kinds.ORIGINS.items()))
    case = models.ForeignKey(Complaint, models.PROTECT, related_name="+", null=True)

    name = models.CharField(_("一句话"), max_length=120, blank=True, default="")
    words = models.TextField(_("怎么做"), blank=True, default="")
    hurts = models.TextField(_("现在哪里不好"), blank=True, default="")
    expected = models.TextField(_("预期的好处"), blank=True, default="")
    business = models.CharField(_("业务"), max_length=60, blank=True, default="")
    cause = models.CharField(_("原因"), max_length=60, blank=True, default="")
    about = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("涉及哪里"))
    owner = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("归口单位"))
    writers = ArrayField(models.BigIntegerField(), default=list)
    likes = ArrayField(models.BigIntegerField(), default=list)
    differs = models.TextField(blank=True, default="")
    state = models.CharField(
        _("状态"), max_length=12, default=kinds.SUBMITTED, choices=list(kinds.STATES.items())
    )
    assessments: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    mean = models.FloatField(_("平均分"), null=True)
    spread = models.FloatField(null=True)
    hands = ArrayField(models.BigIntegerField(), default=list)
    reason = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    problem = models.ForeignKey(Problem, models.PROTECT, related_name="+", null=True)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+", null=True)
    carried_at = models.DateTimeField(null=True)
    verdict = models.CharField(_("核验结论"), max_length=12, blank=True, default="")
    measured_at = models.DateTimeField(null=True)
    level = models.CharField(_("奖励"), max_length=24, blank=True, default="")
    level_on_verdict = models.BooleanField(default=False)
    yuan = models.PositiveIntegerField(default=0)
    awarded_at = models.DateTimeField(null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="nobody_judges_what_he_wrote",
                condition=~Q(writers__overlap=F("hands")),
            ),
            models.CheckConstraint(
                name="what_is_decided_says_why",
                condition=Q(state__in=kinds.UNDECIDED)
                | (~Q(reason="") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="a_higher_award_follows_the_verdict",
                condition=Q(level_on_verdict=False) | Q(verdict=Verdict.WORKED.value),
            ),
            models.CheckConstraint(
                name="a_proposal_of_a_customer_has_its_case",
                condition=~Q(origin=kinds.CUSTOMER) | Q(case__isnull=False),
            ),
            models.UniqueConstraint(name="a_case_becomes_one_proposal", fields=["case"]),
            models.UniqueConstraint(name="a_measure_rewards_one_proposal", fields=["measure"]),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-submitted_at", "-id"], name="proposal_submitted"),
            models.Index(fields=["state", "owner"], name="proposal_state"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("supervision:proposal", args=[self.pk])

    @property
    def credited(self) -> list[int]:
        """Who is credited, of the staff: not the one who merely took a customer's words down."""
        taken_down = self.submitted_by_id if self.origin == kinds.CUSTOMER else None
        return [one for one in self.writers if one != taken_down]

    @property
    def is_undecided(self) -> bool:
        return self.state in kinds.UNDECIDED

    @property
    def can_be_joined(self) -> bool:
        """Before anybody assessed it: later one would join what is known to be good."""
        return self.state == kinds.SUBMITTED and not self.assessments

    @property
    def is_done(self) -> bool:
        return self.state in kinds.DONE

    @property
    def verdict_name(self) -> str:
        return str(VERDICTS[Verdict(self.verdict)]) if self.verdict else ""

    @property
    def level_name(self) -> str:
        return level_name(self.level) if self.level else ""
