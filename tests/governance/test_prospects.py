"""What is said of the weeks ahead is kept and scored; who sees it, and how much of it."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from sujin.complaints.figures.selection import midnight
from sujin.complaints.models import Complaint
from sujin.engine.foresight import Terms, foresee
from sujin.engine.series.panel import Grain
from sujin.governance import foreseeing, foresight_rules, watching
from sujin.governance.acts.foresee_week import CannotForesee, foresee_week, score_prospects
from sujin.governance.foresight_rules import BadForesight, read_rules
from sujin.governance.models import Foresight, Prospect
from sujin.governance.templatetags.prospects import in_percent
from sujin.lab.foresight import MONDAYS, look_ahead
from sujin.packs import manifest
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Entry, Org, Person
from tests.governance.test_events import announced
from tests.governance.wave_town import tell

SignedIn = Callable[[Person], Client]
PAGE = "governance:prospects"
DAYS = 7 * 60


def monday_after(noon: datetime) -> datetime:
    """Six in the morning of the Monday of the week of ``noon``."""
    return midnight(Grain.WEEK.of(noon.date())) + timedelta(hours=6)


@pytest.fixture
def history(bank: None, noon: datetime) -> datetime:
    """Sixty weeks of two branches; gives the Monday five weeks before the last."""
    tell(noon, days=DAYS)
    tell(noon, days=DAYS, kind="consultation", seed=2)
    return monday_after(noon) - timedelta(weeks=5)


@pytest.fixture
def said(history: datetime) -> Foresight:
    return foresee_week(by=system_person(), at=history)


def test_lin_lan_finds_four_weeks_of_every_place_with_enough_cases(said: Foresight) -> None:
    rows = Prospect.objects.filter(foresight=said)
    assert {row.ahead for row in rows} == {1, 2, 3, 4}
    assert rows.count() == 4 * said.nodes > 4
    for row in rows:
        assert row.week == said.week + timedelta(weeks=row.ahead - 1)
        assert row.usual >= foresight_rules.rules().terms.least / 2
        assert row.low < row.high and 0 <= row.chance < 1 and row.scored_at is None
    whole = rows.get(org_path="", business="", ahead=1)
    assert abs(whole.mid - whole.usual) < 0.25 * whole.usual


def test_what_is_said_knows_nothing_of_what_comes(said: Foresight, noon: datetime) -> None:
    """The same Monday once more, with the weeks after it gone, says the very same."""
    kept = {
        (row.node, row.week): (row.low, row.mid, row.high, row.chance)
        for row in said.prospects.all()
    }
    later = midnight(said.week)
    with transaction.atomic():
        Complaint.objects.filter(received_at__gte=later).update(counted=False)
        past = foreseeing.past(said.week)
        assert past is not None
        told = foresee(*past, foresight_rules.rules().terms, calendar=watching.house_calendar())
    again = {
        ((*one.node, "", ""), one.week): (one.low, one.mid, one.high, round(one.chance, 4))
        for one in told.prospects
    }
    assert again == kept


def test_a_week_is_foreseen_once_and_says_so_on_its_docket(
    said: Foresight, history: datetime
) -> None:
    with pytest.raises(CannotForesee):
        foresee_week(by=system_person(), at=history + timedelta(hours=3))
    (entry,) = Entry.objects.filter(subject="foresight", subject_id=said.pk)
    assert entry.data["nodes"] == said.nodes
    assert said.replay() == {"nodes": said.nodes, "leads": said.leads}
    assert [lead["ahead"] for lead in said.leads] == [1, 2, 3, 4]


def test_nobody_foresees_without_a_past(bank: None, noon: datetime) -> None:
    with pytest.raises(CannotForesee):
        foresee_week(by=system_person(), at=noon)
    assert not Foresight.objects.exists()


def test_what_was_said_is_never_rewritten_nor_thrown_away(said: Foresight) -> None:
    row = said.prospects.order_by("pk").first()
    assert row is not None
    for change in ({"mid": row.mid + 1}, {"chance": 0.99}, {"called": not row.called}):
        with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
            Prospect.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
        row.delete()


def test_what_came_is_counted_once_when_its_week_is_over(
    said: Foresight, history: datetime
) -> None:
    system = system_person()
    assert score_prospects(by=system, at=history + timedelta(days=6)) == 0
    assert score_prospects(by=system, at=history + timedelta(weeks=2)) == 2 * said.nodes
    assert score_prospects(by=system, at=history + timedelta(weeks=2, hours=1)) == 0
    row = said.prospects.get(org_path="", business="", ahead=2)
    came = Complaint.objects.filter(
        kind="complaint", counted=True, received_at__gte=midnight(row.week),
        received_at__lt=midnight(row.week + timedelta(days=7)),
    )  # fmt: skip
    assert row.actual == came.count() > 0
    assert row.loss is not None and row.naive_loss is not None
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        Prospect.objects.filter(pk=row.pk).update(actual=0)
    entry = Entry.objects.filter(subject="foresight", kind="foresight.scored").get()
    assert entry.data["rows"] == 2 * said.nodes


def test_an_announced_event_ahead_is_added_where_its_stream_lies(
    history: datetime, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    """Card bills change in the second week; mortgages have nothing to do with it."""
    begins = history + timedelta(days=8)
    event = announced(
        cast, history - timedelta(hours=1), starts_at=begins, business=["card.credit.billing"],
        cause=[], branches=[], words=[],
    )  # fmt: skip
    said = foresee_week(by=system_person(), at=history)
    card = said.prospects.get(org_path="", business="card.credit.billing", ahead=2)
    assert card.events == [event.pk] and card.parts["event"] > 1
    before = said.prospects.get(org_path="", business="card.credit.billing", ahead=1)
    assert before.events == [] and before.parts["event"] == 0 and card.chance > before.chance
    loan = said.prospects.get(org_path="", business="loan.mortgage", ahead=2)
    assert loan.events == [] and loan.parts["event"] == 0
    page = signed_in(cast.lin_lan).get(reverse(PAGE), {"said": "event"})
    rows = [line.row for line in page.context["lines"]]
    assert rows and all(row.events for row in rows)
    assert event.get_absolute_url() in page.content.decode()


def test_each_sees_the_places_of_the_own_reach(
    said: Foresight, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    outlet = Org.objects.filter(kind="outlet").order_by("code").first()
    assert outlet is not None
    for person in (cast.lin_lan, cast.shen_qiu):
        page = signed_in(person).get(reverse(PAGE))
        assert page.status_code == 200
    assert signed_in(cast.wang_xiuying).get(reverse(PAGE)).status_code == 403
    everything = signed_in(cast.lin_lan).get(reverse(PAGE)).context["listing"].count
    assert everything == said.prospects.count()
    part = signed_in(cast.ma_jun).get(reverse(PAGE)).context["listing"].count
    assert part < everything


def test_the_likeliest_comes_first_and_the_week_survives_a_reload(
    said: Foresight, cast: SimpleNamespace, signed_in: SignedIn, history: datetime
) -> None:
    later = foresee_week(by=system_person(), at=history + timedelta(weeks=1))
    client = signed_in(cast.lin_lan)
    latest = client.get(reverse(PAGE))
    assert latest.context["foresight"] == later
    chances = [line.row.chance for line in latest.context["lines"]]
    assert chances == sorted(chances, reverse=True) and len(chances) > 1
    for _reload in range(2):
        chosen = client.get(reverse(PAGE), {"week": said.week.isoformat()})
        assert chosen.context["foresight"] == said
        assert f'value="{said.week.isoformat()}" selected' in chosen.content.decode()
    assert client.get(later.get_absolute_url()).context["foresight"] == later
    assert client.get(reverse("governance:foresight", args=[said.pk])).status_code == 302


def test_the_page_says_how_good_it_was_and_opens_the_rows(
    said: Foresight, cast: SimpleNamespace, signed_in: SignedIn, history: datetime, noon: datetime
) -> None:
    client = signed_in(cast.lin_lan)
    assert "还没有到期的研判可以计分" in client.get(reverse(PAGE)).content.decode()
    score_prospects(by=system_person(), at=history + timedelta(weeks=4))
    worths = client.get(reverse(PAGE)).context["worths"]
    assert [one.ahead for _name, one in worths] == [1, 2, 3, 4, 0]
    total = worths[-1][1]
    rows = [row for row in said.prospects.all() if row.scored_at]
    assert total.n == len(rows) == 4 * said.nodes
    assert total.within == pytest.approx(np.mean([row.is_within for row in rows]))
    assert total.hot == sum(row.was_hot for row in rows)
    naive = np.mean([row.naive_loss for row in rows])
    assert total.skill == pytest.approx(1 - np.mean([row.loss for row in rows]) / naive)
    inside = client.get(reverse("governance:prospect_scores"), {"came": "inside"})
    assert inside.context["listing"].count == sum(row.is_within for row in rows)
    outside = client.get(reverse("governance:prospect_scores"), {"came": "outside", "ahead": "1"})
    away = [row for row in rows if row.ahead == 1 and not row.is_within]
    assert outside.context["listing"].count == len(away)


def test_the_export_holds_the_chosen_study_and_is_on_the_record(
    said: Foresight, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(cast.lin_lan)
    reply = client.get(reverse("governance:prospects_export"), {"week": said.week.isoformat()})
    rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + said.prospects.count()
    assert Entry.objects.filter(subject="person", data__what="prospects").exists()
    assert signed_in(cast.wang_xiuying).get(reverse("governance:prospects_export")).status_code == (
        403
    )


def test_the_demonstration_has_some_weeks_scored_and_loading_again_adds_none(
    history: datetime, noon: datetime
) -> None:
    assert look_ahead(now=noon) == MONDAYS
    assert Prospect.objects.scored().exists()
    assert Prospect.objects.filter(scored_at__isnull=True).exists()
    assert look_ahead(now=noon) == 0


def test_a_demonstration_too_small_to_foresee_anything_loads(bank: None, noon: datetime) -> None:
    assert look_ahead(now=noon) == 0


def test_an_empty_house_says_when_it_will_be_told(
    bank: None, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    body = signed_in(cast.lin_lan).get(reverse(PAGE)).content.decode()
    assert "还没有研判过" in body
    assert signed_in(cast.lin_lan).get(reverse("governance:prospects_export")).status_code == 404


def test_an_officer_who_mistypes_a_number_is_told_which() -> None:
    told = manifest("cn_bank")["foresight"]
    assert read_rules(told).terms == Terms()
    for name, wrong in (("factor", 1.0), ("call_at", 1.5), ("weeks", 0), ("least", -1)):
        with pytest.raises(BadForesight, match=name):
            read_rules({**told, name: wrong})


def test_a_chance_that_is_not_quite_sure_is_never_shown_as_sure() -> None:
    shown = [in_percent(share, 0) for share in (0.998, 1.0, 0.414, None)]
    assert shown == ["> 99%", "100%", "41%", "—"]
    assert in_percent(-0.0701) == "-7.0%"
