"""What a column of a return of rows may hold: a table in code, each a word about one case.

No personal data: nothing here says who the customer is or what was told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext as _t

from sujin.complaints import words
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import taxonomy

if TYPE_CHECKING:
    from sujin.reports.returns.book import Return

OLDER = "Older American"


@dataclass(frozen=True, slots=True)
class Told:
    """What a column may know beside the case: the return, the first-level branch of each place, by
    whom it was brought, when the regulator sent it, and whether a limit ran out first."""

    asked: "Return"
    branches: Mapping[str, str]
    represented: frozenset[int]
    transferred: Mapping[int, datetime | None]
    late: frozenset[int]


Source = Callable[[Complaint, Told], str]


def _coded(axis: str, code: str) -> str:
    """The standard's number where it is known, else the house's own code."""
    row = taxonomy().get((axis, code))
    return (row.standard or code) if row else code


def _day(at: datetime | None) -> str:
    return localdate(at).isoformat() if at else ""


def _target(axis: str, code: str, told: Told) -> str:
    found = told.asked.target(axis, code)
    return str(found[1]) if found else ""


def _response(case: Complaint, told: Told) -> str:
    """The categories of the CFPB."""
    if case.closed_at is None:
        return "In progress"
    if case.remedy:
        return "Closed with monetary relief"
    return "Closed with explanation" if case.finding == "not_upheld" else (
        "Closed with non-monetary relief"
    )  # fmt: skip


def _days(case: Complaint, _told: Told) -> str:
    if case.closed_at is None:
        return ""
    return str((localdate(case.closed_at) - localdate(case.received_at)).days)


def _yes(value: object) -> str:
    return _t("是") if value else _t("否")


def _branch(case: Complaint, told: Told) -> str:
    return told.branches.get("/".join(case.origin.path.split("/")[:2]) + "/", "")


SOURCES: Mapping[str, Source] = {
    "number": lambda case, _told: case.number,
    "institution": lambda _case, _told: settings.INSTITUTION,
    "received": lambda case, _told: _day(case.received_at),
    "closed": lambda case, _told: _day(case.closed_at),
    "transferred_on": lambda case, told: _day(told.transferred.get(case.pk)),
    "touchpoint": lambda case, _told: _coded("touchpoint", case.touchpoint),
    "business": lambda case, _told: _coded("business", case.business),
    "cause": lambda case, _told: _coded("cause", case.cause),
    "business_name": lambda case, _told: words.business(case.business),
    "cause_name": lambda case, _told: words.cause(case.cause),
    "demand": lambda case, _told: _coded("demand", case.demand),
    "product": lambda case, told: _target("product", case.business, told),
    "outcome": lambda case, told: _target("outcome", case.finding, told),
    "branch": _branch,
    "region": lambda case, _told: case.region,
    "intake": lambda case, _told: str(words.CHANNELS.get(case.channel, case.channel)),
    "repeat": lambda case, _told: _yes(case.repeat_of_id),
    "transferred": lambda case, _told: _yes(case.lane == "regulator"),
    "vulnerable": lambda case, _told: _yes(case.vulnerable),
    "represented": lambda case, told: _yes(case.pk in told.represented),
    "status": lambda case, _told: _t("已关闭") if case.closed_at else _t("办理中"),
    "days": _days,
    "response": _response,
    "timely": lambda case, told: "No" if case.pk in told.late else "Yes",
    "tags": lambda case, _told: OLDER if "elderly" in case.signals else "",
    "remedy": lambda case, _told: f"{case.remedy:.2f}" if case.remedy else "",
}
