"""Peer figures as a reader may compare them: one table for each basis, our own beside them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from sujin.complaints.figures.selection import Window
from sujin.complaints.models import Complaint, Transfer
from sujin.engine import peers as engine
from sujin.engine.peers import Rank, Rate
from sujin.governance.models import PeerFigure
from sujin.governance.peerbook import Basis, bases, quarter_before, quarter_last
from sujin.platform.models import Org

# What a figure is divided by -> for each how many; assets are hundred millions of yuan.
SCALES: Mapping[str, tuple[str, float]] = {
    "count": ("", 1.0),
    "share": ("", 100.0),
    "customers": ("customers", 1_000_000.0),
    "outlets": ("outlets", 1.0),
    "assets": ("assets", 1_000.0),
}


@dataclass(frozen=True, slots=True)
class Change:
    """Beside the quarter before; ``is_break`` when that was counted on another basis."""

    rate: Rate | None
    is_break: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One bank. ``figure`` is None for what the house counted of itself."""

    bank: str
    group: str
    count: int
    rate: Rate | None
    index: float | None
    rank: Rank | None
    change: Change
    figure: PeerFigure | None
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The banks of one basis, the fewest complaints first. ``lacks`` the denominator: cannot be
    normalised and is listed without a rate."""

    basis: Basis
    lines: tuple[Line, ...]
    has_ours: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One page of figures; ``own`` whether the reader may see those of the whole house."""

    quarter: date
    business: str
    by: str
    own: bool


def quarters() -> list[date]:
    """Those of which there are figures, the latest first."""
    rows = PeerFigure.objects.valid().order_by("-quarter").values_list("quarter", flat=True)
    return list(rows.distinct())


def tables(asked: Asked) -> list[Table]:
    """A table for each basis of the quarter; what is counted differently never stands in one."""
    wanted = [asked.quarter, quarter_before(asked.quarter)]
    rows = PeerFigure.objects.valid().filter(quarter__in=wanted)
    figures = list(rows.filter(business__in=["", asked.business]))
    found: dict[str, list[PeerFigure]] = defaultdict(list)
    for one in figures:
        if one.quarter == asked.quarter and one.business == asked.business:
            found[one.basis].append(one)
    known = [basis for code, basis in bases().items() if code in found]
    return [_table(basis, found[basis.code], figures, asked) for basis in known]


def _table(
    basis: Basis, rows: Sequence[PeerFigure], figures: Sequence[PeerFigure], asked: Asked
) -> Table:
    ours = our_name()
    own = _own_figure(basis, rows, figures, asked, ours)
    made = [_Entry(one, int(one.value), one.bank == ours, _rate(one, figures, asked))
            for one in rows]  # fmt: skip
    made += [own] if own is not None else []
    peers = [one for one in made if one.rate is not None and not (one.counted and _published(made))]
    placed = dict(
        zip(map(id, peers), engine.ranks([one.rate for one in peers if one.rate]), strict=True)
    )
    lines = [_line(one, made, placed.get(id(one)), figures, asked) for one in made]
    lines.sort(key=lambda one: (one.rate is None, one.rate.value if one.rate else 0, one.bank))
    return Table(basis, tuple(lines), own is not None)


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """A figure with its rate; ``counted`` when the house counted it of itself."""

    figure: PeerFigure
    count: int
    is_ours: bool
    rate: Rate | None
    counted: bool = False


def _published(made: Sequence[_Entry]) -> bool:
    """Whether our own published figure is there: then the counted one takes no rank of its own."""
    return any(one.is_ours and not one.counted for one in made)


def _line(
    one: _Entry, made: Sequence[_Entry], rank: Rank | None,
    figures: Sequence[PeerFigure], asked: Asked,
) -> Line:  # fmt: skip
    group = [
        other.rate.value for other in made
        if other.rate and not other.counted and other.figure.group == one.figure.group
    ]  # fmt: skip
    index = engine.index(one.rate.value, group) if one.rate and len(group) > 1 else None
    moved = Change(None, is_break=False) if one.counted else _change(one.figure, figures)
    shown = None if one.counted else one.figure
    return Line(
        one.figure.bank, one.figure.group, one.count, one.rate, index, rank, moved, shown,
        one.is_ours,
    )  # fmt: skip


