"""Note that versions were shown, read or used: once a day for each person, case and way."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from sujin.knowledge.models import Usage, Version
from sujin.platform.models import Org, Person


def note_usage(
    versions: Iterable[Version],
    way: str,
    *,
    by: Person,
    at: datetime,
    org: Org | None = None,
    case: int | None = None,
) -> None:
    """One statement; what is noted already stays as it was first."""
    day = timezone.localdate(at)
    Usage.objects.bulk_create(
        [
            Usage(version=one, person=by, org=org, case=case, way=way, day=day, at=at)
            for one in versions
        ],
        ignore_conflicts=True,
    )
