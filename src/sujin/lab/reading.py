"""What was compiled, handed out, read and found wanting in the demonstration's last ten months."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from sujin.knowledge.acts.compile_issue import begin_issue, fill
from sujin.knowledge.acts.distribute import distribute
from sujin.knowledge.acts.draft import draft_next
from sujin.knowledge.acts.edit import edit
from sujin.knowledge.acts.measure_up import write_measure
from sujin.knowledge.acts.read import open_reading, take_quiz
from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.revise import begin_revision, give_feedback, leave_unchanged
from sujin.knowledge.acts.sign_issue import sign_issue
from sujin.knowledge.acts.submit import submit
from sujin.knowledge.audience import ALL_STAFF, STAFF, Audience
from sujin.knowledge.models import Acknowledgement, Distribution, Issue, Revision, Version
from sujin.knowledge.quiz import PART, Source, drawn, sources_of
from sujin.lab.cast import HE_JING, LIN_LAN, LIU_YANG, WANG_XIUYING, ZHENG_GANG
from sujin.lab.dice import dice
from sujin.platform.models import Org, Person, Post

CHAPTERS = (
    "场景问答",
    "应答口径",
    "应对指引与处理标准",
    "网点与预案",
    "告知、限制与防骗",
    "联系目录",
)
OF_FORM = {
    "scenario": 0, "line": 1, "guideline": 2, "standard": 2, "template": 2, "guide": 3,
    "preplan": 3, "notice": 4, "restriction": 4, "scam": 4, "contact": 5,
}  # fmt: skip
MEASURES = (
    "晨会用十分钟讲一遍，由当班大堂经理抽问；每周五复盘本周遇到的同类投诉。",
    "把“不要说”贴在柜台内侧，每天班前读一遍；遇到的先由网点负责人接待。",
    "两名新员工由老员工一对一带教，月底用小测题目再考一次。",
    "已把话术改成本网点常见的说法，报二级分行备案，从下周一起使用。",
)
SPOKEN = (
    ("refuses", "客户说这是套话，听完更生气，希望先给出查询结果再说规定"),
    ("missing", "没有讲到代办人持委托书来办的情形"),
    ("unclear", "第二步看不明白，要在哪个系统里查"),
    ("outdated", "系统菜单上个月改版，路径对不上了"),
    ("cannot", "网点没有这个查询权限，照着做不了"),
)


@dataclass(frozen=True, slots=True)
class Planned:
    """One issue of the past: how long ago, what it is, which forms of which lines it holds."""

    days_ago: int
    series: str
    name: str
    holds: tuple[str, ...]
    lines: tuple[str, ...] = ()


PLAN = (
    Planned(290, "compilation", "消费者投诉处理汇编", ()),
    Planned(200, "special", "防范电信网络诈骗专刊", ("scam", "notice", "restriction")),
    Planned(110, "handbook", "网点投诉处置手册", ("scenario", "guide", "contact")),
    Planned(40, "compilation", "消费者投诉处理汇编", ()),
    Planned(
        12,
        "special",
        "信用卡与手机银行投诉专刊",
        ("scenario", "line", "standard"),
        ("card", "ebank"),
    ),
)
# The last but one went to all branches, the last to so many of them.
FEWER = 4
# Who answers for a line in the demonstration.
OWNERS = {"personal": HE_JING, "card": LIU_YANG}
# Units of which nobody has opened it yet; people of the others who read, and who then pass.
REVISED, REVISED_ITEMS = timedelta(days=80), 4
MORE = "如果是别人替您来办，请带上委托书和双方证件，我一样帮您查。"
SILENT, READS, PASSES, WRITES = 0.12, 0.82, 0.86, 0.6


@transaction.atomic
def read_along(*, seed: int, now: datetime) -> None:
    """Five issues, the last two handed to the branches and read there; some feedback. What is in
    force on a day is in its issue; a day on which nothing was has none."""
    if Issue.objects.exists():
        return
    rng = dice("reading", seed)
    _revised(now)
    told = [made for plan in PLAN if (made := _compiled(plan, now)) is not None]
    branches = list(Org.objects.filter(kind="branch1").order_by("pk"))
    for issue, orgs in zip(told[-2:], (branches, branches[:FEWER]), strict=False):
        _handed_out(issue, orgs, rng, now)
    _spoken(rng, now)


def _person(staff_no: str) -> Person:
    return Person.objects.get(staff_no=staff_no)


def _compiled(plan: Planned, now: datetime) -> Issue | None:
    at = now - timedelta(days=plan.days_ago)
    by = _person(LIN_LAN.staff_no)
    served = Version.objects.served(Audience(STAFF), at).filter(orgs=[]).select_related("item")
    served = served.exclude(successor__staged_until__gt=at)
    rows = [one for one in served.order_by("item__line", "title", "pk") if _belongs(one, plan)]
    if not rows:
        return None
    desk = Org.objects.get(parent__parent__isnull=True, line="consumer", kind="department")
    made = begin_issue(
        series=plan.series, name=plan.name, chapters=CHAPTERS, org=desk, by=by, at=at
    )
    for nth in range(len(CHAPTERS)):
        if group := [one for one in rows if OF_FORM[one.item.form] == nth]:
            fill(made, group, chapter=nth, by=by, at=at)
    sign_issue(made, by=_person(ZHENG_GANG.staff_no), at=at + timedelta(hours=20))
    return Issue.objects.get(pk=made.pk)


def _belongs(version: Version, plan: Planned) -> bool:
    item = version.item
    is_about = not plan.lines or item.line in plan.lines
    return item.form in OF_FORM and is_about and (not plan.holds or item.form in plan.holds)


def _handed_out(issue: Issue, orgs: Sequence[Org], rng: Random, now: datetime) -> None:
    assert issue.signed_at is not None
    at = issue.signed_at + timedelta(hours=4)
    has_quiz = issue.lines.filter(version__parts__has_key=PART).exists()
    made = distribute(
        issue,
        orgs=orgs,
        read_by=(at + timedelta(days=14)).date(),
        wants_quiz=has_quiz,
        wants_measures=True,
        by=_person(LIN_LAN.staff_no),
        at=at,
    )
    sources = sources_of(made, ALL_STAFF, at)
    readings = list(made.readings.select_related("person", "unit").order_by("pk"))
    quiet = {unit for unit in _units(readings) if rng.random() < SILENT}
    for reading in readings:
        if reading.unit_id not in quiet and rng.random() < READS:
            _read(reading, sources, at, rng, now)
    _measured(made, quiet, at, rng, now)


def _units(readings: Iterable[Acknowledgement]) -> list[int]:
    return sorted({reading.unit_id for reading in readings})


def _read(
    reading: Acknowledgement, sources: Sequence[Source], at: datetime, rng: Random, now: datetime
) -> None:
    """Opened some day, and the quiz taken an hour later: passed, or failed and left."""
    opened = at + timedelta(days=rng.expovariate(1 / 5), hours=rng.random())
    if opened + timedelta(hours=1) >= now:
        return
    open_reading(reading, by=reading.person, at=opened)
    asked = drawn(reading, sources)
    if not asked:
        return
    knows = rng.random() < PASSES
    said = {one.name: str(one.right if knows or rng.random() < 0.5 else 0) for one in asked}
    take_quiz(reading, said, by=reading.person, at=opened + timedelta(minutes=40))


def _measured(
    made: Distribution, quiet: set[int], at: datetime, rng: Random, now: datetime
) -> None:
    managers = Post.objects.held_at(now).filter(role="outlet_manager").select_related("person")
    of_unit: Mapping[int, Post] = {post.org_id: post for post in managers.select_related("org")}
    for unit in _units(made.readings.all()):
        post = of_unit.get(unit)
        moment = at + timedelta(days=rng.uniform(2, 12))
        if post is None or unit in quiet or moment >= now or rng.random() > WRITES:
            continue
        write_measure(made, unit=post.org, words=rng.choice(MEASURES), by=post.person, at=moment)


def _spoken(rng: Random, now: datetime) -> None:
    """Some answers do not work at the counter: two owners have answered, the others still owe."""
    served = Version.objects.served(Audience(STAFF), now).filter(
        item__form="scenario", item__line__in=OWNERS
    )
    rows = list(served.select_related("item").order_by("item__code")[:60])
    tellers = list(Post.objects.held_at(now).filter(role="teller").select_related("person", "org"))
    if not rows or not tellers:
        return
    chosen = rng.sample(rows, min(len(rows), len(SPOKEN)))
    for nth, (version, (reason, words)) in enumerate(zip(chosen, SPOKEN, strict=False)):
        post = tellers[0] if nth == 0 else rng.choice(tellers)
        if nth == 0:
            post = next((one for one in tellers if _is_wang(one)), post)
        at = now - timedelta(days=24 - 5 * nth)
        task = give_feedback(
            version, reason=reason, words=words, org=post.org, by=post.person, at=at
        )
        _answered(task, nth, at)


def _answered(task: Revision, nth: int, at: datetime) -> None:
    by = _person(OWNERS[task.item.line].staff_no)
    if nth == 0:
        said = "先说查到的结果，再引规定；话术里已经是这个顺序，请按顺序说。"
        leave_unchanged(task, words=said, by=by, at=at + timedelta(days=3))
    elif nth == 1:
        said = "补上代办人的情形。"
        written = begin_revision(task, words=said, by=by, at=at + timedelta(days=2))
        edit(written, {"asks": [*written.asks, MORE]}, by=by, at=at + timedelta(days=3))
        _release(written, at + timedelta(days=4))


def _is_wang(post: Post) -> bool:
    return post.person.staff_no == WANG_XIUYING.staff_no


def _revised(now: datetime) -> None:
    """Some card answers were written anew a while ago: the next compilation says what changed."""
    at = now - REVISED
    rows = Version.objects.served(Audience(STAFF), at).filter(item__line="card")
    for version in rows.select_related("item").order_by("item__code")[:REVISED_ITEMS]:
        written = draft_next(
            version.item, because="补充代办情形", by=_person(LIU_YANG.staff_no), at=at
        )
        edit(
            written,
            {"parts": {**written.parts, "script": f"{written.parts.get('script', '')}\n{MORE}"}},
            by=written.drafted_by,
            at=at,
        )
        _release(written, at)


def _release(written: Version, at: datetime) -> None:
    submit(written, by=written.drafted_by, at=at)
    release(written, by=_person(ZHENG_GANG.staff_no), at=at + timedelta(hours=2))
