"""All chance in the laboratory comes from here, by name and seed: nothing is unseeded."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

import numpy as np
from numpy.random import Generator

Name = TypeVar("Name")


def dice(*name: object) -> Random:
    """A stream of chance named by its parts; the same name gives the same stream, for ever."""
    return Random("/".join(map(str, name)))  # noqa: S311 - a story is told here, no secret kept


def generator(*name: object) -> Generator:
    """The same for whole arrays."""
    return np.random.default_rng(dice(*name).getrandbits(128))


def weighted(rng: Random, shares: Sequence[tuple[Name, float]]) -> Name:
    """One of the names, by its share; shares need not sum to one."""
    at = rng.random() * sum(share for _, share in shares)
    for name, share in shares:
        at -= share
        if at < 0:
            return name
    return shares[-1][0]
