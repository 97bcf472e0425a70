"""The questions of a distribution: drawn from the quizzes of its versions, anew for each try.

Which questions and in which order is worked out from who asks for which time: the page that shows
them and the act that marks them agree without keeping anything, and no page has to know the right
answer before it was given.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform

from sujin.knowledge.audience import Audience
from sujin.knowledge.models import Acknowledgement, Distribution, IssueLine, Version
from sujin.knowledge.rules import numbers
from sujin.knowledge.wording import Quiz, quizzes

PART = "quiz"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it is put; ``right`` is the place of the right one among ``answers``."""

    code: str
    title: str
    ask: str
    answers: tuple[str, ...]
    right: int

    @property
    def name(self) -> str:
        """What its field is called: the same for all, it tells nothing."""
        return f"q-{self.code}"


@dataclass(frozen=True, slots=True)
class Marked:
    """One question as it was answered: ``said`` and the right answer in words."""

    asked: Asked
    said: str
    is_right: bool

    @property
    def right(self) -> str:
        return self.asked.answers[self.asked.right]


@dataclass(frozen=True, slots=True)
class Source:
    """The quiz of one version: as it is written, with whose it is."""

    version: int
    title: str
    text: str


def versions_of(distribution: Distribution) -> QuerySet[Version]:
    """What is to be read."""
    if distribution.issue_id is None:
        return Version.objects.filter(pk__in=[distribution.version_id])
    inside = IssueLine.objects.filter(issue=distribution.issue_id).values("version")
    return Version.objects.filter(pk__in=inside)


def served_of(distribution: Distribution, audience: Audience, at: datetime) -> QuerySet[Version]:
    """What of it is still served to this reader: nobody is asked about what is not."""
    inside = versions_of(distribution).values("pk")
    return Version.objects.served(audience, at).filter(pk__in=inside)


def sources_of(distribution: Distribution, audience: Audience, at: datetime) -> list[Source]:
    """What this reader may be asked about it. One query, and nothing but the questions."""
    rows = served_of(distribution, audience, at).filter(parts__has_key=PART).order_by("pk")
    return [
        Source(*row) for row in rows.values_list("pk", "title", KeyTextTransform(PART, "parts"))
    ]


def drawn(reading: Acknowledgement, sources: Iterable[Source]) -> list[Asked]:
    """The questions of the person's next try."""
    name = f"{reading.distribution_id}/{reading.person_id}/{reading.tries}"
    return draw(name, sources, numbers()["quiz_questions"])


def draw(name: str, sources: Iterable[Source], most: int) -> list[Asked]:
    """At most so many questions of the sources, in the order that ``name`` gives them."""
    pool = [(one, nth, quiz) for one in sources for nth, quiz in enumerate(read(one.text))]
    pool.sort(key=lambda one: _chance(name, one[0].version, one[1]))
    return [_asked(source, nth, quiz, name) for source, nth, quiz in pool[:most]]


@lru_cache(maxsize=2000)
def read(text: str) -> tuple[Quiz, ...]:
    """The questions of a part: of a version it is fixed, and a thousand people are asked them."""
    return tuple(quizzes(text))


def _asked(source: Source, nth: int, quiz: Quiz, name: str) -> Asked:
    order = sorted(
        range(len(quiz.answers)), key=lambda place: _chance(name, source.version, nth, place)
    )
    answers = tuple(quiz.answers[place] for place in order)
    return Asked(
        f"{source.version}-{nth}", source.title, quiz.ask, answers, order.index(quiz.right)
    )


def _chance(*name: object) -> bytes:
    return hashlib.sha256("/".join(map(str, name)).encode()).digest()


def marked(asked: Sequence[Asked], said: Mapping[str, str]) -> list[Marked]:
    """Each question with what was answered; no answer is a wrong one."""
    return [_marked(one, said.get(one.name, "")) for one in asked]


def _marked(one: Asked, said: str) -> Marked:
    place = int(said) if said.isascii() and said.isdigit() and len(said) < 3 else -1
    words = one.answers[place] if 0 <= place < len(one.answers) else ""
    return Marked(one, words, place == one.right)


def is_passed(right: int, asked: int) -> bool:
    """Whether that many right answers are enough, by the pack's share."""
    return asked > 0 and right * 100 >= numbers()["quiz_pass"] * asked
