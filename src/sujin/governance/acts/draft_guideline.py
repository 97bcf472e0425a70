"""Draft the guideline of a problem: its cause and measures become the first words of an item."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints.words import named
from sujin.governance.acts.open_problem import held_problem
from sujin.governance.kinds import ledger
from sujin.governance.kinds.guiding import GuidelineDrafted
from sujin.governance.models import Problem
from sujin.governance.models.wave import line_of
from sujin.knowledge.acts.draft import draft_item
from sujin.knowledge.duties import DRAFT
from sujin.knowledge.models import Version
from sujin.knowledge.wording import Wording
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal

FORM = "guideline"
TITLE_MAX = 120


class CannotDraftGuideline(Refusal):
    """There is no cause yet, a guideline already, or somebody else drafts it."""


@transaction.atomic
def draft_guideline(problem: Problem, *, by: Person, at: datetime) -> Version:
    """The first version of a new item, in the care of whoever answers for the problem. What only
    people know, how customers feel and what to say, is left for its author."""
    held = held_problem(problem)
    if not drafts(held, reach.of(by, at)):
        raise CannotDraftGuideline(_t("由%(owner)s起草") % {"owner": held.owner})
    if not held.root or not held.stands:
        raise CannotDraftGuideline(_t("先定因，再起草指引；已了结的问题不再起草"))
    if held.guideline_id is not None:
        raise CannotDraftGuideline(_t("这个问题已经有指引，请另起新版"))
    assert held.owner is not None
    made = draft_item(_wording(held), owner=held.owner, by=by, at=at)
    told = GuidelineDrafted(item=made.item_id, item_code=made.item.code, name=made.title)
    held.write(told, by=by, at=at)
    return made


def drafts(problem: Problem, mine: Reach) -> bool:
    """Whether the person may draft for whoever answers for the problem."""
    return problem.owner is not None and mine.allows(DRAFT, problem.owner.tokens)


def _wording(held: Problem) -> Wording:
    causes = [f"{held.root_name}：{held.why}"]
    steps = [one.words for one in held.measures.exclude(state=ledger.CANCELLED).order_by("number")]
    parts = {
        "trigger": "，".join(_where(held)), "causes": _listed(causes),
        "prevention": _listed(steps),
    }  # fmt: skip
    scope = {
        "surfaces": ("staff",),
        "business": (held.business,) if held.business else (),
        "cause": (held.cause,) if held.cause else (),
    }
    line = line_of(held.business) or (held.owner.line if held.owner else "")
    said = {code: text for code, text in parts.items() if text}
    return Wording(f"ledger-{held.pk}", FORM, line, held.name[:TITLE_MAX], said, (), scope)


def _where(held: Problem) -> Iterator[str]:
    if held.business:
        yield named("business", held.business)
    if held.cause:
        yield named("cause", held.cause)
    yield held.name


def _listed(lines: list[str]) -> str:
    return "\n".join(f"- {' '.join(line.split())}" for line in lines)
