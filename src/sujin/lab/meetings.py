"""Some were met in person, some asked for a review, some were shared between bank and company."""

from datetime import datetime, timedelta
from random import Random

from sujin.complaints.acts import review, share
from sujin.complaints.acts.hold import check_avoidance, hold
from sujin.complaints.acts.meet import book
from sujin.complaints.desks import Desks
from sujin.complaints.models import Complaint, Review, Session
from sujin.complaints.sides import Entities
from sujin.platform.models import Entry, Org, Person, Post
from sujin.platform.organisation import BANK, OrgKind
from sujin.platform.refusal import Refusal

SITTINGS, REVIEWS, SHARES = 24, 4, 6
RISKS = {
    "onsite": "客户说办不好就不离开网点",
    "regulator": "客户表示要向监管部门反映",
    "media": "客户表示要发到网上",
    "none": "",
}
WAYS = ("phone", "video", "onsite")
OUTCOMES = {
    "agreed": "三日内退回费用，书面说明收费依据",
    "partly": "先退一半，其余待核对流水后答复",
    "not_agreed": "",
}
MINUTES = "向客户说明了收费依据和核对结果，听取了客户的要求，客户补充了办理时的情况。"
DISPUTED = "答复没有说明为什么按这个标准收费，请上级核查。"
REASONS = "经核查，办理过程完整，期限没有超过，收费有合同约定，处理结果适当。"
ASK = "请核对产品说明书和风险揭示，说明收益计算办法。"


def meet(*, seed: int, now: datetime) -> None:
    """Continue the story of open and closed cases; all of it lies before ``now`` or is booked."""
    rng = Random(seed)  # noqa: S311 - a demonstration, not a secret
    held = Complaint.objects.open().filter(claimed_at__isnull=False, kind="complaint")
    rows = held.exclude(pack="cfpb").select_related("desk", "accountable", "origin")
    cases = list(rows.order_by("received_at", "pk"))
    # Old ones have had the time for a check, young ones are still to be met.
    for number, case in enumerate([*cases[: SITTINGS // 2], *cases[-SITTINGS // 2 :]]):
        _try(_sit_down, case, rng, number, now)
    for number, case in enumerate(cases[1::5][:SHARES]):
        _try(_divide, case, rng, number, now)
    closed = Complaint.objects.filter(closed_at__isnull=False, answered_at__isnull=False)
    for number, case in enumerate(closed.order_by("-closed_at")[:REVIEWS]):
        _try(_appeal, case, rng, number, now)


def _try(act, case: Complaint, rng: Random, number: int, now: datetime) -> None:  # type: ignore[no-untyped-def]
    try:
        act(case, rng, number, now)
    except Refusal:
        # The rules allow no more of it for this case: the story leaves it as it is.
        return


def _sit_down(case: Complaint, rng: Random, number: int, now: datetime) -> None:
    at, by = _after(case), case.accountable
    if by is None or at >= now:
        return
    starts_at = at + timedelta(hours=rng.randrange(3, 30))
    session = _arrange(case, number, by, starts_at, at=at)
    done_at = starts_at + timedelta(hours=1)
    if done_at < now and number % 5:
        _write(session, rng, by, done_at)
        _look_back(session, by, now)


def _arrange(
    case: Complaint, number: int, by: Person, starts_at: datetime, *, at: datetime
) -> Session:
    three = number % 3 == 0
    companies = list(Org.objects.filter(kind=OrgKind.COMPANY)[:1]) if three else []
    risk = list(RISKS)[number % len(RISKS)]
    return book(
        case,
        kind="three_party" if three else "direct",
        way=WAYS[number % len(WAYS)],
        starts_at=starts_at,
        minutes_planned=45,
        place="",
        host=by,
        orgs=companies,
        persons=[],
        guests=[],
        consent=True,
        risk=risk,
        risk_words=RISKS[risk],
        by=by,
        at=at,
    )


def _write(session: Session, rng: Random, by: Person, at: datetime) -> None:
    outcome = rng.choices(list(OUTCOMES), [5, 3, 2])[0]
    came = [pk for pk in session.invited.values_list("pk", flat=True) if rng.random() < 0.9]
    hold(
        session,
        held_at=session.starts_at,
        attended=came,
        minutes=MINUTES,
        outcome=outcome,
        plan=OUTCOMES[outcome],
        follow_ups=[],
        by=by,
        at=at,
    )


def _look_back(session: Session, by: Person, now: datetime) -> None:
    session.refresh_from_db()
    due = session.check_due_at
    if due is not None and due < now:
        words = "观察期内无转办、无再次来电，已电话核实客户满意。"
        check_avoidance(session, avoided="yes", evidence=words, by=by, at=due + timedelta(hours=2))


def _divide(case: Complaint, rng: Random, number: int, now: datetime) -> None:
    at, by, entities = _after(case), case.accountable, Entities()
    company = Org.objects.filter(kind=OrgKind.COMPANY).first()
    if by is None or company is None or at >= now or entities.holder(case) != BANK:
        return
    share.share(
        case,
        company=company,
        ask=ASK,
        part_bank="销售过程和客户适当性",
        part_company="产品说明和收益计算",
        percent_bank=rng.randrange(4, 9) * 10,
        by=by,
        at=at,
    )
    later, staff = at + timedelta(hours=5), Desks(at).staff(company)
    if later >= now or not staff or not number % 3:
        return
    if number % 3 == 1:
        share.agree_split(case, words="按此办理", by=staff[0], at=later)
    else:
        share.dispute_split(case, because="产品说明没有问题，责任在销售", by=staff[0], at=later)


def _appeal(case: Complaint, rng: Random, number: int, now: datetime) -> None:
    at = _after(case) + timedelta(hours=rng.randrange(2, 20))
    by = case.accountable
    if by is None or at >= now:
        return
    review.ask(case, words=DISPUTED, by=by, at=at)
    found = Review.objects.select_related("desk").get(complaint=case)
    later = at + timedelta(days=2)
    posts = Post.objects.held_at(later).filter(org=found.desk, role="supervisor")
    judge = posts.select_related("person").first()
    if judge is not None and later < now and number % 2:
        review.decide(
            case,
            verdict="upheld_decision",
            reasons=REASONS,
            way="letter",
            proof=f"EMS {rng.randrange(10**12, 10**13)}",
            by=judge.person,
            at=later,
        )


def _after(case: Complaint) -> datetime:
    """The moment after what is on the docket already."""
    latest = Entry.objects.about(case.subject, [case.pk]).order_by("-at").values_list("at")[0][0]
    return latest + timedelta(hours=1)
