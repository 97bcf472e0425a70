"""Banks whose counts add up to the published national figures of the last quarter of 2022.

Totals, groups, kinds of business and medians are those of the regulator's bulletin (issued
2023-03-21); which bank had how many within a group is invented so that they come out.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

STATE, JOINT, FOREIGN = "国有大型商业银行", "股份制商业银行", "外资法人银行"
CITY, RURAL, OTHER = "城市商业银行", "农村中小金融机构", "其他银行业金融机构"
# Group, complaints, members, median for each thousand outlets and ten million customers.
GROUPS = (
    (STATE, 21559, 6, "248.8", "51.9"),
    (JOINT, 26247, 12, "1561.8", "303.9"),
    (FOREIGN, 341, 5, "598.4", "360.0"),
    (CITY, 11202, 9, "", ""),
    (RURAL, 3872, 8, "", ""),
    (OTHER, 6334, 4, "", ""),
)
TOTAL = 69555
BUSINESSES = {"card.credit": 29981, "loan": 28545, "wealth": 4476}
QUARTER, BASIS = "2022Q4", "transferred_merged"
SOURCE = "2022年第四季度银行业消费投诉情况的通报（组内各行为虚构）"


def rows() -> list[dict[str, str]]:
    """Lines for `load_peers`."""
    return [line for group in GROUPS for line in _group(*group)]


def _group(
    name: str, total: int, members: int, by_outlet: str, by_customer: str
) -> Iterator[dict[str, str]]:
    counts = _apportioned(total, [members + 1 - nth for nth in range(members)])
    kinds = {code: _of_kind(code, name) for code in BUSINESSES}
    for nth, count in enumerate(counts):
        base = {
            "bank": f"{name}{nth + 1:02}行", "group": name, "quarter": QUARTER,
            "metric": "complaints", "basis": BASIS, "source": SOURCE, "assets": "",
            "outlets": _base(count, by_outlet, nth, members, 1_000),
            "customers": _base(count, by_customer, nth, members, 10_000_000),
        }  # fmt: skip
        yield base | {"business": "", "value": str(count)}
        for code, of_kind in kinds.items():
            share = _apportioned(of_kind, counts)[nth]
            yield base | {"business": code, "value": str(share)}


def _of_kind(code: str, name: str) -> int:
    totals = [total for _name, total, *_rest in GROUPS]
    names = [one for one, *_rest in GROUPS]
    return _apportioned(BUSINESSES[code], totals)[names.index(name)]


def _apportioned(total: int, weights: Sequence[int]) -> list[int]:
    """Whole numbers as near to the weights as may be, that add up (largest remainder)."""
    exact = [Decimal(total) * weight / sum(weights) for weight in weights]
    found = [int(one) for one in exact]
    rest = sorted(range(len(exact)), key=lambda at: (found[at] - exact[at], at))
    for at in rest[: total - sum(found)]:
        found[at] += 1
    return found


def _base(count: int, median: str, nth: int, members: int, scale: int) -> str:
    """Outlets or customers so that the rates lie evenly around the group's median."""
    if not median:
        return ""
    middle = Decimal(members - 1) / 2
    rate = Decimal(median) * (1 + (middle - nth) / Decimal(4 * members))
    return str((Decimal(count) / rate * scale).quantize(Decimal("0.01")))
