"""诉金 Sujin: complaints of a bank and its subsidiaries, from the door to a verified remedy."""

__version__ = "0.1.0"
