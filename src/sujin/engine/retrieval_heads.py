"""Short texts that stand for a document: its title, how customers ask for it, and queries for
which it was chosen before. A query is compared with each, and the likest counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sujin.engine.retrieval_postings import Floats, Postings
from sujin.engine.retrieval_query import Query
from sujin.engine.retrieval_terms import Ints

_PART = "postings__"


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """Head i stands for the document `docs[i]` and counts `counts[i]` of its likeness."""

    postings: Postings
    docs: Ints
    counts: Floats

    def scores(self, query: Query, size: int, least: float = 0.0) -> Floats:
        """Of each of `size` documents the likest head: its cosine times what it counts;
        a cosine below `least` is none."""
        found = np.zeros(size, np.float32)
        if self.docs.size:
            np.maximum.at(found, self.docs, self._each(query, least))
        return found

    def likest(self, query: Query, place: int, least: float = 0.0) -> tuple[int, float]:
        """The head of one document that `scores` took, and its score; -1 for none."""
        own = np.flatnonzero(self.docs == place)
        if not own.size:
            return -1, 0.0
        each = self._each(query, least)[own]
        best = int(np.argmax(each))
        return int(own[best]), float(each[best])

    def brought(self, query: Query, head: int) -> Floats:
        """What each term of the query brought to the cosine with one head."""
        places = self.postings.places(query.keys)
        return query.weights * self.postings.impacts_in(places, head) / np.float32(query.norm)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything, for saving."""
        parts = {_PART + name: array for name, array in self.postings.arrays().items()}
        return parts | {"docs": self.docs, "counts": self.counts}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "Heads":
        """What `arrays` gave."""
        parts = {name.removeprefix(_PART): arrays[name] for name in arrays if _PART in name}
        return cls(Postings.of_arrays(parts), arrays["docs"], arrays["counts"])

    def _each(self, query: Query, least: float) -> Floats:
        places = self.postings.places(query.keys)
        cosines = self.postings.scores(places, query.weights) / np.float32(query.norm)
        return np.asarray(np.where(cosines >= least, cosines, 0) * self.counts, np.float32)
