"""The demonstration's events: each announced on time, with its line, mentions and flash report."""

from datetime import date, datetime

from sujin.governance import event_leads
from sujin.governance.event_rules import kinds
from sujin.governance.models import Event, FlashReport, Forecast, Mention
from sujin.lab.announcing import announce
from sujin.lab.cast import CORE_PLAN
from sujin.lab.people import homes
from sujin.lab.phrases import table
from sujin.lab.plants import EventKind, planted


def test_every_planted_event_has_its_row_and_its_kind_is_in_the_pack() -> None:
    assert {row["code"] for row in table("events")} == {row["code"] for row in table("announced")}
    assert {kind.value for kind in EventKind} <= set(kinds())


def test_the_planted_events_are_announced_once_and_lived_through(
    bank: None, noon: datetime
) -> None:
    start, end = date(2024, 9, 1), noon.date()
    events = planted(7, homes(CORE_PLAN), start, end).events
    announce(events, seed=7, now=noon)
    found = list(Event.objects.listed().order_by("starts_at"))
    assert [one.title for one in found[:-1]] == [one.title for one in events]
    assert found[-1].kind == "maturity" and found[-1].is_future(noon)
    assert {one.state for one in found[:4]} == {"closed"}
    assert FlashReport.objects.count() == len(found)
    assert all(0 < one.seconds < 60 for one in FlashReport.objects.all())
    assert Mention.objects.count() == sum(len(r["mentions"].split("|")) for r in table("announced"))
    assert Forecast.objects.scored().exists()
    assert not Forecast.objects.scored().filter(day__gte=end).exists()
    late = [one for one in found if any(row.escalated for row in one.requests.all())]
    assert late, "somebody was late, so that escalation is seen"
    live = [event_leads.of_event(one, noon).standing.value for one in found[:-1]]
    assert set(live) <= {"waiting", "open"}, "this bank has no complaint yet"
    announce(events, seed=7, now=noon)
    assert Event.objects.count() == len(found)
