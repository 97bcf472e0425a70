"""A small bank with forty strangers, six customers of one hand, and a seventh who merely writes
the same letter: the twin."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.db import transaction

from sujin.complaints.acts.receive import receive_all
from sujin.complaints.draft import Declared, Draft, PartyDraft, PartyRole
from sujin.complaints.models import Complaint
from sujin.governance import rulebook
from sujin.governance.acts.watch_agents import watch_agents
from sujin.governance.models import EvidenceFile
from sujin.lab.cast import OUTLET_A, OUTLET_B, WANG_XIUYING
from sujin.lab.dice import dice
from sujin.lab.people import id_number
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Person
from tests.conftest import NOON

THINGS = "取款存款转账挂失开户销户换卡分期还款理财保险基金汇款兑换查询签约解约冻结解冻限额征信"
LETTER = (
    "我是贵行信用卡持卡人，因突发变故收入中断，现要求贵行停止计收利息并退还全部费用，"
    "并对工作人员拒绝协商一事书面说明，逾期未复将依法继续反映。"
)
AGENT_PHONE = "19900001234"
AGENT = PartyDraft(PartyRole.AGENT, "贾中介", phone=AGENT_PHONE, authority="统一授权委托书")
RELATIVE = PartyDraft(PartyRole.AGENT, "张小云", phone="19900005678", authority="手写委托书")
Told = Callable[..., list[Complaint]]


@pytest.fixture(autouse=True)
def small_numbers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Among fifty complaints nothing is rare: this bank's pack asks for less weight."""
    numbers = {**rulebook.manifest(), "family_bits": 7, "link_bits": 8}
    monkeypatch.setattr(rulebook, "manifest", lambda: numbers)
    rulebook.rules.cache_clear()
    yield
    rulebook.rules.cache_clear()


def customer(number: int) -> PartyDraft:
    rng = dice("governance", number)
    born = date(1980, 1, 1) + timedelta(days=number)
    return PartyDraft(name="张伟", id_number=id_number(rng, born, woman=False))


def taken_in(drafts: list[Draft], by: Person) -> list[Complaint]:
    at = max(draft.received_at for draft in drafts)
    receipts = receive_all(drafts, by=by, at=at)
    return [Complaint.objects.get(pk=receipt.complaint.pk) for receipt in receipts]


@pytest.fixture
def tell(cast: SimpleNamespace) -> Told:
    """Drafts taken in at once by Wang Xiuying."""
    return lambda drafts: taken_in(drafts, cast.wang_xiuying)


def drafted(number: int, text: str, at: datetime, *people: PartyDraft, at_b: bool = False) -> Draft:
    outlet = OUTLET_B if at_b else OUTLET_A
    matter = Declared(business="card.credit.fees")
    people = (customer(number), *people)
    return Draft("counter", text, at, outlet, parties=people, declared=matter)


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """``ring``: six of one hand, the last at branch B; ``twin``: the same words and facts as the
    first of them, another agent; ``strangers``: everybody else. Told once for each module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _town()
        transaction.set_rollback(True)


def _town() -> SimpleNamespace:
    rng = np.random.default_rng(seed=5)
    texts = ["".join(rng.permutation(list(THINGS))) for _ in range(40)]
    others = [drafted(100 + n, text, NOON) for n, text in enumerate(texts)]
    ring = [drafted(n, LETTER, NOON, AGENT, at_b=n == 5) for n in range(6)]
    twin = drafted(50, LETTER, NOON, RELATIVE)
    teller = Person.objects.get(staff_no=WANG_XIUYING.staff_no)
    told = taken_in([*others, *ring, twin], teller)
    return SimpleNamespace(strangers=told[:40], ring=told[40:46], twin=told[46])


@pytest.fixture
def evidence(town: SimpleNamespace, cast: SimpleNamespace, noon: datetime) -> EvidenceFile:
    """The file that one look opens on the ring."""
    (found,) = watch_agents(by=system_person(), at=noon)
    return found
