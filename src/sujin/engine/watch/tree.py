"""Which of forty related nodes explains the rise, and so which one warning to give.

A true wave shows in its own node, in every node above it and in some below. The node with the most
evidence is named; then its excess is taken out of the cases, leaf by leaf, everything is counted
again, and whatever is no longer remarkable rose only because of it: a greedy descent like that of
Neill, "Fast subset scan for spatial pattern detection" (Journal of the Royal Statistical Society B
74, 2012), on likelihood ratios. Waves that are already known are taken out first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sujin.engine.series.panel import Counts, Panel
from sujin.engine.watch.chance import p_values
from sujin.engine.watch.evidence import weigh_many
from sujin.engine.watch.signals import Signals, lately
from sujin.engine.watch.terms import Terms


@dataclass(frozen=True, slots=True)
class Named:
    """Place ``at`` of the signals explains, besides itself, those of ``relatives``. The evidence
    and the p-value are those that remained when it was named."""

    at: int
    relatives: tuple[int, ...]
    evidence: float
    p: float


@dataclass(eq=False)
class Descent:
    """The cases of the last periods, leaf by leaf, as waves are taken out of them."""

    panel: Panel
    signals: Signals
    terms: Terms
    leaves: Counts
    cut: float
    seed: int

    def names(self, candidates: Sequence[int], known: Iterable[int]) -> list[Named]:
        """The places that explain all of ``candidates``, whose p-values were at most ``cut``; the
        most telling first. ``known``: places of waves already called."""
        for at in known:
            self._thin(at)
        named: list[Named] = []
        evidence, p = self._again(candidates)
        left = [at for at in candidates if p[at] <= self.cut]
        while left and len(named) < self.terms.most:
            best = max(left, key=lambda at: (evidence[at], -at))
            told = (evidence[best], p[best])
            self._thin(best)
            left.remove(best)
            evidence, p = self._again(left)
            gone = tuple(at for at in left if p[at] > self.cut)
            named.append(Named(best, gone, *told))
            left = [at for at in left if p[at] <= self.cut]
        return named

    def _thin(self, at: int) -> None:
        """Takes the excess of a place out of the leaves below it, in proportion to what they
        hold."""
        row = self.panel.below[self.signals.rows[at]]
        counts = np.asarray(row @ self.leaves).ravel()
        mean = self.signals.told.mean[at]
        keep = np.where(counts > mean, mean / np.maximum(counts, 1e-12), 1.0)
        self.leaves[row.indices] *= keep

    def _again(self, places: Sequence[int]) -> tuple[dict[int, float], dict[int, float]]:
        """Evidence and p-values of ``places`` for the cases that are left."""
        if not places:
            return {}, {}
        which, waves = np.array(places), self.terms.waves
        counts = self.panel.below[self.signals.rows[which]] @ self.leaves
        told = self.signals.told
        many = lately(counts, told.mean[which], told.variance[which])
        evidence = weigh_many(many, waves)
        p = p_values(evidence, many, waves, seed=self.seed)
        pairs = (dict(zip(places, one.tolist(), strict=True)) for one in (evidence, p))
        return next(pairs), next(pairs)
