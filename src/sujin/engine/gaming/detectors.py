"""Every detector, in plain sight. Their words and numbers are rows of the pack (``guard.csv``)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sujin.engine.gaming import looks
from sujin.engine.gaming.looks import Lengths, Look
from sujin.engine.gaming.record import Record


class Own(StrEnum):
    """What of its own a unit is also judged by: nothing, when its cases come, or the days before
    the limit."""

    NOTHING = ""
    RECEIPTS = "receipts"
    SLOPE = "slope"


@dataclass(frozen=True, slots=True)
class Detector:
    """One way of making figures look better than the work is."""

    code: str
    look: Callable[[Record, Lengths], Look | None]
    own: Own = Own.NOTHING


DETECTORS = (
    Detector("retyped_late", looks.retyped_late, Own.RECEIPTS),
    Detector("retyped_often", looks.retyped_often),
    Detector("lowered_late", looks.lowered_late, Own.RECEIPTS),
    Detector("brink", looks.brink, Own.SLOPE),
    Detector("hollow", looks.hollow),
    Detector("praised_quickly", looks.praised_quickly),
    Detector("praised_always", looks.praised_always),
    Detector("moved_back", looks.moved_back),
    Detector("round_times", looks.round_times),
    Detector("withdrawn_early", looks.withdrawn_early),
)
