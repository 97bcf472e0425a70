"""The case: a row that caches its docket, and the questions it answers."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import DocketKind
from sujin.complaints.models.lookups import TokensField
from sujin.engine.identity import Customer
from sujin.engine.sla import Tick
from sujin.engine.text import tsquery
from sujin.platform.models import Docketed, Entry, Org, Person
from sujin.platform.reach import Reach

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from sujin.complaints.models.contact import Contact
    from sujin.complaints.models.party import Party
    from sujin.complaints.models.transfer import Transfer


def _without_last(heard: list[tuple[str, Tick]], code: str) -> list[tuple[str, Tick]]:
    """Everything but the last tick of that code."""
    places = [place for place, pair in enumerate(heard) if pair[0] == code]
    return [pair for place, pair in enumerate(heard) if place not in places[-1:]]


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def within(self, reach: Reach) -> Self:
        """Cases the person may see: the one place where visibility is decided."""
        return self if reach.everything else self.filter(seen_by__sharing=reach.tokens)

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def mentioning(self, words: str) -> Self:
        """Cases whose contacts hold every token of ``words``."""
        query = tsquery(words)
        return self.filter(tokens__matching=query) if query else self.none()


class Complaint(Docketed):
    """One matter. Columns named in a kind's ``caches`` are copies of what the docket says."""

    subject = "complaint"

    number = models.CharField(_("编号"), max_length=16, unique=True)
    kind = models.CharField(_("类型"), max_length=16)
    lane = models.CharField(_("通道"), max_length=16)
    channel = models.CharField(_("首次渠道"), max_length=16)
    pack = models.CharField(max_length=24, default="cn_bank")
    text = models.TextField(_("诉求"))
    tokens = TokensField(default=list)
    received_at = models.DateTimeField(_("受理时间"))
    region = models.CharField(_("地区"), max_length=40, blank=True)
    origin = models.ForeignKey(Org, models.PROTECT, related_name="+", db_index=False)

    business = models.CharField(_("业务类别"), max_length=60, blank=True)
    cause = models.CharField(_("投诉原因"), max_length=60, blank=True)
    touchpoint = models.CharField(_("业务渠道"), max_length=60, blank=True)
    demand = models.CharField(_("诉求类型"), max_length=60, blank=True)
    line = models.CharField(_("专业条线"), max_length=24, blank=True)
    amount = models.DecimalField(_("涉及金额"), max_digits=16, decimal_places=2, null=True)
    people = models.PositiveIntegerField(default=1)
    signals = ArrayField(models.CharField(max_length=16), default=list)
    vulnerable = models.BooleanField(default=False)
    tier = models.CharField(_("分级"), max_length=12, default="ordinary")
    awaits_tier = models.BooleanField(_("待定级"), default=False)

    desk = models.ForeignKey(Org, models.PROTECT, related_name="+", null=True)
    accountable = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    claimed_at = models.DateTimeField(null=True)
    offered_to = models.ForeignKey(Org, models.PROTECT, related_name="+", null=True)
    offered_at = models.DateTimeField(null=True)
    recused = ArrayField(models.BigIntegerField(), default=list)
    seen_by = ArrayField(models.CharField(max_length=24), default=list)
    level = models.PositiveSmallIntegerField(default=0)

    regimes = ArrayField(models.CharField(max_length=24), default=list)
    due_at = models.DateTimeField(null=True)
    due_clock = models.CharField(max_length=24, blank=True)
    paused_at = models.DateTimeField(null=True)
    untold = models.BooleanField(default=False)
    regulator_due_at = models.DateTimeField(null=True)
    responded_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField(null=True)
    promise_due_at = models.DateTimeField(null=True)
    investigated_at = models.DateTimeField(null=True)
    fault = models.CharField(_("行方原因"), max_length=24, blank=True)
    liable = models.CharField(_("责任认定"), max_length=24, blank=True)
    answered_at = models.DateTimeField(null=True)
    finding = models.CharField(_("处理结论"), max_length=16, blank=True)
    remedy = models.DecimalField(_("赔付金额"), max_digits=16, decimal_places=2, null=True)
    called_back_at = models.DateTimeField(null=True)
    satisfied = models.CharField(_("满意度"), max_length=12, blank=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)

    proposed_kind = models.CharField(max_length=16, blank=True)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    repeat_of = models.ForeignKey("self", models.PROTECT, related_name="repeats", null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, related_name="merged", null=True)
    group = models.ForeignKey("self", models.PROTECT, related_name="grouped", null=True)
    counted = models.BooleanField(default=True)

    customer_keys = ArrayField(models.CharField(max_length=32), default=list)
    # The same keys as ``field:key``, and those of the names: what tells two customers apart.
    known = ArrayField(models.CharField(max_length=48), default=list)
    minhash = models.BinaryField(default=b"")
    bands = ArrayField(models.BigIntegerField(), default=list)
    code_hash = models.CharField(max_length=64, blank=True)

    if TYPE_CHECKING:
        parties: "RelatedManager[Party]"
        contacts: "RelatedManager[Contact]"
        transfers: "RelatedManager[Transfer]"

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="open_case_has_one_accountable_person",
                condition=Q(accountable__isnull=False) | Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_is_not_its_own_repeat",
                condition=Q(repeat_of__isnull=True) | ~Q(repeat_of=F("id")),
            ),
            models.CheckConstraint(
                name="merged_case_is_closed",
                condition=Q(merged_into__isnull=True) | Q(closed_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-received_at", "-id"], name="case_received"),
            models.Index(
                fields=["due_at"], name="case_open_due", condition=Q(closed_at__isnull=True)
            ),
            models.Index(
                fields=["accountable"], name="case_held", condition=Q(closed_at__isnull=True)
            ),
            models.Index(
                fields=["desk"],
                name="case_awaiting",
                condition=Q(closed_at__isnull=True, claimed_at__isnull=True),
            ),
            models.Index(fields=["desk"], name="case_awaits_tier", condition=Q(awaits_tier=True)),
            models.Index(
                fields=["offered_to"],
                name="case_offered",
                condition=Q(offered_to__isnull=False),
            ),
            models.Index(fields=["line", "-received_at"], name="case_line_received"),
            models.Index(
                fields=["business", "-answered_at"],
                name="case_precedents",
                condition=Q(answered_at__isnull=False),
            ),
            models.Index(fields=["origin", "received_at"], name="case_of_place"),
            models.Index(
                fields=["origin", "closed_at"],
                name="case_closed_at_place",
                condition=Q(closed_at__isnull=False),
            ),
            models.Index(
                fields=["closed_at"], name="case_closed", condition=Q(closed_at__isnull=False)
            ),
            models.Index(
                fields=["called_back_at"],
                name="case_called",
                condition=Q(called_back_at__isnull=False),
            ),
            GinIndex(fields=["seen_by"], name="case_seen_by"),
            GinIndex(fields=["tokens"], name="case_tokens"),
            # Probed once per arrival: a pending list would be read through at every probe.
            GinIndex(fields=["customer_keys"], name="case_customer", fastupdate=False),
            GinIndex(fields=["bands"], name="case_bands", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("complaints:dossier", args=[self.number])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_offered(self) -> bool:
        return self.offered_to_id is not None

    @property
    def customer(self) -> Customer:
        """Who brought it, as far as blind keys say."""
        return Customer(frozenset(self.customer_keys), frozenset(self.known))

    def ticks(self) -> list[Tick]:
        """The docket as the clocks hear it, read now."""
        return self.heard(self.entries.in_order())

    @staticmethod
    def heard(entries: Iterable[Entry]) -> list[Tick]:
        """Entries in order as the clocks hear them; what was undone was never heard."""
        heard: list[tuple[str, Tick]] = []
        for entry in entries:
            kind = entry.what()
            if isinstance(kind, DocketKind) and kind.undoes:
                heard = _without_last(heard, kind.undoes)
            elif isinstance(kind, DocketKind) and kind.tick:
                heard.append((kind.code, kind.as_tick(entry.at)))
        return [tick for _code, tick in heard]

    def may_be_handled_by(self, person: Person) -> bool:
        return person.pk not in self.recused
