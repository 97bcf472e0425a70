"""Whose figures a person may ask for: own places, what stands right below, others as peers."""

from collections.abc import Iterable, Sequence

from sujin.governance.cube import AT, LINE
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.reach import Reach, roles

# What takes no complaints in as a place, but answers for a line of business everywhere.
LINES = (OrgKind.DEPARTMENT, OrgKind.COMPANY)
UNITS = (OrgKind.BRANCH1, OrgKind.BRANCH2, OrgKind.SUB, OrgKind.OUTLET)


def scope(org: Org) -> str:
    """What is counted of ``org``: its line of business, everywhere if it stands right below the
    head office, else within the branch above it; or what was brought to it and below."""
    if org.kind not in LINES or not org.line:
        return org.path
    above = org.path.rstrip("/").rpartition("/")[0] + "/"
    return LINE + org.line if above.count("/") == 1 else f"{LINE}{org.line}{AT}{above}"


def own(reach: Reach, needs: Iterable[str]) -> list[Org]:
    """The desks at which the person holds one of the permissions, the widest first."""
    wanted = set(needs)
    held = (post for post in reach.posts if roles()[post.role].sees == "desk")
    found = {post.org_id: post.org for post in held if wanted & roles()[post.role].may}
    return sorted(found.values(), key=lambda org: (org.path.count("/"), org.path))


def choices(reach: Reach, needs: Iterable[str]) -> list[Org]:
    """Own desks and the units right below them; at the head office also every line of business."""
    desks = own(reach, needs)
    tops = [org.pk for org in desks if org.kind not in LINES]
    kinds = [*UNITS, *LINES] if any(org.is_root for org in desks) else list(UNITS)
    below = Org.objects.filter(parent__in=tops, kind__in=kinds).order_by("path")
    known = {org.pk for org in desks}
    return [*desks, *(org for org in below if org.pk not in known and _is_meant(org))]


def _is_meant(org: Org) -> bool:
    return org.kind not in LINES or bool(org.line)


def below(org: Org) -> list[Org]:
    """The units right below, that are compared with each other."""
    return list(Org.objects.filter(parent=org, kind__in=UNITS).order_by("path"))


def peers(org: Org) -> list[Org]:
    """``org`` and the units of its kind beside it."""
    rows = Org.objects.filter(parent=org.parent_id, kind=org.kind).order_by("path")
    return list(rows) if org.parent_id else [org]


def is_own(org: Org, desks: Sequence[Org]) -> bool:
    """Whether a figure of ``org`` lies within the reach of desks at these places."""
    return any(org.path.startswith(desk.path) for desk in desks)
