"""Queries mistyped: read as the collection would have written them.

A noisy channel (Kernighan, Church and Gale, 1990) whose language model is the collection itself:
a character both of whose neighbourhoods nobody ever wrote is replaced by one that sounds the same,
nearly the same or looks alike, where the collection knows the result; two characters are swapped;
one that was left out is put in. The query as it was typed always counts as well, and more.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.retrieval_postings import Postings
from sujin.engine.retrieval_terms import BITS, Ints, Keys, codes_of, row_key

FIRST, LAST = 0x4E00, 0x9FFF
_READINGS = 2  # of a character that are known; the first is the usual one
_MOST_DOUBTS = 16  # places of one query that are looked at; a longer one has enough to go by
_MOST_CANDIDATES = 12
_LEAST = 0.5  # of both characters changed: both must sound the same
_LEFT_OUT_SCANNED = 20_000
_READ = 400  # characters of a query
_TRUST = 4.0  # how much likelier a nearer reading is, against how often the collection has it
# How nearly a candidate is what was typed; the share of the right term's weight that it gets.
SOUNDS, NEARLY, LOOKS, SWAPPED, LEFT_OUT = 0.75, 0.6, 0.6, 0.75, 0.6
_NEAR_SOUNDS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"))
_LOOK_ALIKE = (
    "已己巳 未末 土士 日曰 人入八 账帐 贷货 诉拆折 催摧 冻栋 结洁 征证 卡咔 额颔客 支攴 付附什 "
    "转传 汇江 款歉 息怠思 率卒 利刹 费废贵 户尸 销消硝 挂拄桂 失矢夫 密蜜 码玛妈 登凳 录绿 "
    "网纲罔 银很限 行衍 存荐 折析拆 取耻 现规观 限恨很 期斯 欠久 逾愈渝 违韦 约钓 保堡 险检捡 "
    "退腿 赎渎 回固 基墓 金全 理埋 财材 货贸 换焕 签鉴 姓性 名各 身射 份扮 照熙 领颁 补朴 办为 "
    "委季 托拖 代伐 继断 承丞 遗遣 产彦 证正 抵低 押抻 担但 投设 辩辨"
)

_CHARACTER = np.uint64((1 << BITS) - 1)

Sounds = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Meant:
    """`characters` may have been meant where `start`..`end` of the query was typed; its terms
    weigh `weight` of what they would weigh had they been typed."""

    start: int
    end: int
    characters: str
    weight: float


def meant(folded: str, chatter: npt.NDArray[np.bool_], known: Postings) -> list[Meant]:
    """What the doubtful pairs of a query may have meant, at most one each; no more than
    `_MOST_DOUBTS` pairs are looked at."""
    codes = codes_of(folded[:_READ])
    told = (codes >= FIRST) & (codes <= LAST) & ~chatter[: codes.size]
    pairs = np.flatnonzero(told[:-1] & told[1:])
    keys = _pair_keys(codes[pairs], codes[pairs + 1])
    in_texts = known.in_texts(known.places(keys))
    is_known = np.zeros(codes.size + 1, np.bool_)  # of a character: some neighbour is usual
    is_known[pairs[in_texts > 0]] = is_known[pairs[in_texts > 0] + 1] = True
    unknown = pairs[(in_texts == 0) & ~(is_known[pairs] & is_known[pairs + 1])]
    found = list[Meant]()
    for at in unknown[:_MOST_DOUBTS].tolist():
        doubts = (not is_known[at], not is_known[at + 1])
        choices = _choices(folded[at : at + 2], at, doubts, known)
        if choices:
            found.append(max(choices, key=lambda one: (one[0], one[1].characters))[1])
    return found


def _choices(
    pair: str, at: int, doubts: tuple[bool, bool], known: Postings
) -> list[tuple[float, Meant]]:
    """Everything that may have been meant by an unknown pair, with how likely it is."""
    tries = [*_alike(pair, doubts, known), (pair[::-1], SWAPPED), *_left_out(pair, known)]
    keys = np.array([row_key(characters) for characters, _ in tries], np.uint64)
    in_texts = known.in_texts(known.places(keys)).tolist()
    return [
        (np.log(texts) + _TRUST * np.log(weight), Meant(at, at + 2, characters, weight))
        for (characters, weight), texts in zip(tries, in_texts, strict=True)
        if texts > 0
    ]


def _alike(pair: str, doubts: tuple[bool, bool], known: Postings) -> Iterator[tuple[str, float]]:
    """Pairs of characters of the collection that sound or look like this one; a character that
    stands in usual company stays."""
    first, second = (
        {char: 1.0} | (_candidates(char, known) if doubtful else {})
        for char, doubtful in zip(pair, doubts, strict=True)
    )
    for one, weight in first.items():
        for other, its in second.items():
            if one + other != pair and weight * its >= _LEAST:
                yield one + other, weight * its


def _candidates(char: str, known: Postings) -> dict[str, float]:
    """The collection's commonest characters that may have been meant by one."""
    codes, in_texts = _characters(known)
    shares = _shares(_sounds(), np.int64(ord(char) - FIRST), codes - FIRST)
    for other in _looks().get(char, ""):
        shares[codes == ord(other)] = np.maximum(shares[codes == ord(other)], LOOKS)
    shares[codes == ord(char)] = 0
    order = np.lexsort((codes, -in_texts, -shares))[:_MOST_CANDIDATES]
    return {chr(codes[i]): float(shares[i]) for i in order if shares[i] > 0}


