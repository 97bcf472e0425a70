"""How plainly a letter speaks, in the reader's words: the score and what to write instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin import packs
from sujin.complaints.kinds.base import in_language
from sujin.complaints.models import Letter
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine import plain
from sujin.engine.plain import Fault, PlainRules

GRADES = {"plain": _("好懂"), "fair": _("还算好懂"), "heavy": _("读着费力"), "hard": _("难懂")}
FOUND_MAX = 24  # characters of a long stretch that are enough to find it again


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence that costs much, and what to do about it."""

    sentence: str
    advice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plainly:
    """What the letter check shows; ``measured`` are Flesch's figures of an English letter."""

    score: int
    grade: str
    word: str | Promise
    sentences: tuple[Spoken, ...]
    advice: tuple[str, ...]
    measured: str


def plainness(letter: Letter) -> Plainly:
    """How plainly the letter speaks in the language of its law."""
    jurisdiction = packs.manifest(letter.regime)["jurisdiction"]
    verdict = plain.judge(letter.body, _rules()["zh" if jurisdiction == "CN" else "en"])
    return Plainly(
        score=verdict.score,
        grade=verdict.grade,
        word=GRADES[verdict.grade],
        sentences=tuple(
            Spoken(one.sentence, tuple(map(_advice, one.faults))) for one in verdict.costly
        ),
        advice=tuple(map(_advice, verdict.faults)),
        measured=_measured(verdict),
    )


def _advice(fault: Fault) -> str:
    told = in_language(fault.title)
    if fault.plain:
        named = {"term": fault.found, "plain": fault.plain, "why": told}
        return _t("“%(term)s”改成“%(plain)s”：%(why)s") % named
    if fault.found and not fault.found.isdigit():
        return _t("“%(found)s” %(why)s") % {"found": _short(fault.found), "why": told}
    return told


def _short(found: str) -> str:
    return found if len(found) <= FOUND_MAX else f"{found[:FOUND_MAX]}…"


def _measured(verdict: plain.Plainness) -> str:
    if verdict.ease is None:
        return ""
    said = {"ease": verdict.ease, "school": verdict.school}
    return _t("Flesch 易读度 %(ease)s，Flesch–Kincaid 年级 %(school)s") % said


@cache
def _rules() -> Mapping[str, PlainRules]:
    return plain.read_rules(
        packs.rows(HOUSE_PACK, "plain_measures"), packs.rows(HOUSE_PACK, "plain_words")
    )
