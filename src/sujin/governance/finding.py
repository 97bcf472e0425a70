"""What a look found, put into the fields of an entry."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sujin.engine.agents import Group
from sujin.governance import rulebook
from sujin.governance.models import EvidenceFile
from sujin.governance.traces import mark

Trace = dict[str, Any]


def facts(
    group: Group, people: Mapping[int, int], before: EvidenceFile | None = None
) -> dict[str, Any]:
    """The fields of a finding: the group, together with what the file held before."""
    held = _held(before)
    whose = {**{key: people[key] for key in group.members}, **held}
    firsts = [group.first, *([before.first] if before and before.first else [])]
    return {
        "members": tuple(sorted(whose)),
        "people": tuple(whose[key] for key in sorted(whose)),
        "cases": len(whose),
        "principals": len(set(whose.values())),
        "first": min(firsts),
        "last": group.last,
        "expected": group.expected,
        "traces": tuple(_merged(before.traces if before else [], traces(group))),
        "dissolves": tuple(mark(trace) for trace in group.dissolves),
        "pack_version": rulebook.version(),
    }


def traces(group: Group) -> list[Trace]:
    """The shared traces by their marks, heaviest first."""
    return [
        {
            "kind": one.trace.kind,
            "mark": mark(one.trace),
            "holders": list(one.holders),
            "outside": one.outside,
            "bits": round(one.bits, 2),
        }
        for one in group.shared
    ]


def _held(before: EvidenceFile | None) -> dict[int, int]:
    if before is None:
        return {}
    return dict(before.members.values_list("complaint_id", "person"))


def _merged(before: Sequence[Trace], now: Iterable[Trace]) -> list[Trace]:
    """What holds of older cases stays: a case that has left the window is still in the file."""
    held = {one["mark"]: one for one in before}
    found = []
    for one in now:
        old = held.pop(one["mark"], None)
        holders = sorted({*one["holders"], *(old["holders"] if old else ())})
        found.append({**one, "holders": holders})
    return found + list(held.values())
