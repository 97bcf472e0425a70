"""The story's voices: a proposal that was measured, a panel that met twice, three outreaches."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from sujin.governance.acts.declare_measure import carry_out_measure
from sujin.governance.acts.judge_measures import judge_measures
from sujin.lab.voices import listen
from sujin.platform.acts.organise import system_person
from sujin.supervision.kinds import outreach as outreaches
from sujin.supervision.kinds import proposal as kinds
from sujin.supervision.models import Outreach, Panelist, Proposal, Walkthrough
from tests.governance.ledger_town import grow, town_of
from tests.governance.test_ledger import CARD, DAY, WEEK, declared


@pytest.mark.django_db
def test_the_story_has_every_voice_and_loading_it_again_adds_nothing(
    cast: SimpleNamespace, noon: datetime
) -> None:
    then = noon - 26 * WEEK
    controls = tuple((path, CARD, "", "") for path in town_of(cast))
    measure = declared(cast, then, controls=controls)
    carry_out_measure(measure, proof="文号已发，系统上线", by=cast.zhou_tao, at=then + WEEK)
    grow(measure, noon - 2 * WEEK, fall=0.6)
    judge_measures(by=system_person(), at=noon - 2 * DAY)
    for _time in range(2):
        listen(now=noon)
    states = set(Proposal.objects.values_list("state", flat=True))
    assert states == {
        kinds.REWARDED,
        kinds.ADOPTED,
        kinds.DECLINED,
        kinds.SUBMITTED,
        kinds.ASSESSED,
    }
    told = Proposal.objects.get(state=kinds.REWARDED)
    assert told.measure == measure
    assert told.level == "first"
    (look,) = Walkthrough.objects.all()
    assert (look.proposal, len(look.sessions), Panelist.objects.count()) == (told, 2, 9)
    assert sorted(Outreach.objects.values_list("state", flat=True)) == [
        outreaches.HELD, outreaches.JUDGED, outreaches.PLANNED,
    ]  # fmt: skip
