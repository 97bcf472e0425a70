"""Time that does not count, a date both sides agreed on, and a period that begins anew."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import clock, kinds, law
from sujin.complaints.acts.ask import lapse
from sujin.complaints.acts.claim import held_for
from sujin.complaints.models import Complaint
from sujin.engine.regimes import PauseRule
from sujin.engine.sla import AGREEABLE, Tick
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotPause(Refusal):
    """The rules know no such pause, date or restart; the message says why."""


def causes(case: Complaint) -> Mapping[str, PauseRule]:
    """What may stop the clock of this case, by code."""
    return {row.cause: row for regime in law.of(case.regimes) for row in regime.pauses}


@transaction.atomic
def pause(
    complaint: Complaint, *, cause: str, consent: bool, because: str, by: Person, at: datetime
) -> None:
    """Stop the clock; raises CannotPause for a cause the case's rules do not know."""
    case = _open(complaint, because, by)
    if case.paused_at is not None:
        raise CannotPause(_t("已在中止计时"))
    rule = causes(case).get(cause)
    if rule is None:
        raise CannotPause(_t("适用的规定没有这种中止事由"))
    if rule.consent and not consent:
        raise CannotPause(
            _t("须双方同意（%(article)s），请先取得客户同意") % {"article": rule.article}
        )
    due = clock.due(case, now=at, ticks=[*case.ticks(), Tick("paused", at, cause=cause)])
    case.write(
        kinds.Paused(
            because=because.strip(),
            cause=cause,
            titles=dict(rule.title),
            paused_at=at,
            due_at=due.at,
            due_clock=due.clock,
        ),
        by=by,
        at=at,
    )


@transaction.atomic
def resume(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
    """Let time count again."""
    case = _open(complaint, because, by)
    if case.paused_at is None:
        raise CannotPause(_t("没有在中止计时"))
    due = clock.due(case, now=at, ticks=[*case.ticks(), Tick("resumed", at)])
    told = kinds.Resumed(because=because.strip(), due_at=due.at, due_clock=due.clock)
    case.write(told, by=by, at=at)


@transaction.atomic
def agree(complaint: Complaint, *, until: datetime, because: str, by: Person, at: datetime) -> None:
    """Keep the date that the customer agreed to; it prevails over the decision's limit.

    Another date may be agreed on as long as the limit of the law or the date agreed last has not
    passed (article 21); once both have, an agreement heals nothing and is refused.
    """
    case = _open(complaint, because, by)
    if not any(regime.agreed for regime in law.of(case.regimes)):
        raise CannotPause(_t("适用的规定不允许另行约定期限"))
    if until <= at:
        raise CannotPause(_t("约定的时间须在现在以后"))
    ticks = [*case.ticks(), Tick("agreed", at, until=until)]
    if not _prevails(case, ticks, until, at):
        raise CannotPause(_t("已经答复，或办理期限和约定的日期都已过，不能再约定期限"))
    due = clock.due(case, now=at, ticks=ticks)
    told = kinds.Agreed(because=because.strip(), until=until, due_at=due.at, due_clock=due.clock)
    case.write(told, by=by, at=at)


def _prevails(case: Complaint, ticks: list[Tick], until: datetime, at: datetime) -> bool:
    """Whether the date agreed on last is what a clock that still runs ends at."""
    regimes = {regime.id for regime in law.of(case.regimes) if regime.agreed}
    return any(
        one.clock == AGREEABLE and one.stopped_at is None and one.due_at == until
        for one in clock.read(case, ticks, now=at)
        if one.regime in regimes
    )


@transaction.atomic
def restart(
    complaint: Complaint, *, material_at: datetime, because: str, by: Person, at: datetime
) -> None:
    """The customer brought new facts and reasons: the period runs from the new material, and they
    are looked into and answered, whatever was found, planned, asked for or answered before. An
    extension granted until now was for the old period, even where the material came before it.
    """
    case = _open(complaint, because, by)
    if not case.received_at < material_at <= at:
        raise CannotPause(_t("新材料的时间须在受理以后、现在以前"))
    if case.answered_at is not None and material_at <= case.answered_at:
        raise CannotPause(_t("答复以前就收到的材料不是新材料；答复没有考虑的，请提级重办"))
    begun = Tick("restarted", material_at, entered=at)
    due = clock.due(case, now=at, ticks=[*case.ticks(), begun])
    told = kinds.Restarted(
        because=because.strip(),
        material_at=material_at,
        due_at=due.at,
        due_clock=due.clock,
        cleared=tuple(sorted(kinds.Restarted.clears)),
    )
    case.write(told, by=by, at=at)
    lapse(case, by=by, at=at)


def _open(complaint: Complaint, because: str, by: Person) -> Complaint:
    case = held_for(complaint, by)
    if not case.is_open:
        raise CannotPause(_t("已经结束"))
    if not because.strip():
        raise CannotPause(_t("请写明理由"))
    return case
