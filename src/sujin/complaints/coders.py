"""Who coded what: the judgements of people about one axis, read from the dockets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sujin.complaints import kinds
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine.agreement import Agreement, agree
from sujin.engine.lessons import CONFIRMED, CORRECTED, DECLARED, UNCHANGED, Lesson
from sujin.platform.models import Entry

AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person said of a case that it bears this code: by changing it, or by keeping it."""

    case: int
    by: int
    code: str
    source: str
    # Asked by the queue of corrections, so it is not asked again.
    is_settled: bool


def judgements(axis: str, cases: Iterable[int] | None = None) -> Iterator[Judgement]:
    """What people said of this axis and did not take back, in the order they said it."""
    rows = Entry.objects.of(kinds.Recoded, kinds.CodeConfirmed).filter(subject=Complaint.subject)
    if cases is not None:
        rows = rows.filter(subject_id__in=list(cases))
    rows = rows.filter(by__is_service=False).order_by("at", "pk")
    slips = _taken_back(axis)
    for entry in rows.iterator(chunk_size=AT_ONCE):
        what = entry.what()
        if entry.pk in slips:
            continue
        if isinstance(what, kinds.CodeConfirmed) and what.axis == axis:
            yield Judgement(entry.subject_id, entry.by_id, what.kept, CONFIRMED, True)
        elif isinstance(what, kinds.Recoded):
            code, is_settled = getattr(what, axis), axis in what.settles
            if is_settled or what.before.get(axis, "") != code:
                yield Judgement(entry.subject_id, entry.by_id, code, CORRECTED, is_settled)


def _taken_back(axis: str) -> set[int]:
    """The entries that were undone as slips: nobody learns from them."""
    rows = Entry.objects.of(kinds.CodeRestored).filter(data__axis=axis)
    return set(rows.values_list("data__entry", flat=True))


def lessons(axis: str, since: datetime | None = None) -> list[Lesson]:
    """What the cases teach about this axis: texts with personal data masked, final codes, and who
    stands for each. A case that nobody corrected counts only once it is closed."""
    last = {one.case: one for one in judgements(axis)}
    rows = Complaint.objects.filter(pack=HOUSE_PACK, merged_into__isnull=True).exclude(text="")
    rows = rows.exclude(**{axis: ""}).order_by("pk")
    if since is not None:
        rows = rows.filter(received_at__gte=since)
    told = rows.values_list("pk", "text", axis, "closed_at").iterator(chunk_size=AT_ONCE)
    declared = declared_cases(axis)
    found = []
    for pk, text, code, closed_at in told:
        said = last.get(pk)
        if said is not None and said.code == code:
            found.append(Lesson(text, code, said.source))
        elif pk in declared:
            found.append(Lesson(text, code, DECLARED))
        elif closed_at is not None:
            found.append(Lesson(text, code, UNCHANGED))
    return found


def declared_cases(axis: str, cases: Iterable[int] | None = None) -> set[int]:
    """The cases whose source itself named this axis."""
    rows = Entry.objects.of(kinds.Triaged).filter(data__declared__contains=[axis])
    if cases is not None:
        rows = rows.filter(subject=Complaint.subject, subject_id__in=list(cases))
    return set(rows.values_list("subject_id", flat=True))


def agreement(axis: str) -> Agreement:
    """How far two different people agree on the cases that both have coded: the first who did
    and the next one. The second could see the code of the first, so this is an upper bound."""
    first: dict[int, Judgement] = {}
    pairs: dict[int, tuple[str, str]] = {}
    for one in judgements(axis):
        before = first.setdefault(one.case, one)
        if before.by != one.by:
            pairs.setdefault(one.case, (before.code, one.code))
    return agree(list(pairs.values()))
