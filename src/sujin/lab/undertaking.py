"""The story's programmes: twelve measures in four areas with their checks, of which some are done
and one is late; and a supervision notice that is being answered."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from sujin.governance.acts.run_programme import (
    accept_task,
    open_programme,
    remind_tasks,
    report_task,
    set_task,
    urge_task,
)
from sujin.governance.kinds.programme import NOTICE, PLAN
from sujin.governance.models import Programme, Task
from sujin.governance.models.problem import GOVERN
from sujin.knowledge.answering import above
from sujin.knowledge.desks import line_desks
from sujin.lab.cast import LIN_LAN, WU_TONG, ZHENG_GANG
from sujin.lab.circumstance import ZONE
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Person

DAY = timedelta(days=1)
AGO, NOTICED = 120 * DAY, 20 * DAY
TEN = time(10, tzinfo=ZONE)
# Area, what, whose line, days given, metric, target in its own unit.
MEASURES = (
    ("渠道畅通", "各网点公示投诉电话、地址和流程，95588 设投诉专键", "operations", 60, "", None),
    ("渠道畅通", "线上渠道投诉入口两步可达", "ebank", 90, "", None),
    ("渠道畅通", "首次联系客户不过一天", "operations", 180, "median_contact", 86_400.0),
    ("快办快结", "时限内答复不低于九成五", "consumer", 180, "in_limit", 0.95),
    ("快办快结", "九成投诉三十天内办结", "consumer", 180, "p90_days", 30 * 86_400.0),
    ("快办快结", "对客户的承诺，失约不过百分之五", "personal", 180, "missed", 0.05),
    ("源头治理", "重复投诉占比降到百分之五以下", "consumer", 365, "repeat", 0.05),
    ("源头治理", "每件办结的投诉都写清原因和可控环节", "consumer", 365, "caused", 0.99),
    ("源头治理", "信用卡收费调整前逐户告知", "card", 100, "", None),
    ("客户体验", "回访满意率不低于九成", "personal", 365, "satisfied", 0.90),
    ("客户体验", "适老化网点改造验收", "operations", 150, "", None),
    ("客户体验", "业务渠道、类别、原因三项分类齐全", "consumer", 365, "coded", 0.99),
)
DONE = {1: "公示照片已存，抽查 30 家网点一致；专键已上线", 2: "手机银行 8.3 版已上线，两步可达"}
SEEN = "看了照片和版本说明，另抽查五家网点，与回报一致"
LATE = 9
ASKED = "月底前没有回报，请说明卡在哪里"
REQUIREMENTS = (
    ("限额调整前以短信和柜面两种方式告知客户", "personal", 45, "", None),
    ("重复投诉占比明显下降", "consumer", 80, "repeat", 0.08),
)


def undertake(*, now: datetime) -> None:
    """Loading it again adds nothing."""
    if Programme.objects.exists():
        return
    lin, then = Person.objects.get(staff_no=LIN_LAN.staff_no), _at(now - AGO)
    plan = open_programme(name="服务提升十二条", sort=PLAN, by=lin, at=then)
    for area, words, line, given, metric, target in MEASURES:
        set_task(
            plan, area=area, words=words, owner=_owner(line), metric=metric, target=target,
            due_on=timezone.localdate(then) + given * DAY, by=lin, at=then,
        )  # fmt: skip
    _some_are_done(plan, then)
    urge_task(plan.tasks.get(number=LATE), because=ASKED, by=lin, at=_at(now - 5 * DAY))
    _notice(now)
    remind_tasks(by=system_person(), at=_at(now - DAY))


def _some_are_done(plan: Programme, then: datetime) -> None:
    zheng = Person.objects.get(staff_no=ZHENG_GANG.staff_no)
    for number, proof in DONE.items():
        task: Task = plan.tasks.get(number=number)
        desk = above(task.owner, GOVERN, then) if task.owner else []
        if desk:
            report_task(task, proof=proof, by=desk[0], at=then + 40 * DAY)
            accept_task(task, because=SEEN, by=zheng, at=then + 44 * DAY)


def _notice(now: datetime) -> None:
    wu, then = Person.objects.get(staff_no=WU_TONG.staff_no), _at(now - NOTICED)
    today = timezone.localdate(then)
    held = open_programme(
        name="关于限额管理类投诉的督查通知", sort=NOTICE, agency="某监管局",
        reference="督查〔示范〕3号", received_on=today, answer_by=today + 60 * DAY, by=wu, at=then,
    )  # fmt: skip
    for words, line, given, metric, target in REQUIREMENTS:
        set_task(
            held, area="", words=words, owner=_owner(line), metric=metric, target=target,
            due_on=today + given * DAY, by=wu, at=then,
        )  # fmt: skip


def _owner(line: str) -> Org:
    desks = line_desks()
    return desks.get(line) or desks[""]


def _at(moment: datetime) -> datetime:
    return datetime.combine(timezone.localdate(moment), TEN)
