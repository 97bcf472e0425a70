"""Who answers for an item: people on duty at its owner's desk, or above it when nobody is there."""

from datetime import datetime

from sujin.platform.models import Org, Person, Post
from sujin.platform.reach import roles


def answering(owner: Org, permission: str, at: datetime) -> list[Person]:
    """Those who hold ``permission`` at the owner; when nobody does, at the next level up."""
    posts = _posts(owner, permission, at)
    for step in reversed(owner.lineage):
        if found := [post.person for post in posts if post.org_id == step]:
            return _once(found)
    return []


def above(owner: Org, permission: str, at: datetime) -> list[Person]:
    """Those who hold ``permission`` at the owner and at every level above it."""
    return _once([post.person for post in _posts(owner, permission, at)])


def _posts(owner: Org, permission: str, at: datetime) -> list[Post]:
    holding = [role.code for role in roles().values() if permission in role.may]
    rows = Post.objects.on_duty_at(at).filter(org__in=owner.lineage, role__in=holding)
    return list(rows.select_related("person").order_by("pk"))


def _once(persons: list[Person]) -> list[Person]:
    return list({person.pk: person for person in persons}.values())
