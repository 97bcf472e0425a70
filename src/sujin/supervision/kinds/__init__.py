"""What can happen in supervision: rounds and findings of the guard, inspections and what they find,
recordings, accountability, stars, surveys, proposals, outreaches, panels, trainings."""

from sujin.platform.journal import Kind
from sujin.supervision.kinds.accountability import ACCOUNTABILITY_KINDS
from sujin.supervision.kinds.drill import DRILL_KINDS
from sujin.supervision.kinds.finding import Explained, Found, Grown, Judged, Settled
from sujin.supervision.kinds.inspection import INSPECTION_KINDS
from sujin.supervision.kinds.outreach import OUTREACH_KINDS
from sujin.supervision.kinds.panel import PANEL_KINDS
from sujin.supervision.kinds.proposal import PROPOSAL_KINDS
from sujin.supervision.kinds.recording import RECORDING_KINDS
from sujin.supervision.kinds.round import Gone
from sujin.supervision.kinds.shortcoming import SHORTCOMING_KINDS
from sujin.supervision.kinds.star import STAR_KINDS
from sujin.supervision.kinds.survey import SURVEY_KINDS
from sujin.supervision.kinds.training import TRAINING_KINDS

KINDS: list[type[Kind]] = [
    Gone, Found, Grown, Explained, Judged, Settled,
    *ACCOUNTABILITY_KINDS, *DRILL_KINDS, *INSPECTION_KINDS, *OUTREACH_KINDS, *PANEL_KINDS,
    *PROPOSAL_KINDS, *RECORDING_KINDS, *SHORTCOMING_KINDS, *STAR_KINDS, *SURVEY_KINDS,
    *TRAINING_KINDS,
]  # fmt: skip

__all__ = ["KINDS", "Explained", "Found", "Gone", "Grown", "Judged", "Settled"]
