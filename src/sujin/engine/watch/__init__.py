"""Waves of complaints, seen early: three detectors over every node of the tree, and the promise
that few of their warnings are false.

`review` is one look, `sweep` the replay of many. A detector gives `Signals` for nodes of a panel;
those of all detectors answer one question together, so the share of false warnings is bounded over
the whole tree (`sujin.engine.discoveries`); `tree.explain` names the node that a rise comes from.
"""

from sujin.engine.watch.alarm import Alarm
from sujin.engine.watch.review import Streams, review, sweep
from sujin.engine.watch.terms import DAILY, SHORT_WEEKS, WEEKLY, Terms

__all__ = ["DAILY", "SHORT_WEEKS", "WEEKLY", "Alarm", "Streams", "Terms", "review", "sweep"]
