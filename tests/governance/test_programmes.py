"""Programmes and supervision notices: tasks with an owner, a day, a check over all cases, reminders
and another hand that accepts; and the guideline that a problem becomes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sujin.complaints.models import Complaint
from sujin.governance import errands
from sujin.governance.acts.draft_guideline import CannotDraftGuideline, draft_guideline
from sujin.governance.acts.run_programme import (
    CannotRun,
    accept_task,
    drop_task,
    end_programme,
    inform_task_owner,
    open_programme,
    remind_tasks,
    report_task,
    return_task,
    set_task,
    urge_task,
)
from sujin.governance.guidance import guideline_of
from sujin.governance.kinds import programme as kinds
from sujin.governance.models import Programme, Task
from sujin.governance.taskcheck import checked
from sujin.lab.cast import BRANCH_A
from sujin.platform import reach
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Notice, Org
from tests.governance.metric_town import settle
from tests.governance.test_ledger import caused, opened

SignedIn = Callable[[Any], Client]
DAY = timedelta(days=1)
WORDS = "柜面告知：每次调整限额前当面说明"
PROOF = "文号消保发 12 号，三十家网点照片在共享盘"
SEEN = "抽了十家网点，照片和制度一致"


def notice(cast: SimpleNamespace, at: datetime) -> Programme:
    return open_programme(
        name="关于限额管理投诉的督查通知", sort=kinds.NOTICE, agency="国家金融监督管理总局某监管局",
        reference="督查〔2026〕3号", received_on=timezone.localdate(at), by=cast.lin_lan, at=at,
    )  # fmt: skip


def task(cast: SimpleNamespace, held: Programme, at: datetime, **changes: Any) -> Task:
    told = {"area": "告知", "words": WORDS, "owner": Org.objects.get(code=BRANCH_A),
            "due_on": timezone.localdate(at) + 30 * DAY, **changes}  # fmt: skip
    made = set_task(held, **told, by=cast.lin_lan, at=at)
    made.refresh_from_db()
    return made


def test_a_notice_is_answered_task_by_task(cast: SimpleNamespace, noon: datetime) -> None:
    held = notice(cast, noon)
    one = task(cast, held, noon)
    inform_task_owner(one.entries.get())
    assert Notice.objects.filter(person=cast.zhou_tao).exists()
    asked = [item.wants for item in errands.tasks(reach.of(cast.zhou_tao, noon), noon)]
    assert asked == ["落实专项任务"]
    with pytest.raises(CannotRun, match="还有 1 项"):
        end_programme(held, because="已书面答复监管局", by=cast.lin_lan, at=noon)
    report_task(one, proof=PROOF, by=cast.zhou_tao, at=noon)
    assert [item.wants for item in errands.tasks(reach.of(cast.lin_lan, noon), noon)] == [
        "验收专项任务"
    ]
    return_task(one, because="两家网点没有照片", by=cast.lin_lan, at=noon + DAY)
    report_task(one, proof=PROOF, by=cast.zhou_tao, at=noon + 2 * DAY)
    accept_task(one, because=SEEN, by=cast.lin_lan, at=noon + 3 * DAY)
    end_programme(held, because="已书面答复监管局", by=cast.lin_lan, at=noon + 3 * DAY)
    held.refresh_from_db()
    assert (held.state, held.ended_at) == (kinds.ENDED, noon + 3 * DAY)
    told = [entry.kind for entry in one.entries.in_order()]
    assert told == ["task.set", "task.reported", "task.returned", "task.reported", "task.accepted"]


def test_what_is_refused_changes_nothing(cast: SimpleNamespace, noon: datetime) -> None:
    held = notice(cast, noon)
    one = task(cast, held, noon)
    before = one.entries.count()
    for act in (
        lambda: notice(cast, noon),
        lambda: task(cast, held, noon, due_on=timezone.localdate(noon)),
        lambda: task(cast, held, noon, words="短"),
        lambda: task(cast, held, noon, metric="in_limit"),
        lambda: set_task(held, area="", words=WORDS, owner=one.owner or Org(), due_on=one.due_on,
                         by=cast.zhou_tao, at=noon),
        lambda: report_task(one, proof=PROOF, by=cast.sun_qian, at=noon),
        lambda: report_task(one, proof="好", by=cast.zhou_tao, at=noon),
        lambda: accept_task(one, because=SEEN, by=cast.lin_lan, at=noon),
        lambda: drop_task(one, because="监管没有再问起来", by=cast.lin_lan, at=noon),
        lambda: urge_task(one, because="催", by=cast.lin_lan, at=noon),
        lambda: open_programme(name="三年服务提升", sort="notice", by=cast.lin_lan, at=noon),
        lambda: open_programme(name="三年服务提升", sort="plan", by=cast.zhou_tao, at=noon),
        lambda: open_programme(
            name="另一份", sort="notice", agency="监管局", reference="9号",
            received_on=timezone.localdate(noon), answer_by=timezone.localdate(noon) - DAY,
            by=cast.lin_lan, at=noon,
        ),
        lambda: open_programme(
            name="同一份", sort="notice", agency="国家金融监督管理总局某监管局",
            reference="督查〔2026〕 ３号", received_on=timezone.localdate(noon),
            by=cast.lin_lan, at=noon,
        ),
        lambda: task(cast, held, noon, metric="in_limit", target=90.0),
        lambda: task(cast, held, noon, metric="received", target=5.0),
    ):  # fmt: skip
        with pytest.raises(CannotRun):
            act()
    assert (one.entries.count(), Task.objects.count()) == (before, 1)
    assert Programme.objects.count() == 1


def test_nobody_accepts_the_own_report(cast: SimpleNamespace, noon: datetime) -> None:
    plan = open_programme(name="三年服务提升计划", sort=kinds.PLAN, by=cast.lin_lan, at=noon)
    root = Org.objects.get(parent__isnull=True)
    one = task(cast, plan, noon, owner=root)
    report_task(one, proof=PROOF, by=cast.lin_lan, at=noon)
    with pytest.raises(CannotRun, match="自己的"):
        accept_task(one, because=SEEN, by=cast.lin_lan, at=noon)
    accept_task(one, because=SEEN, by=cast.zheng_gang, at=noon)


def test_a_task_is_reminded_of_near_its_day_and_at_most_once_a_week(
    cast: SimpleNamespace, noon: datetime
) -> None:
    one = task(cast, notice(cast, noon), noon)
    me = system_person()
    assert remind_tasks(by=me, at=noon) == 0
    near = noon + 24 * DAY
    assert remind_tasks(by=me, at=near) == 1
    assert remind_tasks(by=me, at=near + DAY) == 0, "not every day"
    assert remind_tasks(by=me, at=near + 7 * DAY) == 1
    told = [entry.what().sentence() for entry in one.entries.in_order()][1:]
    assert told == ["还有 6 天到期", "已逾期 1 天"]
    urge_task(one, because="监管局来电询问进度", by=cast.lin_lan, at=near + 8 * DAY)
    one.refresh_from_db()
    assert one.urged == 1


def test_a_requirement_is_checked_on_all_cases(cast: SimpleNamespace) -> None:
    now = timezone.now()
    settle(cast, now)
    held = notice(cast, now)
    one = task(cast, held, now, metric="repeat", target=0.01)
    strict = checked(one, timezone.localdate(now))
    assert strict is not None and strict.holds is False
    report_task(one, proof=PROOF, by=cast.zhou_tao, at=now)
    with pytest.raises(CannotRun, match="指标没有达到"):
        accept_task(one, because=SEEN[:8], by=cast.lin_lan, at=now)
    assert strict.figure.n > 100, "of the whole bank, not of one branch"
    Complaint.objects.update(repeat_of=None)
    mended = checked(one, timezone.localdate(now))
    assert mended is not None and mended.holds is True
    accept_task(one, because=SEEN, by=cast.lin_lan, at=now)
    one.refresh_from_db()
    assert "重复投诉占比 0.0%（目标 ≤ 1.0%）" in one.found


def test_the_pages_from_the_notice_to_its_end(cast: SimpleNamespace, signed_in: SignedIn) -> None:
    head, branch = signed_in(cast.lin_lan), signed_in(cast.zhou_tao)
    today = timezone.localdate(timezone.now())
    told = {"sort": "notice", "name": "限额管理督查", "agency": "监管局", "reference": "3号",
            "received_on": today.isoformat()}  # fmt: skip
    assert head.post(reverse("governance:programme_new"), {**told, "agency": ""}).status_code == 422
    assert head.post(reverse("governance:programme_new"), told).status_code == 302
    held = Programme.objects.get()
    add = reverse("governance:programme_verb", args=[held.pk, "tasks"])
    owner = Org.objects.get(code=BRANCH_A).pk
    form = {"words": WORDS, "owner": owner, "due_on": (today + 30 * DAY).isoformat(),
            "metric": "median_days", "target": "10"}  # fmt: skip
    assert head.post(add, {**form, "target": ""}).status_code == 422
    assert head.post(add, form).status_code == 302
    one = Task.objects.get()
    assert one.target == 864_000, "days are kept in seconds"
    page = branch.get(held.get_absolute_url())
    assert page.status_code == 200 and "回报" in page.content.decode()
    assert signed_in(cast.sun_qian).get(held.get_absolute_url()).status_code == 404

    def verb(name: str) -> str:
        return reverse("governance:task_verb", args=[one.pk, name])

    assert branch.post(verb("acceptance"), {"because": SEEN}).status_code == 422
    assert branch.post(verb("report"), {"proof": PROOF}).status_code == 302
    seen = f"{SEEN}；本行还没有办结的件，指标下季再看"
    assert head.post(verb("acceptance"), {"because": seen}).status_code == 302
    ending = reverse("governance:programme_verb", args=[held.pk, "ending"])
    assert head.post(ending, {"because": "已书面答复监管局"}).status_code == 302
    assert "已结束" in head.get(reverse("governance:programmes")).content.decode()


def test_a_page_costs_the_same_however_many_tasks_are_checked(
    cast: SimpleNamespace, signed_in: SignedIn,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    now = timezone.now()
    held = notice(cast, now)
    client = signed_in(cast.lin_lan)
    for code, target in (("repeat", 0.1), ("in_limit", 0.9), ("missed", 0.1), ("changed", 0.2)):
        task(cast, held, now, metric=code, target=target)
        with django_assert_max_num_queries(26):
            client.get(held.get_absolute_url())


def test_a_notice_to_be_answered_waits_for_the_head_office(
    cast: SimpleNamespace, noon: datetime
) -> None:
    today = timezone.localdate(noon)
    open_programme(
        name="关于限额管理的督查", sort="notice", agency="监管局", reference="3号",
        received_on=today, answer_by=today + 15 * DAY, by=cast.lin_lan, at=noon,
    )  # fmt: skip
    asked = [one.wants for one in errands.notices(reach.of(cast.lin_lan, noon), noon)]
    assert asked == ["答复督查通知书"]
    assert not list(errands.notices(reach.of(cast.zhou_tao, noon), noon))


def test_a_problem_becomes_a_guideline_in_the_care_of_its_owner(
    cast: SimpleNamespace, noon: datetime
) -> None:
    early = opened(cast, noon, title="另一个还没有定因的问题")
    with pytest.raises(CannotDraftGuideline, match="先定因"):
        draft_guideline(early, by=cast.zhou_tao, at=noon)
    problem = caused(cast, noon)
    with pytest.raises(CannotDraftGuideline, match="起草"):
        draft_guideline(problem, by=cast.sun_qian, at=noon)
    made = draft_guideline(problem, by=cast.zhou_tao, at=noon)
    problem.refresh_from_db()
    assert problem.guideline_id == made.item_id
    assert (made.item.form, made.item.owner.code) == ("guideline", BRANCH_A)
    assert "开卡话术没有说年费减免条件" in made.parts["causes"]
    assert list(made.business) == ["card.credit.billing"]
    with pytest.raises(CannotDraftGuideline, match="已经有指引"):
        draft_guideline(problem, by=cast.zhou_tao, at=noon)
    found = guideline_of(problem, reach.of(cast.zhou_tao, noon))
    assert found is not None
    assert (found.title, found.state, found.handed) == (problem.name, "起草中", ())
