"""Two people who did not write it assess a proposal; then it is adopted or declined."""

from collections.abc import Mapping
from datetime import datetime
from statistics import fmean

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.governance.acts.propose_visit import WORDS_LEAST, spoken
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal
from sujin.supervision.kinds import proposal as kinds
from sujin.supervision.models import Proposal
from sujin.supervision.models.proposal import ASSESS
from sujin.supervision.voicebook import POINTS_MOST, criteria, number, score

ASSESSORS, ASSESSORS_MOST = 2, 3


class CannotAssess(Refusal):
    """Not by this person, not now, or something is missing."""


@transaction.atomic
def assess_proposal(
    proposal: Proposal, *, points: Mapping[str, int], because: str, by: Person, at: datetime
) -> None:
    """Points of one assessor. Two whose scores lie far apart ask for a third."""
    held, said = _held(proposal, by, at), spoken(because)
    if held.state != kinds.SUBMITTED:
        raise CannotAssess(_t("评分已经够了，请答复"))
    if by.pk in held.hands:
        raise CannotAssess(_t("您已经评过分，请另一人评"))
    if set(points) != set(criteria()) or not all(0 <= n <= POINTS_MOST for n in points.values()):
        raise CannotAssess(_t("每一项打 0 到 5 分"))
    if len(said) < WORDS_LEAST:
        raise CannotAssess(_t("请写明为什么这样评"))
    one = {"by": by.pk, "name": by.name, "points": dict(points), "score": score(points)}
    every = (*held.assessments, {**one, "because": said, "at": at.isoformat()})
    scores = [float(each["score"]) for each in every]
    spread = round(max(scores) - min(scores), 2)
    told = kinds.ProposalAssessed(
        score=score(points), because=said, assessments=every, mean=round(fmean(scores), 2),
        spread=spread, hands=(*held.hands, by.pk), state=_state(len(every), spread),
    )  # fmt: skip
    held.write(told, by=by, at=at)


def _state(assessors: int, spread: float) -> str:
    enough = assessors >= ASSESSORS and spread <= number("spread_most")
    return kinds.ASSESSED if enough or assessors >= ASSESSORS_MOST else kinds.SUBMITTED


@transaction.atomic
def adopt_proposal(proposal: Proposal, *, because: str, by: Person, at: datetime) -> None:
    """It is to be done."""
    _decide(kinds.ProposalAdopted, proposal, because, by, at)


@transaction.atomic
def decline_proposal(proposal: Proposal, *, because: str, by: Person, at: datetime) -> None:
    """It is not done; its writers read why."""
    _decide(kinds.ProposalDeclined, proposal, because, by, at)


def _decide(
    kind: type[kinds.ProposalAdopted], proposal: Proposal, because: str, by: Person, at: datetime
) -> None:
    held, said = _held(proposal, by, at), spoken(because)
    if held.state == kinds.SUBMITTED:
        raise CannotAssess(_t("还差评分：要两个人评，相差大的要第三人"))
    if held.state != kinds.ASSESSED:
        raise CannotAssess(_t("已经答复过了"))
    if len(said) < WORDS_LEAST:
        raise CannotAssess(_t("请写明理由，提出的人会看到"))
    hands = tuple(dict.fromkeys((*held.hands, by.pk)))
    held.write(kind(because=said, decided_at=at, hands=hands), by=by, at=at)


def may_assess(proposal: Proposal, mine: Reach) -> bool:
    """Somebody of the owning desk or above it, who did not write on it."""
    owner = proposal.owner
    of_desk = any(owner.path.startswith(place.path) for place in mine.places(ASSESS))
    return of_desk and mine.person_id not in proposal.writers


def _held(proposal: Proposal, by: Person, at: datetime) -> Proposal:
    held = held_proposal(proposal)
    if by.pk in held.writers:
        raise CannotAssess(_t("提出的人不能评自己的建议，也不能答复"))
    if not may_assess(held, reach.of(by, at)):
        raise CannotAssess(_t("由%(owner)s或消保部门评分和答复") % {"owner": held.owner})
    return held


def held_proposal(proposal: Proposal) -> Proposal:
    """The proposal as it is now, held to the end of the transaction."""
    rows = Proposal.objects.select_for_update(of=("self",))
    return rows.select_related("owner", "about", "measure__problem").get(pk=proposal.pk)
