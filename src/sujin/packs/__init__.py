"""Rule packs: everything an officer could argue about, kept as tables and read as raw strings.

A pack is a folder beside this file with a ``pack.toml`` and CSV tables in UTF-8. This module only
reads; it judges nothing and knows no table's meaning, so a new pack is a new folder of data and
no change of code. Every cell is handed over as the text the officer typed, without the blanks
around it. ``README.md`` in this folder explains each table to the officers who own it.
"""

import csv
import io
import re
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

_MANIFEST = "pack.toml"
_PATH = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*(\.[a-z]+)?")


class UnknownPack(LookupError):
    """No such pack; the message lists the packs there are."""


class UnknownTable(LookupError):
    """No such file in the pack; the message lists the tables there are."""


class BrokenTable(ValueError):
    """A table that cannot be read; the message names the pack, the table and the line."""


def rows(pack: str, table: str) -> list[dict[str, str]]:
    """Every row of a table, in the order of the file, as column name -> text.

    ``table`` is the file's name without ``.csv``, with its folder where it has one:
    ``rows("cn_bank", "expected/tiers")``. The list is the caller's own: changing it changes nothing
    here. Raises UnknownPack, UnknownTable, or BrokenTable when a line has too many or too few
    cells or a column has no name of its own.
    """
    return [dict(row) for row in _table(pack, table)]


def manifest(pack: str) -> dict[str, Any]:
    """The pack's ``pack.toml``. Raises UnknownPack, or BrokenTable when it is not valid TOML."""
    try:
        return tomllib.loads(text(pack, _MANIFEST))
    except tomllib.TOMLDecodeError as error:
        raise BrokenTable(f"{pack}/{_MANIFEST}: {error}") from error


def names() -> list[str]:
    """The packs there are, in alphabetical order: every folder here that has a ``pack.toml``."""
    return [*_names()]


def tables(pack: str) -> list[str]:
    """The tables of a pack by their file names, with their folders. Raises UnknownPack."""
    return _tables(_folder(pack))


def papers(pack: str, folder: str) -> list[str]:
    """The paths of the ``.md`` files of a folder of the pack, in alphabetical order, none when it
    has no such folder: what ``text`` takes. Raises UnknownPack."""
    here = _folder(pack).joinpath(folder)
    if not here.is_dir():
        return []
    found = (file.name for file in here.iterdir() if file.name.endswith(".md"))
    return [f"{folder}/{name}" for name in sorted(found)]


@cache
def text(pack: str, path: str) -> str:
    """The text of one file of a pack: ``text("cn_bank", "letters/decision.md")``.

    A byte-order mark, as Excel writes one, is dropped. Raises UnknownPack, UnknownTable, or
    BrokenTable when the file is not UTF-8.
    """
    file = _folder(pack).joinpath(path)
    if not _PATH.fullmatch(path) or not file.is_file():
        have = ", ".join(_tables(_folder(pack)))
        raise UnknownTable(f"pack {pack} has no {path}. Have: {have}")
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        remedy = "save it as CSV UTF-8"
        raise BrokenTable(f"{pack}/{path} is not UTF-8 ({error}): {remedy}") from error


@cache
def _names() -> tuple[str, ...]:
    found = (folder.name for folder in _home().iterdir() if folder.joinpath(_MANIFEST).is_file())
    return tuple(sorted(found))


@cache
def _table(pack: str, table: str) -> tuple[dict[str, str], ...]:
    reader = csv.reader(io.StringIO(text(pack, f"{table}.csv"), newline=""), strict=True)
    where = f"{pack}/{table}.csv"
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise BrokenTable(f"{where} line {reader.line_num}: {error}") from error
    if not lines:
        raise BrokenTable(f"{where} is empty: its first line must name the columns")
    header = _header(where, lines[0][1])
    return tuple(_row(f"{where} line {number}", header, cells) for number, cells in lines[1:])


def _header(where: str, cells: list[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    if "" in header or len(set(header)) != len(header):
        raise BrokenTable(f"{where} line 1: a column has no name, or two have the same: {header}")
    return header


def _row(where: str, header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        hint = "a cell that contains a comma must stand in double quotes"
        raise BrokenTable(f"{where}: {len(cells)} cells for {len(header)} columns; {hint}")
    return {name: cell.strip() for name, cell in zip(header, cells, strict=True)}


def _home() -> Traversable:
    return files("sujin.packs")


def _folder(pack: str) -> Traversable:
    if pack not in _names():
        raise UnknownPack(f"no pack named {pack!r}. Have: {', '.join(_names())}")
    return _home().joinpath(pack)


def _tables(folder: Traversable, inside: str = "") -> list[str]:
    found = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _tables(entry, f"{inside}{entry.name}/")
        elif entry.name.endswith(".csv"):
            found.append(f"{inside}{entry.name}")
    return found
