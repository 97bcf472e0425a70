"""升级走势: a line for people, shown only while it may be believed, changing nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sujin.complaints import happenings, kinds, outlook
from sujin.complaints.acts.annotate import annotate
from sujin.complaints.acts.keep_model import keep_outlook
from sujin.complaints.acts.learn_outlook import learn_outlook
from sujin.complaints.models import Complaint, Learner
from sujin.complaints.outlook import Card, Outlook
from sujin.engine.outlook import learn
from sujin.lab.cast import BRANCH2_B
from sujin.lab.escalating import sightings
from sujin.platform.acts.organise import system_person
from sujin.platform.bulk import insert
from sujin.platform.journal import Kind
from sujin.platform.models import Entry, Org, Person
from tests.complaints.conftest import Told

SignIn = Callable[[Person], Client]
SERIAL = count(8_000_000)
FIRST_KEY = 9_000_000


@pytest.fixture(scope="module")
def honest() -> Outlook:
    past, _truth = sightings(8, 6000)
    learnt = learn(past, days=30, limits=outlook.limits())
    return outlook.made(learnt, Card("2026-03-01T03:00:00+08:00", 30, 100, 50, "0" * 64))


@pytest.fixture(autouse=True)
def models(settings: Any, tmp_path: Path) -> None:
    settings.MODELS_ROOT = tmp_path


def test_before_anything_is_learnt_the_dossier_says_nothing(
    cast: SimpleNamespace, told: Told, signed_in: SignIn
) -> None:
    case = told()
    page = signed_in(cast.wang_xiuying).get(case.get_absolute_url()).content.decode()
    assert "升级走势" not in page


def test_a_teller_reads_the_estimate_its_reasons_and_how_it_was_checked(
    cast: SimpleNamespace, told: Told, signed_in: SignIn, honest: Outlook, noon: datetime
) -> None:
    case = told()
    keep_outlook(honest, by=system_person(), at=noon)
    page = signed_in(cast.wang_xiuying).get(case.get_absolute_url()).content.decode()
    assert "天内升级的可能约" in page
    assert f"按 {honest.check.n} 件留出投诉检验：说" in page
    assert page.count("（调高）") + page.count("（调低）") == 3
    assert Learner.objects.get(axis="outlook").entries.of(kinds.ModelKept).count() == 1


def test_an_estimate_with_doubled_log_odds_is_kept_out_of_sight_and_the_page_says_why(
    cast: SimpleNamespace, told: Told, signed_in: SignIn, honest: Outlook, noon: datetime
) -> None:
    case, model = told(), honest.model
    doubled = replace(model, slope=2 * model.slope, shift=2 * model.shift)
    odds = np.log(honest.said / (1 - honest.said))
    bad = replace(honest, model=doubled, said=1 / (1 + np.exp(-2 * odds)))
    keep_outlook(bad, by=system_person(), at=noon)
    assert outlook.current() is None
    page = signed_in(cast.wang_xiuying).get(case.get_absolute_url()).content.decode()
    assert "升级走势" not in page
    card = signed_in(cast.qian_wei).get("/outlook").content.decode()
    assert "检验没有通过" in card
    assert "Spiegelhalter" in card


def test_a_file_that_the_docket_does_not_know_is_not_believed(
    cast: SimpleNamespace, honest: Outlook
) -> None:
    outlook.keep(outlook.packed(honest), honest.card)
    assert outlook.current() is None
    assert "outlook.npz" in outlook.found().spoiled


def test_looking_at_the_estimate_changes_no_column_and_no_entry(
    cast: SimpleNamespace, told: Told, signed_in: SignIn, honest: Outlook, noon: datetime
) -> None:
    case = told()
    keep_outlook(honest, by=system_person(), at=noon)
    before = Complaint.objects.filter(pk=case.pk).values().get(), Entry.objects.count()
    signed_in(cast.wang_xiuying).get(case.get_absolute_url())
    assert (Complaint.objects.filter(pk=case.pk).values().get(), Entry.objects.count()) == before
    with_it = told(phone="13900000009", text="手机银行转账失败，客服态度不好。")
    assert (with_it.tier, with_it.awaits_tier) == ("ordinary", False)


def test_what_is_written_after_a_moment_is_not_known_at_it(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told()
    moment = noon + timedelta(days=2)
    before = happenings.facts_at(case, moment)
    case.write(kinds.Contacted("hotline"), by=cast.wang_xiuying, at=moment + timedelta(minutes=1))
    assert happenings.facts_at(case, moment) == before
    later = happenings.facts_at(case, moment + timedelta(minutes=2))
    # The known-bad control: the same entry, asked after it, is seen.
    assert before is not None and later is not None
    assert (before.contacts, later.contacts) == (0, 1)


def test_a_note_of_the_desk_is_neither_a_contact_nor_an_escalation(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told()
    annotate(case, note="已调取流水", by=cast.wang_xiuying, at=noon + timedelta(hours=1))
    facts = happenings.facts_at(case, noon + timedelta(days=1))
    assert facts is not None and facts.contacts == 0
    assert not list(happenings.past([case.pk], days=30, until=noon + timedelta(days=20)))
    seen = list(happenings.past([case.pk], days=30, until=noon + timedelta(days=90)))
    assert seen and not any(one.escalated for one in seen)


@pytest.mark.parametrize(
    ("told_of", "is_one"),
    [
        (kinds.Retiered("ordinary", "urgent", "媒体关注"), True),
        (kinds.Retiered("urgent", "ordinary", "情节轻微"), False),
        (kinds.Transferred("12378", "甲1号", None, None, ()), True),
    ],
)
def test_a_raised_tier_and_a_regulators_letter_are_escalations_a_lowered_tier_is_none(
    cast: SimpleNamespace, told: Told, noon: datetime, told_of: Kind, is_one: bool
) -> None:
    case = told()
    case.write(told_of, by=cast.wang_xiuying, at=noon + timedelta(days=10))
    seen = list(happenings.past([case.pk], days=30, until=noon + timedelta(days=60)))
    assert [one.escalated for one in seen if one.at < noon.timestamp() / 86400 + 10] == [is_one] * 4
    assert not any(one.escalated for one in seen if one.at > noon.timestamp() / 86400 + 10)


def bulk_past(org: Org, number: int, noon: datetime) -> list[Complaint]:
    """Old cases; of those who called twice soon four in ten went to the regulator."""
    cases = [
        _old(org, noon - timedelta(days=500 - 450 * place / number), FIRST_KEY + place)
        for place in range(number)
    ]
    insert(cases)
    rng, by = np.random.default_rng(3), system_person()
    entries = [
        Entry(subject="complaint", subject_id=case.pk, kind=what.code, by=by,
              at=case.received_at + timedelta(days=day), data=what.data())
        for case in cases
        for day, what in _life(case, rng)
    ]  # fmt: skip
    insert(entries)
    return cases


def _old(org: Org, at: datetime, key: int) -> Complaint:
    """At which age a case is looked at is drawn from its key: always the same one here."""
    return Complaint(
        pk=key, number=f"2025-{next(SERIAL)}", kind="complaint", lane="ordinary", channel="counter",
        text="甲", received_at=at, origin=org, closed_at=at + timedelta(days=40),
        seen_by=list(org.tokens),
    )  # fmt: skip


def _life(case: Complaint, rng: np.random.Generator) -> list[tuple[float, Kind]]:
    is_loud = rng.random() < 0.3
    began = kinds.Registered(
        case.number, "counter", "complaint", "ordinary", case.received_at, None, ()
    )
    told: list[tuple[float, Kind]] = [(0, began)]
    told += [(0.2 + 0.1 * n, kinds.Contacted("hotline")) for n in range(2 * is_loud)]
    if rng.random() < (0.4 if is_loud else 0.06):
        letter = kinds.Transferred("12378", "甲", None, None, ())
        told.append((float(rng.uniform(3, 30)), letter))
    return [*told, (40, _closed(case))]


def _closed(case: Complaint) -> Kind:
    closed_at = case.received_at + timedelta(days=40)
    return kinds.Closed(closed_at=closed_at, seen_by=(), outcome="process")


def test_the_nightly_job_learns_from_the_dockets_and_every_row_opens_its_cases(
    cast: SimpleNamespace, signed_in: SignIn, noon: datetime
) -> None:
    bulk_past(Org.objects.get(code=BRANCH2_B), 2400, noon)
    made = learn_outlook(by=system_person(), at=noon)
    assert made is not None
    assert made.check.passes, made.check
    quiet = learn_outlook(by=system_person(), at=noon + timedelta(hours=1))
    assert quiet is not None and quiet.card.made_at == made.card.made_at
    assert Learner.objects.get(axis="outlook").entries.of(kinds.ModelKept).count() == 1
    page = signed_in(cast.qian_wei).get("/outlook", {"row": "9"})
    assert page.context["listing"].count == made.check.bins[9].n
    assert signed_in(cast.wang_xiuying).get("/outlook").status_code == 403


def test_whoever_sees_no_such_case_opens_an_empty_row(
    cast: SimpleNamespace, signed_in: SignIn, honest: Outlook, noon: datetime
) -> None:
    cases = bulk_past(Org.objects.get(code=BRANCH2_B), len(honest.keys), noon)
    keys = np.array([case.pk for case in cases], dtype=np.int64)
    keep_outlook(replace(honest, keys=keys), by=system_person(), at=noon)
    page = signed_in(cast.zhou_tao).get("/outlook", {"row": "9"})
    assert page.status_code == 200
    assert page.context["listing"].count == 0


def test_the_line_costs_one_query(
    cast: SimpleNamespace, told: Told, signed_in: SignIn, honest: Outlook, noon: datetime
) -> None:
    case, client = told(), signed_in(cast.wang_xiuying)
    client.get(case.get_absolute_url())
    with CaptureQueriesContext(
        connection,
    ) as without:
        client.get(case.get_absolute_url())
    keep_outlook(honest, by=system_person(), at=noon)
    client.get(case.get_absolute_url())
    with CaptureQueriesContext(connection) as with_it:
        client.get(case.get_absolute_url())
    assert len(with_it) == len(without) + 1
