"""What an alarm says of itself: since when, how many, with how many it would be silent."""

from dataclasses import dataclass

import numpy as np

from sujin.engine.series.panel import Node, Panel
from sujin.engine.watch.alarm import Alarm, interval
from sujin.engine.watch.chance import p_values
from sujin.engine.watch.evidence import Lately, Waves, weigh, weigh_many
from sujin.engine.watch.signals import Signals
from sujin.engine.watch.terms import Terms
from sujin.engine.watch.tree import Named

_BISECTIONS = 10


@dataclass(frozen=True, eq=False)
class Telling:
    """Makes the alarms of one detector at period ``at``; ``cut`` is the p-value it warned at."""

    panel: Panel
    signals: Signals
    terms: Terms
    at: int
    cut: float
    seed: int

    def alarm(self, named: Named) -> Alarm:
        """The alarm of one place of the signals."""
        told = self.signals.at(named.at)
        length = onset(told, self.terms.waves)
        observed, expected, variance = (float(one[:length].sum()) for one in told)
        low, high = interval(expected, variance)
        starts = self.panel.starts
        today, since = starts[self.at], starts[self.at - length + 1]
        node, *relatives = (self._node(one) for one in (named.at, *named.relatives))
        return Alarm(
            node, (self.signals.detector,), today, today, since, observed, expected, low, high,
            named.evidence, named.p, self._silent_at(told, length), tuple(relatives),
        )  # fmt: skip

    def _node(self, place: int) -> Node:
        return self.panel.nodes[self.signals.rows[place]]

    def _silent_at(self, told: Lately, length: int) -> float:
        """The most cases since the onset that would have warned nobody."""
        excess = np.maximum(told.counts - told.mean, 0.0)
        silent, loud = 0.0, 1.0
        for _ in range(_BISECTIONS):
            part = (silent + loud) / 2
            if self._chance(told._replace(counts=told.counts - (1 - part) * excess)) > self.cut:
                silent = part
            else:
                loud = part
        left = told.counts - (1 - silent) * excess
        return float(np.floor(left[:length].sum()))

    def _chance(self, told: Lately) -> float:
        one = Lately(*(np.ascontiguousarray(part[None]) for part in told))
        evidence = weigh_many(one, self.terms.waves)
        return float(p_values(evidence, one, self.terms.waves, seed=self.seed)[0])


def onset(told: Lately, waves: Waves) -> int:
    """How many periods the wave has lasted: the length of the shape that explains it best."""
    alone = np.ones(1)
    best = [
        weigh(
            told, Waves(waves.shares[[row]], waves.lengths[[row]], alone, waves.sizes, waves.often)
        )
        for row in range(len(waves.lengths))
    ]
    return int(waves.lengths[int(np.argmax(best))])
