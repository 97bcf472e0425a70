"""The questions of a test: from the quizzes of the knowledge in force and the pack's own table,
drawn anew for each attempt. Nothing is kept between showing and marking but a fingerprint."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models.fields.json import KeyTextTransform

from sujin.knowledge import quiz
from sujin.knowledge.audience import ALL_STAFF
from sujin.knowledge.models import Version
from sujin.knowledge.quiz import PART, Asked, Source
from sujin.supervision.models import Attempt
from sujin.supervision.trainingbook import Training, own_questions, rule

# Where a source is no version; versions are numbered from 1.
OWN = 0


def bank(training: Training, at: datetime) -> list[Source]:
    """All that may be asked about it at ``at``. One query."""
    rows = Version.objects.served(ALL_STAFF, at).filter(
        item__code__in=training.items, parts__has_key=PART
    )
    told = rows.order_by("pk").values_list("pk", "title", KeyTextTransform(PART, "parts"))
    own = Source(OWN, str(training), own_part(training))
    return [*(Source(*row) for row in told), own]


def own_part(training: Training) -> str:
    """The pack's own questions as a part is written."""
    lines: list[str] = []
    for one in own_questions().get(training.code, ()):
        lines.append(f"- 问：{one.ask}")
        marks = ("x" if nth == one.right else " " for nth in range(len(one.answers)))
        lines += [f"  - [{mark}] {said}" for mark, said in zip(marks, one.answers, strict=True)]
    return "\n".join(lines)


def size(sources: Iterable[Source]) -> int:
    """How many questions there are."""
    return sum(len(quiz.read(one.text)) for one in sources)


def is_enough(training: Training, sources: Iterable[Source]) -> bool:
    """Whether a test can be passed only by who knows: of few questions all are soon seen."""
    return size(sources) * 100 >= training.questions * rule("bank_percent")


def drawn(attempt: Attempt, training: Training, sources: Iterable[Source]) -> list[Asked]:
    """The questions of an attempt: by person, training and number of the attempt. One after another
    the attempts of a person go through the bank: nobody is asked again what was marked before while
    there is anything else to ask."""
    told = list(sources)
    whole = size(told)
    name = f"{attempt.enrolment_id}/{training.code}"
    codes = [one.code for one in quiz.draw(name, told, whole)]
    count = min(training.questions, whole)
    begun = (attempt.number - 1) * count
    turn = {codes[(begun + nth) % whole] for nth in range(count)}
    return [one for one in quiz.draw(f"{name}/{attempt.number}", told, whole) if one.code in turn]


def fingerprint(questions: Sequence[Asked]) -> str:
    """Changes with any word of what is asked, its order, and what is right."""
    told = "\n".join(repr((one.code, one.ask, one.answers, one.right)) for one in questions)
    return hashlib.sha256(told.encode()).hexdigest()


def key(one: Asked) -> str:
    """A question whenever and in whatever order it is asked; other words are another question."""
    told = "\n".join((one.ask, *sorted(one.answers), one.answers[one.right]))
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def version(one: Asked) -> int:
    """The version of knowledge that a question stands in; 0 of the pack's own."""
    return int(one.code.partition("-")[0])
