"""Who did not acknowledge in time is named to the level above; and who hears of a wave."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from sujin.governance.flash_wave import deserves_flash
from sujin.governance.kinds import wave as kinds
from sujin.governance.models import Wave
from sujin.governance.models.wave import WATCH
from sujin.platform.acts.tell import tell
from sujin.platform.models import Entry, Org, Person, Post
from sujin.platform.queue import job_of
from sujin.platform.reach import roles

FLASH = "sujin.governance.jobs.wave_flash"


def escalate_waves(*, by: Person, at: datetime) -> int:
    """Each late wave once; how many."""
    late = list(Wave.objects.late(at).order_by("pk").values_list("pk", flat=True))
    return sum(_escalate(key, by=by, at=at) for key in late)


@transaction.atomic
def _escalate(key: int, *, by: Person, at: datetime) -> bool:
    rows = Wave.objects.select_for_update(of=("self",)).select_related("owner")
    wave = rows.late(at).filter(pk=key).first()
    if wave is None:
        return False
    told = kinds.WaveEscalated(escalated_at=at, owner_name=str(wave.owner))
    wave.write(told, by=by, at=at)
    return True


def inform_wave_owner(entry: Entry) -> None:
    """Whoever watches at the owner's desk hears of the wave."""
    _tell(_watching([_wave(entry).owner], entry.at), entry)


def queue_wave_flash(entry: Entry) -> None:
    """A telling wave's flash report is written by the next free worker."""
    if deserves_flash(_wave(entry)):
        job_of(FLASH, queue="reactions").defer(wave=entry.subject_id)


def inform_above_wave(entry: Entry) -> None:
    """The level above the owner hears that it is late; above a department or a first-level branch
    that is the head office itself."""
    owner = _wave(entry).owner
    above = owner.parent if owner is not None else None
    _tell(_watching([above, owner], entry.at), entry, urgent=True)


def _wave(entry: Entry) -> Wave:
    return Wave.objects.select_related("owner__parent").get(pk=entry.subject_id)


def _watching(orgs: Iterable[Org | None], at: datetime) -> list[Person]:
    able = [role.code for role in roles().values() if WATCH in role.may]
    known = [org for org in orgs if org is not None]
    posts = Post.objects.on_duty_at(at).filter(org__in=known, role__in=able)
    return [post.person for post in posts.select_related("person")]


def _tell(persons: Iterable[Person], entry: Entry, *, urgent: bool = False) -> None:
    told = {person.pk: person for person in persons if person.pk != entry.by_id}
    tell(told.values(), of=entry, number=str(entry.subject_id), urgent=urgent)
