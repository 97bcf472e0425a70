"""What changed from one version to the next, line by line."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _t

from sujin.knowledge.models import Version


@dataclass(frozen=True, slots=True)
class Change:
    """One part that differs: lines that went and lines that came."""

    name: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


def changes(before: Version, after: Version) -> list[Change]:
    """The parts that differ, title first."""
    pairs = [(_t("标题"), before.title, after.title)]
    pairs.append((_t("客户的说法"), "\n".join(before.asks), "\n".join(after.asks)))
    pairs += [
        (part.name, before.parts.get(part.code, ""), after.parts.get(part.code, ""))
        for part in after.item.shape.parts
    ]
    return [_change(name, old, new) for name, old, new in pairs if old != new]


def _change(name: str, old: str, new: str) -> Change:
    one, other = old.splitlines(), new.splitlines()
    gone: list[str] = []
    come: list[str] = []
    for verb, i1, i2, j1, j2 in SequenceMatcher(a=one, b=other, autojunk=False).get_opcodes():
        if verb != "equal":
            gone += one[i1:i2]
            come += other[j1:j2]
    return Change(name, tuple(filter(None, gone)), tuple(filter(None, come)))
