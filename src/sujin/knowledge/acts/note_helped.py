"""Note that what was used at a case has helped: the case was answered or closed with it."""

from datetime import datetime

from django.utils import timezone

from sujin.knowledge.models import Usage
from sujin.knowledge.models.usage import HELPED, USED


def note_helped(case: int, *, at: datetime) -> int:
    """Once for each version and person at this case, however often it is answered or closed;
    returns how many are new."""
    rows = Usage.objects.filter(case=case, way__in=[USED, HELPED])
    told = list(rows.values_list("version", "person", "org", "way"))
    known = {(version, person) for version, person, _org, way in told if way == HELPED}
    fresh = {
        (version, person): org
        for version, person, org, way in told
        if way == USED and (version, person) not in known
    }
    day = timezone.localdate(at)
    made = [
        Usage(
            version_id=version, person_id=person, org_id=org, case=case, way=HELPED, day=day, at=at
        )
        for (version, person), org in fresh.items()
    ]
    Usage.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)
