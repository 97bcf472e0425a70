"""An adopted proposal goes the way of every measure: ledger, declaration, proof, verdict; and then
the award."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.engine.series.panel import ALL
from sujin.engine.verify import Verdict
from sujin.governance import verdict_words
from sujin.governance.acts.open_problem import open_problem
from sujin.governance.acts.propose_visit import WORDS_LEAST, spoken
from sujin.governance.kinds import ledger
from sujin.governance.ledger_sources import STREAM
from sujin.governance.models import Measure, Problem
from sujin.governance.watching import lies_below
from sujin.platform import reach
from sujin.platform.models import Entry, Person
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal
from sujin.supervision.acts.assess_proposal import held_proposal, may_assess
from sujin.supervision.kinds import proposal as kinds
from sujin.supervision.models import Proposal, Walkthrough
from sujin.supervision.models.proposal import ASSESS
from sujin.supervision.voicebook import Level, levels

GONE = (ledger.CANCELLED, ledger.LAPSED)
KNOWN = (ledger.DECLARED, ledger.DONE, ledger.JUDGED)


class CannotCarry(Refusal):
    """Not by this person, not now, or not yet measured."""


@transaction.atomic
def enter_proposal(proposal: Proposal, *, due_on: date, by: Person, at: datetime) -> Problem:
    """It stands in the ledger as a problem of the owning desk: there its cause is found and its
    measure declared before it begins."""
    held = _held_adopted(proposal, by, at)
    if held.problem_id is not None:
        raise CannotCarry(_t("已经列入台账"))
    head = held.about.is_root
    node = (ALL if head else held.about.path, held.business, held.cause, ALL)
    made = open_problem(
        node, STREAM, title=held.name, owner=held.owner, due_on=due_on, by=by, at=at
    )
    held.write(kinds.ProposalEntered(problem=made.pk), by=by, at=at)
    return made


@transaction.atomic
def tie_measure(proposal: Proposal, *, measure: Measure, by: Person, at: datetime) -> None:
    """By which measure its benefit will be verified: one that was declared after the adoption, lies
    where the proposal does, of which nothing is known yet, and that rewards no other."""
    held = _held_adopted(proposal, by, at)
    if not Measure.objects.readable(reach.of(by, at)).filter(pk=measure.pk).exists():
        raise CannotCarry(_t("看不到这项措施，不能挂"))
    _refuse_measure(held, measure)
    _refuse_known(measure, at)
    _tie(held, measure, by, at)


def _refuse_measure(held: Proposal, measure: Measure) -> None:
    if held.measure is not None and held.measure.state not in GONE:
        raise CannotCarry(_t("已经有对应的措施"))
    if held.decided_at is None or measure.declared_at < held.decided_at:
        raise CannotCarry(_t("这项措施在建议采纳以前就声明了，不能算它的好处"))
    if measure.state not in KNOWN:
        raise CannotCarry(_t("这项措施已经取消、豁免或到期没有落实"))
    if not _lies_in(held, measure):
        raise CannotCarry(_t("这项措施的业务或机构不在建议说的范围里，请另选"))
    other = Proposal.objects.filter(measure=measure).exclude(pk=held.pk).first()
    if other is not None:
        raise CannotCarry(
            _t("这项措施已经对应“%(name)s”：同一个主意不能拆成几条") % {"name": other.name}
        )


def _lies_in(held: Proposal, measure: Measure) -> bool:
    about = ALL if held.about.is_root else held.about.path
    return lies_below(measure.problem.node, (about, held.business, ALL, ALL))


def _refuse_known(measure: Measure, at: datetime) -> None:
    """Whoever knows how it went would choose the measure by its verdict."""
    told = (measure.done_at, measure.judged_at)
    if any(known is not None and known <= at for known in told):
        raise CannotCarry(_t("这项措施已经落实或已有结论，不能再挂；须在落实以前挂上"))


def _tie(held: Proposal, measure: Measure, by: Person, at: datetime) -> None:
    told = kinds.ProposalTied(measure=measure.pk, problem=measure.problem_id, words=measure.words)
    held.write(told, by=by, at=at)


def follow_declared(entry: Entry) -> None:
    """The first measure declared against a proposal's own problem is its measure."""
    measure = Measure.objects.select_related("problem").get(pk=entry.subject_id)
    with transaction.atomic():
        rows = Proposal.objects.select_for_update(of=("self",)).select_related("measure")
        held = rows.filter(problem=measure.problem_id, state=kinds.ADOPTED).first()
        if held is not None and (held.measure is None or held.measure.state in GONE):
            _tie(held, measure, entry.by, entry.at)


