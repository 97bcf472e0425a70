"""The people of a case; what identifies them is sealed, found again by blind indexes."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from sujin.complaints.draft import PartyDraft, PartyRole
from sujin.complaints.models.complaint import Complaint
from sujin.engine.text import fold
from sujin.platform import crypto
from sujin.platform.fields import SealedField
from sujin.platform.masking import masked

# What makes two contacts the same customer; a name alone does not.
IDENTIFYING = ("id_number", "phone", "card", "account")
# Whoever names himself in a later contact of a case need not be its customer.
UNVERIFIED = gettext_noop("后续联系时自报，身份待核实")
PERSONAL = ("name", *IDENTIFYING, "email", "address")


def index(field: str, value: str) -> str:
    """The blind index of a value as written by anybody: spaces, dashes and width do not matter."""
    plain = fold(value).replace(" ", "").replace("-", "").upper()
    return crypto.blind(plain, context=f"party.{field}")


def customer_keys(parties: tuple[PartyDraft, ...]) -> list[str]:
    """Blind indexes that identify the customer of a draft; an agent is not the customer."""
    customers = [party for party in parties if party.role is not PartyRole.AGENT]
    keys = {index(field, getattr(party, field)) for party in customers for field in IDENTIFYING}
    return sorted(keys - {""})


class Party(models.Model):
    """One person of the case. Every personal field is sealed at rest and masked on the screen."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="parties")
    role = models.CharField(max_length=16)
    name = SealedField(_("姓名"), context="party.name")
    name_index = models.CharField(max_length=32, blank=True)
    id_number = SealedField(_("证件号码"), context="party.id_number")
    phone = SealedField(_("手机号"), context="party.phone")
    card = SealedField(_("卡号"), context="party.card")
    account = SealedField(_("账号"), context="party.account")
    email = SealedField(_("邮箱"), context="party.email")
    address = SealedField(_("地址"), context="party.address")
    vulnerable = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    authority = models.CharField(_("授权材料"), max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "parties"
        indexes: ClassVar = [
            models.Index(
                fields=["name_index"], name="party_name", condition=~models.Q(name_index="")
            )
        ]

    def __str__(self) -> str:
        return masked("name", self.name)

    @classmethod
    def of(cls, complaint: Complaint, draft: PartyDraft) -> "Party":
        personal = {field: getattr(draft, field) for field in PERSONAL}
        return cls(
            complaint=complaint,
            role=draft.role.value,
            name_index=index("name", draft.name),
            vulnerable=list(draft.vulnerable),
            authority=draft.authority,
            **personal,
        )

    def shown(self, *, clear: bool) -> dict[str, str]:
        """Filled personal fields for the screen: in the clear, or masked."""
        filled = ((field, getattr(self, field)) for field in PERSONAL if getattr(self, field))
        return {field: value if clear else masked(field, value) for field, value in filled}
