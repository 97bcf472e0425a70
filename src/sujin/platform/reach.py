"""Reach: what a person may see and do, worked out for each request from the posts in force then.

A case carries ``seen_by``: a token per organisation involved and per organisation above it
(``o:12``) and per person who holds or took it in (``p:33``). A person sees the case when one of the
tokens of the person's grants is among them: one predicate on one GIN index, whatever the tree.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from django.utils.translation import get_language

from sujin import packs
from sujin.platform.models import Org, Person, Post

ROLES_PACK = "cn_bank"


@dataclass(frozen=True, slots=True)
class Role:
    """A row of the pack's roles.csv."""

    code: str
    zh: str
    en: str
    sees: str
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class Grant:
    """Under this token, these permissions."""

    token: str
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reach:
    """What one person may see and do now. ``everything`` is a post at the head office itself."""

    person_id: int
    grants: tuple[Grant, ...]
    posts: tuple[Post, ...]
    everything: bool

    @property
    def tokens(self) -> list[str]:
        return sorted({grant.token for grant in self.grants})

    @property
    def stood_in_for(self) -> list[int]:
        """The persons in whose place this one acts today."""
        found = {post.stands_in_for.person_id for post in self.posts if post.stands_in_for}
        return sorted(found)

    def without_place_of(self, person: int) -> "Reach":
        """The same reach without what is held in the place of ``person``; only its posts differ."""
        own = (
            post
            for post in self.posts
            if post.stands_in_for is None or post.stands_in_for.person_id != person
        )
        return replace(self, posts=tuple(own))

    @property
    def may(self) -> frozenset[str]:
        """Every permission held anywhere; what menus show. A case is asked with ``allows``."""
        return frozenset().union(*(grant.may for grant in self.grants))

    def places(self, *permissions: str) -> list[Org]:
        """The organisations at which, and below which, one of the permissions is held."""
        tokens = {grant.token for grant in self.grants if grant.may.intersection(permissions)}
        return [post.org for post in self.posts if f"o:{post.org_id}" in tokens]

    def allows(self, permission: str, seen_by: Iterable[str]) -> bool:
        """Whether the person holds ``permission`` for a case seen by these tokens."""
        tokens = set(seen_by)
        return any(grant.token in tokens and permission in grant.may for grant in self.grants)


@cache
def roles() -> dict[str, Role]:
    """The pack's roles by code."""
    return {
        row["role"]: Role(
            row["role"], row["zh"], row["en"], row["sees"], frozenset(row["may"].split())
        )
        for row in packs.rows(ROLES_PACK, "roles")
    }


def roles_with(permission: str) -> set[str]:
    """The codes of the roles that hold a permission."""
    return {role.code for role in roles().values() if permission in role.may}


def of(person: Person, at: datetime) -> Reach:
    """The reach of ``person`` at the moment ``at``, in one query."""
    held = person.posts.held_at(at).select_related("org", "stands_in_for")
    posts = tuple(post for post in held.order_by("since", "pk") if post.role in roles())
    grants = tuple(grant for post in posts for grant in _grants(person, post))
    everything = any(post.org.is_root and roles()[post.role].sees == "desk" for post in posts)
    return Reach(person.pk, grants, posts, everything)


def _grants(person: Person, post: Post) -> Iterable[Grant]:
    """What the organisation holds, for a desk; and what the person took in or holds, wherever."""
    role = roles()[post.role]
    if role.sees == "desk":
        yield Grant(f"o:{post.org_id}", role.may)
    if role.sees == "own" or "receive" in role.may:
        yield Grant(person.token, role.may)
        if post.stands_in_for is not None:
            yield Grant(f"p:{post.stands_in_for.person_id}", role.may)


def role_name(code: str) -> str:
    """The name of a role in the reader's language; a role the pack has dropped keeps its code."""
    role = roles().get(code)
    if role is None:
        return code
    return role.en if get_language() == "en" else role.zh
