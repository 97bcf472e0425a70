"""The pack as the engine reads it: tables parsed once per process."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

from sujin import packs
from sujin.complaints import schooling
from sujin.engine.classify import Classifier, Lexicon, Term
from sujin.engine.confusions import read_rows as read_confusions
from sujin.engine.confusions import spellings
from sujin.engine.identity import IdentityRow
from sujin.engine.identity import read_rows as read_identities
from sujin.engine.linear import LinearModel
from sujin.engine.regimes import Regime, read_regime
from sujin.engine.repeat import RepeatRow
from sujin.engine.repeat import read_rows as read_repeats
from sujin.engine.route import RouteRow
from sujin.engine.route import read_rows as read_routes
from sujin.engine.signals import SignalReader, SignalTerm
from sujin.engine.sla import Limit
from sujin.engine.tier import TierRow
from sujin.engine.tier import read_rows as read_tiers
from sujin.engine.workdays import Calendar, read_calendar

HOUSE_PACK = "cn_bank"
CALENDARS = "calendars"
# How the words of lexicon.csv are called among the judges.
WORDS = "words"


@dataclass(frozen=True, slots=True)
class Code:
    """A row of taxonomy.csv; ``crosswalk`` is the house pack's code for a foreign one, ``standard``
    the number of JR/T 0169, empty until the code list is at hand."""

    axis: str
    code: str
    parent: str
    zh: str
    en: str
    line: str
    is_company: bool
    crosswalk: str
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything the first second of a case needs to know about the institution's rules."""

    tiers: tuple[TierRow, ...]
    routes: tuple[RouteRow, ...]
    repeats: tuple[RepeatRow, ...]
    identities: tuple[IdentityRow, ...]
    house: Regime
    regimes: tuple[Regime, ...]
    classifier: Classifier
    signals: SignalReader
    manifest: Mapping[str, Any]
    # Which words and which trained model of each axis judge, by their versions.
    judges: Mapping[str, str]

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Every limit there is, the institution's own first."""
        return tuple(limit for regime in (self.house, *self.regimes) for limit in regime.limits)

    @property
    def text_max(self) -> int:
        return int(self.manifest["limits"]["text_max"])

    @property
    def unsure_below(self) -> float:
        """A label less sure than this is marked as unsure."""
        return float(self.manifest["classify"]["abstain_below"])


def rulebook() -> Rulebook:
    """The house pack's rules with the models that judge now; every table is validated here and a
    bad cell stops the start. A running process hears of another model within half a minute."""
    return _with_models(schooling.stamp())


@lru_cache(maxsize=2)
def _with_models(stamp: schooling.Stamp) -> Rulebook:
    judging = schooling.judging()
    book = _tables()
    return replace(
        book, classifier=classifier(judging.models), judges={**book.judges, **judging.versions}
    )


@cache
def _tables() -> Rulebook:
    read = _rows
    manifest = packs.manifest(HOUSE_PACK)
    return Rulebook(
        tiers=read_tiers(read("tiers")),
        routes=read_routes(read("routing")),
        repeats=read_repeats(read("repeats")),
        identities=read_identities(read("identities")),
        house=regime(HOUSE_PACK),
        regimes=tuple(map(regime, _regime_packs())),
        classifier=classifier({}),
        signals=SignalReader(_signal_terms()),
        manifest=manifest,
        judges={WORDS: f"{manifest['version']}-{_words_hash()}"},
    )


def classifier(models: Mapping[str, LinearModel]) -> Classifier:
    """The pack's words with these models; below the pack's threshold a label is unsure."""
    least = float(packs.manifest(HOUSE_PACK)["classify"]["abstain_below"])
    return Classifier(_lexicon(), models, abstain_below=least)


def regime(pack: str, as_of: date | None = None) -> Regime:
    """The regime of one pack, in the calendar as it is known now, or as it was ``as_of`` a day."""
    manifest = packs.manifest(pack)
    tables = packs.tables(pack)
    return read_regime(
        manifest,
        limits=packs.rows(pack, "clocks"),
        extensions=packs.rows(pack, "extensions") if "extensions.csv" in tables else (),
        pauses=packs.rows(pack, "pauses") if "pauses.csv" in tables else (),
        calendar=calendar(manifest["calendar"], as_of),
    )


@cache
def calendar(name: str, as_of: date | None = None) -> Calendar:
    """A calendar by its name; the nameless one counts natural days only."""
    if not name:
        return Calendar({}, {}, frozenset())
    years = [row for row in packs.rows(CALENDARS, "years") if row["calendar"] == name]
    return read_calendar(packs.rows(CALENDARS, name), years, as_of)


def _regime_packs() -> list[str]:
    return [name for name in packs.names() if packs.manifest(name).get("kind") == "regime"]


@cache
def taxonomy(pack: str = HOUSE_PACK) -> Mapping[tuple[str, str], Code]:
    """``(axis, code)`` -> its row."""
    return {(row["axis"], row["code"]): _code(row) for row in packs.rows(pack, "taxonomy")}


def name_of(axis: str, code: str, *, english: bool, pack: str = HOUSE_PACK) -> str:
    """The code's name from its top class down, or the code itself when the pack has no such row."""
    steps = code.split(".")
    path = (".".join(steps[: end + 1]) for end in range(len(steps)))
    rows = [taxonomy(pack)[axis, step] for step in path if (axis, step) in taxonomy(pack)]
    return " › ".join(row.en if english else row.zh for row in rows) or code


@cache
def lines() -> Mapping[str, Mapping[str, str]]:
    return {row["line"]: row for row in packs.rows(HOUSE_PACK, "lines")}


def _rows(table: str) -> list[dict[str, str]]:
    return packs.rows(HOUSE_PACK, table)


def _code(row: Mapping[str, str]) -> Code:
    return Code(
        row["axis"],
        row["code"],
        row.get("parent", ""),
        row["zh"],
        row["en"],
        row.get("line", ""),
        row.get("company", "") == "yes",
        row.get("crosswalk", ""),
        row.get("jrt_code", ""),
    )


@cache
def _lexicon() -> Lexicon:
    return Lexicon(_terms())


def _words_hash() -> str:
    return hashlib.sha256(packs.text(HOUSE_PACK, "lexicon.csv").encode()).hexdigest()[:8]


def _terms() -> list[Term]:
    rows, mistyped = _rows("lexicon"), read_confusions(_rows("confusions"))
    known = frozenset(row["term"] for row in rows)
    return [
        Term(row["axis"], row["code"], term, float(row["weight"]))
        for row in rows
        for term in spellings(row["term"], mistyped, known)
    ]


def _signal_terms() -> list[SignalTerm]:
    rows, mistyped = _rows("signals"), read_confusions(_rows("confusions"))
    known = frozenset(row["term"] for row in rows)
    return [
        SignalTerm(row["signal"], term, tuple(filter(None, row["unless"].split("|"))))
        for row in rows
        for term in spellings(row["term"], mistyped, known)
    ]
