"""Who answers for an item: people on duty at its owner's desk, or above it when nobody is there."""

from datetime import datetime

from sujin.platform.models import Org, Person, Post
from sujin.platform.reach import roles


def answering(owner: Org, permission: str, at: datetime) -> list[Person]:
    """Those who hold ``permission`` at the owner; when nobody does, at the next level up."""
    return nearest(owner, permission, at, levels=1)


def nearest(owner: Org, permission: str, at: datetime, *, levels: int) -> list[Person]:
    """Those who hold ``permission`` at so many levels where anybody does, from the owner up."""
    posts = _posts(owner, permission, at)
    steps = [step for step in reversed(owner.lineage) if any(post.org_id == step for post in posts)]
    return _once([post.person for step in steps[:levels] for post in posts if post.org_id == step])


def above(owner: Org, permission: str, at: datetime) -> list[Person]:
    """Those who hold ``permission`` at the owner and at every level above it."""
    return _once([post.person for post in _posts(owner, permission, at)])


def _posts(owner: Org, permission: str, at: datetime) -> list[Post]:
    holding = [role.code for role in roles().values() if permission in role.may]
    rows = Post.objects.on_duty_at(at).filter(org__in=owner.lineage, role__in=holding)
    return list(rows.select_related("person").order_by("pk"))


def _once(persons: list[Person]) -> list[Person]:
    return list({person.pk: person for person in persons}.values())
