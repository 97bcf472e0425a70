"""Whether number and code belong together, and for how long a session that showed it may look."""

import hmac
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from sujin.complaints.acts.register import code_hash
from sujin.complaints.models import Complaint
from sujin.platform import budget

# 5 tries an hour for one number; 10,000 misses a day for all of them: with 16 digits and a million
# cases that is one lucky hit in a million days. Whoever burns the day's budget must not shut out
# the customers: the first try of a number in a day is judged all the same. That gives a sprayer
# one guess more for each number, of which a million hit once in 27 million years.
MISSES_PER_HOUR = 5
MISSES_PER_DAY = 10_000
EVERYBODY = "tracking"
# What the code of a number that does not exist is compared with: as long as a real one.
NOBODY = "0" * 32
OPEN_FOR = timedelta(minutes=30)
PROVEN = "tracking.proven"


def is_proven(number: str, code: str, *, at: datetime) -> bool:
    """Whether ``code`` is the code of ``number`` and tries are left; a miss costs one.

    The same work is done for an unknown number and a wrong code.
    """
    may_try = _spend(number, at)
    kept = Complaint.objects.filter(number=number).values_list("code_hash", flat=True).first()
    is_same = hmac.compare_digest(code_hash(number, code), kept or NOBODY)
    if not (may_try and is_same and kept):
        return False
    _take_back(number, at)
    return True


@transaction.atomic
def _spend(number: str, at: datetime) -> bool:
    if not budget.spend(_key(number), at, MISSES_PER_HOUR):
        return False
    is_within = budget.spend(EVERYBODY, at, MISSES_PER_DAY, budget.DAY)
    return is_within or budget.used(_key(number), at, budget.DAY) == 1


@transaction.atomic
def _take_back(number: str, at: datetime) -> None:
    budget.take_back(_key(number), at)
    budget.take_back(EVERYBODY, at)
    budget.forget(at)


def _key(number: str) -> str:
    return f"{EVERYBODY}:{number}"


def remember(session: SessionBase, number: str, *, at: datetime) -> None:
    """This session may look at ``number`` for a while; a planted session key is worth nothing."""
    still = {one: end for one, end in session.get(PROVEN, {}).items() if not _is_over(end, at)}
    session.cycle_key()
    session[PROVEN] = still | {number: (at + OPEN_FOR).isoformat()}


def is_remembered(session: SessionBase, number: str, *, at: datetime) -> bool:
    end = session.get(PROVEN, {}).get(number)
    return end is not None and not _is_over(end, at)


def forget(session: SessionBase) -> None:
    session.pop(PROVEN, None)


def _is_over(end: str, at: datetime) -> bool:
    return datetime.fromisoformat(end) < at
