"""What people say: one text composed from a matter, a hand and a mood, with its own truth."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from random import Random

from sujin.complaints.draft import CaseKind
from sujin.lab import blemish
from sujin.lab.phrases import Phrase, phrase_book
from sujin.lab.template import render
from sujin.lab.voice import Matter, Style, Voice

SHORTEST, LONGEST = 40, 400
SCENE_PARTS = frozenset({"fact", "detail", "reply", "want"})
# How likely each part of a frame is spoken; parts that a telling asks for by name are not here.
HABIT = {
    "open": 0.9,
    "fact": 1.0,
    "link": 0.35,
    "detail": 0.85,
    "reply": 0.6,
    "who": 0.4,
    "want": 0.85,
    "ask": 0.45,
    "filler": 0.3,
    "close": 0.5,
}
DISPENSABLE = ("filler", "who", "close", "link", "ask", "reply", "detail", "mood", "want")
# What a talkative customer adds while still telling what happened.
RAMBLINGS = ("detail", "fact", "reply", "who", "detail", "filler", "fact", "reply")
# Words that already ask: before them "what I want is" would be said twice.
ASKING = ("要求", "希望", "请", "建议", "麻烦")
WISHES = {
    Style.FIRST: ("{}", "要求{}", "希望{}", "现在就要{}", "我的诉求：{}", "恳请{}"),
    Style.NOTE: ("诉求：{}", "客户要求{}", "客户希望{}", "客户诉求为{}"),
    Style.COUNTER: ("想要{}", "客户要求{}", "诉求：{}"),
    Style.LETTER: ("投诉请求：{}", "要求该行{}", "诉求为{}"),
}


@dataclass(frozen=True, slots=True)
class Telling:
    """How a matter is told once: by which hand, as what kind, how angrily, and on which day.

    ``moods`` is 0 (calm) to 3 (beside themselves); ``extras`` names the parts that must be heard:
    threat, calm, again, sameday, onsite, group; ``need`` is a vulnerability that is spoken of.
    """

    style: Style
    kind: CaseKind
    mood: int
    told: date
    extras: frozenset[str] = frozenset()
    need: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A text and its truth: the signals it carries, the largest sum and the people it names."""

    text: str
    signals: tuple[str, ...]
    amount: Decimal | None
    people: int


def tell(matter: Matter, telling: Telling, rng: Random) -> Said:
    """One text of 40 to 400 characters. Raises KeyError for a scene the phrase book lacks."""
    teller = _Teller(matter, telling, rng)
    if telling.kind is CaseKind.COMPLAINT:
        parts = list(teller.complaint())
    else:
        parts = list(teller.remark())
    text = blemish.spoil(_joined(_fitted(teller, parts), telling, rng), telling.style, rng)
    sums = teller.voice.sums
    signals = tuple(sorted(teller.signals))
    return Said(text[:LONGEST], signals, max(sums) if sums else None, teller.voice.people)


Part = tuple[str, str]


