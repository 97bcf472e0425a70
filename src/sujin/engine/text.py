"""Everything the engine reads out of a complaint's words, under one roof.

Each question has its own file; callers import from here.
"""

from sujin.engine.crowd import people
from sujin.engine.folding import fold
from sujin.engine.money import Amount, amounts
from sujin.engine.redaction import Found, Redacted, redact
from sujin.engine.tokens import query_tokens, search_tokens, tsquery

__all__ = [
    "Amount",
    "Found",
    "Redacted",
    "amounts",
    "fold",
    "people",
    "query_tokens",
    "redact",
    "search_tokens",
    "tsquery",
]
