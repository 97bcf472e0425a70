"""Tell who has to read, to speak or to judge: run by the worker once the entry has committed."""

from collections.abc import Iterable

from sujin.platform.acts.tell import tell
from sujin.platform.models import Entry, Person, Post
from sujin.platform.reach import roles
from sujin.supervision.models import Finding


def inform_all_sides(entry: Entry) -> None:
    """Whoever judges, and whoever speaks for the unit."""
    _tell([*_judges(entry), *_speakers(entry)], entry)


def inform_judges(entry: Entry) -> None:
    """Whoever judges, when the unit has spoken."""
    _tell(_judges(entry), entry)


def inform_unit(entry: Entry) -> None:
    """Whoever speaks for the unit, when it was judged."""
    _tell(_speakers(entry), entry)


def _tell(persons: Iterable[Person], entry: Entry) -> None:
    told = {person.pk: person for person in persons if person.pk != entry.by_id}
    tell(told.values(), of=entry, number=str(entry.subject_id))


def _judges(entry: Entry) -> list[Person]:
    """Those of the whole house; never of the unit itself."""
    posts = Post.objects.on_duty_at(entry.at).filter(
        role__in=_roles("judge"), org__parent__isnull=True
    )
    return [post.person for post in posts.select_related("person")]


def _speakers(entry: Entry) -> list[Person]:
    finding = Finding.objects.select_related("unit").get(pk=entry.subject_id)
    posts = Post.objects.on_duty_at(entry.at).filter(org=finding.unit, role__in=_roles("explain"))
    return [post.person for post in posts.select_related("person")]


def _roles(permission: str) -> list[str]:
    return [role.code for role in roles().values() if permission in role.may]
