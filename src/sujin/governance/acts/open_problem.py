"""Write a problem into the ledger: where it is, whose it is, and until when."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.engine.series.panel import Node
from sujin.governance.acts.propose_visit import WORDS_LEAST, end_of, spoken
from sujin.governance.kinds import ledger as kinds
from sujin.governance.ledgerbook import limits
from sujin.governance.models import Problem
from sujin.governance.models.problem import GOVERN
from sujin.governance.models.wave import in_reach
from sujin.knowledge.answering import above
from sujin.platform import reach
from sujin.platform.models import Org, Person
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal

DAY = timedelta(days=1)


class CannotOpen(Refusal):
    """It is not this person's to write down, it stands there already, or something is missing."""


@transaction.atomic
def open_problem(
    node: Node, stream: str, *, title: str, owner: Org, due_on: date, by: Person, at: datetime,
    source: str = "", source_key: int | None = None,
) -> Problem:  # fmt: skip
    """The problem, with a clock for its cause. What it comes from stands in the ledger once."""
    _refuse_unless_may(node, owner, by, at)
    said = spoken(title)
    if len(said) < WORDS_LEAST:
        raise CannotOpen(_t("请写明是什么问题"))
    _refuse_day(due_on, at)
    known = Problem.objects.standing().filter(source=source, source_key=source_key).first()
    if source_key is not None and known is not None:
        raise CannotOpen(_t("已经在台账里：%(problem)s") % {"problem": known})
    org, business, cause, channel = node
    made = _created(
        opened_at=at, opened_by=by, stream=stream, org_path=org, business=business, cause=cause,
        channel=channel, source=source, source_key=source_key, due_on=due_on,
    )  # fmt: skip
    told = kinds.ProblemOpened(
        name=said, owner=owner.pk, owner_name=owner.name, due_on=due_on, source=source,
        source_key=source_key, acknowledge_by=end_of(limits().cause_days, at),
    )  # fmt: skip
    made.write(told, by=by, at=at)
    return made


def _refuse_unless_may(node: Node, owner: Org, by: Person, at: datetime) -> None:
    mine = reach.of(by, at)
    if GOVERN not in mine.may or not in_reach(mine, node[0], node[1]):
        raise CannotOpen(_t("您的岗位不能登记这里的问题"))
    if not above(owner, GOVERN, at):
        raise CannotOpen(_t("%(owner)s没有人能归口治理问题") % {"owner": owner})


def _refuse_day(due_on: date, at: datetime) -> None:
    today = timezone.localdate(at)
    latest = today + DAY * limits().longest_days
    if not today < due_on <= latest:
        said = {"first": (today + DAY).isoformat(), "last": latest.isoformat()}
        raise CannotOpen(_t("办结期限须在 %(first)s 到 %(last)s 之间") % said)


def _created(**told: Any) -> Problem:
    """The row; of two who write the same down at once the second is refused."""
    try:
        with transaction.atomic():
            return Problem.objects.create(**told)
    except IntegrityError as taken:
        raise CannotOpen(_t("刚才已经有人列入台账，请刷新后查看")) from taken


def answers_for(problem: Problem, mine: Reach) -> bool:
    """Whether the person works at the owner's desk or above it."""
    owner = problem.owner
    return owner is not None and any(
        owner.path.startswith(place.path) for place in mine.places(GOVERN)
    )


def held_problem(problem: Problem) -> Problem:
    """The problem as it is now, held to the end of the transaction."""
    rows = Problem.objects.select_for_update(of=("self",)).select_related("owner")
    return rows.get(pk=problem.pk)
