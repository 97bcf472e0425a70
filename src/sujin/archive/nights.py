"""Which warnings of many nights are one wave: it may be seen again under a name that explains it
better."""

from collections.abc import Mapping, Sequence
from datetime import date

from sujin.engine.watch import Alarm
from sujin.engine.watch.alarm import related


class Nights:
    """``waves``: for each wave, its warning of every night on which it was seen."""

    def __init__(self, parents: Sequence[Mapping[str, str]]) -> None:
        self._parents = parents
        self._standing: list[list[Alarm]] = []
        self.waves: list[list[Alarm]] = []

    def add(self, night: date, standing: Sequence[Alarm]) -> None:
        """What stood at the end of a night; what was seen in it is a warning of that night."""
        before, self._standing = self._standing, []
        for alarm in standing:
            wave = self._known(alarm, before)
            if wave is None:
                wave = []
                self.waves.append(wave)
            else:
                before = [one for one in before if one is not wave]
            if alarm.last_alarm == night or not wave:
                wave.append(alarm)
            self._standing.append(wave)

    def _known(self, alarm: Alarm, before: Sequence[list[Alarm]]) -> list[Alarm] | None:
        same = [one for one in before if one[0].first_alarm == alarm.first_alarm]
        exact = [one for one in same if one[-1].node == alarm.node]
        near = [one for one in same if related(one[-1].node, alarm.node, self._parents)]
        return next(iter([*exact, *near]), None)
