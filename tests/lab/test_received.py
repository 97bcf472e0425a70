"""Innocents and agents of the lab at the door: whoever shares a telephone has a case of his own."""

from collections import defaultdict
from datetime import date
from types import SimpleNamespace

import pytest

from sujin.complaints.acts.receive import receive_all
from sujin.complaints.models import Contact
from sujin.lab.cast import CORE_PLAN
from sujin.lab.lookalikes import lookalikes

START, END = date(2025, 9, 1), date(2026, 8, 31)


@pytest.mark.parametrize("seed", [7, 8])
def test_no_customer_is_swallowed_by_another_ones_case(cast: SimpleNamespace, seed: int) -> None:
    pairs = lookalikes(seed, CORE_PLAN, START, END)
    whose = {draft.external_id: truth.customer for draft, truth in pairs}
    for start in range(0, len(pairs), 40):
        drafts = [draft for draft, _truth in pairs[start : start + 40]]
        receive_all(drafts, by=cast.wang_xiuying, at=max(one.received_at for one in drafts))
    cases = defaultdict(set)
    for case, external_id in Contact.objects.values_list("complaint_id", "external_id"):
        cases[case].add(whose[external_id])
    assert len(cases) >= 200
    assert [sorted(customers) for customers in cases.values() if len(customers) > 1] == []
