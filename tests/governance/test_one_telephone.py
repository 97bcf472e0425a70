"""Customers of one hand whose forms all bear the agent's number as their own: as many cases as
customers, and one evidence file about them."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

from sujin.governance.acts.watch_agents import watch_agents
from sujin.platform.acts.organise import system_person
from tests.conftest import NOON
from tests.governance.conftest import AGENT_PHONE, LETTER, Told, customer, drafted

FIRST, CLIENTS = 200, 8


def test_the_agents_number_as_everybodys_own_hides_neither_customers_nor_the_group(
    town: SimpleNamespace, tell: Told
) -> None:
    drafts = [
        replace(
            drafted(n, "".join(reversed(LETTER)), NOON + timedelta(days=2, hours=n - FIRST)),
            parties=(replace(customer(n), name=f"客户{n}", phone=AGENT_PHONE),),
        )
        for n in range(FIRST, FIRST + CLIENTS)
    ]
    told = tell(drafts)
    assert len({case.pk for case in told}) == CLIENTS
    assert all(case.counted and case.repeat_of is None for case in told)
    files = watch_agents(by=system_person(), at=NOON + timedelta(days=4))
    found = [set(file.members.values_list("complaint_id", flat=True)) for file in files]
    assert {case.pk for case in told} in found
