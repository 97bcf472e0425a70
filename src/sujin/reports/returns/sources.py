"""What a column of a return of rows may hold: a table in code, each a word about one case.

No personal data: nothing here says who the customer is or what was told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
# CFPB: an answer within fifteen days, or a final one within sixty.
ANSWER, LONGEST = timedelta(days=15), timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Told:
    """What a column may know beside the case: the return, the first-level branch of each place, by
    whom it was brought, when the regulator sent it, and which day it is."""

    asked: "Return"
    branches: Mapping[str, str]
    represented: frozenset[int]
    transferred: Mapping[int, datetime | None]
    today: date


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


def _state(case: Complaint, told: Told) -> str:
    """How it stands, as the tables of returns name it."""
    if case.closed_at is None:
        waited = told.today - localdate(case.received_at)
        return "overdue" if waited > LONGEST else "open"
    if case.outcome == "withdrawn":
        return "withdrawn"
    return "monetary" if case.remedy else case.finding or case.outcome


def _timely(case: Complaint, told: Told) -> str:
    """Answered within fifteen days of receipt, by the calendar; or still within them."""
    answered = localdate(case.answered_at) if case.answered_at else told.today
    return "Yes" if answered - localdate(case.received_at) <= ANSWER else "No"


def _days(case: Complaint, _told: Told) -> str:
    if case.closed_at is None:
        return ""
    return str((localdate(case.closed_at) - localdate(case.received_at)).days)


def _yes(value: object) -> str:
    return _t("是") if value else _t("否")


def _branch(case: Complaint, told: Told) -> str:
    """What came in at the head office itself is the head office's."""
    above = "/".join(case.origin.path.split("/")[:2]) + "/"
    return told.branches.get(above) or case.origin.code


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
    "outcome": lambda case, told: _target("outcome", _state(case, told), told),
    "response": lambda case, told: _target("response", _state(case, told), told),
    "intake_as": lambda case, told: _target("intake", case.channel, told),
    "branch": _branch,
    "region": lambda case, _told: case.region,
    "intake": lambda case, _told: str(words.CHANNELS.get(case.channel, case.channel)),
    "repeat": lambda case, _told: _yes(case.repeat_of_id),
    "transferred": lambda case, _told: _yes(case.lane == "regulator"),
    "vulnerable": lambda case, _told: _yes(case.vulnerable),
    "represented": lambda case, told: _yes(case.pk in told.represented),
    "status": lambda case, _told: _t("已关闭") if case.closed_at else _t("办理中"),
    "days": _days,
    "timely": _timely,
    "tags": lambda case, _told: OLDER if "elderly" in case.signals else "",
    "remedy": lambda case, _told: f"{case.remedy:.2f}" if case.remedy else "",
}
