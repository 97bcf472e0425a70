"""What is known of an open complaint at one moment, and whether it escalated afterwards."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """What the docket said before the moment; nothing here was written later, and nothing of it
    tells who the customer is. ``used`` is the share of the limit's time that is gone."""

    age_days: float = 0.0
    used: float = 0.0
    quiet_days: float = 0.0
    contacts: int = 0
    handovers: int = 0
    missed: int = 0
    delays: int = 0
    repeats: int = 0
    vulnerable: bool = False
    regulator: bool = False
    answered: bool = False
    spoken: bool = False
    channel: str = ""
    tier: str = ""
    business: str = ""


# Of which the regression makes columns: counts by their logarithm, classes by one column each.
NUMBERS = (
    "age_days", "used", "quiet_days", "contacts", "handovers", "missed", "delays", "repeats",
    "vulnerable", "regulator", "answered", "spoken",
)  # fmt: skip
CLASSES = ("channel", "tier", "business")


@dataclass(frozen=True, slots=True)
class Sighting:
    """One open case at the moment ``at``, its ``nth`` age of those asked about; ``received`` and
    ``at`` are days on one scale."""

    key: int
    nth: int
    received: float
    at: float
    facts: Facts
    escalated: bool
