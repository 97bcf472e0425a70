"""What the list of answers shows to whom, so that nobody guesses who said what.

Of a unit with fewer answers than the board would tell a score of, neither marks nor words are
shown. Which case an answer is about is told above the unit only: at the unit itself everybody knows
who came, and the customer was promised that it does not matter there.
"""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from sujin.platform.models import Org
from sujin.platform.ui.request import StaffRequest
from sujin.supervision.models import AnswerSheet
from sujin.supervision.pages.survey_guard import places
from sujin.supervision.questionnaires import numbers


@dataclass(frozen=True, slots=True)
class Shown:
    """What one reader may read: ``enough`` are the units of enough answers, ``places`` where the
    reader stands."""

    enough: frozenset[int]
    places: tuple[Org, ...]

    def reads(self, sheet: AnswerSheet) -> bool:
        """Marks and words."""
        return sheet.invitation.unit_id in self.enough

    def opens(self, sheet: AnswerSheet) -> bool:
        """The case, if the reader may see that as well."""
        return self.reads(sheet) and self._is_above(sheet.invitation.unit)

    def narrowed(self, rows: "QuerySet[AnswerSheet]") -> "QuerySet[AnswerSheet]":
        """Before a list is narrowed by what was said: that alone would tell it of the others."""
        return rows.filter(invitation__unit__in=self.enough)

    def _is_above(self, unit: Org) -> bool:
        """Above the head office itself there is nobody."""
        return any(
            unit.path.startswith(place.path) and (place.pk != unit.pk or place.is_root)
            for place in self.places
        )


def shown(asked: StaffRequest, rows: "QuerySet[AnswerSheet]") -> Shown:
    """``rows`` are the answers of the months or of the sample, not narrowed by what was said."""
    counted = rows.filter(counted=True).order_by().values("invitation__unit")
    units = counted.annotate(n=Count("pk")).filter(n__gte=int(numbers()["least"]))
    return Shown(
        frozenset(units.values_list("invitation__unit", flat=True)), tuple(places(asked))
    )  # fmt: skip
