"""诉金 Sujin: complaints of a bank and its subsidiaries, from the door to a verified remedy."""

from sujin.compiled import keep_apart

__version__ = "0.1.0"

# Before anything imports numba.
keep_apart()
