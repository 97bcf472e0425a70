"""The guard against gaming: figures that look better than the work is, unit by unit.

``looks`` says what is a trial and a hit of each way of gaming, ``detectors`` lists them, ``count``
makes tallies, ``peers`` judges one, ``guard`` judges all of them as one family of questions.
"""

from sujin.engine.gaming.detectors import DETECTORS, Detector, Own
from sujin.engine.gaming.guard import Q, guard
from sujin.engine.gaming.looks import Lengths
from sujin.engine.gaming.record import Record
from sujin.engine.gaming.tally import Limits, Reading, State, Tally

__all__ = [
    "DETECTORS", "Detector", "Lengths", "Limits", "Own", "Q", "Reading", "Record", "State",
    "Tally", "guard",
]  # fmt: skip
