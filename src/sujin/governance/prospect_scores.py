"""How good foresight was, counted by the database from what was scored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Case, Count, F, FloatField, Q, QuerySet, Value, When

from sujin.governance.models import Prospect


@dataclass(frozen=True, slots=True)
class Worth:
    """Of ``n`` scored weeks said ``ahead`` weeks before (0: all): the share of the naive loss that
    was saved, how many lay from .1 to .9; Brier's score of the chances and that of always saying
    the common share; how many were called hot, of these how many were, and how many were in all."""

    ahead: int
    n: int
    skill: float | None
    within: float
    brier: float
    plain_brier: float
    called: int
    true: int
    hot: int

    @property
    def missed(self) -> int:
        """Hot weeks that nobody was told of."""
        return self.hot - self.true


_HOT = Q(actual__gte=F("hot_from"))
_SHARE = Case(When(_HOT, then=Value(1.0)), default=Value(0.0), output_field=FloatField())
_INSIDE = Q(actual__gte=F("low"), actual__lte=F("high"))
_FIGURES = {
    "n": Count("pk"),
    "mean_loss": Avg("loss"),
    "mean_naive": Avg("naive_loss"),
    "inside": Count("pk", filter=_INSIDE),
    "brier": Avg((F("chance") - _SHARE) * (F("chance") - _SHARE)),
    "calls": Count("pk", filter=Q(called=True)),
    "true": Count("pk", filter=Q(called=True) & _HOT),
    "hot": Count("pk", filter=_HOT),
}


def narrowed(rows: QuerySet[Prospect], came: str) -> QuerySet[Prospect]:
    """Scored rows of one sort."""
    return {
        "inside": rows.filter(_INSIDE),
        "outside": rows.exclude(_INSIDE),
        "called": rows.filter(called=True),
        "true": rows.filter(_HOT, called=True),
        "missed": rows.filter(_HOT, called=False),
    }[came]


def worths(scored: QuerySet[Prospect]) -> list[Worth]:
    """By weeks ahead, then all together; nothing when nothing was scored."""
    by = scored.order_by("ahead").values("ahead").annotate(**_FIGURES)
    made = [_worth(one["ahead"], one) for one in by]
    return [*made, _worth(0, scored.aggregate(**_FIGURES))] if made else []


def _worth(ahead: int, told: Mapping[str, Any]) -> Worth:
    n, share = told["n"], told["hot"] / told["n"]
    naive = told["mean_naive"]
    return Worth(
        ahead, n, 1 - told["mean_loss"] / naive if naive > 0 else None, told["inside"] / n,
        told["brier"], share * (1 - share), told["calls"], told["true"], told["hot"],
    )  # fmt: skip
