"""A conversation as it is shown and as it is handed on. Answers are read from what is served at
the moment of looking, never from what was once said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sujin.engine.converse import Act
from sujin.knowledge.audience import THE_PUBLIC
from sujin.knowledge.catalogue import Part
from sujin.knowledge.models import Conversation, Turn, Version


@dataclass(frozen=True, slots=True)
class Quoted:
    """A version that may be quoted now, and its public parts word for word."""

    version: Version
    parts: Sequence[tuple[Part, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """One turn on the screen. ``quoted`` is absent when the text cited is served no longer;
    ``newer`` is then the version of the same item that is, if any."""

    turn: Turn
    quoted: Quoted | None
    newer: Version | None
    offered: Sequence[Version]
    is_last: bool

    @property
    def is_gone(self) -> bool:
        """An answer was given that may be given no longer."""
        return self.turn.version_id is not None and self.quoted is None


def shown(conversation: Conversation, at: datetime) -> list[Shown]:
    """All turns in order. Three queries, however long it was."""
    turns = list(conversation.turns.select_related("version").order_by("nth"))
    items = {turn.version.item_id for turn in turns if turn.version is not None}
    served = Version.objects.served(THE_PUBLIC, at).select_related("item")
    offered = {key for turn in turns for key in turn.offered}
    by_key = {one.pk: one for one in served.filter(pk__in=offered)}
    by_item = {one.item_id: one for one in served.filter(item__in=items)}
    last = turns[-1].nth if turns else 0
    return [_shown(turn, by_key, by_item, is_last=turn.nth == last) for turn in turns]


def _shown(
    turn: Turn, by_key: dict[int, Version], by_item: dict[int, Version], *, is_last: bool
) -> Shown:
    current = by_item.get(turn.version.item_id) if turn.version is not None else None
    is_same = current is not None and current.pk == turn.version_id
    quoted = quote(current) if current is not None and is_same else None
    offered = [by_key[key] for key in turn.offered if key in by_key]
    return Shown(turn, quoted, None if is_same else current, offered, is_last)


def quote(version: Version) -> Quoted:
    """What a customer may read of a version that is served."""
    return Quoted(version, version.told(public=True))


# The assistant's side is told in codes: its words must not be read as the customer's complaint.
_DID = {
    Act.ASK.value: "请客户选择",
    Act.DECLINE.value: "没有答案",
    Act.HAND_OVER.value: "转人工",
}


def told(conversation: Conversation) -> str:
    """The whole conversation as the text of a case: every word of the customer's, in order."""
    lines = []
    for turn in conversation.turns.select_related("version__item").order_by("nth"):
        if turn.words:
            lines.append(f"客户：{turn.words}")
        lines.append(f"助手：{_did(turn)}")
    return "\n".join(lines)


def _did(turn: Turn) -> str:
    if turn.version is None:
        return _DID[turn.act]
    return f"引用 {turn.version.item.code} 第 {turn.version.number} 版"


def cited(conversation: Conversation) -> str:
    """The titles of what was quoted, for whoever takes the case over."""
    turns = conversation.turns.filter(version__isnull=False).select_related("version")
    named = [f"《{one.version.title}》第 {one.version.number} 版" for one in turns if one.version]
    return "；".join(dict.fromkeys(named))
