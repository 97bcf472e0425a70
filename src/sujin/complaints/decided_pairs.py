"""What people decided about two complaints, as pairs to learn from: merged is the same matter, told
apart or merged by mistake is another."""

from collections.abc import Iterable

from sujin.complaints import kinds
from sujin.complaints.models import Complaint
from sujin.engine.pairs import Judged
from sujin.engine.same_matter import likely
from sujin.platform.models import Entry

KINDS = (kinds.Merged, kinds.Unmerged, kinds.Distinguished)


def decided_pairs() -> list[Judged]:
    """One pair for each two cases, as decided last: the claims that are nearest."""
    verdicts = _verdicts(Entry.objects.filter(subject=Complaint.subject).of(*KINDS).in_order())
    keys = {key for pair in verdicts for key in pair}
    texts = dict(Complaint.objects.filter(pk__in=keys).values_list("pk", "text"))
    found = ((texts[one], texts[other], same) for (one, other), same in sorted(verdicts.items()))
    pairs = ((likely(one, [other], None)[0].claims, same) for one, other, same in found)
    return [Judged(*claims, same) for claims, same in pairs if all(claims)]


def _verdicts(entries: Iterable[Entry]) -> dict[tuple[int, int], bool]:
    """The last word on each two cases, the lower key first."""
    last: dict[tuple[int, int], bool] = {}
    merged: dict[int, int] = {}
    for entry in entries:
        kind, case = entry.what(), entry.subject_id
        other = merged.pop(case, None) if isinstance(kind, kinds.Unmerged) else _other(kind)
        if isinstance(kind, kinds.Merged):
            merged[case] = kind.into
        if other is not None:
            last[min(case, other), max(case, other)] = isinstance(kind, kinds.Merged)
    return last


def _other(kind: object) -> int | None:
    return kind.other if isinstance(kind, kinds.Merged | kinds.Distinguished) else None
