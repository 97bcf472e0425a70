"""What every action of the dossier is, and the questions that several of them ask."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from sujin.complaints.draft import CaseKind
from sujin.complaints.forms import CaseForm
from sujin.complaints.models import Complaint
from sujin.platform.ui.request import StaffRequest

Act = Callable[..., Any]
Wish = Callable[[Complaint, StaffRequest], bool]


def never(case: Complaint, request: StaffRequest) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Action:
    """One verb of the dossier."""

    name: str
    permission: str
    label: Promise
    icon: str
    form: type[CaseForm]
    is_offered: Wish
    act: Act
    done: Promise
    is_main: bool = False
    # When it stands among the usual actions although it is none.
    is_pressing: Wish = never


def always(case: Complaint, request: StaffRequest) -> bool:
    return True


def is_open(case: Complaint, request: StaffRequest) -> bool:
    return case.is_open


def is_in_hand(case: Complaint, request: StaffRequest) -> bool:
    """A complaint that somebody has claimed: before that there is nothing to look into."""
    return case.is_open and case.claimed_at is not None and case.kind == CaseKind.COMPLAINT


def at_my_desk(org_id: int | None, request: StaffRequest) -> bool:
    return org_id in {post.org_id for post in request.reach.posts}
