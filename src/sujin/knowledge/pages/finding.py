"""What the pages of finding share: how an answer is shown, and how a question is noted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sujin.knowledge.acts.ask import note_question
from sujin.knowledge.acts.note_usage import note_usage
from sujin.knowledge.catalogue import Part
from sujin.knowledge.models import Question, Version
from sujin.knowledge.search import Found
from sujin.knowledge.snippets import Piece, marked, snippet
from sujin.platform.models import Org
from sujin.platform.ui.request import StaffRequest


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as a page shows it: title and place with the words marked, and why."""

    found: Found
    title: tuple[Piece, ...]
    place: tuple[Piece, ...]
    why: tuple[tuple[str, str], ...]

    @property
    def version(self) -> Version:
        return self.found.version

    @property
    def said(self) -> list[tuple[Part, str]]:
        """What a teller reads out: the answer and the script."""
        told = self.version.told()
        return [(part, text) for part, text in told if part.code in {"answer", "script"}]


def shown(answers: Sequence[Found]) -> list[Shown]:
    """The answers as a page shows them."""
    return [_shown(one) for one in answers]


def _shown(found: Found) -> Shown:
    words = [match.found for match in found.because]
    why = tuple((match.asked, match.found) for match in found.because if len(match.asked) > 1)
    return Shown(
        found, tuple(marked(found.version.title, words)), tuple(snippet(found.version, words)), why
    )


def note(request: StaffRequest, versions: Sequence[Version], way: str) -> None:
    """That these were shown or used, where the person works; who only looks at the head of a page
    was shown nothing."""
    if request.method == "GET":
        org = workplace(request)
        note_usage(versions, way, by=request.person, at=request.at, org=org)


def workplace(request: StaffRequest) -> Org | None:
    """Where the person works, as far as one place can be named."""
    return request.reach.posts[0].org if request.reach.posts else None


def noted(request: StaffRequest, words: str, answers: Sequence[Found]) -> Question | None:
    """The question on record; whoever only looks at the head of a page asks nothing."""
    if request.method != "GET" or not words:
        return None
    best = answers[0] if answers else None
    return note_question(
        words,
        surface="staff",
        found=len(answers),
        confidence=best.confidence if best else 0.0,
        best=best.version if best else None,
        org=workplace(request),
        by=request.person,
        at=request.at,
    )
