"""Which rooms have something to ask of a person, beside cases: one list."""

from collections.abc import Sequence

from sujin.governance import errands as governance
from sujin.platform.errands import Source
from sujin.supervision import errands as supervision

ERRANDS: Sequence[Source] = (
    governance.visits, governance.concerns, governance.problems, governance.measures,
    governance.decisions, governance.tasks, governance.notices,
    supervision.inspections, supervision.shortcomings, supervision.recordings,
    supervision.accountabilities,
    supervision.proposals, supervision.adopted, supervision.awarding, supervision.outreaches,
    supervision.walkthroughs,
    supervision.tests,
)  # fmt: skip
