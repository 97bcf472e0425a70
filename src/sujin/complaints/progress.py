"""How far a case has come: the steps its tier asks for, which are done, which one is next."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sujin import packs
from sujin.complaints import rounds
from sujin.complaints.kinds.together import STEPS
from sujin.complaints.models import Complaint
from sujin.complaints.models.assignment import COACHED, OPINION
from sujin.complaints.rounds import Round
from sujin.complaints.rulebook import HOUSE_PACK

# The facts that are a desk's answer, and what was asked for them.
WAITS_FOR = {"coached": frozenset({COACHED}), "nothing_asked": frozenset(STEPS)}


@dataclass(frozen=True, slots=True)
class Step:
    """A row of steps.csv: what a tier asks for, by which action of the dossier, from whom."""

    row: str
    kinds: frozenset[str]
    tiers: frozenset[str]
    done: str
    action: str
    is_only_here: bool
    article: str
    title: Mapping[str, str]
    who: Mapping[str, str]

    def applies(self, case: Complaint) -> bool:
        return case.kind in self.kinds and (not self.tiers or case.tier in self.tiers)


@dataclass(frozen=True, slots=True)
class Stage:
    """A step as it stands on one case: done, or the next one, or later; done without the answer
    that it was about, when the case went on without."""

    step: Step
    is_done: bool
    is_next: bool
    is_without: bool = False


def done(case: Complaint, now: Round | None = None) -> Mapping[str, bool]:
    """What has happened in this round, by the names that steps.csv and closing.csv use. Four
    queries; three for whoever knows the round."""
    now = now or rounds.this_round(case)
    asked = [one for one in case.assignments.all() if now.counts(one)]
    still = {one.step for one in asked if one.done_at is None}
    return {
        "claimed": case.claimed_at is not None,
        "responded": case.responded_at is not None,
        "asked": any(one.step == OPINION for one in asked) or case.planned_at is not None,
        "planned": case.planned_at is not None,
        "task_force": case.planned_at is not None and now.has_task_force,
        "tiered": not case.awaits_tier,
        "coached": case.planned_at is not None and COACHED not in still,
        "nothing_asked": not still,
        "nothing_promised": case.promise_due_at is None,
        "reviewed": not case.reviews.undecided().exists(),
        "met": not case.sessions.booked().exists(),
        "investigated": case.investigated_at is not None,
        "coded": bool(case.fault),
        "told": not case.untold,
        "answered": case.answered_at is not None,
        "called_back": case.called_back_at is not None,
        "closed": case.closed_at is not None,
    }


def stages(case: Complaint, facts: Mapping[str, bool], now: Round | None = None) -> list[Stage]:
    """The steps of the case's kind and tier in their order; the first that is not done is next."""
    mine = [step for step in steps() if step.applies(case)]
    waiting = [step for step in mine if not facts[step.done]]
    silent = _silent(case, now or rounds.this_round(case))
    return [
        Stage(
            step,
            is_done=facts[step.done],
            is_next=waiting[:1] == [step],
            is_without=facts[step.done] and bool(silent & WAITS_FOR.get(step.done, frozenset())),
        )
        for step in mine
    ]


def _silent(case: Complaint, now: Round) -> set[str]:
    """The steps asked of desks in this round that nobody has answered, for all that was asked
    again."""
    asked = sorted(filter(now.counts, case.assignments.all()), key=lambda one: one.pk)
    last = {(one.step, one.desk_id): one for one in asked}
    return {one.step for one in last.values() if one.is_silent}


def belongs(action: str, case: Complaint) -> bool:
    """Whether the tier knows the action: what steps.csv keeps to some is offered there only."""
    only = [step for step in steps() if step.action == action and step.is_only_here]
    return not only or any(step.applies(case) for step in only)


@cache
def steps() -> tuple[Step, ...]:
    return tuple(_step(row) for row in packs.rows(HOUSE_PACK, "steps"))


def _step(row: Mapping[str, str]) -> Step:
    return Step(
        row["row"],
        frozenset(row["kinds"].split("|")),
        frozenset(filter(None, row["tiers"].split("|"))),
        row["done"],
        row["action"],
        row["only"] == "yes",
        row["article"],
        {"zh": row["title_zh"], "en": row["title_en"]},
        {"zh": row["who_zh"], "en": row["who_en"]},
    )
