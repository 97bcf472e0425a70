"""Who could act for a case today: by the posts in force, by being there or having a stand-in."""

from collections.abc import Collection, Iterable, Mapping
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
        self._deputies = deputies(at)

    def can_act(
        self, person: int | None, seen_by: Iterable[str], recused: Collection[int] = ()
    ) -> bool:
        """Whether the person, or whoever stands in today, may handle a case seen by these, from
        which ``recused`` stand aside. Nobody acts in the place of whoever stands aside."""
        if person is None or person not in self._reaches or person in recused:
            return False
        if person in self._deputies and not self._deputies[person] - set(recused):
            return False
        return self._reaches[person].allows(CLAIM, seen_by)


def deputies(at: datetime) -> Mapping[int, set[int]]:
    """Whoever is away today, with the persons who act in their place: often nobody."""
    away = Absence.objects.on(at).values_list("person", flat=True)
    found: dict[int, set[int]] = {person: set() for person in away}
    covering = Post.objects.on_duty_at(at).filter(stands_in_for__person__in=found)
    for absent, deputy in covering.values_list("stands_in_for__person", "person"):
        found[absent].add(deputy)
    return found
