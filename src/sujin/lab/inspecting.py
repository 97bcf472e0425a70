"""The story's inspections: a plan of the quarter before that is over, one that runs, lists being
mended, an accountability under appeal; and the stars of the last two months."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from sujin.lab.cast import LI_JIANGUO, LIN_LAN, ZHENG_GANG, ZHOU_TAO
from sujin.lab.circumstance import ZONE
from sujin.lab.dice import dice
from sujin.platform.acts.organise import system_person
from sujin.platform.files import Checked
from sujin.platform.models import Org, Person, Post
from sujin.supervision.acts.ask_recording import ask_recording
from sujin.supervision.acts.carry_inspection import (
    Note,
    keep_photo,
    note_marks,
    submit_inspection,
)
from sujin.supervision.acts.draw_plan import draw_plan
from sujin.supervision.acts.hold_accountable import (
    answer_accountability,
    appeal_accountability,
    decide_accountability,
    open_accountability,
)
from sujin.supervision.acts.rate_units import publish_stars, rate_units
from sujin.supervision.acts.rectify import answer_shortcoming, mend_shortcoming
from sujin.supervision.acts.run_plan import end_plans
from sujin.supervision.inspectionbook import checklist
from sujin.supervision.kinds import inspection as kinds
from sujin.supervision.models import Inspection, InspectionPlan, Shortcoming
from sujin.supervision.starbook import schemes

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOON = time(12, tzinfo=ZONE)
# Plans: sort, name, drawn so many days ago, running so many, visits.
BEFORE = ("flight", "三季度飞行检查", 130, 40, 40)
SECRET = ("mystery", "神秘人暗访", 60, 45, 24)
NOW = ("cross", "交叉检查", 5, 40, 24)
BAD = 0.1  # of an ordinary outlet's items; three times as many of every sixth outlet
MENDED, ANSWERED = 0.6, 0.8
RATED = 6  # months
SIGNED = "已核对来源和区间，同意公布"
WORDS = {
    "service": "等了十分钟没有人来问",
    "complaints": "抽查的三件里有一件没有调查记录",
    "sales": "没有说明产品由谁发行、不保本",
    "access": "爱心座椅堆了宣传品",
    "data": "打印机旁留着客户的开户资料",
    "fraud": "大额转账没有问用途",
    "knowledge": "抽问的两人都没有看过最近一期指引",
}
PNG = b"\x89PNG\r\n\x1a\n" + b"demonstration"


def look_round(*, seed: int, now: datetime) -> None:
    """Loading it again adds nothing."""
    if InspectionPlan.objects.exists():
        return
    for told in (BEFORE, SECRET, NOW):
        _plan(told, seed, now)
    end_plans(by=system_person(), at=now - DAY)
    _mend(seed, now)
    _account(now)
    _rate(now)


def _plan(told: tuple[str, str, int, int, int], seed: int, now: datetime) -> None:
    sort, name, ago, days, visits = told
    at, lin = now - ago * DAY, Person.objects.get(staff_no=LIN_LAN.staff_no)
    first = timezone.localdate(at) + DAY
    plan = draw_plan(
        Org.objects.get(parent=None), name=name, sort=sort, first=first, last=first + days * DAY,
        visits=visits, by=lin, at=at, seed=dice("inspections", seed, name).getrandbits(60),
    )  # fmt: skip
    rows = plan.inspections.select_related("plan", "outlet", "inspector").order_by("day", "pk")
    for one in rows:
        done_at = _noon(one.day)
        if done_at < now:
            _inspect(one, seed, done_at)


def _noon(day: date) -> datetime:
    return datetime.combine(day, NOON)


def _inspect(one: Inspection, seed: int, at: datetime) -> None:
    rng = dice("inspection", seed, one.outlet.code, one.day)
    share = 3 * BAD if one.outlet_id % 6 == 0 else BAD
    by = one.inspector
    if by is None or rng.random() < 0.05:
        return
    notes, wrong = [], []
    for item in checklist(one.plan.sort):
        is_bad = rng.random() < share
        words = WORDS[item.area] if is_bad else ""
        mark = kinds.FAIL if is_bad else kinds.PASS
        notes.append(Note(UUID(int=rng.getrandbits(128)), item.code, mark, words, at))
        if is_bad and item.wants_photo(mark):
            wrong.append(item.code)
    note_marks(one, notes, by=by, at=at)
    for code in wrong:
        picture = Checked(f"{code}.png", "image/png", PNG)
        keep_photo(
            one, code, picture, key=UUID(int=rng.getrandbits(128)), taken_at=at, by=by, at=at
        )
    submit_inspection(one, by=by, at=at)


def _mend(seed: int, now: datetime) -> None:
    """Most lists are mended, some wait to be looked at, some for an echo."""
    managers = {
        post.org_id: post.person
        for post in Post.objects.filter(role="outlet_manager").select_related("person")
    }
    rows = Shortcoming.objects.select_related("outlet", "inspection__inspector")
    for one in rows.order_by("pk"):
        rng, manager = dice("mending", seed, one.pk), managers.get(one.outlet_id)
        turn, found = rng.random(), one.inspection.submitted_at
        if manager is None or found is None or one.inspection.inspector == manager:
            continue
        answered_at, seen_at = found + 3 * DAY, found + 6 * DAY
        if turn < ANSWERED and answered_at < now:
            papers = [Checked("整改.png", "image/png", PNG)]
            answer_shortcoming(
                one, answer="已改，晨会通报并指定专人每日检查", papers=papers, by=manager,
                at=answered_at,
            )  # fmt: skip
            if turn < MENDED and seen_at < now and one.inspection.inspector is not None:
                mend_shortcoming(
                    one, because="到场看过，已经改好", look="visit", by=one.inspection.inspector,
                    at=seen_at,
                )  # fmt: skip


def _account(now: datetime) -> None:
    """Somebody of the cast's outlet answers for something serious, and appeals; where the lots did
    not go there, nobody does."""
    rows = Shortcoming.objects.filter(state="mended")
    people = {one.staff_no: one for one in Person.objects.all()}
    manager = people[LI_JIANGUO.staff_no]
    there = Post.objects.get(person=manager, role="outlet_manager").org
    found = rows.filter(outlet=there).select_related("outlet", "inspection").first()
    if found is None or found.answered_at is None:
        return
    at = max(found.answered_at + 4 * DAY, now - 8 * DAY)
    made = open_accountability(
        found, person=manager, measure="remind", by=people[LIN_LAN.staff_no], at=at,
        evidence="同一问题晨会提醒过两次仍未改，晨会记录为证",
    )  # fmt: skip
    answer_accountability(made, words="承认检查不到位，已指定专人", by=manager, at=at + DAY)
    decide_accountability(
        made, measure="remind", because="事实清楚", by=people[ZHOU_TAO.staff_no], at=at + 2 * DAY
    )
    appeal_accountability(made, words="当周网点装修，公示牌被拆下", by=manager, at=at + 3 * DAY)
    since = now - 3 * DAY
    if found.inspection.inspector is not None:
        ask_recording(
            found.inspection, camera="大堂东侧", since=since, until=since + timedelta(hours=1),
            why="核对装修期间的公示情况", by=found.inspection.inspector, at=now - DAY,
        )  # fmt: skip


def _rate(now: datetime) -> None:
    """Of the last months the older rounds are signed, the last of each scheme waits for it."""
    zheng = Person.objects.get(staff_no=ZHENG_GANG.staff_no)
    months = [timezone.localdate(now).replace(day=1) - DAY]
    while len(months) < RATED:
        months.append(months[-1].replace(day=1) - DAY)
    for scheme in schemes().values():
        due = [one for one in reversed(months) if one.month % scheme.every == 0]
        for month in due:
            made = rate_units(scheme, month, by=system_person(), at=now - HOUR)
            if month != due[-1]:
                publish_stars(made, words=SIGNED, by=zheng, at=now - HOUR)
