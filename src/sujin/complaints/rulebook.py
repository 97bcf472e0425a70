"""The pack as the engine reads it: tables parsed once per process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from sujin import packs
from sujin.engine.classify import Classifier, Lexicon, Term
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
URGENCY = "urgency"  # a score beside the rules, no axis: complaints/assurance.py reads it


@dataclass(frozen=True, slots=True)
class Code:
    """A row of taxonomy.csv; ``crosswalk`` is the house pack's code for a foreign one."""

    axis: str
    code: str
    parent: str
    zh: str
    en: str
    line: str
    is_company: bool
    crosswalk: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything the first second of a case needs to know about the institution's rules."""

    tiers: tuple[TierRow, ...]
    routes: tuple[RouteRow, ...]
    repeats: tuple[RepeatRow, ...]
    house: Regime
    regimes: tuple[Regime, ...]
    classifier: Classifier
    signals: SignalReader
    manifest: Mapping[str, Any]

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Every limit there is, the institution's own first."""
        return tuple(limit for regime in (self.house, *self.regimes) for limit in regime.limits)

    @property
    def text_max(self) -> int:
        return int(self.manifest["limits"]["text_max"])


@cache
def rulebook() -> Rulebook:
    """The house pack's rules; every table is validated here and a bad cell stops the start."""
    read = _rows
    manifest = packs.manifest(HOUSE_PACK)
    return Rulebook(
        tiers=read_tiers(read("tiers")),
        routes=read_routes(read("routing")),
        repeats=read_repeats(read("repeats")),
        house=regime(HOUSE_PACK),
        regimes=tuple(map(regime, _regime_packs())),
        classifier=Classifier(Lexicon(_terms()), _models()),
        signals=SignalReader(_signal_terms()),
        manifest=manifest,
    )


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
    )


def _terms() -> list[Term]:
    return [
        Term(row["axis"], row["code"], row["term"], float(row["weight"]))
        for row in _rows("lexicon")
    ]


def _signal_terms() -> list[SignalTerm]:
    return [
        SignalTerm(row["signal"], row["term"], tuple(filter(None, row["unless"].split("|"))))
        for row in _rows("signals")
    ]


def _models() -> dict[str, LinearModel]:
    """Trained models, one file per axis, as ``sujin train`` left them."""
    stored = sorted(Path(settings.MODELS_ROOT).glob("*.npz"))
    found = [path for path in stored if path.stem != URGENCY]
    return {path.stem: LinearModel.from_arrays(_arrays(path)) for path in found}


def _arrays(path: Path) -> dict[str, Any]:
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}
