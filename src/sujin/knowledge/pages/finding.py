"""What the pages of finding share: how an answer is shown, and how a question is noted."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404

from sujin.knowledge.acts.ask import masked_words, note_answer, note_question
from sujin.knowledge.acts.note_usage import note_usage
from sujin.knowledge.audience import STAFF
from sujin.knowledge.catalogue import Part
from sujin.knowledge.models import Question, Version
from sujin.knowledge.models.usage import USED
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
    """That these were shown or read, where the person works; who only looks at the head of a page
    was shown nothing."""
    if request.method == "GET":
        org = workplace(request)
        note_usage(versions, way, by=request.person, at=request.at, org=org)


def note_use_here(request: StaffRequest, version: Version) -> None:
    """That it was put to use, by a deed (POST) and not by looking."""
    note_usage([version], USED, by=request.person, at=request.at, org=workplace(request))


def workplace(request: StaffRequest) -> Org | None:
    """Where the person works, as far as one place can be named."""
    return request.reach.posts[0].org if request.reach.posts else None


def asked_words(request: StaffRequest) -> Question | None:
    """The question that was posted in the box ``q``, its numbers masked; None when it is empty.
    Words stand in no address: tellers paste messages, and addresses are kept by browsers and
    proxies."""
    words = masked_words(request.POST.get("q", ""))
    if not words:
        return None
    return note_question(
        words, surface=STAFF, found=0, confidence=0.0, best=None,
        org=workplace(request), by=request.person, at=request.at,
    )  # fmt: skip


def own_question(request: StaffRequest, pk: int) -> Question:
    """One's own question; of others not even that there is one."""
    rows = Question.objects.filter(pk=pk, person=request.person, surface=STAFF)
    found = rows.first()
    if found is None:
        raise Http404
    return found


def answered(
    request: StaffRequest, question: Question, answers: Sequence[Found], shelf: Sequence[Found]
) -> None:
    """What the question found and what of it was shown, on record; whoever only looks at the head
    of a page sees nothing."""
    if request.method == "GET":
        sure = answers[0].confidence if answers else 0.0
        offered = [one.version for one in shelf]
        note_answer(question, offered, found=len(answers), confidence=sure)
