"""A telling wave is in a flash report at once; a faint one waits for its owner."""

import dataclasses
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from sujin.complaints.models import Complaint
from sujin.governance import flash as flashes
from sujin.governance import flash_wave, jobs, watchbook
from sujin.governance.acts import escalate_waves
from sujin.governance.acts.issue_flash import draft_flash
from sujin.governance.acts.watch_waves import watch_waves
from sujin.governance.models import FlashReport, Wave
from sujin.lab.cast import OUTLET_A
from sujin.platform.acts.organise import system_person
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
