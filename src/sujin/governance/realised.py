"""What was promised of false warnings, and what people have judged so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q

from sujin.engine.rates import Share
from sujin.engine.vigil import Tally
from sujin.governance import watchbook
from sujin.governance.kinds.wave import DETECTORS
from sujin.governance.models import Watch, Wave
from sujin.platform.reach import Reach

MONTH = timedelta(days=30.44)
# A promise is called broken when chance would make it look so once in a hundred houses.
BROKEN = 100.0


@dataclass(frozen=True, slots=True)
class Realised:
    """``false`` of the ``judged`` of ``raised`` warnings in ``months``; ``low`` to ``high`` holds
    the share of false ones however often one looks (Ville's inequality)."""

    raised: int
    judged: int
    false: int
    months: float
    promised: float
    q: float
    low: float
    high: float
    is_broken: bool

    @property
    def a_month(self) -> float:
        return self.raised / self.months if self.months else 0.0

    @property
    def false_a_month(self) -> float:
        return self.false / self.months if self.months else 0.0


def realised(at: datetime) -> Realised:
    """Of the whole watch, since it first looked."""
    counts = Wave.objects.aggregate(
        raised=Count("pk"), judged=Count("pk", filter=Q(is_false__isnull=False)),
        false=Count("pk", filter=Q(is_false=True)),
    )  # fmt: skip
    first = Watch.objects.aggregate(first=Min("seen_at"))["first"]
    months = max((at - first) / MONTH, 0.0) if first else 0.0
    q = max(one.terms.q for one in watchbook.watched())
    tally = Tally(counts["false"], counts["judged"])
    low, high = tally.interval()
    broken = tally.evidence(q) >= BROKEN
    promised = watchbook.false_a_month()
    return Realised(
        **counts, months=months, promised=promised, q=q, low=low, high=high, is_broken=broken
    )


@dataclass(frozen=True, slots=True)
class Record:
    """One detector: what it looks for, and what people made of its warnings."""

    code: str
    raised: int
    judged: int
    share: Share


def by_detector() -> list[Record]:
    """Every detector's warnings and how many of the judged were false, with Wilson's interval."""
    found = []
    for code in DETECTORS:
        rows = Wave.objects.filter(detectors__contains=[code])
        judged = rows.filter(is_false__isnull=False)
        share = Share(judged.filter(is_false=True).count(), judged.count())
        found.append(Record(code, rows.count(), int(share.whole), share))
    return found


@dataclass(frozen=True, slots=True)
class LastLook:
    """When the watch last looked, over how many series, and what it held back."""

    seen_at: datetime | None
    series: int
    held: int
    hushed: int


def last_look() -> LastLook:
    """The latest look of every row together."""
    latest: dict[str, Watch] = {}
    for one in Watch.objects.order_by("-seen_at")[:40]:
        latest.setdefault(one.row, one)
    looks = list(latest.values())
    seen = max((one.seen_at for one in looks), default=None)
    fresh = [one for one in looks if seen and seen - one.seen_at < timedelta(hours=20)]
    return LastLook(
        seen, sum(one.series for one in looks), sum(one.held for one in fresh),
        sum(one.hushed for one in fresh),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """A node that was called false so often that its next warning must say twice as much."""

    node: tuple[str, str, str, str]
    stream: str
    times: int
    evidence: float


def hushed_nodes(at: datetime, reach: Reach) -> list[Proposal]:
    """Raising what a node must show only takes warnings away, so what is promised of false ones
    still holds; nothing is ever lowered by itself."""
    most = watchbook.limits()
    rows = Wave.objects.within(reach).filter(is_false=True, dismissed_at__gt=at - most.quarter)
    names = ("stream", "org_path", "business", "cause", "channel")
    counted = rows.order_by().values(*names).annotate(times=Count("pk"), most=Max("evidence"))
    return [_proposal(one) for one in counted if one["times"] >= most.false_thrice]


def _proposal(one: Mapping[str, object]) -> Proposal:
    node = tuple(str(one[name]) for name in ("org_path", "business", "cause", "channel"))
    return Proposal(
        (node[0], node[1], node[2], node[3]), str(one["stream"]), int(str(one["times"])),
        float(str(one["most"])),
    )  # fmt: skip
