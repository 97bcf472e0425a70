"""What the next weeks are likely to bring, node by node: said as quantiles and a chance, so that it
can be scored once they have come.

Three steps on one regression (`sujin.engine.watch.fitting`): `usual` reads season and trend of
every node from its own past, `pull` learns from the bank's own past how far a recent rise, and
consultations that rise, carry over, and `spread` widens the law until the past year's forecasts
would have held.
"""

from sujin.engine.foresight.foresee import Extra, Foresight, Prospect, Terms, foresee
from sujin.engine.foresight.pull import Lead

__all__ = ["Extra", "Foresight", "Lead", "Prospect", "Terms", "foresee"]