def _characters(known: Postings) -> tuple[Ints, Ints]:
    """The unified ideographs of the collection, and in how many texts each is."""
    codes, in_texts = known.characters
    is_han = (codes >= FIRST) & (codes <= LAST)
    return codes[is_han], in_texts[is_han]


def _left_out(pair: str, known: Postings) -> Iterator[tuple[str, float]]:
    """Rows of three of the collection that begin and end as the pair does."""
    first, last = np.uint64(ord(pair[0])), np.uint64(ord(pair[1]))
    ends = np.array([first, first + np.uint64(1)], np.uint64) << np.uint64(2 * BITS)
    start, end = np.searchsorted(known.keys, ends)
    rows = known.keys[start : min(end, start + _LEFT_OUT_SCANNED)]
    for row in rows[rows & _CHARACTER == last].tolist():
        yield "".join(chr(row >> BITS * place & int(_CHARACTER)) for place in (2, 1, 0)), LEFT_OUT


def _pair_keys(firsts: npt.NDArray[np.uint32], seconds: npt.NDArray[np.uint32]) -> Keys:
    high = firsts.astype(np.uint64) << np.uint64(2 * BITS)
    return np.asarray(high | seconds.astype(np.uint64) << np.uint64(BITS))


@njit(cache=True)
def _shares(sounds: Sounds, own: np.int64, others: Ints) -> npt.NDArray[np.float64]:
    """How nearly each of the others sounds like one character: `SOUNDS`, `NEARLY` or 0."""
    found = np.zeros(others.size)
    if own < 0 or own >= sounds.shape[1]:
        return found
    for place in range(others.size):
        for mine in range(_READINGS):
            for its in range(_READINGS - mine):  # two rare readings make no slip
                if sounds[mine, own] and sounds[mine, own] == sounds[its, others[place]]:
                    found[place] = SOUNDS
                near, its_near = _READINGS + mine, _READINGS + its
                if sounds[near, own] and sounds[near, own] == sounds[its_near, others[place]]:
                    found[place] = max(found[place], NEARLY)
    return found


@cache
def _sounds() -> Sounds:
    """Of every unified ideograph the numbers of its first readings without tones, then those of
    the same with sounds that many speakers do not part."""
    # A fifth of a second: most processes never read a mistyped query.
    from pypinyin.pinyin_dict import pinyin_dict

    numbers = dict[str, int]()
    table = np.zeros((2 * _READINGS, LAST - FIRST + 1), np.uint16)
    for code in range(FIRST, LAST + 1):
        told = [_toneless(one) for one in pinyin_dict.get(code, "").split(",") if one]
        for place, sound in enumerate(list(dict.fromkeys(told))[:_READINGS]):
            near = "~" + _near(sound)
            table[place, code - FIRST] = numbers.setdefault(sound, len(numbers) + 1)
            table[_READINGS + place, code - FIRST] = numbers.setdefault(near, len(numbers) + 1)
    return table


def _toneless(sound: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", sound) if not unicodedata.combining(c))


def _near(sound: str) -> str:
    for spoken, like in _NEAR_SOUNDS:
        sound = sound.replace(spoken, like)
    return sound


@cache
def _looks() -> dict[str, str]:
    found = dict[str, str]()
    for group in _LOOK_ALIKE.split():
        for char in group:
            found[char] = found.get(char, "") + group.replace(char, "")
    return found
