"""How some of it ended: planned, looked into, answered by letter, called back, closed."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from sujin.complaints.acts.close import call_back, close
from sujin.complaints.acts.confer import agree_plan, form_task_force
from sujin.complaints.acts.decide import grant
from sujin.complaints.acts.investigate import investigate
from sujin.complaints.acts.reply import draft, revise, send, submit
from sujin.complaints.desks import Desks
from sujin.complaints.models import Approval, Complaint, Letter
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


def end(case: Complaint, rng: Random, *, by: Person, at: datetime, now: datetime) -> None:
    """Take the case as far towards its end as time allows; the demonstration shows every stage."""
    others = [person for person in Desks(at).staff(case.desk) if person != by] if case.desk else []
    try:
        _end(case, rng, others, by=by, at=at, now=now)
    except Refusal:
        # Somebody was recused, moved on or merged it meanwhile: it stays where it is.
        return


def _end(
    case: Complaint,
    rng: Random,
    others: list[Person],
    *,
    by: Person,
    at: datetime,
    now: datetime,
) -> None:
    if at >= now:
        return
    if case.tier == "urgent":
        form_task_force(case, head=by, members=[], plan=PLAN, by=by, at=at)
    elif case.tier == "complex":
        agree_plan(case, plan=PLAN, coaches=False, by=by, at=at)
    fault = rng.choice(FAULTS)
    liable = "" if fault == "none" else "受理网点"
    investigate(case, findings=FOUND, fault=fault, liable=liable, by=by, at=at)
    finding, words = rng.choice(FINDINGS)
    letter = _written(case, words, by, at)
    remedy = Decimal(rng.randrange(1, 9) * 50) if finding in {"upheld", "partly"} else None
    submit(letter, finding=finding, remedy=remedy, by=by, at=at, reason=DEPARTING)
    approver = others[0] if others else _supervisor(case, by, at)
    read_at = at + timedelta(hours=rng.expovariate(1 / 12))
    if approver is None or read_at >= now:
        return
    grant(Approval.objects.waiting().get(complaint=case), words="", by=approver, at=read_at)
    send(letter, way="letter", proof=f"EMS {rng.randrange(10**12, 10**13)}", by=by, at=read_at)
    heard_at = read_at + timedelta(hours=rng.expovariate(1 / 30))
    _hear(case, rng, by=by, at=heard_at, now=now)


def _hear(case: Complaint, rng: Random, *, by: Person, at: datetime, now: datetime) -> None:
    """Somebody of the hotline asks; most are satisfied, some are not and are heard again."""
    caller = Post.objects.filter(role="agent").select_related("person").order_by("pk").first()
    if caller is None or at >= now:
        return
    said = rng.choices(["yes", "unreached", "no"], [7, 2, 1])[0]
    note = "钱还没有到账" if said == "no" else ""
    call_back(case, satisfied=said, note=note, by=caller.person, at=at)
    if said != "no":
        close(case, by=by, at=at)


def _written(case: Complaint, words: str, by: Person, at: datetime) -> Letter:
    letter = draft(case, kind="decision", by=by, at=at)
    told = iter((words, FOUND, BASIS))
    revise(letter, body=GAP.sub(lambda gap: next(told), letter.body), by=by, at=at)
    return letter


def _supervisor(case: Complaint, by: Person, at: datetime) -> Person | None:
    orgs = [int(token[2:]) for token in case.seen_by if token.startswith("o:")]
    posts = Post.objects.held_at(at).filter(role="supervisor", org__in=orgs).exclude(person=by)
    found = posts.select_related("person").order_by("pk").first()
    return found.person if found else None
