"""A unit writes what it does locally about what it read."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.engine.redaction import redact
from sujin.knowledge import kinds
from sujin.knowledge.models import Distribution, Measure
from sujin.platform.models import Org, Person
from sujin.platform.refusal import Refusal

LONGEST = 1000


class CannotWriteMeasure(Refusal):
    """Nothing is asked of this unit, or nothing was written."""


@transaction.atomic
def write_measure(
    distribution: Distribution, *, unit: Org, words: str, by: Person, at: datetime
) -> Measure:
    """What the unit does from now on; an earlier text stays on the docket."""
    if not distribution.wants_measures:
        raise CannotWriteMeasure(_t("这一份不要求写本地举措"))
    if not distribution.readings.filter(unit=unit).exists():
        raise CannotWriteMeasure(_t("这一份没有下发到%(unit)s") % {"unit": unit})
    said = redact(words.strip()).text[:LONGEST]
    if not said:
        raise CannotWriteMeasure(_t("请写明本单位怎样做"))
    made = Measure.objects.create(distribution=distribution, unit=unit, words=said, by=by, at=at)
    told = kinds.MeasureWritten(unit=unit.pk, name=unit.name, words=said)
    distribution.write(told, by=by, at=at)
    return made
