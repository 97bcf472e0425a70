"""Whether rows say what their dockets say: many at once, three statements for a thousand cases."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import transaction

from sujin.complaints import kinds
from sujin.complaints.models import Complaint
from sujin.platform import journal
from sujin.platform.models import Entry

AT_ONCE = 1000
NO_DOCKET, UNREADABLE = "no_docket", "unreadable"
Told = Mapping[int, Sequence[tuple[str, Mapping[str, Any]]]]


def differing(ids: Iterable[int]) -> dict[int, list[str]]:
    """Case -> the columns in which its row is not what its docket says, only where there are any.

    A case that changes while it is read looks wrong for a moment: what differs is read again with
    the row held.
    """
    wanted = sorted(ids)
    found: dict[int, list[str]] = {}
    for first in range(0, len(wanted), AT_ONCE):
        some = wanted[first : first + AT_ONCE]
        suspect = _compared(some, _rows(some), _told(some))
        found |= {pk: points for pk in suspect if (points := _held(pk))}
    return found


def _held(pk: int) -> list[str]:
    with transaction.atomic():
        Complaint.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        return _compared([pk], _rows([pk]), _told([pk])).get(pk, [])


def _compared(
    ids: Sequence[int], rows: Mapping[int, Mapping[str, Any]], told: Told
) -> dict[int, list[str]]:
    found = {}
    for pk in ids:
        if pk in rows and (points := _points(rows[pk], told.get(pk, ()))):
            found[pk] = points
    return found


def _points(row: Mapping[str, Any], told: Sequence[tuple[str, Mapping[str, Any]]]) -> list[str]:
    if not any(code == kinds.Registered.code for code, _data in told):
        return [NO_DOCKET]
    # What no entry ever set must still be as a new row has it.
    state = dict(_unset())
    try:
        for code, data in told:
            kind = journal.kind_of(code)
            if kind.caches:
                state |= kind.read(data).cached()
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return [UNREADABLE]
    return sorted(column for column, value in state.items() if row[column] != _stored(value))


def _stored(value: Any) -> Any:
    """A tuple is stored as an array; everything else compares with what the database gives."""
    return list(value) if isinstance(value, tuple) else value


def _told(ids: Sequence[int]) -> Told:
    rows = Entry.objects.about(Complaint.subject, ids).order_by("pk")
    told: dict[int, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
    for subject_id, code, data in rows.values_list("subject_id", "kind", "data"):
        told[subject_id].append((code, data))
    return told


def _rows(ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    rows = Complaint.objects.filter(pk__in=ids).values("pk", *_columns())
    return {row["pk"]: row for row in rows}


@cache
def _unset() -> Mapping[str, Any]:
    fields = {field.attname: field for field in Complaint._meta.concrete_fields}
    return {column: fields[column].get_default() for column in _columns()}


@cache
def _columns() -> tuple[str, ...]:
    """Every column that some kind of a complaint caches."""
    ours = (kind for kind in kinds.KINDS if kind.code.startswith(f"{Complaint.subject}."))
    return tuple(sorted({column for kind in ours for column in kind.caches}))
