"""行司联动: how bank and company divide what one case asks of them, and who agreed to it."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sujin.complaints.models.complaint import Complaint
from sujin.platform.models import Org, Person

PROPOSED, AGREED, DISPUTED, DECIDED = "proposed", "agreed", "disputed", "decided"
STATES = {
    PROPOSED: _("待对方确认"),
    AGREED: _("双方一致"),
    DISPUTED: _("有异议，待总行裁定"),
    DECIDED: _("总行已裁定"),
}


class ShareQuerySet(models.QuerySet["Share"]):
    def unsettled(self) -> Self:
        return self.filter(agreed_at__isnull=True, decided_at__isnull=True)


class Share(models.Model):
    """One split between the bank and one company: both parts on one row, so that they sum up."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="shares")
    company = models.ForeignKey(Org, models.PROTECT, related_name="+")
    ask = models.CharField(_("请对方做什么"), max_length=400)
    part_bank = models.CharField(_("银行承担的部分"), max_length=400)
    part_company = models.CharField(_("子公司承担的部分"), max_length=400)
    percent_bank = models.PositiveSmallIntegerField(_("银行责任（%）"))
    percent_company = models.PositiveSmallIntegerField(_("子公司责任（%）"))
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    agreed_at = models.DateTimeField(null=True)
    disputed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    disputed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    because = models.CharField(_("理由"), max_length=400, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="the_two_parts_make_a_whole",
                condition=Q(percent_bank=100 - F("percent_company")),
            ),
            models.CheckConstraint(
                name="nobody_agrees_to_his_own_split",
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="head_office_decides_what_was_disputed",
                condition=Q(decided_at__isnull=True) | Q(disputed_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_split_at_a_time",
                fields=["complaint", "company"],
                condition=Q(agreed_at__isnull=True, decided_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint} {self.company}"

    @property
    def state(self) -> str:
        if self.decided_at is not None:
            return DECIDED
        if self.agreed_at is not None:
            return AGREED
        return DISPUTED if self.disputed_at is not None else PROPOSED

    @property
    def state_name(self) -> str:
        return str(STATES[self.state])
