"""The docket's grammar: what a Kind is, how it is written down and read back.

Everything that happens is one Entry, written in the transaction of the change. A Kind is a frozen
dataclass; its fields are the entry's data; ``cached`` names the fields of the row that it sets.
Replaying a docket through ``cached`` must give the row again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Self, get_args, get_origin, get_type_hints


@dataclass(frozen=True)
class Kind:
    """One kind of thing that can happen. It owns its own words."""

    code: ClassVar[str]
    icon: ClassVar[str] = "point"
    title: ClassVar[Any] = ""
    caches: ClassVar[Mapping[str, str]] = {}

    def sentence(self) -> str:
        """What happened, for people, in their language."""
        return str(self.title)

    def cached(self) -> dict[str, Any]:
        """Column of the subject's row -> value after this happened."""
        return {column: getattr(self, name) for column, name in self.caches.items()}

    def data(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """The kind again from an entry's data; fields added later take their defaults."""
        return cls(**{name: _typed(kind, data[name]) for name, kind in _hints(cls) if name in data})


def _hints(kind: type[Kind]) -> tuple[tuple[str, Any], ...]:
    """Field names and their types, worked out once per kind."""
    if kind.code not in _fields:
        hints = get_type_hints(kind)
        _fields[kind.code] = tuple((field.name, hints[field.name]) for field in fields(kind))
    return _fields[kind.code]


_fields: dict[str, tuple[tuple[str, Any], ...]] = {}


# What most fields are; asking the exact type first spares the slow checks below.
_PLAIN = frozenset({str, int, float, bool, type(None)})


def _plain(value: Any) -> Any:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, StrEnum | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    candidates = [item for item in get_args(kind) if item is not type(None)] or [kind]
    if get_origin(kind) is tuple:
        return tuple(_typed(candidates[0], item) for item in value)
    target = candidates[0] if get_origin(kind) not in {dict, Mapping} else dict
    if target in {datetime, date}:
        return target.fromisoformat(value)
    if isinstance(target, type) and issubclass(target, Decimal | StrEnum):
        return target(value)
    return value


Reaction = Callable[..., None]

_kinds: dict[str, type[Kind]] = {}
_reactions: dict[str, tuple[Reaction, ...]] = {}


def learn(kinds: Iterable[type[Kind]]) -> None:
    """Make kinds readable by their code; called once per room when the application starts."""
    for kind in kinds:
        if _kinds.setdefault(kind.code, kind) is not kind:
            raise ValueError(f"two kinds are called {kind.code}")


def kind_of(code: str) -> type[Kind]:
    return _kinds[code]


def known_kinds() -> Mapping[str, type[Kind]]:
    return dict(_kinds)


def answer_with(reactions: Mapping[type[Kind], Sequence[Reaction]]) -> None:
    """Install the dictionary of config/reactions.py."""
    _reactions.clear()
    _reactions.update({kind.code: tuple(acts) for kind, acts in reactions.items()})


def reactions_to(code: str) -> tuple[Reaction, ...]:
    return _reactions.get(code, ())
