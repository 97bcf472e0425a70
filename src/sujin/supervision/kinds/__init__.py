"""What can happen in supervision: a round is gone, a finding is found, heard and judged; people are
enrolled in trainings and tested."""

from sujin.platform.journal import Kind
from sujin.supervision.kinds.finding import Explained, Found, Grown, Judged, Settled
from sujin.supervision.kinds.round import Gone
from sujin.supervision.kinds.training import TRAINING_KINDS

KINDS: list[type[Kind]] = [Gone, Found, Grown, Explained, Judged, Settled, *TRAINING_KINDS]

__all__ = ["KINDS", "Explained", "Found", "Gone", "Grown", "Judged", "Settled"]
