"""Note what was asked, how sure the answer was, and what was chosen of it."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from sujin.engine.text import redact
from sujin.knowledge.acts.draft import draft_item
from sujin.knowledge.models import Gap, Question, Version
from sujin.knowledge.wording import Wording
from sujin.platform.models import Org, Person

# Filters chosen, the page loaded again: still the same question.
SAME_WITHIN = timedelta(minutes=10)
WORDS_MAX = 200
# Longer is read no further: nobody asks so much.
READ_MAX = 2000
OFFERED_MAX = 100
# Nobody needs so long a number to find an answer, and a card with a slip in it is still a card.
_LONG_NUMBER = re.compile(r"\d{12,}|\d{4}(?:[ -]\d{4}){2,}(?:[ -]?\d{1,3})?")


def masked(words: str) -> str:
    """The words as they may be kept: personal data masked as everywhere, and of any number of
    twelve digits or more only the last four left."""
    return _LONG_NUMBER.sub(_last_four, redact(words).text)


def _last_four(found: re.Match[str]) -> str:
    return f"****{''.join(filter(str.isdigit, found[0]))[-4:]}"


def note_question(
    words: str,
    *,
    surface: str,
    found: int,
    confidence: float,
    best: Version | None,
    by: Person | None,
    at: datetime,
    org: Org | None = None,
) -> Question:
    """The question with its numbers masked; the same one of the same person is one question."""
    kept = masked_words(words)
    asked = {"words": kept, "surface": surface, "person": by}
    recent = Question.objects.filter(**asked, at__gt=at - SAME_WITHIN, at__lte=at)
    known = recent.order_by("-pk").first() if by is not None else None
    answer = {"found": found, "confidence": confidence, "best": best}
    if known is not None:
        Question.objects.filter(pk=known.pk).update(**answer)
        return known
    return Question.objects.create(**asked, **answer, org=org, at=at)


def masked_words(words: str) -> str:
    """The words of a question as they are kept: masked, and cut only then, so that no half of a
    number stays at the end."""
    plain = " ".join(words[:READ_MAX].replace("\0", " ").split())
    return masked(plain)[:WORDS_MAX]


def note_answer(
    question: Question, offered: Sequence[Version], *, found: int, confidence: float
) -> None:
    """What these words find now; everything that was offered to them may be chosen."""
    shown = dict.fromkeys([*(one.pk for one in offered), *question.offered])
    Question.objects.filter(pk=question.pk).update(
        found=found, confidence=confidence, best=offered[0] if offered else None,
        offered=list(shown)[:OFFERED_MAX],
    )  # fmt: skip


def choose(question: Question, version: Version) -> None:
    """This of the answers was opened; the last one chosen stands."""
    Question.objects.filter(pk=question.pk).update(chosen=version)


@transaction.atomic
def begin_answer(
    wording: Wording, questions: Iterable[int], *, owner: Org, by: Person, at: datetime
) -> Version:
    """Begin the item that answers these questions, which from now on are being answered."""
    made = draft_item(wording, owner=owner, by=by, at=at)
    asked = list(questions)
    Question.objects.filter(pk__in=asked, answered_by="").update(answered_by=wording.code)
    # What of a gap is left over comes back when gaps are gathered next.
    Gap.objects.filter(questions__overlap=asked).delete()
    return made


def note_use(words: str, version: Version, *, by: Person, at: datetime) -> None:
    """A version was put to use about these words: the search learns from it as from a choice."""
    if words.strip():
        question = note_question(
            words, surface="assist", found=1, confidence=1.0, best=version, by=by, at=at
        )
        choose(question, version)
