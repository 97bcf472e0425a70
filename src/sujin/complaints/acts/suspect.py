"""Look through the recent codes for those that need a human look: written anew each time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from sujin.complaints.acts.triage import AXES
from sujin.complaints.coders import declared_cases, judgements
from sujin.complaints.models import Complaint, Suspect
from sujin.complaints.rulebook import HOUSE_PACK, classifier, rulebook
from sujin.engine.classify import Classification
from sujin.engine.suspect import Opinion, suspect, usual

# What nobody has asked about in half a year teaches last year's words.
RECENT = timedelta(days=180)
CASES_MAX = 20_000
# These follow from the text or not at all; that they are missing is no ground.
OFTEN_SILENT = frozenset({"touchpoint", "demand"})


@transaction.atomic
def suspect_all(*, at: datetime) -> int:
    """The queue of corrections anew, from what machine and people say now; returns its length."""
    rows = Complaint.objects.filter(pack=HOUSE_PACK, merged_into__isnull=True).exclude(text="")
    rows = rows.filter(received_at__gte=at - RECENT).order_by("-received_at", "-pk")
    cases = list(rows.only("pk", "text", *AXES)[:CASES_MAX])
    texts = [case.text for case in cases]
    now = rulebook().classifier.classify(texts)
    words = classifier({}).classify(texts)
    found = [one for axis in AXES for one in _of(axis, cases, now, words)]
    Suspect.objects.all().delete()
    Suspect.objects.bulk_create(found, batch_size=2000)
    return len(found)


def _of(
    axis: str,
    cases: Sequence[Complaint],
    now: Sequence[Classification],
    words: Sequence[Classification],
) -> list[Suspect]:
    keys = [case.pk for case in cases]
    said = list(judgements(axis, keys))
    people = {one.case for one in said} | declared_cases(axis, keys)
    settled = {one.case for one in said if one.is_settled}
    opinions = [
        _opinion(axis, case, case.pk in people, seen, by_words)
        for case, seen, by_words in zip(cases, now, words, strict=True)
    ]
    usually = usual(opinions)
    found = []
    for case, opinion, seen in zip(cases, opinions, now, strict=True):
        is_silent = axis in OFTEN_SILENT and not (opinion.code and opinion.machine)
        if case.pk in settled or is_silent:
            continue
        why = suspect(opinion, usually, unsure_below=rulebook().unsure_below)
        if why is not None:
            row = Suspect(
                complaint=case, axis=axis, why=why.why, score=why.score, code=opinion.code
            )
            row.machine, row.confidence = why.instead, why.confidence
            row.words = [word[:60] for word in seen[axis].because]
            found.append(row)
    return found


def _opinion(
    axis: str,
    case: Complaint,
    by_person: bool,
    seen: Classification,
    by_words: Classification,
) -> Opinion:
    label, alone = seen[axis], by_words[axis]
    code = getattr(case, axis)
    return Opinion(code, by_person, label.code, label.confidence, alone.code, alone.confidence)
