"""Words that mean the same to a customer and to the bank: the pack's table, read once."""

from functools import cache

from sujin import packs
from sujin.engine.synonyms import Synonyms, read_rows
from sujin.knowledge.catalogue import PACK


@cache
def synonyms() -> Synonyms:
    """The groups of ``knowledge/synonyms.csv``. Raises BadTable."""
    return read_rows(packs.rows(PACK, "knowledge/synonyms"))
