"""The scenes of the synthetic bank: what goes wrong, filed where, how often and for how much."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from sujin.lab.phrases import phrase_book, table

RAKING_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Scene:
    """One kind of matter; ``share`` of all complaints and ``asked`` of all consultations."""

    code: str
    business: str
    cause: str
    share: float
    asked: float
    low: int
    high: int

    @property
    def invites_ideas(self) -> bool:
        """Whether customers have a suggestion to make about it."""
        return (self.code, "idea") in phrase_book().scenes


@cache
def scenes() -> tuple[Scene, ...]:
    """Every scene, its shares raked to the public reference distribution; shares sum to one."""
    found = _raked(tuple(map(_scene, table("scenes"))))
    share, asked = sum(scene.share for scene in found), sum(scene.asked for scene in found)
    return tuple(replace(s, share=s.share / share, asked=s.asked / asked) for s in found)


@cache
def scene(code: str) -> Scene:
    """The scene with this code. Raises KeyError when there is none."""
    return {found.code: found for found in scenes()}[code]


@cache
def reference(axis: str) -> Mapping[str, float]:
    """The published shares of one axis, ``business`` or ``cause``, as fractions that sum to one."""
    shares = {r["code"]: float(r["share"]) for r in table("reference") if r["axis"] == axis}
    total = sum(shares.values())
    return {code: share / total for code, share in shares.items()}


def group(business: str) -> str:
    """The row of the reference distribution a business code is counted in."""
    known = reference("business")
    pair = ".".join(business.split(".")[:2])
    return pair if pair in known else business.split(".", maxsplit=1)[0]


def _scene(row: dict[str, str]) -> Scene:
    return Scene(
        row["scene"],
        row["business"],
        row["cause"],
        float(row["weight"]),
        float(row["consult"]),
        int(row["amount_low"]),
        int(row["amount_high"]),
    )


def _raked(found: tuple[Scene, ...]) -> tuple[Scene, ...]:
    """Iterative proportional fitting (Deming and Stephan 1940) to both published margins."""
    for _ in range(RAKING_ROUNDS):
        found = _fitted(found, [group(s.business) for s in found], reference("business"))
        found = _fitted(found, [s.cause for s in found], reference("cause"))
    return found


def _fitted(
    found: tuple[Scene, ...], keys: list[str], target: Mapping[str, float]
) -> tuple[Scene, ...]:
    have = dict.fromkeys(keys, 0.0)
    for key, one in zip(keys, found, strict=True):
        have[key] += one.share
    return tuple(
        replace(one, share=one.share * target[key] / have[key])
        for key, one in zip(keys, found, strict=True)
    )
