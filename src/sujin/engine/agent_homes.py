"""Whose complaints are one person's, and which people live together."""

from collections.abc import Iterable, Mapping
from typing import Protocol


class Known(Protocol):
    """A complaint as far as it says whose it is."""

    @property
    def key(self) -> int: ...
    @property
    def principal(self) -> frozenset[str]: ...
    @property
    def numbers(self) -> frozenset[str]: ...


def principals(filings: Iterable[Known]) -> dict[int, int]:
    """Key of each complaint -> the first complaint of the same customer. A shared account makes no
    one customer of people with different identity numbers."""
    found: dict[int, int] = {}
    roots: dict[str, int] = {}
    numbers: dict[int, frozenset[str]] = {}
    for one in filings:
        found[one.key], numbers[one.key] = one.key, one.numbers
        for key in sorted(one.principal, key=lambda key: (key not in one.numbers, key)):
            mine = root(found, one.key)
            other = root(found, roots.setdefault(key, mine))
            known, told = numbers[other], numbers[mine]
            if known and told and known.isdisjoint(told):
                continue
            found[max(mine, other)] = min(mine, other)
            numbers[min(mine, other)] = known | told
    return {key: root(found, key) for key in found}


def homes(people: Mapping[int, int], addresses: Mapping[int, frozenset[str]]) -> tuple[int, int]:
    """How many homes the people of these complaints have, and how many people name none. Whoever
    shares an address lives together."""
    lives: dict[int, int] = {person: person for person in people.values()}
    at: dict[str, int] = {}
    for key, person in people.items():
        for address in addresses.get(key, ()):
            one, other = root(lives, person), root(lives, at.setdefault(address, person))
            lives[max(one, other)] = min(one, other)
    named = {person for key, person in people.items() if addresses.get(key)}
    return len({root(lives, person) for person in named}), len(lives) - len(named)


def root(found: dict[int, int], key: int) -> int:
    """The first of those that ``key`` was put together with."""
    while found[key] != key:
        found[key] = found[found[key]]
        key = found[key]
    return key
