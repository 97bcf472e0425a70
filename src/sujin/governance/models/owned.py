"""What the watch opens and a desk answers for: whose it is, and when it is late."""

from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from sujin.platform.models import Docketed
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach

WATCH = "watch"

Row = TypeVar("Row", bound=Docketed)


class OwnedQuerySet(models.QuerySet[Row]):
    """``about`` is the path of the unit that a row tells of, ``newly`` its state until somebody
    acknowledged it, ``stands`` those in which it is not over."""

    about: ClassVar[str]
    newly: ClassVar[str]
    stands: ClassVar[Any]

    def within(self, reach: Reach) -> Self:
        """Rows about units in reach, and those that the own desk answers for."""
        if WATCH not in reach.may:
            return self.none()
        if reach.everything:
            return self
        paths = [place.path for place in reach.places(WATCH)]
        return self.filter(below(paths, self.about) | below(paths, "owner__path"))

    def standing(self) -> Self:
        return self.filter(state__in=self.stands)

    def late(self, at: datetime) -> Self:
        """Not acknowledged in time, and nobody above was told."""
        return self.filter(state=self.newly, escalated_at__isnull=True, acknowledge_by__lt=at)
