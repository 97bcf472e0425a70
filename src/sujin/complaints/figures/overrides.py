"""How often people overrode what a row of tiers.csv decided: up, down, for which reasons."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import TruncMonth

from sujin.complaints import kinds
from sujin.complaints.figures.selection import Window
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import rulebook
from sujin.engine.outliers import standing_out
from sujin.engine.rates import Share
from sujin.engine.tier import Tier, TierRow
from sujin.platform.models import Entry
from sujin.platform.reach import Reach

REASONS_SHOWN = 3
ORDER = [tier.value for tier in Tier]
UP, DOWN = "up", "down"


@dataclass(slots=True)
class RowFigures:
    """One row of the table in a period: `decided` cases, of which people moved some `up` or
    `down`; per month (decided, overridden); the commonest reasons."""

    row: TierRow
    decided: int = 0
    up: int = 0
    down: int = 0
    months: dict[date, tuple[int, int]] = field(default_factory=dict)
    reasons: list[tuple[str, int]] = field(default_factory=list)
    chance: float | None = None

    @property
    def overridden(self) -> int:
        return self.up + self.down

    @property
    def share(self) -> Share:
        return Share(self.overridden, self.decided)

    @property
    def up_share(self) -> Share:
        return Share(self.up, self.decided)

    @property
    def down_share(self) -> Share:
        return Share(self.down, self.decided)

    @property
    def stands_out(self) -> bool:
        return self.chance is not None


def overrides(reach: Reach, window: Window) -> list[RowFigures]:
    """Every row of the table, in its order; two queries. A case counts by what became of it at
    the hands of people: once, whichever way its last override went."""
    found = {row.row: RowFigures(row) for row in rulebook().tiers}
    for counted in _counted(_decided(reach, window)):
        figures = found.get(str(counted["row"]))
        if figures is not None:
            _add(figures, counted)
    for row, reasons in _reasons(reach, window).items():
        if row in found:
            found[row].reasons = reasons.most_common(REASONS_SHOWN)
    counts = {row: (one.overridden, one.decided) for row, one in found.items()}
    for row, chance in standing_out(counts).items():
        found[row].chance = chance
    return list(found.values())


def cases_of(rows: QuerySet[Complaint], row: str, way: str = "") -> QuerySet[Complaint]:
    """Cases that the row decided; with ``way`` only those people then moved that way."""
    decided = Entry.objects.of(kinds.Triaged).filter(
        subject=Complaint.subject, subject_id=OuterRef("pk"), data__tier_row=row
    )
    rows = rows.filter(Exists(decided))
    if not way:
        return rows
    moved = {UP: Exists(_moved("pk", UP)), DOWN: Exists(_moved("pk", DOWN))}
    return rows.filter(moved[way]) if way in moved else rows.filter(moved[UP] | moved[DOWN])


def _decided(reach: Reach, window: Window) -> QuerySet[Entry]:
    rows = Entry.objects.of(kinds.Triaged).filter(subject=Complaint.subject)
    within = Complaint.objects.within(reach).filter(
        received_at__gte=window.since, received_at__lt=window.until
    )
    return rows.filter(subject_id__in=within.values("pk"))


def _counted(rows: QuerySet[Entry]) -> Iterable[Mapping[str, object]]:
    rows = rows.annotate(
        row=KT("data__tier_row"),
        month=TruncMonth("at"),
        is_up=Exists(_moved("subject_id", UP)),
        is_down=Exists(_moved("subject_id", DOWN)),
    )
    return rows.values("row", "month").annotate(
        decided=Count("pk"),
        ups=Count("pk", filter=Q(is_up=True)),
        downs=Count("pk", filter=Q(is_down=True)),
    )


def _by_people(of: str) -> QuerySet[Entry]:
    """Overrides by a person: where a table raised a case its own reasons are kept with it."""
    rows = Entry.objects.of(kinds.Retiered).filter(subject=Complaint.subject)
    return rows.filter(subject_id=OuterRef(of), data__reasons={})


def _moved(of: str, way: str) -> QuerySet[Entry]:
    """The last override of the case, if it went that way."""
    later = Entry.objects.of(kinds.Retiered).filter(
        subject=Complaint.subject, subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk"),
        data__reasons={},
    )  # fmt: skip
    pairs = [(low, high) for place, low in enumerate(ORDER) for high in ORDER[place + 1 :]]
    went = Q()
    for low, high in pairs:
        before, after = (low, high) if way == UP else (high, low)
        went |= Q(data__before=before, data__tier=after)
    return _by_people(of).filter(went).exclude(Exists(later))


def _add(figures: RowFigures, counted: Mapping[str, object]) -> None:
    decided, ups, downs = (int(str(counted[name])) for name in ("decided", "ups", "downs"))
    figures.decided += decided
    figures.up += ups
    figures.down += downs
    month = counted["month"]
    assert hasattr(month, "date")
    figures.months[month.date()] = (decided, ups + downs)


def _reasons(reach: Reach, window: Window) -> dict[str, Counter[str]]:
    triaged = Entry.objects.of(kinds.Triaged).filter(
        subject=Complaint.subject, subject_id=OuterRef("subject_id")
    )
    rows = Entry.objects.of(kinds.Retiered).filter(subject=Complaint.subject, data__reasons={})
    rows = rows.filter(subject_id__in=_decided(reach, window).values("subject_id"))
    found: dict[str, Counter[str]] = {}
    row_of = Subquery(triaged.annotate(of=KT("data__tier_row")).values("of")[:1])
    told = rows.annotate(row=row_of, because=KT("data__because")).values("row", "because")
    for row, because, times in told.annotate(n=Count("pk")).values_list("row", "because", "n"):
        found.setdefault(row, Counter())[because] += times
    return found
