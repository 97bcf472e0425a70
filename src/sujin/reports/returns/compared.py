"""What is different from what was submitted before."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

# Of the rows that changed, so many are named.
NAMED = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure: what was submitted, what it is now; None where there was, or is, none."""

    code: str
    then: str | None
    now: str | None

    @property
    def change(self) -> str:
        """With its sign."""
        return f"{Decimal(self.now or 0) - Decimal(self.then or 0):+f}"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that came, went and changed, by the numbers of their cases."""

    added: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def any(self) -> bool:
        return bool(self.added or self.gone or self.changed)


def differences(then: Mapping[str, str], now: Mapping[str, str]) -> list[Difference]:
    """In the order of today's figures, what is gone after them."""
    codes = [*now, *(code for code in then if code not in now)]
    return [
        Difference(code, then.get(code), now.get(code))
        for code in codes
        if then.get(code) != now.get(code)
    ]


def rows(then: Mapping[str, str], now: Mapping[str, str]) -> Rows:
    return Rows(
        tuple(sorted(now.keys() - then.keys())),
        tuple(sorted(then.keys() - now.keys())),
        tuple(sorted(one for one in now.keys() & then.keys() if now[one] != then[one])),
    )
