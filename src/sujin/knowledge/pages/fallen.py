"""What of a signed text has fallen since, by the titles that stand in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sujin.knowledge.frozen import items_of
from sujin.knowledge.standing import Fallen


@dataclass(frozen=True, slots=True)
class Named:
    """An item as it is called in the text, and why it may be used no longer."""

    title: str
    fallen: Fallen


def named(told: Mapping[str, Any], gone: Iterable[Fallen]) -> list[Named]:
    """Those of ``gone`` with their titles, in the order of the text."""
    by_key = {one.pk: one for one in gone}
    return [
        Named(item["title"], by_key[item["version"]])
        for item in items_of(told)
        if item["version"] in by_key
    ]
