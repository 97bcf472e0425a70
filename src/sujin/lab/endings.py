"""How some of it ended: planned, looked into, answered by letter, called back, closed."""

import re
from datetime import datetime
from decimal import Decimal
from random import Random

from sujin.complaints.acts.close import call_back, close
from sujin.complaints.acts.confer import agree_plan, form_task_force
from sujin.complaints.acts.decide import CannotDecide, grant
from sujin.complaints.acts.investigate import investigate
from sujin.complaints.acts.reply import draft, revise, send, submit
from sujin.complaints.desks import Desks
from sujin.complaints.models import Approval, Complaint, Letter
from sujin.lab.pace import Pace
from sujin.lab.promising import settle
from sujin.platform.models import Person, Post
from sujin.platform.refusal import Refusal

FAULTS = ("pricing", "operation", "skill", "accounting", "none", "none")
FINDINGS = (
    ("upheld", "支持您的诉求，相关费用三个工作日内退回原账户。"),
    ("partly", "部分支持您的诉求，减免一半费用，三个工作日内到账。"),
    ("not_upheld", "经核实，本次收费符合约定，对您的退费诉求不予支持。"),
    ("settled", "与您协商一致，按约定的办法办理，我们不再另行收费。"),
)
FOUND = "我们调取了开户及签约资料、交易流水和通话录音，向经办网点逐项核对了办理经过。"
BASIS = "依据您签署的《领用合约》有关收费条款和我行服务价格公示，以及现行监管规定。"
PLAN = "先向客户致歉说明，核对流水，三日内给出书面答复。"
DEPARTING = "客户来回多次，经部门商议酌情处理。"
GAP = re.compile("〔[^〕]*〕")


def end(case: Complaint, pace: Pace, at: datetime) -> datetime | None:
    """Answer it at ``at`` and take it as far towards its end as its pace allows; the demonstration
    shows every stage. When the customer is heard last; None where it has not come so far."""
    by = case.accountable
    if by is None or at >= pace.now:
        return None
    try:
        return _end(case, pace, by, at) if case.answered_at is None else _hear(case, pace, by, at)
    except Refusal:
        # Somebody was recused, moved on or merged it meanwhile: it stays where it is.
        return None


def _end(case: Complaint, pace: Pace, by: Person, at: datetime) -> datetime | None:
    letter = _submitted(case, pace.rng, by, at)
    case.refresh_from_db()
    read_at = pace.soon(case, at, hours=12)
    if read_at is None or not _granted(case, by, read_at):
        return None
    proof = f"EMS {pace.rng.randrange(10**12, 10**13)}"
    send(letter, way="letter", proof=proof, by=by, at=read_at)
    case.refresh_from_db()
    return _hear(case, pace, by, read_at)


def _submitted(case: Complaint, rng: Random, by: Person, at: datetime) -> Letter:
    """Planned as its tier asks, looked into, and written up for the second pair of eyes."""
    if case.planned_at is None and case.tier == "urgent":
        form_task_force(case, head=by, members=[], plan=PLAN, by=by, at=at)
    elif case.planned_at is None and case.tier == "complex":
        agree_plan(case, plan=PLAN, coaches=False, by=by, at=at)
    fault = rng.choice(FAULTS)
    liable = "" if fault == "none" else "受理网点"
    investigate(case, findings=FOUND, fault=fault, liable=liable, by=by, at=at)
    finding, words = rng.choice(FINDINGS)
    letter = _written(case, words, by, at)
    remedy = Decimal(rng.randrange(1, 9) * 50) if finding in {"upheld", "partly"} else None
    submit(letter, finding=finding, remedy=remedy, by=by, at=at, reason=DEPARTING)
    return letter


def _granted(case: Complaint, by: Person, at: datetime) -> bool:
    """Read by the first colleague of the desk who may, else by the branch's supervisor."""
    request = Approval.objects.waiting().get(complaint=case)
    others = Desks(at).staff(case.desk) if case.desk else []
    for approver in (*others, supervisor(case, by, at)):
        if approver is None or approver == by:
            continue
        try:
            grant(request, words="", by=approver, at=at)
        except CannotDecide:
            # A teller claims at the desk and may not approve there.
            continue
        return True
    return False


def _hear(case: Complaint, pace: Pace, by: Person, at: datetime) -> datetime | None:
    """Somebody of the hotline asks; most are satisfied, some are not and are heard again."""
    caller = Post.objects.filter(role="agent").select_related("person").order_by("pk").first()
    heard_at = pace.soon(case, at, hours=30)
    if caller is None or heard_at is None:
        return None
    settle(case, by=by, at=heard_at)
    said = pace.rng.choices(["yes", "unreached", "no"], [7, 2, 1])[0]
    note = "钱还没有到账" if said == "no" else ""
    call_back(case, satisfied=said, note=note, by=caller.person, at=heard_at)
    if said != "no":
        close(case, by=by, at=heard_at)
    return heard_at


def _written(case: Complaint, words: str, by: Person, at: datetime) -> Letter:
    letter = draft(case, kind="decision", by=by, at=at)
    told = iter((words, FOUND, BASIS))
    revise(letter, body=GAP.sub(lambda gap: next(told), letter.body), by=by, at=at)
    return letter


def supervisor(case: Complaint, by: Person | None, at: datetime) -> Person | None:
    """Who supervises the case's branch, and is not the one who asks."""
    orgs = [int(token[2:]) for token in case.seen_by if token.startswith("o:")]
    posts = Post.objects.held_at(at).filter(role="supervisor", org__in=orgs).exclude(person=by)
    found = posts.select_related("person").order_by("pk").first()
    return found.person if found else None
