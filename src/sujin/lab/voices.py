"""The story's voices: proposals of staff and customers in every state, one of them measured; a
panel that met twice; and three outreaches, of which one has its verdict."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from django.utils import timezone

from sujin.complaints.models import Complaint
from sujin.governance.kinds import ledger
from sujin.governance.models import Measure
from sujin.lab.cast import BRANCH_A, CHEN_LI, LIN_LAN, WANG_XIUYING, ZHENG_GANG, ZHOU_TAO
from sujin.lab.circumstance import ZONE
from sujin.lab.dice import dice
from sujin.platform import reach
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Person
from sujin.supervision import topics
from sujin.supervision.acts.assess_proposal import (
    adopt_proposal,
    assess_proposal,
    decline_proposal,
)
from sujin.supervision.acts.carry_proposal import (
    award_proposal,
    carry_out_proposal,
    grantable,
    tie_measure,
)
from sujin.supervision.acts.hold_outreach import hold_outreach, judge_outreaches, plan_outreach
from sujin.supervision.acts.submit_proposal import (
    SUGGESTION,
    Draft,
    join_proposal,
    submit_proposal,
)
from sujin.supervision.acts.walk_through import (
    Ballot,
    answer_walkthrough,
    open_walkthrough,
    take_session,
    welcome_panelist,
)
from sujin.supervision.kinds.panel import BETTER, RATINGS, SAME, WORSE
from sujin.supervision.models import Outreach, Panelist, Proposal
from sujin.supervision.topics import Cell

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TEN = time(10, tzinfo=ZONE)
POINTS: Sequence[Mapping[str, int]] = (
    {"customer": 5, "source": 5, "doable": 4, "measurable": 4},
    {"customer": 5, "source": 4, "doable": 4, "measurable": 5},
    {"customer": 2, "source": 1, "doable": 2, "measurable": 1},
)
SEEN = "看了近两个月的投诉，说得在理"
DIFFERS = "说的不是同一个环节"
# Name, what, where it hurts, what it is good for, business.
IDEAS = (
    ("取号机显示预计等待时间", "取号屏上写大概还要等多久，可以先去办别的事",
     "客户排队不知道等多久，等急了吵起来", "排队类投诉变少", ""),
    ("贷款结清证明线上自助开", "手机银行里点一下就能下载结清证明，不用再跑网点",
     "开一张证明要跑两趟", "贷款证明类投诉变少", "loan"),
    ("账单分期写明总手续费", "分期页面用大字写一共付多少、折合年利率多少",
     "客户以为分期不收费，还了几期才发现", "分期收费类投诉变少", "card.credit"),
    ("存折补登机移到自助区外侧", "机器移到自助区，下班后也能补登",
     "老人白天排队只为补登存折", "老年客户少跑一趟", "savings"),
    ("听障客户用手写板沟通", "每个网点配一块手写板，柜员先写后说",
     "听不见的客户办一笔要半小时", "残障客户投诉变少", ""),
)  # fmt: skip
JOINED = "屏幕上和叫号条上都写大概还要等多久，客户可以先去办别的事"
NOTES = {
    BETTER: ("提前知道了，不慌", "这次一看就懂", ""), SAME: ("没有感觉", ""),
    WORSE: ("字太小，看不清", "短信太长"),
}  # fmt: skip
SEGMENTS = (
    "elderly",
    "elderly",
    "elderly",
    "elderly",
    "elderly",
    "county",
    "county",
    "young",
    "disabled",
)
SIGNED = "签了同意书，由网点保管"
WHY = "近半年这里 {among} 件投诉里有 {hits} 件属于这个主题，逐件看过，多是事先不知道"


def listen(*, now: datetime) -> None:
    """Loading it again adds nothing."""
    if Proposal.objects.exists() or Panelist.objects.exists():
        return
    measured = _measured(now)
    _proposed(now)
    _suggested(now)
    _walked(now, measured)
    if not Outreach.objects.exists():
        _reached_out(now)


def _measured(now: datetime) -> Proposal | None:
    """What the first measure with a good verdict came from: a proposal that stood before it."""
    rows = Measure.objects.filter(state=ledger.JUDGED).select_related("problem")
    found = rows.order_by("-verdict", "judged_at", "pk").first()
    if found is None or found.judged_at is None:
        return None
    lin, problem = _person(LIN_LAN.staff_no), found.problem
    then = found.declared_at - 3 * WEEK
    draft = Draft(
        name=problem.name, words=found.words, hurts="同样的投诉一再发生，客户事先不知道",
        expected="这类投诉明显变少", business=problem.business,
    )  # fmt: skip
    held = submit_proposal(draft, by=_person(WANG_XIUYING.staff_no), at=_at(then - WEEK))
    _assessed(held, 0, then)
    adopt_proposal(held, because="投诉多、做得到，列入整改", by=lin, at=then + 2 * DAY)
    tie_measure(held, measure=found, by=lin, at=found.declared_at + DAY)
    ended = min(found.judged_at + DAY, now)
    carry_out_proposal(held, words="已全面推行，制度和系统都改了", by=lin, at=ended)
    held.refresh_from_db()
    award_proposal(
        held, level=grantable(held)[-1].code, because="核验有结论，做法已推广", by=lin, at=ended
    )
    return held


def _proposed(now: datetime) -> None:
    """One in each state that staff write and answer."""
    teller, handler = _person(WANG_XIUYING.staff_no), _person(CHEN_LI.staff_no)
    made = [
        submit_proposal(
            Draft(*idea, differs=DIFFERS), by=(teller, handler)[at % 2],
            at=_at(now - (40 - 7 * at) * DAY),
        )
        for at, idea in enumerate(IDEAS)
    ]  # fmt: skip
    join_proposal(made[0], words=JOINED, by=handler, at=_at(now - 38 * DAY))
    lin = _person(LIN_LAN.staff_no)
    for at, held in enumerate(made[:3]):
        _assessed(held, at, now - (30 - at) * DAY)
    adopt_proposal(made[0], because="下季度先在二十家网点做", by=lin, at=_at(now - 20 * DAY))
    decline_proposal(
        made[2], because="系统年底整体更换，新系统里已有", by=lin, at=_at(now - 18 * DAY)
    )
    assess_proposal(made[3], points=POINTS[1], because=SEEN, by=lin, at=_at(now - 9 * DAY))


def _assessed(held: Proposal, at: int, then: datetime) -> None:
    for place, staff_no in enumerate((LIN_LAN.staff_no, ZHENG_GANG.staff_no)):
        points = POINTS[2] if at == 2 else POINTS[place]
        assess_proposal(
            held, points=points, because=SEEN, by=_person(staff_no), at=_at(then + place * DAY)
        )


def _suggested(now: datetime) -> None:
    """What a customer suggested, taken up by the analyst."""
    rows = Complaint.objects.filter(kind=SUGGESTION, received_at__lt=now - 2 * DAY)
    case = rows.order_by("-received_at", "-pk").first()
    if case is None:
        return
    draft = Draft(
        name="客户建议：办完业务当场告诉下一步",
        words="办完一笔，柜员当场说清下一步做什么、几天有结果",
        hurts="客户回家以后不知道还要不要再来", expected="催问类来电变少", business=case.business,
        differs=DIFFERS,
    )  # fmt: skip
    submit_proposal(draft, case=case, by=_person(LIN_LAN.staff_no), at=_at(now - DAY))


def _walked(now: datetime, measured: Proposal | None) -> None:
    """Nine people of branch A, and two sessions about the proposal that was measured."""
    zhou, then = _person(ZHOU_TAO.staff_no), now - 60 * DAY
    branch, day = Org.objects.get(code=BRANCH_A), timezone.localdate(then)
    people = [
        welcome_panelist(
            unit=branch, segment=segment, joined_on=day, consented_on=day, consent_how=SIGNED,
            by=zhou, at=_at(then),
        )
        for segment in SEGMENTS
    ]  # fmt: skip
    held = open_walkthrough(
        unit=branch, words="从前办完才知道，现在办之前当面说清：请看说得清不清", proposal=measured,
        by=zhou, at=_at(then + DAY),
    )  # fmt: skip
    for nth, seats in enumerate((people[:6], people[3:])):
        on = then + (3 + 14 * nth) * DAY
        take_session(
            held, held_on=timezone.localdate(on), ballots=_ballots(seats, nth), by=zhou, at=_at(on)
        )
    answer_walkthrough(
        held, words="告知单字号放大到四号，去掉代码和缩写", by=zhou, at=_at(then + 25 * DAY)
    )


def _ballots(people: Sequence[Panelist], nth: int) -> list[Ballot]:
    rng, votes = dice("voices", nth), (BETTER, BETTER, SAME, BETTER, WORSE, BETTER)
    return [
        Ballot(
            one.pk, vote, {code: rng.randint(2, 5) for code in RATINGS},
            rng.choice(NOTES[vote]),
        )
        for one, vote in zip(people, votes, strict=False)
    ]  # fmt: skip


def _reached_out(now: datetime) -> None:
    """One judged, one held, one to come."""
    lin = _person(LIN_LAN.staff_no)
    told = (
        ("elderly", "community", 22 * WEEK), ("young", "campus", 5 * WEEK),
        ("county", "village", 3 * DAY),
    )  # fmt: skip
    for segment, method, ago in told:
        then = now - ago
        cell = _chosen(_at(then))
        made = plan_outreach(
            topic=cell.topic.code, place=cell.place, segment=segment, method=method, by=lin,
            why=WHY.format(among=cell.among, hits=cell.hits),
            planned_on=timezone.localdate(then) + 10 * DAY, at=_at(then),
        )  # fmt: skip
        if ago > 4 * WEEK:
            hold_outreach(
                made, held_on=made.planned_on, reached=180, counted_how="签到表和发出的材料数",
                by=lin, at=_at(then + 11 * DAY),
            )  # fmt: skip
    judge_outreaches(by=system_person(), at=_at(now))


def _chosen(at: datetime) -> Cell:
    """As the page would have it then: what stands out and was not told yet, else what is most."""
    mine = reach.of(_person(LIN_LAN.staff_no), at)
    told = set(Outreach.objects.values_list("topic", flat=True))
    cells = topics.cells(topics.places(mine), timezone.localdate(at))
    left = [one for one in cells if one.topic.code not in told]
    return max(left, key=lambda one: (one.stands_out, one.hits))


def _person(staff_no: str) -> Person:
    return Person.objects.get(staff_no=staff_no)


def _at(moment: datetime) -> datetime:
    return datetime.combine(timezone.localdate(moment), TEN)
