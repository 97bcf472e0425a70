"""The shape of an institution as plain values: what the demo, the tests and an import plant."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class OrgKind(StrEnum):
    """The levels a Chinese bank group works in."""

    HEAD = "head"
    DEPARTMENT = "department"
    COMPANY = "company"
    CENTRE = "centre"
    BRANCH1 = "branch1"
    BRANCH2 = "branch2"
    SUB = "sub"
    OUTLET = "outlet"


@dataclass(frozen=True, slots=True)
class OrgSpec:
    """One organisation; ``parent`` is the code of the one above, empty for the head office.

    ``line`` is the professional line a department or company owns (a code of the pack's lines.csv).
    """

    code: str
    parent: str
    kind: OrgKind
    name: str
    name_en: str
    line: str = ""
    region: str = ""
    # Whose law governs what is received there; empty means the same as above, CN at the top.
    jurisdiction: str = ""


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """One member of staff; ``meaning`` says what the person stands for in the cast."""

    staff_no: str
    name: str
    name_en: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class PostSpec:
    """A person holds a role (a code of roles.csv) at an organisation between two dates."""

    staff_no: str
    org: str
    role: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OrgPlan:
    """A whole institution: organisations parents first, then people, then posts."""

    orgs: tuple[OrgSpec, ...]
    persons: tuple[PersonSpec, ...]
    posts: tuple[PostSpec, ...]


# The legal entity of whatever lies in no company: the bank itself.
BANK = 0


def legal_entity(lineage: Sequence[int], companies: Collection[int]) -> int:
    """Whose legal entity an organisation belongs to: the nearest company in its lineage (ids from
    the root down to itself), otherwise ``BANK``."""
    return next((step for step in reversed(lineage) if step in companies), BANK)
