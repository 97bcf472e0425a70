"""Version: one wording of an item, with its scope and its days. ``served`` is the one door."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.knowledge.audience import Audience, Situation, with_parents
from sujin.knowledge.catalogue import Part, without_gaps
from sujin.knowledge.kinds.version import DATED_STATES, DRAFT, RELEASED, STATES, SUBMITTED
from sujin.knowledge.models.item import Item
from sujin.platform.models import Docketed, Person

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from sujin.knowledge.models.stage import Stage
    from sujin.knowledge.models.usage import Usage


class VersionQuerySet(models.QuerySet["Version"]):
    def in_force(self, at: datetime) -> Self:
        """Released, on its days, not ended. At most one version of an item is."""
        return self.filter(
            Q(ended_at__isnull=True) | Q(ended_at__gt=at),
            state__in=DATED_STATES, valid_from__lte=at, valid_to__gt=at,
        )  # fmt: skip

    def for_audience(self, audience: Audience) -> Self:
        """Meant for this surface and these organisations."""
        rows = self.filter(surfaces__contains=[audience.surface])
        if audience.everywhere:
            return rows
        return rows.filter(Q(orgs=[]) | Q(orgs__overlap=list(audience.orgs)))

    def reached(self, audience: Audience, at: datetime) -> Self:
        """Of what is rolled out branch by branch, what has come to these organisations; those that
        wait have the old one until then."""
        begun = Q(stages__since__lte=at)
        after = Q(successor__stages__since__lte=at)
        if not audience.everywhere:
            begun &= Q(stages__org__in=audience.orgs)
            after &= Q(successor__stages__org__in=audience.orgs)
        here = self.model.objects.filter(begun, pk=OuterRef("pk"))
        there = self.model.objects.filter(after, pk=OuterRef("pk"))
        everywhere = Q(staged_until__isnull=True) | Q(staged_until__lte=at)
        return self.filter(everywhere | Exists(here)).exclude(
            Q(successor__staged_until__isnull=False) & Exists(there)
        )

    def fitting(self, situation: Situation) -> Self:
        """Whose scope does not exclude the situation; what is unknown excludes nothing."""
        rows = self
        for name, codes in _asked(situation).items():
            if codes:
                rows = rows.filter(Q(**{name: []}) | Q(**{f"{name}__overlap": codes}))
        return rows

    def served(self, audience: Audience, at: datetime, situation: Situation | None = None) -> Self:
        """The one door: what this reader may be shown now, about this. Nothing is served that did
        not come through here."""
        rows = self.in_force(at).for_audience(audience).reached(audience, at)
        return rows.fitting(situation) if situation else rows

    def listed(self) -> Self:
        return self.select_related("item", "item__owner", "released_by", "submitted_by")


WRITING = ("version.drafted", "version.edited", "version.submitted")


def _asked(situation: Situation) -> Mapping[str, list[str]]:
    return {
        "business": with_parents(situation.business),
        "cause": with_parents(situation.cause),
        "demand": with_parents(situation.demand),
        "tiers": [situation.tier] if situation.tier else [],
        "touchpoints": [situation.touchpoint] if situation.touchpoint else [],
    }


def _codes(label: Any) -> Any:
    return ArrayField(models.CharField(max_length=48), verbose_name=label, default=list, blank=True)


class Version(Docketed):
    """A cache of its docket, and the wording: fixed once it was submitted (a trigger says so)."""

    subject = "version"

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版次"))
    title = models.CharField(_("标题"), max_length=120)
    parts = models.JSONField(default=dict)
    asks = models.JSONField(_("客户的说法"), default=list)
    change = models.CharField(_("改动说明"), max_length=300, blank=True)
    business = _codes(_("业务"))
    cause = _codes(_("原因"))
    demand = _codes(_("诉求"))
    tiers = _codes(_("等级"))
    touchpoints = _codes(_("办理渠道"))
    surfaces = _codes(_("使用场合"))
    orgs = ArrayField(models.BigIntegerField(), verbose_name=_("机构"), default=list, blank=True)
    # Other items that this one takes the place of when it is released.
    replaces = ArrayField(models.BigIntegerField(), default=list, blank=True)
    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    drafted_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    # What an author had in mind; the release decides.
    wanted_from = models.DateTimeField(_("拟生效时间"), null=True, blank=True)
    wanted_to = models.DateTimeField(_("拟失效时间"), null=True, blank=True)

    state = models.CharField(_("状态"), max_length=12, default=DRAFT, choices=list(STATES.items()))
    submitted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    released_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    released_at = models.DateTimeField(_("发布时间"), null=True)
    valid_from = models.DateTimeField(_("生效时间"), null=True)
    valid_to = models.DateTimeField(_("失效时间"), null=True)
    # Until then only branches whose stage has begun have it.
    staged_until = models.DateTimeField(_("推开完毕"), null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=300, blank=True, default="")
    successor = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)

    if TYPE_CHECKING:
        stages: "RelatedManager[Stage]"
        usages: "RelatedManager[Usage]"

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="a_version_has_its_number", fields=["item", "number"]),
            models.UniqueConstraint(
                name="one_version_of_an_item_is_released",
                fields=["item"], condition=Q(state=RELEASED),
            ),
            models.UniqueConstraint(
                name="one_version_of_an_item_is_written",
                fields=["item"], condition=Q(state__in=[DRAFT, SUBMITTED]),
            ),
            models.CheckConstraint(
                name="who_releases_did_not_write",
                condition=Q(released_by__isnull=True)
                | (~Q(released_by=F("drafted_by")) & ~Q(released_by=F("submitted_by"))),
            ),
            models.CheckConstraint(
                name="what_is_served_has_its_days",
                condition=~Q(state__in=[*DATED_STATES])
                | Q(valid_from__isnull=False, valid_to__gt=F("valid_from")),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["state", "valid_to"], name="version_state_valid"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("knowledge:version", args=[self.item.code, self.number])

    @property
    def is_writable(self) -> bool:
        return self.state == DRAFT

    @property
    def awaits_second_pair_of_eyes(self) -> bool:
        return self.state == SUBMITTED

    def was_written_by(self, person: Person) -> bool:
        """Whether a word of it, or the vouching for it, is this person's own."""
        return self.entries.filter(kind__in=WRITING, by=person).exists()

    def is_in_force(self, at: datetime) -> bool:
        """The same question as the queryset's, of a row that is at hand."""
        if self.state not in DATED_STATES or self.valid_from is None or self.valid_to is None:
            return False
        is_over = self.ended_at is not None and self.ended_at <= at
        return self.valid_from <= at < self.valid_to and not is_over

    def told(self, *, public: bool = False) -> list[tuple[Part, str]]:
        """Its parts in the order of the form; for customers only what may be quoted, without the
        lines that nobody has filled in yet."""
        held = [(part, self.parts.get(part.code, "")) for part in self.item.shape.parts]
        if public:
            held = [(part, without_gaps(text)) for part, text in held if part.is_public]
        return [(part, text) for part, text in held if text]
