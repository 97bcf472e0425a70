"""Who asks, and about what: the two questions that decide which knowledge is served."""

from dataclasses import dataclass

from sujin.platform.reach import Reach

STAFF, PUBLIC = "staff", "public"


@dataclass(frozen=True, slots=True)
class Audience:
    """``orgs`` are the organisations whose knowledge the reader works by: those of the posts in
    force and all above them. ``everywhere``: a post at the head office itself reads them all."""

    surface: str
    orgs: tuple[int, ...] = ()
    everywhere: bool = False


# What anybody of the staff is served, wherever the desk is.
ALL_STAFF = Audience(STAFF, everywhere=True)
# A customer belongs to no branch: only what holds in the whole bank may be quoted.
THE_PUBLIC = Audience(PUBLIC)


def audience_of(reach: Reach) -> Audience:
    """The reader as a member of staff."""
    orgs = {step for post in reach.posts for step in post.org.lineage}
    return Audience(STAFF, tuple(sorted(orgs)), reach.everything)


@dataclass(frozen=True, slots=True)
class Situation:
    """What a case is about, in the codes of the taxonomy; empty means unknown."""

    business: str = ""
    cause: str = ""
    demand: str = ""
    tier: str = ""
    touchpoint: str = ""
    text: str = ""


def with_parents(code: str) -> list[str]:
    """``card.credit.billing`` -> itself, ``card.credit`` and ``card``."""
    steps = code.split(".") if code else []
    return [".".join(steps[:upto]) for upto in range(len(steps), 0, -1)]
