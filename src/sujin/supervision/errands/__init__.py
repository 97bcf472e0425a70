"""What supervision wants of a person: one file for what inspections, voices and trainings ask."""

from sujin.supervision.errands.inspection import (
    accountabilities,
    inspections,
    recordings,
    shortcomings,
)
from sujin.supervision.errands.training import tests
from sujin.supervision.errands.voices import (
    adopted,
    awarding,
    outreaches,
    proposals,
    walkthroughs,
)

__all__ = [
    "accountabilities", "adopted", "awarding", "inspections", "outreaches", "proposals",
    "recordings", "shortcomings", "tests", "walkthroughs",
]  # fmt: skip