class _Teller:
    """Draws phrases for one telling, never the same phrase twice."""

    def __init__(self, matter: Matter, telling: Telling, rng: Random) -> None:
        self.matter, self.telling, self.rng = matter, telling, rng
        self.voice = Voice(telling.style, matter, told=telling.told, rng=rng)
        self.signals: set[str] = set()
        self._spent: set[int] = set()

    def complaint(self) -> Iterator[Part]:
        """The parts of a complaint in the order of one frame."""
        frame = self.rng.choice(_frames(self.telling.style))
        for name in frame:
            if name in HABIT and self.rng.random() < HABIT[name]:
                yield from self.say(name)
            elif name in ("mood", "threat", "plea"):
                yield from self._temper(name)
            if name == "fact":
                yield from self._after_the_fact()

    def remark(self) -> Iterator[Part]:
        """A consultation, a suggestion or a bud: a lead, the heart of it, and something more."""
        lead = {"consultation": "consult", "suggestion": "suggest", "bud": "bud"}
        around = lead[self.telling.kind.value]
        heart = {"consult": "ask", "suggest": "idea", "bud": "fact"}[around]
        yield from self.say(around)
        yield (heart, self._phrase((self.matter.scene, heart), scene=True))
        if around == "bud" or self.rng.random() < 0.35:
            yield from self.say("fact" if heart == "ask" else "detail")
        yield from self.say(f"{around}_after")

    def say(self, name: str) -> Iterator[Part]:
        """One phrase of a part, or nothing where this hand has none left."""
        in_scene = name in SCENE_PARTS
        key = (self.matter.scene, name) if in_scene else (name, self.telling.style.value)
        words = self._phrase(key, scene=in_scene)
        if words:
            yield (name, self._wish(words) if name == "want" else words)

    def _temper(self, name: str) -> Iterator[Part]:
        if name == "mood" and self.telling.mood:
            yield from self.say("mood")
        elif name == "threat":
            yield from (
                p for n in ("threat", "calm") if n in self.telling.extras for p in self.say(n)
            )
        elif name == "plea" and self.telling.need:
            yield from self._plea()

    def _plea(self) -> Iterator[Part]:
        fitting = [
            phrase
            for phrase in phrase_book().shared.get(("plea", self.telling.style.value), ())
            if self.telling.need in phrase.signals
        ]
        if fitting:
            yield ("plea", self._spoken(self.rng.choice(fitting)))

    def _after_the_fact(self) -> Iterator[Part]:
        for name in self._rambling():
            yield from self.say(name)
        for name in ("group", "again", "sameday", "onsite"):
            if name in self.telling.extras:
                yield from self.say(name)

    def _rambling(self) -> list[str]:
        wordy = 2.2 if self.telling.style is Style.FIRST else 0.5
        count = int(self.rng.expovariate(1 / wordy))
        return self.rng.sample(RAMBLINGS, min(len(RAMBLINGS), count)) if count else []

    def _phrase(self, key: tuple[str, str], *, scene: bool) -> str:
        book = phrase_book()
        known = book.scenes[key] if scene else book.shared.get(key, ())
        fit = [p for p in known if p.level <= self.telling.mood and id(p) not in self._spent]
        return self._spoken(self.rng.choice(fit)) if fit else ""

    def _spoken(self, phrase: Phrase) -> str:
        self._spent.add(id(phrase))
        self.signals.update(phrase.signals)
        return render(phrase.sequence, self.rng, self.voice.fill)

    def _wish(self, words: str) -> str:
        if words.startswith(ASKING):
            return words
        return self.rng.choice(WISHES[self.telling.style]).format(words)


@lru_cache
def _frames(style: Style) -> tuple[tuple[str, ...], ...]:
    return phrase_book().frames[style.value]


def _fitted(teller: _Teller, parts: list[Part]) -> list[Part]:
    """The parts, lengthened or shortened until the text has a length a person would write."""
    for name in ("detail", "who", "reply", "want", "filler", "fact", "detail"):
        if _length(parts) >= SHORTEST + 4:
            break
        parts.extend(teller.say(name))
    for name in DISPENSABLE:
        if _length(parts) <= LONGEST - 30:
            break
        parts = _without_last(parts, name)
    return parts


def _without_last(parts: list[Part], name: str) -> list[Part]:
    places = [place for place, (part, _) in enumerate(parts) if part == name]
    return [part for place, part in enumerate(parts) if not places or place != places[-1]]


def _length(parts: Iterable[Part]) -> int:
    return sum(len(words) + 1 for _, words in parts)


def _joined(parts: list[Part], telling: Telling, rng: Random) -> str:
    breathless = telling.style is Style.FIRST and rng.random() < 0.12
    words = []
    for name, said in parts:
        words += [said, "，" if breathless else _stop(name, telling, rng)]
    final = rng.choice(("。", "。", "！", "", "…")) if telling.style is Style.FIRST else "。"
    return "".join(words[:-1]) + final


def _stop(name: str, telling: Telling, rng: Random) -> str:
    chance = rng.random()
    if name == "link":
        return "，"
    if name in ("open", "consult", "suggest", "bud"):
        return "，" if chance < 0.7 else "：" if telling.style is not Style.FIRST else "。"
    if telling.style is Style.FIRST:
        loud = 0.06 + 0.12 * telling.mood
        return "！" if chance < loud else "，" if chance < loud + 0.25 else "。"
    return "；" if chance < 0.2 else "，" if chance < 0.4 else "。"
