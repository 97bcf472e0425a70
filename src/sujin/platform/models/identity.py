"""Organisations, persons and the posts that join them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sujin.platform.organisation import OrgKind


def below(paths: Iterable[str], field: str = "path") -> Q:
    """At or below one of the organisations with these paths, by the field ``field``; of none
    nothing."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{f"{field}__startswith": path})
    return found


class OrgQuerySet(models.QuerySet["Org"]):
    def under(self, org: "Org") -> Self:
        """The organisation itself and everything below it."""
        return self.filter(path__startswith=org.path)


class Org(models.Model):
    """One organisation in the tree. ``path`` is the ids from the root, as in ``1/4/17/``."""

    code = models.CharField(_("机构号"), max_length=32, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in OrgKind])
    name = models.CharField(_("机构名称"), max_length=80)
    name_en = models.CharField(max_length=120)
    line = models.CharField(max_length=24, blank=True)
    region = models.CharField(max_length=40, blank=True)
    # Whose law governs what is received here: an ISO 3166 country, or EU.
    jurisdiction = models.CharField(max_length=8, default="CN")
    path = models.CharField(max_length=120, blank=True)

    objects = OrgQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["path"], name="org_path", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["kind", "line"], name="org_kind_line"),
        ]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name

    @property
    def lineage(self) -> tuple[int, ...]:
        """Ids from the root down to this organisation."""
        return tuple(int(step) for step in self.path.split("/") if step)

    @property
    def tokens(self) -> tuple[str, ...]:
        """Who sees what this organisation holds: itself and everybody above it."""
        return tuple(f"o:{step}" for step in self.lineage)

    @property
    def is_root(self) -> bool:
        return self.parent_id is None


class PersonManager(BaseUserManager["Person"]):
    def service(self, staff_no: str) -> "Person":
        """The service account that acts for a door nobody stands at, such as the public form."""
        return self.get(staff_no=staff_no, is_service=True)


class Person(AbstractBaseUser):
    """A member of staff, or a service account that acts for a channel."""

    staff_no = models.CharField(_("工号"), max_length=32, unique=True)
    name = models.CharField(_("姓名"), max_length=40)
    name_en = models.CharField(max_length=80, blank=True)
    meaning = models.CharField(max_length=200, blank=True)
    is_service = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "staff_no"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = PersonManager()

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name

    @property
    def token(self) -> str:
        return f"p:{self.pk}"


class PostQuerySet(models.QuerySet["Post"]):
    def held_at(self, at: datetime) -> Self:
        """Posts in force on the local day of ``at``, of persons who may still sign in."""
        today = timezone.localdate(at)
        current = Q(until__isnull=True) | Q(until__gte=today)
        return self.filter(current, since__lte=today, person__is_active=True)

    def on_duty_at(self, at: datetime) -> Self:
        """Those of them whose holder is not away that day."""
        today = timezone.localdate(at)
        away = Person.objects.filter(absences__since__lte=today, absences__until__gte=today)
        return self.held_at(at).exclude(person__in=away)


class Post(models.Model):
    """A person holds a role at an organisation between two dates, both inclusive."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    org = models.ForeignKey(Org, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=24)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    # Whose post it is, when it is held in the place of somebody who is away.
    stands_in_for = models.ForeignKey(
        "self", models.PROTECT, related_name="stand_ins", null=True, blank=True
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="post_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.UniqueConstraint(
                name="post_once",
                fields=["person", "org", "role", "since", "stands_in_for"],
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["org", "role"], name="post_org_role")]

    def __str__(self) -> str:
        return f"{self.person} · {self.org}"

    @property
    def is_stand_in(self) -> bool:
        return self.stands_in_for_id is not None
