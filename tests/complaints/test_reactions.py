"""Up is an announcement: who hears of what, and that hearing commits with what happened."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from sujin.complaints import kinds
from sujin.complaints.acts.annotate import annotate
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.hand_over import decline, hand_over
from sujin.complaints.acts.retier import retier
from sujin.complaints.models import Complaint
from sujin.engine.tier import Tier
from sujin.lab.cast import BRANCH_A
from sujin.platform import journal
from sujin.platform.acts.organise import service_person
from sujin.platform.models import Entry, Notice, Org
from tests.complaints.conftest import TOLD, Told

COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"


def work(case: Complaint) -> None:
    """What the worker does with the jobs of a case, in order and twice: a retry does no harm."""
    for entry in [*case.entries.order_by("pk"), *case.entries.order_by("pk")]:
        for act in journal.reactions_to(entry.kind):
            act(entry)


def told_of(person: object) -> list[str]:
    return list(Notice.objects.filter(person=person).values_list("entry__kind", flat=True))  # type: ignore[misc]


def test_a_job_commits_or_vanishes_with_what_caused_it(told: Told) -> None:
    case = told(COMPLEX)
    routed = case.entries.of(kinds.Routed).get()
    assert ProcrastinateJob.objects.filter(args={"entry_id": routed.pk}).count() == 1
    before = ProcrastinateJob.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        told("手机银行转账五千元没有到账，再不处理我就找媒体曝光。")
        raise RuntimeError
    assert ProcrastinateJob.objects.count() == before


def test_the_desk_and_the_owner_of_the_line_hear_of_it_once(
    cast: SimpleNamespace, told: Told
) -> None:
    work(told(COMPLEX))
    assert told_of(cast.chen_li) == ["complaint.routed"]
    assert told_of(cast.shen_qiu) == ["complaint.routed"]
    assert told_of(cast.liu_yang) == ["complaint.routed"]
    assert told_of(cast.he_jing) == []
    assert told_of(cast.ma_jun) == []


def test_whoever_is_above_hears_of_a_lighter_tier_and_not_of_a_heavier_one(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    retier(case, to=Tier.URGENT, because="情绪失控", by=cast.chen_li, at=noon)
    work(case)
    assert "complaint.retiered" not in told_of(cast.zhou_tao)
    case = told()
    retier(case, to=Tier.COMPLEX, because="人数多", by=cast.chen_li, at=noon)
    retier(case, to=Tier.ORDINARY, because="核实后只有一人", by=cast.chen_li, at=noon)
    work(case)
    assert told_of(cast.zhou_tao).count("complaint.retiered") == 1


def test_the_giver_hears_that_a_hand_over_came_back(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    desk = Org.objects.get(code=BRANCH_A)
    hand_over(case, to=desk, because="请协调", **TOLD, by=cast.chen_li, at=noon)
    decline(case, because="材料不全", by=cast.zhou_tao, at=noon)
    work(case)
    assert "complaint.declined" in told_of(cast.chen_li)
    assert "complaint.offered" in told_of(cast.zhou_tao)


def test_what_the_customer_adds_from_outside_reaches_the_handler(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    annotate(case, note="我自己的记录", by=cast.chen_li, at=noon)
    customer = service_person("channel:web_form", "网上", "Web form")
    annotate(case, note="补充：转账时间是上午十点", by=customer, at=noon)
    Notice.objects.all().delete()
    work(case)
    assert told_of(cast.chen_li).count("complaint.noted") == 1
    assert Entry.objects.of(kinds.Noted).count() == 2
