"""Which texts are one text with small edits: leaders found by bands, told apart by likeness.

Leader clustering (Hartigan, "Clustering Algorithms", 1975): a text joins the first cluster whose
leader it is like, so that no chain of small changes ties strangers together.
"""

from collections import defaultdict
from collections.abc import Mapping

from sujin.engine.signature import Signature, likeness

# A band shared by very many (one form for a thousand people) is looked through no further.
LEADERS_MAX = 24


def clusters(signed: Mapping[int, Signature | None], like: float) -> dict[int, int]:
    """Key of each text -> key of the leader of its cluster; texts too short to sign are left out.

    The order of ``signed`` decides who leads: give it in order of time.
    """
    leading: defaultdict[int, list[int]] = defaultdict(list)
    found: dict[int, int] = {}
    for key, signature in signed.items():
        if signature is None:
            continue
        leader = _leader(signature, leading, signed, like)
        found[key] = key if leader is None else leader
        if leader is None:
            for band in signature.bands:
                leading[band].append(key)
    return found


def _leader(
    signature: Signature,
    leading: Mapping[int, list[int]],
    signed: Mapping[int, Signature | None],
    like: float,
) -> int | None:
    """The leader most alike, of those that share a band, when it is alike enough."""
    near = {key for band in signature.bands for key in leading.get(band, ())[:LEADERS_MAX]}
    best, key = max(((_like(signature, signed[one]), -one) for one in near), default=(0.0, 0))
    return -key if best >= like else None


def _like(one: Signature, other: Signature | None) -> float:
    return likeness(one, other) if other is not None else 0.0
