"""The counts a bulletin is compiled from: published figures of peers, as they stand."""

from collections import Counter
from datetime import date

from sujin import packs
from sujin.governance.models import PeerFigure
from sujin.governance.models.peer import PeerFigureQuerySet
from sujin.governance.peerbook import quarter_before
from sujin.reports.quarterly.figures import Bulletin, CannotCompile, Count, compiled

HOUSE_PACK = "cn_bank"


def bulletin_of(quarter: date, basis: str = "") -> Bulletin:
    """Of a quarter on a basis; without one, that of the most banks. Raises CannotCompile."""
    chosen = basis or usual_basis(quarter)
    earlier = _counts(quarter_before(quarter), chosen)
    return compiled(
        quarter, chosen, _counts(quarter, chosen), groups=groups(), businesses=businesses(),
        before=earlier or None,
    )  # fmt: skip


def usual_basis(quarter: date) -> str:
    """The basis on which most banks were published. Raises CannotCompile when none was."""
    found = Counter(_rows(quarter).values_list("basis", flat=True))
    if not found:
        raise CannotCompile(f"no figures of {quarter}: load them with `sujin peers`")
    return max(sorted(found), key=lambda code: found[code])


def groups() -> list[str]:
    """The pack's groups, in the order of the bulletins."""
    return [row["group"] for row in packs.rows(HOUSE_PACK, "peer_groups")]


def businesses() -> list[str]:
    return [row["business"] for row in packs.rows(HOUSE_PACK, "bulletin_businesses")]


def _rows(quarter: date) -> PeerFigureQuerySet:
    return PeerFigure.objects.valid().filter(quarter=quarter, metric="complaints").exclude(group="")


def _counts(quarter: date, basis: str) -> list[Count]:
    rows = _rows(quarter).filter(basis=basis).order_by("bank", "business")
    return [
        Count(one.bank, one.group, one.business, one.value, one.outlets, one.customers)
        for one in rows
    ]
