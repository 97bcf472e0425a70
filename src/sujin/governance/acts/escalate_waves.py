"""Who did not acknowledge in time is named to the level above; and who hears of a wave."""

from datetime import datetime

from sujin.governance.acts.lateness import escalate_late, tell_above, tell_desks, watching_roles
from sujin.governance.flash_wave import deserves_flash
from sujin.governance.kinds import wave as kinds
from sujin.governance.models import Wave
from sujin.platform.models import Entry, Person
from sujin.platform.queue import job_of

FLASH = "sujin.governance.jobs.wave_flash"


def escalate_waves(*, by: Person, at: datetime) -> int:
    """Each late wave once; how many."""
    return escalate_late(Wave.objects.all(), kinds.WaveEscalated, by=by, at=at)


def inform_wave_owner(entry: Entry) -> None:
    """Whoever watches at the owner's desk hears of the wave."""
    tell_desks([_wave(entry).owner], watching_roles(), entry)


def queue_wave_flash(entry: Entry) -> None:
    """A telling wave's flash report is written by the next free worker."""
    if deserves_flash(_wave(entry)):
        job_of(FLASH, queue="reactions").defer(wave=entry.subject_id)


def inform_above_wave(entry: Entry) -> None:
    tell_above(_wave(entry).owner, entry)


def _wave(entry: Entry) -> Wave:
    return Wave.objects.select_related("owner__parent").get(pk=entry.subject_id)
