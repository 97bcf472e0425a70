"""The rules of the self-service assistant: the pack's tables, read once.

What it may quote is not decided here: that is the one door ``served``, with the public audience.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sujin import packs
from sujin.engine.converse import (
    Candidate,
    Move,
    SignalRow,
    State,
    Thresholds,
    decide,
    read_signals,
    read_thresholds,
)
from sujin.engine.signals import SignalReader, SignalTerm
from sujin.engine.text import redact
from sujin.engine.voices import VOICES, Listener, listener
from sujin.knowledge.catalogue import PACK

TABLE, SIGNALS = "knowledge/assistant", "knowledge/assistant_signals"
WORDS, SENTENCES = "knowledge/assistant_words", "knowledge/assistant_voices"
# What a case that comes of a conversation can be; the words of the complaints room.
KINDS = frozenset({"complaint", "consultation"})


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds, what a signal leads to, the words of the signals, and who hears the voices."""

    thresholds: Thresholds
    rows: tuple[SignalRow, ...]
    reader: SignalReader
    listener: Listener

    def decide(self, words: str, candidates: Sequence[Candidate], state: State) -> Move:
        """The next move on the customer's words."""
        voice = self.listener.hear(words)
        weak = {row.signal for row in self.rows if row.weak}
        said = self.reader.read(words).found
        return decide(
            words,
            candidates,
            state,
            signals=voice.signals(said, weak, self.thresholds.hearing),
            thresholds=self.thresholds,
            rows=self.rows,
            question=voice.question,
        )


@cache
def rules() -> Rules:
    """The tables of the pack. Raises BadTable."""
    terms = [*_terms("signals"), *_terms(WORDS)]
    known = {term.signal for term in terms} | VOICES
    return Rules(
        read_thresholds(packs.rows(PACK, TABLE)),
        read_signals(packs.rows(PACK, SIGNALS), known, KINDS),
        SignalReader(terms),
        listener(packs.rows(PACK, SENTENCES)),
    )


def bare(words: str) -> str:
    """The question without personal numbers, names and addresses, and without what announces them
    where nothing else is said: they find nothing but noise."""
    kept, here = [], 0
    for one in sorted(redact(words).found, key=lambda one: one.start):
        before = words[here : max(here, one.start)]
        is_all = not words[one.end :].strip() or words[one.end :].lstrip()[0] in _STOPS
        kept.append(_ANNOUNCED.sub("", before) if is_all else before)
        here = max(here, one.end)
    return " ".join([*kept, words[here:]]).strip(f" {_STOPS}")


_STOPS = "，。；、,.;!！？?\n"
_ANNOUNCED = re.compile(
    r"(?:我叫|我是|姓名|名字|手机号?码?|电话|联系方式|卡号|账号|身份证号?码?"
    r"|邮箱|微信|是|为|我的?|[:： ])+$"
)


def _terms(table: str) -> list[SignalTerm]:
    return [
        SignalTerm(row["signal"], row["term"], tuple(filter(None, row["unless"].split("|"))))
        for row in packs.rows(PACK, table)
    ]
