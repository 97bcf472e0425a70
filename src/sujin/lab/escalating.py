"""Invented complaints of which the true probability of escalating is known, day by day."""

from collections.abc import Iterator

import numpy as np

from sujin.engine.outlook import Facts, Sighting
from sujin.lab.dice import generator

AGES = (1, 3, 7, 14, 21, 30)
BUSINESS = ("card", "loan", "deposit", "wealth", "payment")
CHANNELS = ("counter", "hotline", "web_form", "regulator")
SPAN = 540  # days


def sightings(seed: int, cases: int, days: int = 30) -> tuple[list[Sighting], dict[int, float]]:
    """Sightings of so many cases, and the true probability of each sighting by its place."""
    rng = generator("outlook", seed)
    found: list[Sighting] = []
    truth: dict[int, float] = {}
    for key in range(cases):
        for one, chance in _case(rng, key, days):
            truth[len(found)] = chance
            found.append(one)
    return found, truth


def _case(rng: np.random.Generator, key: int, days: int) -> Iterator[tuple[Sighting, float]]:
    """A case is seen until it closes or escalates; what happened before a moment moves its odds."""
    received = float(rng.uniform(0, SPAN))
    closes = float(rng.gamma(2.0, 9.0)) + 1
    business, channel = str(rng.choice(BUSINESS)), str(rng.choice(CHANNELS, p=(0.3, 0.4, 0.2, 0.1)))
    vulnerable, spoken = bool(rng.random() < 0.12), bool(rng.random() < 0.7)
    contacts, missed = 0, 0
    for nth, (age, before) in enumerate(zip(AGES, (0, *AGES[:-1]), strict=True)):
        if age > closes:
            return
        contacts += int(rng.poisson(0.06 * (age - before)))
        missed += int(rng.random() < 0.02 * (age - before))
        facts = Facts(
            age_days=age, used=age / 15, quiet_days=float(rng.uniform(0, age)), contacts=contacts,
            missed=missed, vulnerable=vulnerable, spoken=spoken, channel=channel,
            tier="ordinary", business=business, regulator=channel == "regulator",
        )  # fmt: skip
        chance = true_chance(facts)
        escalated = bool(rng.random() < chance)
        yield Sighting(key, nth, received, received + age, facts, escalated), chance
        if escalated and rng.random() < 0.5:
            return


def true_chance(facts: Facts) -> float:
    """What the model has to find: not of its own form, for contacts saturate and ages interact."""
    odds = -3.0 + 0.9 * min(facts.contacts, 4) ** 0.5 + 0.8 * (facts.missed > 0)
    odds += 0.6 * facts.vulnerable - 0.5 * facts.spoken + 0.5 * (facts.business == "loan")
    odds += 0.4 * (facts.used > 1) * (facts.contacts > 0) + 0.5 * facts.regulator
    return float(1 / (1 + np.exp(-odds)))
