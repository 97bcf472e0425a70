"""What can happen in supervision: a round is gone, a finding is found, heard and judged."""

from sujin.platform.journal import Kind
from sujin.supervision.kinds.finding import Explained, Found, Grown, Judged, Settled
from sujin.supervision.kinds.outreach import OUTREACH_KINDS
from sujin.supervision.kinds.panel import PANEL_KINDS
from sujin.supervision.kinds.proposal import PROPOSAL_KINDS
from sujin.supervision.kinds.round import Gone

KINDS: list[type[Kind]] = [
    Gone,
    Found,
    Grown,
    Explained,
    Judged,
    Settled,
    *PROPOSAL_KINDS,
    *OUTREACH_KINDS,
    *PANEL_KINDS,
]

__all__ = ["KINDS", "Explained", "Found", "Gone", "Grown", "Judged", "Settled"]
