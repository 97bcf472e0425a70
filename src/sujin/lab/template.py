"""A small grammar of sentences: ``[one|other]`` chooses, ``{slot}`` is filled by the teller."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Fill = Callable[[str], str]


class BrokenTemplate(ValueError):
    """A bracket that never closes or closes twice; the message shows the sentence."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap to be filled, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences, each as likely as the other."""

    options: tuple["str | Sequence", ...]


Node = str | Slot | Choice
Sequence = tuple[Node, ...]


def parse(text: str) -> Sequence:
    """The sentence as nodes. Raises BrokenTemplate on unbalanced brackets."""
    sequence, rest = _sequence(text, 0)
    if rest != len(text):
        raise BrokenTemplate(f"a bracket closes too often in {text!r}")
    return sequence


def _sequence(text: str, start: int) -> tuple[Sequence, int]:
    nodes: list[Node] = []
    plain = at = start
    while at < len(text) and text[at] not in "|]":
        if text[at] not in "[{":
            at += 1
            continue
        nodes.append(text[plain:at])
        node, at = _choice(text, at) if text[at] == "[" else _slot(text, at)
        nodes.append(node)
        plain = at
    nodes.append(text[plain:at])
    return tuple(node for node in nodes if node != ""), at


def _choice(text: str, start: int) -> tuple[Choice, int]:
    options: list[str | Sequence] = []
    at = start
    while at < len(text) and text[at] != "]":
        option, at = _sequence(text, at + 1)
        options.append(_plain(option))
    if at >= len(text):
        raise BrokenTemplate(f"a bracket never closes in {text!r}")
    return Choice(tuple(options)), at + 1


def _plain(option: Sequence) -> str | Sequence:
    """Most options are mere words: kept as such, they cost nothing to render."""
    words = [node for node in option if isinstance(node, str)]
    return "".join(words) if len(words) == len(option) else option


def _slot(text: str, start: int) -> tuple[Slot, int]:
    end = text.find("}", start)
    if end < 0:
        raise BrokenTemplate(f"a brace never closes in {text!r}")
    return Slot(text[start + 1 : end]), end + 1


def slots(sequence: Sequence) -> set[str]:
    """Every slot name the sentence may ask for."""
    found: set[str] = set()
    for node in sequence:
        if isinstance(node, Slot):
            found.add(node.name)
        elif isinstance(node, Choice):
            found.update(*(slots(o) for o in node.options if not isinstance(o, str)))
    return found


def render(sequence: Sequence, rng: Random, fill: Fill) -> str:
    """One sentence: choices drawn from ``rng``, slots asked of ``fill`` from left to right."""
    words = []
    for node in sequence:
        if isinstance(node, str):
            words.append(node)
        elif isinstance(node, Slot):
            words.append(fill(node.name))
        else:
            option = node.options[int(rng.random() * len(node.options))]
            words.append(option if isinstance(option, str) else render(option, rng, fill))
    return "".join(words)
