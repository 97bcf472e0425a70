"""Where people knew better than the table of tiers, and said why."""

from datetime import datetime

from sujin.complaints import kinds
from sujin.complaints.acts.confirm_tier import confirm_tier
from sujin.complaints.acts.retier import retier
from sujin.complaints.models import Complaint
from sujin.engine.tier import Tier
from sujin.lab.endings import supervisor
from sujin.lab.pace import Pace
from sujin.platform.refusal import Refusal

UP = {
    Tier.COMPLEX: (
        "客户在通话中表示要向监管反映",
        "涉及两家支行，一家办不了",
        "客户近期多次来电，情绪激动",
    ),
    Tier.URGENT: ("客户称今天下午带家人到网点等答复", "客户已联系本地媒体，须统一口径"),
}
DOWN = {
    Tier.ORDINARY: ("客户已经平息，只要求说明收费依据", "“要投诉”是气话，客户当场表示不再反映"),
    Tier.COMPLEX: ("经核实没有人身安全风险，按复杂投诉办理",),
}
# tier -> where people move it, and how often
MOVES = {
    "ordinary": ((Tier.COMPLEX, 0.06), (Tier.URGENT, 0.01)),
    "complex": ((Tier.ORDINARY, 0.12), (Tier.URGENT, 0.03)),
    "urgent": ((Tier.COMPLEX, 0.15),),
}


def regrade(case: Complaint, pace: Pace, at: datetime) -> datetime | None:
    """A second look where the machine asks for one; here and there another tier, with a reason."""
    above = supervisor(case, case.accountable, at)
    if case.awaits_tier and above is not None:
        confirm_tier(case, by=above, at=at)
        return at
    by = above if case.tier == Tier.URGENT else case.accountable
    to = _moved(case, pace)
    if to is None or by is None or case.entries.of(kinds.Retiered).exists():
        return at
    reasons = (UP if _weight(to) > _weight(Tier(case.tier)) else DOWN)[to]
    try:
        retier(case, to=to, because=pace.rng.choice(reasons), by=by, at=at)
    except Refusal:
        # The supervisor may not approve here: the tier stays what it is.
        return at
    return at


def _moved(case: Complaint, pace: Pace) -> Tier | None:
    die = pace.rng.random()
    for to, chance in MOVES[case.tier]:
        if die < chance:
            return to
        die -= chance
    return None


def _weight(tier: Tier) -> int:
    return list(Tier).index(tier)
