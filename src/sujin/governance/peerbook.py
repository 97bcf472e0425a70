"""A line of a file of published peer figures, and on which basis figures may be counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from re import fullmatch

from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from sujin import packs
from sujin.complaints.rulebook import taxonomy
from sujin.governance.facts import HOUSE_PACK

COLUMNS = (
    "bank", "group", "quarter", "metric", "business", "value", "basis", "customers", "outlets",
    "assets", "source",
)  # fmt: skip
COMPLAINTS = "complaints"
OWN = ("transfers", "matters", "received", "")
VALUE_MAX, CENT = Decimal(10) ** 12, Decimal("0.01")
LONGEST = {"bank": 80, "group": 40, "source": 200}


class BadPeer(ValueError):
    """A line that cannot be taken; the message says which column and what to write."""


class BadBasis(ValueError):
    """A row of peer_bases.csv that cannot be meant."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a published figure counts. ``own`` is how the house counts the same of itself."""

    code: str
    own: str
    title: Mapping[str, str]

    def __str__(self) -> str:
        return self.title["en" if get_language() == "en" else "zh"]


@dataclass(frozen=True, slots=True)
class PeerLine:
    """One figure. ``assets`` are hundred millions of yuan, the other bases are counts."""

    bank: str
    group: str
    quarter: date
    metric: str
    business: str
    value: Decimal
    basis: str
    customers: Decimal | None
    outlets: Decimal | None
    assets: Decimal | None
    source: str

    @property
    def key(self) -> tuple[str, date, str, str, str]:
        """What a bank may have one figure of."""
        return self.bank, self.quarter, self.metric, self.business, self.basis


@cache
def bases() -> Mapping[str, Basis]:
    """Every basis by code, in the order of the file. Raises BadBasis."""
    found = {}
    for row in packs.rows(HOUSE_PACK, "peer_bases"):
        if row["own"] not in OWN:
            said = f"peer_bases.csv row {row['basis']}: own {row['own']!r}"
            raise BadBasis(f"{said}: write transfers, matters, received or nothing")
        found[row["basis"]] = Basis(row["basis"], row["own"], {"zh": row["zh"], "en": row["en"]})
    return found


def read_line(row: Mapping[str, str], today: date) -> PeerLine:
    """Raises BadPeer."""
    told = {name: (row.get(name) or "").strip() for name in COLUMNS}
    for name in ("bank", "quarter", "value", "basis", "source"):
        if not told[name]:
            raise BadPeer(_t("%(column)s：不能为空") % {"column": name})
    for name, most in LONGEST.items():
        if len(told[name]) > most:
            raise BadPeer(_t("%(column)s：最多 %(n)d 字") % {"column": name, "n": most})
    value = _number(told, "value")
    if value is None or value != value.to_integral_value() or value < 0:
        raise BadPeer(_t("value：写件数，0 或更大的整数"))
    return PeerLine(
        bank=told["bank"], group=told["group"], quarter=_quarter(told["quarter"], today),
        metric=_known(told, "metric", {"": COMPLAINTS, COMPLAINTS: COMPLAINTS}),
        business=_business(told["business"]), value=value,
        basis=_known(told, "basis", {code: code for code in bases()}),
        customers=_base(told, "customers"), outlets=_base(told, "outlets"),
        assets=_base(told, "assets"), source=told["source"],
    )  # fmt: skip


def quarter_name(first: date) -> str:
    """``2025Q1``."""
    return f"{first.year}Q{(first.month + 2) // 3}"


def quarter_before(first: date) -> date:
    """The first day of the quarter before."""
    last = first - timedelta(days=1)
    return date(last.year, last.month - 2, 1)


def quarter_last(first: date) -> date:
    """The last day of a quarter."""
    after = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return after - timedelta(days=1)


def _quarter(text: str, today: date) -> date:
    found = fullmatch(r"(20\d\d)Q([1-4])", text.upper())
    if found is None:
        raise BadPeer(_t("quarter：写成 2025Q1 这样"))
    first = date(int(found[1]), int(found[2]) * 3 - 2, 1)
    if quarter_last(first) >= today:
        raise BadPeer(_t("quarter：这个季度还没有结束"))
    return first


def _business(code: str) -> str:
    if code and ("business", code) not in taxonomy():
        raise BadPeer(_t("business：分类表里没有 %(code)s；合计留空") % {"code": code[:40]})
    return code


def _known(told: Mapping[str, str], column: str, known: Mapping[str, str]) -> str:
    if told[column] not in known:
        have = ", ".join(one for one in known if one)
        raise BadPeer(_t("%(column)s：写其中之一：%(have)s") % {"column": column, "have": have})
    return known[told[column]]


def _base(told: Mapping[str, str], column: str) -> Decimal | None:
    value = _number(told, column)
    if value is not None and value <= 0:
        raise BadPeer(_t("%(column)s：写大于 0 的数，没有就留空") % {"column": column})
    return value.quantize(CENT) if value is not None else None


def _number(told: Mapping[str, str], column: str) -> Decimal | None:
    if not told[column]:
        return None
    try:
        value = Decimal(told[column].replace(",", ""))
    except InvalidOperation as error:
        raise BadPeer(_t("%(column)s：不是数") % {"column": column}) from error
    if not value.is_finite() or abs(value) >= VALUE_MAX:
        raise BadPeer(_t("%(column)s：不是数") % {"column": column})
    return value
