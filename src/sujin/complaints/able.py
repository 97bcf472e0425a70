"""Who could act for a case today: by the posts in force, by being there or having a stand-in."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sujin.platform import reach
from sujin.platform.models import Absence, Person, Post
from sujin.platform.reach import Reach

CLAIM = "claim"


class Able:
    """The accountable persons of many cases, looked up once for one moment."""

    def __init__(self, persons: Iterable[Person], at: datetime) -> None:
        self._reaches: Mapping[int, Reach] = {
            person.pk: reach.of(person, at) for person in persons if not person.is_service
        }
        self._alone = away_alone(at)

    def can_act(self, person: int | None, seen_by: Iterable[str]) -> bool:
        """Whether the person, or whoever stands in today, may handle a case seen by these."""
        if person is None or person not in self._reaches or person in self._alone:
            return False
        return self._reaches[person].allows(CLAIM, seen_by)


def away_alone(at: datetime) -> set[int]:
    """Persons who are away today and in whose place nobody acts."""
    away = set(Absence.objects.on(at).values_list("person", flat=True))
    covered = Post.objects.on_duty_at(at).filter(stands_in_for__person__in=away)
    return away - set(covered.values_list("stands_in_for__person", flat=True))
