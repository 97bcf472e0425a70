"""The questions of a distribution: drawn from the quizzes of its versions, anew for each try.

Which questions and in which order is worked out from who asks for which time: the page that shows
them and the act that marks them agree without keeping anything, and no page has to know the right
answer before it was given.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sujin.knowledge.models import Acknowledgement, Distribution, Version
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


def has_quiz(distribution: Distribution) -> bool:
    """Whether there is anything to ask."""
    return any(version.parts.get(PART) for version in versions_of(distribution))


def versions_of(distribution: Distribution) -> list[Version]:
    """What is to be read."""
    if distribution.issue_id is None:
        return [distribution.version] if distribution.version else []
    lines = distribution.issue.lines.select_related("version") if distribution.issue else []
    return [line.version for line in lines]


def drawn(reading: Acknowledgement, versions: Iterable[Version]) -> list[Asked]:
    """The questions of the person's next try."""
    name = f"{reading.distribution_id}/{reading.person_id}/{reading.tries}"
    pool = [
        (version, nth, quiz)
        for version in versions
        for nth, quiz in enumerate(quizzes(version.parts.get(PART, "")))
    ]
    pool.sort(key=lambda one: _chance(name, one[0].pk, one[1]))
    most = numbers()["quiz_questions"]
    return [_asked(version, nth, quiz, name) for version, nth, quiz in pool[:most]]


def _asked(version: Version, nth: int, quiz: Quiz, name: str) -> Asked:
    order = sorted(
        range(len(quiz.answers)), key=lambda place: _chance(name, version.pk, nth, place)
    )
    answers = tuple(quiz.answers[place] for place in order)
    return Asked(f"{version.pk}-{nth}", version.title, quiz.ask, answers, order.index(quiz.right))


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
