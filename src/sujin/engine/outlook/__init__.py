"""Will this complaint escalate soon? A probability, its reasons, and whether it may be believed.

A complaint still open at a moment either escalates within a stated number of days or does not: a
discrete-time hazard as a logistic regression (Singer and Willett, Journal of Educational Statistics
18, 1993). The log-odds are made probabilities on later cases (Platt 1999) and checked on cases
later still: Brier's skill against the base rate, calibration in bins of equal count, and the z test
of Spiegelhalter (Statistics in Medicine 5, 1986). While the check fails nothing is shown.
"""

from sujin.engine.outlook.checking import Bin, Check, Limits, checked
from sujin.engine.outlook.fitting import Model, Reason, fit
from sujin.engine.outlook.learning import Learnt, TooFew, learn
from sujin.engine.outlook.sightings import CLASSES, NUMBERS, Facts, Sighting

__all__ = [
    "CLASSES", "NUMBERS", "Bin", "Check", "Facts", "Learnt", "Limits", "Model", "Reason",
    "Sighting", "TooFew", "checked", "fit", "learn",
]  # fmt: skip
