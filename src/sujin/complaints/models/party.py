"""The people of a case; what identifies them is sealed, found again by blind indexes."""

from collections.abc import Sequence
from typing import ClassVar, Protocol

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from sujin.complaints.draft import PartyDraft, PartyRole
from sujin.complaints.models.complaint import Complaint
from sujin.complaints.models.contact import Contact
from sujin.engine.identifiers import plain, surname
from sujin.engine.text import fold
from sujin.platform import crypto
from sujin.platform.fields import SealedField
from sujin.platform.masking import masked

# What makes two contacts the same customer; a name alone does not.
IDENTIFYING = ("id_number", "phone", "card", "account")
NAME, SURNAME = "name", "surname"
# Whoever names himself in a later contact of a case need not be its customer.
UNVERIFIED = gettext_noop("后续联系时自报，身份待核实")
PERSONAL = ("name", *IDENTIFYING, "email", "address")


def index(field: str, value: str) -> str:
    """The blind index of a value as written by anybody: spaces, dashes and width do not matter."""
    plain = fold(value).replace(" ", "").replace("-", "").upper()
    return crypto.blind(plain, context=f"party.{field}")


def identifying(field: str, value: str) -> str:
    """The blind index by which a customer is known again, however the value is spelt; "" when it
    is no such number or name: 无, 00000 or 6222********8888 are anybody's."""
    told = plain(field, value)
    return index(field, told) if told else ""


class Identified(Protocol):
    """A person in the clear: as told, or as kept."""

    @property
    def role(self) -> str: ...
    @property
    def name(self) -> str: ...


def customer_keys(parties: Sequence[Identified]) -> list[str]:
    """Blind indexes that identify the customer of a draft; an agent is not the customer."""
    customers = [party for party in parties if party.role != PartyRole.AGENT]
    keys = {identifying(each, getattr(party, each)) for party in customers for each in IDENTIFYING}
    return sorted(keys - {""})


def known_of(parties: Sequence[Identified]) -> list[str]:
    """The same keys, each with its field, and those of the names and surnames: whose they are."""
    customers = [party for party in parties if party.role != PartyRole.AGENT]
    pairs = {
        (field, identifying(field, getattr(party, field)))
        for party in customers
        for field in (NAME, *IDENTIFYING)
    }
    families = {surname(party.name) for party in customers} - {""}
    pairs |= {(SURNAME, index(SURNAME, family)) for family in families}
    return sorted(f"{field}:{key}" for field, key in pairs if key)


class Party(models.Model):
    """One person of the case. Every personal field is sealed at rest and masked on the screen."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="parties")
    # The later contact that told of this person; of whom the case was registered with, none.
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="parties", null=True)
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
