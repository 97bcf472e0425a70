"""A small bank in which everything that moves the ball happens, told by the acts themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sujin.complaints.acts import pause as timing
from sujin.complaints.acts.annotate import annotate
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.confer import agree_plan, ask_departments, form_task_force, give_opinion
from sujin.complaints.acts.go_on import go_on_without, overdue_for
from sujin.complaints.acts.hand_over import accept, decline, hand_over
from sujin.complaints.acts.merge import merge, unmerge
from sujin.complaints.acts.promise import keep, release
from sujin.complaints.acts.receive import receive
from sujin.complaints.acts.recuse import recuse
from sujin.complaints.acts.respond import respond
from sujin.complaints.acts.withdraw import reinstate, withdraw
from sujin.complaints.desks import Desks
from sujin.complaints.draft import CaseKind, Draft, Lane, Outcome, PartyDraft, RegulatorDraft
from sujin.complaints.models import Complaint
from sujin.lab import cast as stage
from sujin.lab.endings import end
from sujin.lab.pace import Pace
from sujin.platform import reach
from sujin.platform.models import Org, Person
from sujin.platform.refusal import Refusal

TEXTS = (
    "我的信用卡在网点办理时被多收了300元年费，要求退还。",
    "信用卡被扣300元年费，再不退费我就打12378投诉。",
    "理财产品到期少给了收益1200元，要求说明。",
    "手机银行转账五千元没有到账，请尽快处理。",
)
DOORS = ("counter", "counter", "hotline", "web_form", "regulator")
HANDS = (stage.OUTLET_A, stage.BRANCH2_A, stage.BRANCH_A, stage.BRANCH2_B, "HO-CARD", "HO-PERSONAL")
Step = Callable[["Walk", Complaint, Person, datetime], None]


class Walk:
    """Cases that go astray in every way, the same ones for the same seed."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.rng = Random(seed)
        self.now = now
        self.people = {
            spec.staff_no: Person.objects.get(staff_no=spec.staff_no) for spec in stage.CAST
        }

    def go(self, count: int) -> None:
        for number in range(count):
            self.one(number)

    def one(self, number: int) -> None:
        at = self.now - timedelta(hours=self.rng.uniform(1, 24 * 58))
        case = self._told(number, at)
        self._stand_aside(case, number, at)
        for _step in range(self.rng.randrange(1, 9)):
            at += timedelta(hours=self.rng.expovariate(1 / 15))
            case.refresh_from_db()
            if at >= self.now:
                return
            step = self.rng.choice(STEPS)
            try:
                step(self, case, case.accountable or self.people["100104"], at)
            except Refusal:
                continue
        if self.rng.random() < 0.6:
            case.refresh_from_db()
            self._end(case, at + timedelta(hours=self.rng.expovariate(1 / 10)))

    def _told(self, number: int, at: datetime) -> Complaint:
        door = self.rng.choice(DOORS)
        told = f"{self.rng.choice(TEXTS)}（{number}）"
        origin = self.rng.choice((stage.OUTLET_A, stage.OUTLET_A, stage.OUTLET_B))
        letter = None
        if door == "regulator":
            letter = RegulatorDraft("12378", f"转〔2026〕{number}号", None, None)
        over = Outcome("explanation", at + timedelta(days=3)) if number % 17 == 0 else None
        draft = Draft(
            door,
            told,
            at - timedelta(minutes=30 if door == "web_form" else 0),
            origin,
            kind=CaseKind.CONSULTATION if number % 13 == 5 else CaseKind.COMPLAINT,
            lane=Lane.REGULATOR if letter else Lane.ORDINARY,
            parties=(PartyDraft(name="张伟", phone=f"139{number:08d}"),),
            regulator=letter,
            outcome=over,
        )
        by = self.people["100108" if origin == stage.OUTLET_B else "100101"]
        return Complaint.objects.get(pk=receive(draft, by=by, at=at).complaint.pk)

    def _stand_aside(self, case: Complaint, number: int, at: datetime) -> None:
        """Every ninth time whoever answers for it, unless the case is in their hands. Counted and
        not by chance, so that the rest of the walk is what it was."""
        by = case.accountable
        if number % 9 == 4 and by and case.is_open and case.claimed_at is None:
            recuse(case, person=by, because="当事人是亲属", by=by, at=at)

    def staff(self, desk: Org | None, at: datetime) -> Person | None:
        found = Desks(at).staff(desk) if desk else []
        return self.rng.choice(sorted(found, key=lambda one: one.staff_no)) if found else None

    def _end(self, case: Complaint, at: datetime) -> None:
        if case.is_open and case.accountable and case.kind == "complaint":
            if case.paused_at:
                timing.resume(case, because="材料已到", by=case.accountable, at=at)
                case.refresh_from_db()
            _go_on(case, case.accountable, at)
            end(case, Pace(self.rng, self.now, is_late=False), at)


