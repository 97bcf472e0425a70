"""The shelves of the demonstration: the starter content, reviewed and released by Zheng Gang."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sujin.knowledge.acts.plant import plant
from sujin.knowledge.catalogue import forms
from sujin.knowledge.wording import Wording, starter
from sujin.lab.cast import ZHENG_GANG
from sujin.lab.dice import dice
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Person

LATELY, HALFWAY, LONG_AGO = timedelta(days=60), timedelta(days=150), timedelta(days=300)
WAVES = (LONG_AGO, HALFWAY, LATELY)
# Of what may hold for a year, so much was there from the beginning.
FIRST = 0.7


def stock(*, now: datetime) -> int:
    """Plant what is not there yet, as if it had been released in the course of ten months: each
    item so long ago that it is in force today."""
    releaser = Person.objects.get(staff_no=ZHENG_GANG.staff_no)
    by, told = system_person(), starter()
    return sum(
        plant(_of_wave(told, ago), by=by, at=now - ago, released_by=releaser) for ago in WAVES
    )


def _of_wave(told: Iterable[Wording], ago: timedelta) -> list[Wording]:
    return [one for one in told if _ago(one) == ago]


def _ago(one: Wording) -> timedelta:
    months = forms()[one.form].valid_months
    if months >= 12:
        return LONG_AGO if dice("stock", one.code).random() < FIRST else LATELY
    return HALFWAY if months >= 6 else LATELY
