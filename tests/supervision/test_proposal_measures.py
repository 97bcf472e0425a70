"""Which measure a proposal may be rewarded by: declared after its adoption, where it lies, before
anybody knows how it went."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from sujin.engine.verify import Verdict
from sujin.governance.acts.declare_measure import carry_out_measure
from sujin.governance.acts.judge_measures import judge_measures
from sujin.governance.kinds import ledger
from sujin.governance.models import Measure
from sujin.lab.cast import BRANCH_A
from sujin.platform import reach
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org
from sujin.supervision.acts.assess_proposal import adopt_proposal
from sujin.supervision.acts.carry_proposal import CannotCarry, tie_measure
from sujin.supervision.models import Proposal
from sujin.supervision.pages.proposal import _offered
from tests.governance.ledger_town import grow, town_of
from tests.governance.test_ledger import DAY, WEEK, declared
from tests.supervision.test_proposals import CARD, SEEN, adopted, assessed, submitted

pytestmark = pytest.mark.django_db


def offered(held: Proposal, by: Any, at: datetime) -> set[int]:
    """What the page would let the person choose from."""
    asked: Any = SimpleNamespace(reach=reach.of(by, at), at=at)
    return set(_offered(asked, held).values_list("pk", flat=True))


def loose(cast: SimpleNamespace, at: datetime) -> Measure:
    """A measure of branch A against the service of cards, which no proposal stands behind."""
    return declared(cast, at, controls=tuple((path, CARD, "", "") for path in town_of(cast)))


def test_a_measure_whose_verdict_is_known_earns_nobody_an_award(
    cast: SimpleNamespace, noon: datetime
) -> None:
    then = noon - 26 * WEEK
    held = adopted(cast, then)
    measure = loose(cast, then)
    assert offered(held, cast.lin_lan, then) == {measure.pk}
    begun = then + 2 * WEEK
    carry_out_measure(measure, proof="短信已经上线，批次见附件", by=cast.zhou_tao, at=begun)
    measure.refresh_from_db()
    with pytest.raises(CannotCarry, match="已经落实或已有结论"):
        tie_measure(held, measure=measure, by=cast.lin_lan, at=noon)
    grow(measure, noon, fall=0.5)
    assert judge_measures(by=system_person(), at=noon) == 1
    measure.refresh_from_db()
    assert measure.verdict == Verdict.WORKED
    with pytest.raises(CannotCarry, match="已经落实或已有结论"):
        tie_measure(held, measure=measure, by=cast.lin_lan, at=noon)
    Measure.objects.filter(pk=measure.pk).update(done_at=None)
    measure.refresh_from_db()
    with pytest.raises(CannotCarry, match="已经落实或已有结论"):
        tie_measure(held, measure=measure, by=cast.lin_lan, at=noon)
    assert offered(held, cast.lin_lan, noon) == set()
    held.refresh_from_db()
    assert held.measure is None


def test_a_measure_is_declared_after_the_adoption_and_lies_where_the_proposal_does(
    cast: SimpleNamespace, noon: datetime
) -> None:
    held = assessed(cast, submitted(cast, noon), noon)
    early = loose(cast, noon + DAY)
    adopt_proposal(held, because=SEEN, by=cast.liu_yang, at=noon + 2 * DAY)
    held.refresh_from_db()
    later = noon + 3 * DAY
    assert offered(held, cast.lin_lan, later) == set()
    with pytest.raises(CannotCarry, match="采纳以前就声明"):
        tie_measure(held, measure=early, by=cast.lin_lan, at=later)
    measure = loose(cast, later)
    for change in (
        {"business": "loan"}, {"business": f"{CARD}.fee"}, {"about": Org.objects.get(code="BC")},
    ):  # fmt: skip
        Proposal.objects.filter(pk=held.pk).update(**change)
        held.refresh_from_db()
        assert offered(held, cast.lin_lan, later) == set()
        with pytest.raises(CannotCarry, match="不在建议说的范围里"):
            tie_measure(held, measure=measure, by=cast.lin_lan, at=later)
        Proposal.objects.filter(pk=held.pk).update(
            business=CARD, about=Org.objects.get(code=BRANCH_A)
        )
    Proposal.objects.filter(pk=held.pk).update(business="card")
    tie_measure(held, measure=measure, by=cast.lin_lan, at=later)
    held.refresh_from_db()
    assert held.measure == measure


@pytest.mark.parametrize("state", [ledger.CANCELLED, ledger.LAPSED, ledger.WAIVED])
def test_a_measure_that_is_over_is_tied_to_nothing(
    cast: SimpleNamespace, noon: datetime, state: str
) -> None:
    held, measure = adopted(cast, noon), loose(cast, noon)
    Measure.objects.filter(pk=measure.pk).update(state=state)
    measure.refresh_from_db()
    with pytest.raises(CannotCarry, match="取消、豁免或到期"):
        tie_measure(held, measure=measure, by=cast.lin_lan, at=noon)
