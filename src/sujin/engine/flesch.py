"""How easily English reads.

Reading ease by Flesch, "A new readability yardstick", Journal of Applied Psychology 32 (3), 1948;
school grade by Kincaid, Fishburne, Rogers and Chissom, "Derivation of new readability formulas for
Navy enlisted personnel", Research Branch Report 8-75, 1975. Both count syllables; here they are
counted by rule, groups of vowels less silent endings, which is right for nearly all common words.
"""

import re

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’.,-]*[A-Za-z0-9]|[A-Za-z0-9]")
_END = re.compile(r"[.!?]+(?=\s|$)|\n\s*\n|;")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(
    r"(?:[^aeiouylsxzcgh]|[cs]h|[aeiouy]l)es$|[^aeiouytd]ed$|[^aeiouyl]e$|[aeiouy]le$"
)
_TWO = re.compile(r"[aeiouy]ing")


def words(text: str) -> list[str]:
    """The words of a text; a number is one."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The text at its full stops; a point inside an address ends nothing."""
    return [part for part in _END.split(text) if words(part)]


def syllables(word: str) -> int:
    """How many syllables a word has, at least one."""
    if "." in word:  # an address is looked at, not read out
        return 1
    lower = word.casefold()
    count = len(_VOWELS.findall(lower)) + len(_TWO.findall(lower)) - bool(_SILENT.search(lower))
    return max(1, count)


def ease(text: str) -> float:
    """Flesch's reading ease: 60 to 70 is plain English; an empty text is as easy as can be."""
    found = words(text)
    if not found:
        return 100.0
    return 206.835 - 1.015 * _length(text) - 84.6 * _weight(found)


def school(text: str) -> float:
    """The school grade of Kincaid and others."""
    found = words(text)
    return 0.39 * _length(text) + 11.8 * _weight(found) - 15.59 if found else 0.0


def _length(text: str) -> float:
    return len(words(text)) / max(1, len(sentences(text)))


def _weight(found: list[str]) -> float:
    return sum(map(syllables, found)) / len(found)