def _claim(walk: Walk, case: Complaint, by: Person, at: datetime) -> None:
    claim(case, by=walk.staff(case.desk, at) or by, at=at)


def _respond(walk: Walk, case: Complaint, by: Person, at: datetime) -> None:
    respond(case, way="phone", note="已联系客户", by=by, at=at)
    for owed in case.promises.open():
        if walk.rng.random() < 0.7:
            keep(owed, how="已回电", by=by, at=at)
        elif walk.rng.random() < 0.3:
            release(owed, because="客户说不必再回", by=by, at=at)


def _annotate(walk: Walk, case: Complaint, by: Person, at: datetime) -> None:
    annotate(case, note="已调取流水", by=by, at=at)


def _hand_over(walk: Walk, case: Complaint, by: Person, at: datetime) -> None:
    to = Org.objects.get(code=walk.rng.choice(HANDS))
    hand_over(
        case,
        to=to,
        because="请办理",
        told="已告诉客户由谁接着办",
        promised_at=at + timedelta(hours=walk.rng.uniform(4, 60)),
        by=by,
        at=at,
    )
    taker = walk.staff(to, at)
    later = at + timedelta(hours=walk.rng.expovariate(1 / 6))
    if taker is None or later >= walk.now or walk.rng.random() < 0.15:
        return
    if walk.rng.random() < 0.35:
        decline(case, because="不属本部门", by=taker, at=later)
    else:
        accept(case, by=taker, at=later)


def _pause(walk: Walk, case: Complaint, by: Person, at: datetime) -> None:
    rules = timing.causes(case)
    cause = sorted(rules)[0] if rules else "none"
    timing.pause(case, cause=cause, consent=True, because="等材料", by=by, at=at)
    later = at + timedelta(hours=walk.rng.expovariate(1 / 30))
    if later < walk.now and walk.rng.random() < 0.8:
        timing.resume(case, because="材料已到", by=by, at=later)


def _opinion(walk: Walk, case: Complaint, by: Person, at: datetime) -> None:
    card = Org.objects.get(code="HO-CARD")
    ask_departments(case, desks=[card], question="责任在谁？", by=by, at=at)
    later = at + timedelta(hours=walk.rng.expovariate(1 / 20))
    giver = walk.staff(card, later)
    if giver and later < walk.now:
        _go_on(case, by, later)
        give_opinion(case, answer="可退", by=giver, at=later)
        coaches = not case.assignments.open().filter(step="coached").exists()
        agree_plan(case, plan="退费并道歉", coaches=coaches, by=by, at=later)


def _go_on(case: Complaint, by: Person, at: datetime) -> None:
    """Nothing that is overdue is waited for; what comes later comes late."""
    for late in overdue_for(case, reach.of(by, at), at):
        go_on_without(case, assignment=late.pk, because="等不到", by=by, at=at)


def _coached(walk: Walk, case: Complaint, by: Person, at: datetime) -> None:
    giver = walk.staff(case.origin, at)
    if giver:
        give_opinion(case, answer="已按方案联系客户", by=giver, at=at)


def _force(walk: Walk, case: Complaint, by: Person, at: datetime) -> None:
    if walk.rng.random() < 0.3:
        head = walk.people["100106"]
        form_task_force(case, head=head, members=[], plan="上门说明", by=by, at=at)


def _withdraw(walk: Walk, case: Complaint, by: Person, at: datetime) -> None:
    if walk.rng.random() < 0.4:
        withdraw(case, because="客户来电撤回", by=by, at=at)
        later = at + timedelta(hours=5)
        if walk.rng.random() < 0.5 and later < walk.now:
            reinstate(case, because="登记错件", by=by, at=later)


def _merge(walk: Walk, case: Complaint, by: Person, at: datetime) -> None:
    others: Any = Complaint.objects.open().filter(received_at__lt=at).exclude(pk=case.pk)
    alike = others.filter(kind=case.kind, lane=case.lane, tier=case.tier)
    into = alike.filter(received_at__lte=case.received_at).order_by("pk").first()
    if into is None or into.entries.filter(at__gt=at).exists():
        return
    Complaint.objects.filter(pk__in=[case.pk, into.pk]).update(customer_keys=[])
    merge(case, into=into, because="同一事项", identity="来电核对过卡号", by=by, at=at)
    later = at + timedelta(hours=8)
    if walk.rng.random() < 0.6 and later < walk.now:
        unmerge(case, because="并错了", by=by, at=later)


def _restart(walk: Walk, case: Complaint, by: Person, at: datetime) -> None:
    if walk.rng.random() < 0.3:
        timing.restart(case, material_at=at, because="新证据", by=by, at=at)


STEPS: tuple[Step, ...] = (
    _claim, _claim, _claim, _respond, _respond, _annotate, _hand_over, _hand_over, _hand_over,
    _pause, _pause, _opinion, _coached, _force, _withdraw, _merge, _restart,
)  # fmt: skip
