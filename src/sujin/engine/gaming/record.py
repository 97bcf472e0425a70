"""A case as the guard sees it: moments and words, no person and no text of the complaint."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Record:
    """One case of a unit. Moments are local to the bank; None for what has not happened.

    ``typed``: a person of the house told the system when it was received. ``due_at`` is the limit
    of its decision; ``said`` is the customer's word through the customer's own page.
    """

    key: int
    unit: str
    received_at: datetime
    entered_at: datetime
    typed: bool = True
    retyped_at: datetime | None = None
    lowered_at: datetime | None = None
    contacted_at: datetime | None = None
    withdrawn_at: datetime | None = None
    investigated_at: datetime | None = None
    answered_at: datetime | None = None
    due_at: datetime | None = None
    closed_at: datetime | None = None
    reopened_at: datetime | None = None
    said_at: datetime | None = None
    said: str = ""
    remark: str = ""
