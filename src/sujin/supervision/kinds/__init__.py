"""What can happen in supervision: rounds and findings of the guard, inspections and what they find,
recordings, accountability, stars, surveys."""

from sujin.platform.journal import Kind
from sujin.supervision.kinds.accountability import ACCOUNTABILITY_KINDS
from sujin.supervision.kinds.finding import Explained, Found, Grown, Judged, Settled
from sujin.supervision.kinds.inspection import INSPECTION_KINDS
from sujin.supervision.kinds.recording import RECORDING_KINDS
from sujin.supervision.kinds.round import Gone
from sujin.supervision.kinds.shortcoming import SHORTCOMING_KINDS
from sujin.supervision.kinds.star import STAR_KINDS
from sujin.supervision.kinds.survey import SURVEY_KINDS

KINDS: list[type[Kind]] = [
    Gone, Found, Grown, Explained, Judged, Settled,
    *INSPECTION_KINDS, *SHORTCOMING_KINDS, *RECORDING_KINDS, *ACCOUNTABILITY_KINDS,
    *STAR_KINDS, *SURVEY_KINDS,
]  # fmt: skip

__all__ = ["KINDS", "Explained", "Found", "Gone", "Grown", "Judged", "Settled"]
