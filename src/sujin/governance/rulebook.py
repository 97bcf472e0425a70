"""The pack's word on organised agents, as the engine reads it."""

from datetime import timedelta
from functools import cache
from typing import Any

from sujin import packs
from sujin.engine.agent_rules import Rules, read_rows

HOUSE_PACK = "cn_bank"
# One look each night.
LOOKS_PER_YEAR = 366


@cache
def rules() -> Rules:
    numbers = manifest()
    return Rules(
        rows=read_rows(packs.rows(HOUSE_PACK, "agent_traces")),
        family_bits=float(numbers["family_bits"]),
        link_bits=float(numbers["link_bits"]),
        principals_min=int(numbers["principals_min"]),
        household_max=int(numbers["household_max"]),
        words_like=float(numbers["words_like"]),
        false_per_year=float(numbers["false_per_year"]),
        looks_per_year=LOOKS_PER_YEAR,
    )


@cache
def manifest() -> dict[str, Any]:
    """The section ``agents`` of the pack."""
    return dict(packs.manifest(HOUSE_PACK)["agents"])


def days(name: str) -> timedelta:
    """A number of days of that section."""
    return timedelta(days=int(manifest()[name]))


def version() -> str:
    return str(packs.manifest(HOUSE_PACK)["version"])
