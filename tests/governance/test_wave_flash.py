"""A telling wave is in a flash report at once; a faint one waits for its owner."""

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sujin.complaints.models import Complaint
from sujin.governance import flash as flashes
from sujin.governance import flash_event, flash_wave, jobs, watchbook
from sujin.governance.acts import escalate_waves
from sujin.governance.acts.issue_flash import draft_flash
from sujin.governance.acts.watch_waves import watch_waves
from sujin.governance.models import FlashReport, Wave
from sujin.governance.models.event import READERS
from sujin.lab.cast import CAST, OUTLET_A, OUTLET_B
from sujin.platform import reach
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Person
from tests.governance.test_events import announced
from tests.governance.wave_town import NEW, tell

CARD = "card.credit.billing"


@pytest.fixture
def wave(bank: None, noon: datetime) -> Wave:
    """What the watch made of seven a day more about cards at outlet A."""
    tell(noon, planted=dict.fromkeys((3, 2, 1), (OUTLET_A, CARD, NEW, 7)))
    (raised,) = watch_waves(by=system_person(), at=noon)
    return Wave.objects.select_related("owner").get(pk=raised.pk)


def test_its_report_says_where_how_many_instead_of_how_many_and_whose(
    wave: Wave, noon: datetime
) -> None:
    made = draft_flash(flash_wave.of_wave(wave), by=system_person(), at=noon)
    text = flashes.written(made)
    for told in (
        f"{wave.observed:.0f}",
        f"{wave.expected:.1f}",
        str(wave.owner),
        "限额",
        "签收预警",
    ):
        assert told in text, told
    assert (made.of, made.of_id) == (Wave.subject, wave.pk)
    numbers = Complaint.objects.filter(pk__in=wave.telling).values_list("number", flat=True)
    assert not any(number in text for number in numbers)


def test_a_telling_wave_is_written_once_and_a_stale_one_not_at_all(
    wave: Wave, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: noon + timedelta(minutes=1))
    jobs.wave_flash(wave.pk)
    jobs.wave_flash(wave.pk)
    assert FlashReport.objects.about(Wave.subject, wave.pk).count() == 1
    later = noon + watchbook.limits().acknowledge + timedelta(hours=1)
    assert flash_wave.is_news(wave, noon)
    assert not flash_wave.is_news(wave, later)


def test_only_a_telling_wave_asks_for_one(wave: Wave, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    class Job:
        def defer(self, *, wave: int) -> None:
            asked.append(wave)

    monkeypatch.setattr(escalate_waves, "job_of", lambda *_, **__: Job())
    entry = wave.entries.get(kind="wave.raised")
    limits = watchbook.limits()
    for least, wanted in ((wave.evidence - 1, [wave.pk]), (wave.evidence + 1, [])):
        asked.clear()
        told = dataclasses.replace(limits, flash_evidence=least)
        monkeypatch.setattr(flash_wave, "limits", lambda told=told: told)
        escalate_waves.queue_wave_flash(entry)
        assert asked == wanted


def _watching() -> list[Person]:
    return list(Person.objects.filter(staff_no__in=[spec.staff_no for spec in CAST]))


def _owned(person: Person, flash: FlashReport, at: datetime) -> bool:
    held = reach.of(person, at)
    return any(
        held.allows(permission, one.owner.tokens)
        for one in flash.receipts.select_related("owner")
        for permission in READERS
    )


def test_it_is_read_as_far_as_the_wave_or_by_its_owners_and_by_nobody_else(
    wave: Wave, noon: datetime, signed_in: Callable[[Person], Client]
) -> None:
    made = draft_flash(flash_wave.of_wave(wave), by=system_person(), at=noon)
    addresses = [
        made.get_absolute_url(),
        *(reverse("governance:flash_paper", args=[made.pk, form]) for form in ("pdf", "docx")),
    ]
    shut = set()
    for person in _watching():
        client = signed_in(person)
        wave_opens = client.get(wave.get_absolute_url()).status_code == 200
        reads = bool(READERS & reach.of(person, noon).may)
        may = reads and (wave_opens or _owned(person, made, noon))
        codes = {client.get(one).status_code for one in addresses}
        assert codes == ({200} if may else {404 if reads else 403}), person.name
        if reads:
            board = client.get(reverse("governance:flashes")).content.decode()
            assert (made.get_absolute_url() in board) == may, person.name
            shut |= set() if may else {person.name}
        if may:
            page = client.get(made.get_absolute_url()).content.decode()
            assert (f'href="{made.trigger_url}"' in page) == wave_opens, person.name
    assert {"孙倩", "马骏"} <= shut, "another branch and another line"


def test_who_may_not_read_it_can_neither_acknowledge_nor_count_it(
    wave: Wave, noon: datetime, cast: SimpleNamespace, signed_in: Callable[[Person], Client]
) -> None:
    made = draft_flash(flash_wave.of_wave(wave), by=system_person(), at=noon)
    made.receipts.update(owner=Org.objects.get(code=OUTLET_A))
    receipt = reverse("governance:flash_verb", args=[made.pk, "receipt"])
    assert signed_in(cast.sun_qian).post(receipt).status_code in (403, 404)
    told = [
        signed_in(person).get(reverse("governance:indicators")).context["beside"]["flashes"]
        for person in (cast.sun_qian, cast.lin_lan)
    ]
    assert told == [0, 1]


def test_an_owner_reads_of_a_wave_elsewhere_and_others_of_that_place_do_not(
    wave: Wave, noon: datetime, cast: SimpleNamespace
) -> None:
    made = draft_flash(flash_wave.of_wave(wave), by=system_person(), at=noon)
    held = reach.of(cast.sun_qian, noon)
    made.receipts.update(owner=Org.objects.get(code=OUTLET_A))
    assert not FlashReport.objects.within(held).exists()
    made.receipts.update(owner=Org.objects.get(code=OUTLET_B))
    assert FlashReport.objects.within(held).get() == made
    assert not FlashReport.objects.explained(held).exists()


def test_an_events_report_is_read_as_far_as_the_event(
    cast: SimpleNamespace, noon: datetime
) -> None:
    made = draft_flash(
        flash_event.of_event(announced(cast, noon), noon), by=system_person(), at=noon
    )
    for person in _watching():
        held = reach.of(person, noon)
        reads = bool(READERS & held.may)
        assert FlashReport.objects.within(held).filter(pk=made.pk).exists() == reads, person.name
