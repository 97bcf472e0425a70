"""Did a measure work? Declared before it began, judged beside units without it.

`judge` says 有效, 无效 or 证据不足 (`Verdict`), with the effect, its interval and the reason: a
controlled interrupted time series whose noise may wander (`estimate`, `noise`), placebo tests of
units and of times that widen what was promised too narrowly (`placebo`), and what was only moved
elsewhere taken off (`Observed.sinks`).
"""

from sujin.engine.verify.estimate import Change, TooShort, expected
from sujin.engine.verify.judge import Finding, Reason, Verdict, judge
from sujin.engine.verify.observed import Declared, Definition, Observed

__all__ = [
    "Change", "Declared", "Definition", "Finding", "Observed", "Reason", "TooShort", "Verdict",
    "expected", "judge",
]  # fmt: skip
