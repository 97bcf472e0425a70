"""RewardClaim: somebody at a counter stopped a fraud and asks that it be acknowledged."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.knowledge.kinds.reward import REWARD_STATES, WAITING
from sujin.knowledge.models.item import Item
from sujin.platform.models import Docketed, Org, Person
from sujin.platform.reach import Reach


class RewardClaimQuerySet(models.QuerySet["RewardClaim"]):
    def within(self, reach: Reach) -> Self:
        """One's own, and those about scams that one's desk answers for."""
        decided = Item.objects.in_care_of(reach, "release").filter(form="scam")
        return self.filter(Q(claimant=reach.person_id) | Q(scam__in=decided))


class RewardClaim(Docketed):
    """``scam`` is the kind of fraud by its item; ``story`` has its numbers masked."""

    subject = "reward"

    scam = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("骗局"))
    claimant = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("申报人"))
    org = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("机构"))
    happened_on: "models.DateField[date, date]" = models.DateField(_("拦截日期"))
    amount = models.DecimalField(_("拦截金额"), max_digits=14, decimal_places=2)
    story = models.TextField(_("经过"), max_length=1000)
    claimed_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(_("申报时间"))
    state = models.CharField(
        _("状态"), max_length=8, choices=list(REWARD_STATES.items()), default=WAITING
    )
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    because = models.CharField(max_length=300, blank=True, default="")

    objects = RewardClaimQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="nobody_grants_the_own_reward",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("claimant")),
            ),
            models.CheckConstraint(
                name="a_decided_reward_has_a_reason",
                condition=Q(state=WAITING) | (Q(decided_by__isnull=False) & ~Q(because="")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-claimed_at"], name="reward_claimed")]

    def __str__(self) -> str:
        return f"{self.scam_id} {self.happened_on}"

    def get_absolute_url(self) -> str:
        return reverse("knowledge:rewards")