def _rate(one: PeerFigure, figures: Sequence[PeerFigure], asked: Asked) -> Rate | None:
    """None without a denominator. A share is one of the bank's own total on the same basis."""
    if asked.by == "count":
        return Rate(float(one.value), *engine.poisson(float(one.value)))
    column, scale = SCALES[asked.by]
    base = getattr(one, column) if column else _total(one, figures)
    return engine.rate(float(one.value), float(base), scale) if base else None


def _total(one: PeerFigure, figures: Sequence[PeerFigure]) -> Decimal | None:
    same = (one.bank, one.quarter, one.basis, "")
    found = [other for other in figures
             if (other.bank, other.quarter, other.basis, other.business) == same]  # fmt: skip
    return found[0].value if found else None


def _change(one: PeerFigure, figures: Sequence[PeerFigure]) -> Change:
    """Beside the quarter before on the same basis; a figure on another one is never compared."""
    before = quarter_before(one.quarter)
    key = (one.bank, before, one.business)
    found = [other for other in figures if (other.bank, other.quarter, other.business) == key]
    same = [other for other in found if other.basis == one.basis]
    if same:
        return Change(engine.change(int(one.value), int(same[0].value)), is_break=False)
    return Change(None, is_break=bool(found))


def our_name() -> str:
    """As the house calls itself in published figures."""
    return Org.objects.filter(parent__isnull=True).values_list("name", flat=True).first() or ""


def _own_figure(
    basis: Basis, rows: Sequence[PeerFigure], figures: Sequence[PeerFigure], asked: Asked, name: str
) -> _Entry | None:
    """What the house counts of itself on the same basis, over its own published denominators; of
    the total when the share of a business is asked for. None where it may not, or cannot."""
    if not asked.own or not basis.own:
        return None
    window = Window(asked.quarter, quarter_last(asked.quarter))
    count = own_count(basis.own, window, asked.business)
    bases_of = [one for one in figures if one.bank == name and one.quarter == asked.quarter]
    base = next(iter(bases_of), PeerFigure())
    made = PeerFigure(
        bank=name, group=base.group, quarter=asked.quarter, business=asked.business,
        basis=basis.code, value=count, customers=base.customers, outlets=base.outlets,
        assets=base.assets,
    )  # fmt: skip
    total = PeerFigure(
        bank=name, quarter=asked.quarter, basis=basis.code, business="",
        value=own_count(basis.own, window, ""),
    )  # fmt: skip
    return _Entry(made, count, is_ours=True, rate=_rate(made, [total], asked), counted=True)


def own_count(own: str, window: Window, business: str) -> int:
    """Our own complaints of a quarter: by receipt, by the regulator's letters, or each matter that
    a letter was about once, repeats with what they repeat."""
    if own == "received":
        return _cases(window, business, "received_at").filter(counted=True).count()
    named = Q(complaint__business=business) | Q(complaint__business__startswith=f"{business}.")
    letters = Transfer.objects.filter(named if business else Q(), complaint__kind="complaint")
    came = letters.annotate(came=Coalesce("transferred_at", "complaint__received_at"))
    came = came.filter(came__gte=window.since, came__lt=window.until)
    if own == "transfers":
        return came.count()
    matter = Coalesce("complaint__merged_into", "complaint__repeat_of", "complaint")
    return int(came.aggregate(n=Count(matter, distinct=True))["n"])


def _cases(window: Window, business: str, moment: str) -> QuerySet[Complaint]:
    rows = Complaint.objects.filter(
        **{f"{moment}__gte": window.since, f"{moment}__lt": window.until}, kind="complaint"
    )
    if not business:
        return rows
    return rows.filter(Q(business=business) | Q(business__startswith=f"{business}."))
