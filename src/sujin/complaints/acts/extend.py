"""Lift a limit to its next stage, as the article asks: a reason, an approver, the customer told."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import clock, kinds, law
from sujin.complaints.acts.ask import ask
from sujin.complaints.acts.claim import held_for
from sujin.complaints.models import Complaint
from sujin.engine.regimes import Extension, Regime
from sujin.engine.sla import Reading, State, Tick
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

ACT = "extension"
LIVE = (State.RUNNING, State.PAUSED)


class CannotExtend(Refusal):
    """The rules do not allow it; the message names the article."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An extension that is possible now: under which rules, to which stage, until when."""

    regime: Regime
    row: Extension
    until: datetime

    @property
    def code(self) -> str:
        return f"{self.regime.id}:{self.row.row}"


def choices(case: Complaint, *, at: datetime) -> list[Choice]:
    """What may be extended now: running clocks of the law, one stage further each. None where a
    date was agreed on: it prevails, and the extension would name a day that is not the limit."""
    if not case.is_open:
        return []
    ticks = case.ticks()
    readings = clock.read(case, ticks, now=at)
    found: list[Choice] = []
    for regime in law.of(case.regimes):
        for reading in readings:
            if reading.regime == regime.id and reading.state in LIVE:
                found += _next(case, regime, reading, ticks, at)
    return found


def _next(
    case: Complaint, regime: Regime, reading: Reading, ticks: list[Tick], at: datetime
) -> list[Choice]:
    row = regime.extension(reading.clock, reading.stage + 1)
    if row is None:
        return []
    lifted = [*ticks, Tick("extended", at, row.stage, regime=regime.id)]
    told = (
        one
        for one in clock.read(case, lifted, now=at)
        if (one.regime, one.clock, one.stage) == (regime.id, row.clock, row.stage)
    )
    ends = (one.due_at for one in told if one.due_at != reading.due_at)
    return [Choice(regime, row, until) for until in ends if until is not None]


@transaction.atomic
def extend(complaint: Complaint, *, choice: str, because: str, by: Person, at: datetime) -> bool:
    """True when it holds at once, False when it waits for the approver the article names."""
    case = held_for(complaint, by)
    if not because.strip():
        raise CannotExtend(_t("请写明延期理由"))
    found = _chosen(case, choice, at)
    if found.row.approvers:
        ask(
            case,
            ACT,
            {"choice": found.code},
            what=found.row.title["zh"],
            because=because,
            approvers=found.row.approvers,
            by=by,
            at=at,
        )
        return False
    extend_for_good(case, choice=choice, because=because, by=by, at=at)
    return True


def extend_for_good(
    case: Complaint, *, choice: str, because: str, by: Person, at: datetime
) -> None:
    """The extension itself; what had become impossible while it waited is refused here."""
    found = _chosen(case, choice, at)
    lifted = [*case.ticks(), Tick("extended", at, found.row.stage, regime=found.regime.id)]
    due = clock.due(case, now=at, ticks=lifted)
    case.write(
        kinds.Extended(
            because=because.strip(),
            regime=found.regime.id,
            clock=found.row.clock,
            stage=found.row.stage,
            until=found.until,
            article=found.row.article,
            titles=dict(found.row.title),
            untold=found.row.tell != "no",
            due_at=due.at,
            due_clock=due.clock,
        ),
        by=by,
        at=at,
    )


def _chosen(case: Complaint, choice: str, at: datetime) -> Choice:
    possible = {one.code: one for one in choices(case, at=at)}
    if choice not in possible:
        raise CannotExtend(
            _t(
                "现在不能延期：期限已过、已经延到最长、已与客户约定日期（要改请与客户另行约定），"
                "或适用的规定没有这一档"
            )
        )
    return possible[choice]


@transaction.atomic
def tell(complaint: Complaint, *, way: str, note: str, by: Person, at: datetime) -> None:
    """Record that the customer was told of the extension and its reason."""
    case = held_for(complaint, by)
    if not case.untold:
        raise CannotExtend(_t("没有待告知客户的延期"))
    if not note.strip():
        raise CannotExtend(_t("请写明怎么告知、客户怎么说"))
    case.write(kinds.Told(way=way, note=note.strip()), by=by, at=at)
