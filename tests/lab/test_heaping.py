"""What the demonstration plants for the indicators: two heaps, and peers that do not exist."""

from datetime import datetime, timedelta

from django.utils import timezone

from sujin.complaints.draft import Draft, Outcome
from sujin.governance.indicatorbook import Period
from sujin.governance.models import PeerFigure
from sujin.governance.peering import our_name
from sujin.lab.cast import OUTLET_A, OUTLET_B
from sujin.lab.heaping import ONCE_AGO, TOOK_LEAST, heaped
from sujin.lab.neighbours import BANKS, SOURCE, move_in

DAY = timedelta(days=1)


def drafts(noon: datetime, outlet: str) -> list[Draft]:
    """One each day of the last year, answered after six days."""
    days = [noon - ago * DAY for ago in range(365, 6, -1)]
    return [
        Draft("counter", "年费多收", at, outlet, external_id=f"{at:%j}",
              outcome=Outcome("explanation", at + 6 * DAY))
        for at in days
    ]  # fmt: skip


def test_a_heap_ends_within_its_month_and_never_after_today(noon: datetime) -> None:
    today = timezone.localdate(noon)
    month = Period.MONTH.before(today, 1)[0]
    told = drafts(noon, OUTLET_A)
    moved = [new for old in told if (new := heaped(old, today)) != old]
    assert len(moved) >= 40
    for draft in moved:
        assert draft.outcome is not None
        assert month.since <= draft.outcome.at < month.until
        assert draft.outcome.at - draft.received_at >= TOOK_LEAST


def test_the_branch_that_is_good_again_heaped_long_ago_and_others_never(noon: datetime) -> None:
    today = timezone.localdate(noon)
    once = [heaped(draft, today) for draft in drafts(noon, "DH-01-01-01")]
    slow = [one for one in once if one.outcome and one.outcome.at - one.received_at > 7 * DAY]
    month = Period.MONTH.before(today, ONCE_AGO)[0]
    assert len(slow) >= 40
    assert all(one.outcome and one.outcome.at < month.until for one in slow)
    others = drafts(noon, OUTLET_B)
    assert [heaped(draft, today) for draft in others] == others


def test_invented_peers_say_that_they_are_and_come_once(bank: None, noon: datetime) -> None:
    first = move_in(now=noon)
    assert first.added > 3 * len(BANKS) and not first.rejects
    again = move_in(now=noon)
    assert (again.added, again.superseded) == (0, 0)
    assert set(PeerFigure.objects.values_list("source", flat=True)) == {SOURCE}
    assert "虚构" in SOURCE and PeerFigure.objects.filter(bank=our_name()).exists()
