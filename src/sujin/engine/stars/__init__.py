"""Star rating: what shares are (``shares``), and the sheet that points and stars are read off."""

from sujin.engine.stars.sheet import BadSheet, Item, Level, Line, Sheet, gains, reached, score

__all__ = ["BadSheet", "Item", "Level", "Line", "Sheet", "gains", "reached", "score"]
