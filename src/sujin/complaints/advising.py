"""What the bank's own model is asked about a case, and which words of it leave the house.

The masked text and the pack's own codes; no number of the case, nobody's name, no history.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _t

from sujin import packs
from sujin.complaints import kinds
from sujin.complaints.models import Complaint
from sujin.complaints.models.party import PERSONAL
from sujin.complaints.rulebook import HOUSE_PACK, name_of, taxonomy
from sujin.engine import advice
from sujin.engine.outbound import outbound
from sujin.platform.adviser import WHOLE_SECONDS, NoAnswer, Silence

AXES = ("business", "cause")
PROMPT = "adviser.md"
DIGEST = 16  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class Brief:
    """What the model is told about every case of a pack, and its digest."""

    offered: Mapping[str, Mapping[str, str]]
    instructions: str
    digest: str


@cache
def brief(pack: str) -> Brief:
    """The house's prompt with every code of the pack by its full name."""
    offered = {
        axis: {
            row.code: name_of(axis, row.code, english=False, pack=pack)
            for row in taxonomy(pack).values()
            if row.axis == axis
        }
        for axis in AXES
    }
    told = advice.instructions(packs.text(HOUSE_PACK, PROMPT), offered)
    return Brief(offered, told, digest(told))


def leaving(case: Complaint) -> str:
    """The words of the case that may leave the house."""
    people = case.parties.all()
    known = [getattr(party, field) for party in people for field in PERSONAL]
    return outbound(case.text, known=[case.number, *known])


def is_asked(case: Complaint, model: str) -> bool:
    """Whether this model has said about this case what it has to say to this prompt: whoever asks
    until the answer suits is not advised."""
    told = case.entries.of(kinds.Advised)
    return told.filter(data__model=model, data__prompt=brief(case.pack).digest).exists()


def digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:DIGEST]


def sorry(none: NoAnswer) -> str:
    """Why there is no suggestion, and that none is needed."""
    said = {
        Silence.BUSY: _t("行内模型正忙，请稍后再试"),
        Silence.ABSENT: _t("连接不上行内模型"),
        Silence.LATE: _t("行内模型 %(n)d 秒内没有答完") % {"n": WHOLE_SECONDS},
        Silence.STATUS: _t("行内模型没有受理（%(n)d）") % {"n": none.status},
        Silence.ELSEWHERE: _t("行内模型要求转到别的地址，没有跟随"),
        Silence.LONG: _t("行内模型的回答过长，没有采用"),
        Silence.GARBLED: _t("行内模型的回答不是约定的格式，没有采用"),
    }
    return said[none.why]
