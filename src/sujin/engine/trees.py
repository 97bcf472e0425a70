"""Boosted trees kept as plain arrays: grown by scikit-learn, read by a loop of our own.

Gradient boosting (Friedman, 2001) on histograms (Ke and others, LightGBM, 2017).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.ngrams import Floats, Ints

# On inner folds 8 to 20 leaves, 200 to 400 trees and rates of .03 to .05 differ by less than .003.
_TREES, _LEAVES, _RATE = 200, 12, 0.05

_Nodes = tuple[Ints, npt.NDArray[np.float64], Ints, Ints, npt.NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Node i asks whether `features[i]` is at most `limits[i]` and goes to `yes[i]` or `no[i]`; a
    leaf has feature -1 and adds `values[i]`. Trees begin at `roots`; `start` is added."""

    roots: Ints
    features: Ints
    limits: npt.NDArray[np.float64]
    yes: Ints
    no: Ints
    values: npt.NDArray[np.float64]
    start: float

    def probabilities(self, figures: Floats) -> npt.NDArray[np.float64]:
        """Of the second class, for every line."""
        table = np.ascontiguousarray(figures, np.float64)
        nodes = (self.features, self.limits, self.yes, self.no, self.values)
        sums = self.start + _summed(table, self.roots, nodes)
        chances: npt.NDArray[np.float64] = 1 / (1 + np.exp(-sums))
        return chances

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything as arrays for saving; `from_arrays` takes them back."""
        names = ("roots", "features", "limits", "yes", "no", "values")
        return {name: getattr(self, name) for name in names} | {"start": np.array(self.start)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "Trees":
        return cls(
            roots=arrays["roots"],
            features=arrays["features"],
            limits=arrays["limits"],
            yes=arrays["yes"],
            no=arrays["no"],
            values=arrays["values"],
            start=float(arrays["start"]),
        )


def grow(figures: Floats, labels: npt.NDArray[np.int8], *, seed: int) -> Trees:
    """Trees that tell 1 from 0 by the figures."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    forest: Any = HistGradientBoostingClassifier(
        max_iter=_TREES,
        learning_rate=_RATE,
        max_leaf_nodes=_LEAVES,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=seed,
    ).fit(figures, labels)
    grown = [trees[0].nodes for trees in forest._predictors]
    begins = np.cumsum([0, *(nodes.size for nodes in grown)])[:-1]
    nodes = np.concatenate(grown)
    first = np.repeat(begins, [one.size for one in grown])
    return Trees(
        roots=begins.astype(np.int64),
        features=np.where(nodes["is_leaf"], -1, nodes["feature_idx"]).astype(np.int64),
        limits=nodes["num_threshold"].astype(np.float64),
        yes=(first + nodes["left"]).astype(np.int64),
        no=(first + nodes["right"]).astype(np.int64),
        values=nodes["value"].astype(np.float64),
        start=float(np.ravel(forest._baseline_prediction)[0]),
    )


@njit(cache=True)
def _summed(
    figures: npt.NDArray[np.float64], roots: Ints, nodes: _Nodes
) -> npt.NDArray[np.float64]:
    features, limits, yes, no, values = nodes
    sums = np.zeros(figures.shape[0])
    for line in range(figures.shape[0]):
        for root in roots:
            node = root
            while features[node] >= 0:
                goes_left = figures[line, features[node]] <= limits[node]
                node = yes[node] if goes_left else no[node]
            sums[line] += values[node]
    return sums
