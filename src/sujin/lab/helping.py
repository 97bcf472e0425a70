"""Who helped whom in the demonstration: experts called, liaison officers asked, nudges, orders."""

from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from sujin.complaints.acts.call_help import ask_liaison, call_expert
from sujin.complaints.acts.confer import give_opinion
from sujin.complaints.acts.press import oversee, urge
from sujin.complaints.desks import Desks
from sujin.complaints.models import Complaint
from sujin.lab.cast import QIN_LAN, TIAN_YE
from sujin.platform.acts.stand_in import go_away
from sujin.platform.models import Person, Post
from sujin.platform.refusal import Refusal

ANSWERS = (
    "可以按协议第八条减免，话术见业务口径；请先核对签约影像。",
    "系统确有延迟，科技部门已确认，退款明日到账。",
    "不属于收费错误，请向客户说明计费周期，必要时我来通话。",
)
CASES_MAX = 60


def help_along(*, seed: int, now: datetime) -> None:
    """Help with some of the open cases; all of it lies before ``now``."""
    rng = Random(seed + 7)  # noqa: S311 - a demonstration, not a secret
    cases = Complaint.objects.open().filter(kind="complaint", claimed_at__isnull=False)
    for case in cases.select_related("desk", "origin", "accountable").order_by("-pk")[:CASES_MAX]:
        try:
            _help(case, rng, now)
        except Refusal:
            # Somebody else was asked meanwhile, or nobody is there: the demonstration goes on.
            continue
    _somebody_is_away(now)


def _help(case: Complaint, rng: Random, now: datetime) -> None:
    by, last = case.accountable, case.entries.latest("at").at
    if by is None or by.is_service:
        return
    at = min(last + timedelta(hours=1 + rng.random() * 3), now - timedelta(minutes=5))
    die = rng.random()
    if die < 0.35:
        _call_expert(case, rng, by=by, at=at, now=now)
    elif die < 0.5:
        _ask_liaison(case, rng, by=by, at=at, now=now)
    elif die < 0.65:
        _press(case, rng, at)


def _call_expert(case: Complaint, rng: Random, *, by: Person, at: datetime, now: datetime) -> None:
    expert = Desks(at).experts(case.origin, case.line)[0]
    call_expert(case, expert=expert, question="请帮助判断能否减免。", by=by, at=at)
    answered_at = at + timedelta(hours=rng.expovariate(1 / 1.2))
    if answered_at < now and rng.random() < 0.85:
        give_opinion(case, answer=rng.choice(ANSWERS), by=expert.person, at=answered_at)


def _ask_liaison(case: Complaint, rng: Random, *, by: Person, at: datetime, now: datetime) -> None:
    branch = Desks(at).branch_of(case.origin)
    if branch is None:
        return
    ask_liaison(case, branch=branch, question="请约客户到网点当面沟通。", by=by, at=at)
    answered_at = at + timedelta(hours=rng.expovariate(1 / 3))
    officer = case.assignments.open().get(step="liaison").person
    if officer is not None and answered_at < now and rng.random() < 0.8:
        give_opinion(case, answer="已约好明天上午十点，在网点会客室。", by=officer, at=answered_at)


def _press(case: Complaint, rng: Random, at: datetime) -> None:
    """The branch's supervisor asks to hurry, or orders a report."""
    branch = Desks(at).branch_of(case.origin)
    posts = Post.objects.on_duty_at(at).filter(org=branch, role="supervisor")
    found = posts.select_related("person").order_by("pk").first()
    if found is None:
        return
    if rng.random() < 0.7:
        urge(case, words="客户再次来电询问进展，请尽快联系。", by=found.person, at=at)
    else:
        oversee(case, demand="请说明进展和预计答复时间。", by=found.person, at=at)


def _somebody_is_away(now: datetime) -> None:
    """One liaison officer is on leave, and her deputy stands in."""
    people = Person.objects.in_bulk([TIAN_YE.staff_no, QIN_LAN.staff_no], field_name="staff_no")
    officer, deputy = people[TIAN_YE.staff_no], people[QIN_LAN.staff_no]
    today = timezone.localdate(now)
    if officer.absences.from_now(now).exists():
        return
    go_away(
        officer,
        deputy=deputy,
        since=today,
        until=today + timedelta(days=4),
        because="年休假",
        by=officer,
        at=now,
    )