@transaction.atomic
def carry_out_proposal(proposal: Proposal, *, words: str, by: Person, at: datetime) -> None:
    """It is done: its measure was carried out, with proof. What the verdict already says is heard
    at once."""
    held, said = _held_adopted(proposal, by, at), spoken(words)
    measure = held.measure
    if measure is None:
        raise CannotCarry(_t("还没有对应的措施：先在台账里声明，才能核验好处"))
    if measure.state not in (ledger.DONE, ledger.JUDGED):
        raise CannotCarry(_t("措施还没有登记落实"))
    if any(one.awaits_answer for one in Walkthrough.objects.of_proposal(held)):
        raise CannotCarry(_t("多数体验官说变差了，还没有写采纳情况：先答复再登记落实"))
    if len(said) < WORDS_LEAST:
        raise CannotCarry(_t("请写明落实了什么"))
    held.write(kinds.ProposalCarriedOut(words=said, carried_at=at), by=by, at=at)
    if measure.verdict:
        _measured(held, measure, by, at)


def hear_verdict(entry: Entry) -> None:
    """The verification gave its verdict on a measure: the proposal it stands for hears it."""
    with transaction.atomic():
        rows = Proposal.objects.select_for_update(of=("self",)).select_related("measure")
        held = rows.filter(measure=entry.subject_id, state__in=kinds.DONE).first()
        if held is not None and held.measure is not None:
            _measured(held, held.measure, entry.by, entry.at)


def _measured(held: Proposal, measure: Measure, by: Person, at: datetime) -> None:
    """A re-run of the reaction says nothing new."""
    known = held.measured_at is not None and measure.judged_at == held.measured_at
    if known or measure.judged_at is None:
        return
    state = kinds.REWARDED if held.state == kinds.REWARDED else kinds.MEASURED
    words = verdict_words.kept(measure.verdict, measure.figures)
    told = kinds.ProposalMeasured(
        verdict=measure.verdict, words=words, measured_at=measure.judged_at, state=state
    )
    held.write(told, by=by, at=at)


@transaction.atomic
def award_proposal(
    proposal: Proposal, *, level: str, because: str, by: Person, at: datetime
) -> None:
    """The award, by the head office. A level that asks for a verdict is given, or raised to, only
    when the verification says 有效."""
    held, said, row = held_proposal(proposal), spoken(because), levels().get(level)
    if by.pk in held.writers or not awards(reach.of(by, at)):
        raise CannotCarry(_t("由总行消保部门奖励，不能是提出的人"))
    if not held.is_done:
        raise CannotCarry(_t("落实以后才能奖励"))
    if row is None or len(said) < WORDS_LEAST:
        raise CannotCarry(_t("请选择等次并写明理由"))
    _refuse_level(held, row)
    hands = tuple(dict.fromkeys((*held.hands, by.pk)))
    told = kinds.ProposalAwarded(
        level=row.code, level_name=row.names["zh"], on_verdict=row.on_verdict, yuan=row.yuan,
        before=held.level, because=said, awarded_at=at, hands=hands,
    )  # fmt: skip
    held.write(told, by=by, at=at)


def _refuse_level(held: Proposal, row: Level) -> None:
    if (held.mean or 0.0) < row.score_min:
        said = {"mean": held.mean, "least": row.score_min}
        raise CannotCarry(_t("平均分 %(mean)s，不到这个等次的 %(least)s 分") % said)
    if row.on_verdict and held.verdict != Verdict.WORKED:
        raise CannotCarry(_t("这个等次要等核验结论是措施有效，现在不能给"))
    before = levels().get(held.level)
    if held.level and (before is None or row.score_min <= before.score_min):
        raise CannotCarry(_t("已经是这个等次或更高，只能提高"))
    if held.level and not held.verdict:
        raise CannotCarry(_t("核验有结论以后才能提高等次"))


def awards(mine: Reach) -> bool:
    """The consumer department: who may assess, at the head office itself."""
    return mine.everything and any(place.is_root for place in mine.places(ASSESS))


def grantable(proposal: Proposal) -> list[Level]:
    """The levels that could be given now."""
    found = []
    for row in levels().values():
        try:
            _refuse_level(proposal, row)
        except CannotCarry:
            continue
        found.append(row)
    return found


def _held_adopted(proposal: Proposal, by: Person, at: datetime) -> Proposal:
    """By the owning desk or above it, but for the writers."""
    held = held_proposal(proposal)
    if held.state != kinds.ADOPTED:
        raise CannotCarry(_t("只有已采纳、还没有落实的建议"))
    if not carries(held, reach.of(by, at)):
        raise CannotCarry(_t("由%(owner)s落实") % {"owner": held.owner})
    return held


def carries(proposal: Proposal, mine: Reach) -> bool:
    """The owning desk or above it."""
    return may_assess(proposal, mine)
