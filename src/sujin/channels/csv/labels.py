"""The file's names for products and reasons, as codes of the pack; the unknown ones counted."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import takewhile

from sujin import packs
from sujin.channels.csv.layouts import plain

# Distinct unknown labels worth remembering; a wrong column may hold a million.
REMEMBERED = 500
SHOWN = 60
_STEPS = str.maketrans(dict.fromkeys("›>/\\|—–-－：:", "\n"))


class Labels:
    """``(axis, label, parent label)`` -> code, blind to case, spaces and punctuation."""

    def __init__(self, pack: str, axes: Mapping[str, str]) -> None:
        aliases = _aliases(pack)
        self._codes = aliases or _names(pack)
        self._has_paths = not aliases
        self._axes = axes
        self.unknown: Counter[tuple[str, str]] = Counter()

    def code(self, column: str, label: str, parent: str = "") -> str:
        """The code of what stands in ``column``, or '' with the label counted as unknown."""
        if not label:
            return ""
        axis = self._axes[column]
        code = self._find(axis, label, parent) or self._at_end_of_path(axis, label)
        if not code:
            self.remember(column, label)
        return code

    def remember(self, column: str, label: str) -> None:
        """Count a value that nobody here could read."""
        key = column, label[:SHOWN]
        if key in self.unknown or len(self.unknown) < REMEMBERED:
            self.unknown[key] += 1
        else:
            self.unknown[column, "…"] += 1

    def _find(self, axis: str, label: str, parent: str) -> str:
        key = plain(label)
        return self._codes.get((axis, key, plain(parent))) or self._codes.get((axis, key, ""), "")

    def _at_end_of_path(self, axis: str, label: str) -> str:
        """``银行卡-信用卡``: the last step that the pack knows below the one before it."""
        steps = [step for step in label.translate(_STEPS).split("\n") if step.strip()]
        if not self._has_paths or not steps:
            return ""
        pairs = zip(steps[::-1], [*steps[-2::-1], ""], strict=True)
        return next(filter(None, (self._find(axis, *pair) for pair in pairs)), "")


Codes = Mapping[tuple[str, str, str], str]


def _aliases(pack: str) -> Codes:
    """What the pack's own table of foreign labels says; empty where it has none."""
    try:
        rows = packs.rows(pack, "aliases")
    except packs.UnknownTable:
        return {}
    return {
        (row["axis"], plain(row["label"]), plain(row["parent_label"])): row["code"] for row in rows
    }


def _names(pack: str) -> Codes:
    """The pack's names and codes; a name that several classes bear means what they share."""
    rows = packs.rows(pack, "taxonomy")
    name_of = {(row["axis"], row["code"]): row["zh"] for row in rows}
    bearers: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in rows:
        parent = plain(name_of.get((row["axis"], row["parent"]), ""))
        for name in {plain(row["zh"]), plain(row["en"]), plain(row["code"])}:
            for key in {(row["axis"], name, parent), (row["axis"], name, "")}:
                bearers[key].append(row["code"])
    shared = {key: _shared(codes) for key, codes in bearers.items()}
    return {key: code for key, code in shared.items() if code}


def _shared(codes: list[str]) -> str:
    """The class all codes lie in: ``card`` for ``card.debit.fraud`` and ``card.credit.fraud``."""
    levels = zip(*(code.split(".") for code in codes), strict=False)
    return ".".join(step[0] for step in takewhile(lambda step: len(set(step)) == 1, levels))
