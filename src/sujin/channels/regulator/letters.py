"""Row by row: may this letter come in, may it not and why, or is it here already?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _t

from sujin.channels.channel import REGULATOR
from sujin.channels.orgs import Known
from sujin.channels.regulator import receive
from sujin.channels.regulator.forms import LetterForm
from sujin.channels.regulator.sheet import COLUMNS, LOST, Row
from sujin.complaints.acts.receive import Receipt, receive_all
from sujin.complaints.models import Complaint, Contact, Transfer
from sujin.platform.models import Person

FIELD_OF = dict(
    zip(
        COLUMNS,
        (
            "agency",
            "reference",
            "transferred_on",
            "due_on",
            "name",
            "phone",
            "id_number",
            "text",
            "branch",
        ),
        strict=True,
    )
)


class Standing(StrEnum):
    """What becomes of a row."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A row and its standing; ``because`` for the rejected, ``case`` for the known."""

    row: Row
    standing: Standing
    because: tuple[str, ...] = ()
    case: Complaint | None = None
    given: Mapping[str, Any] = field(default_factory=dict)


def judge(rows: Sequence[Row], *, at: datetime) -> list[Verdict]:
    """A verdict for every row in the order given; three queries however many rows."""
    known = Known(row.cells["涉及机构"] for row in rows)
    checked = [_check(row, known, at) for row in rows]
    letters = {_key(found) for found in checked if found.standing is Standing.ACCEPTED}
    cases = already_here(letters)
    first_lines: dict[tuple[str, str], int] = {}
    return [_again(found, cases, first_lines) for found in checked]


def already_here(letters: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Complaint]:
    """(agency, reference) -> the case, for letters that came in before through any door."""
    wanted = {receive.key_of(*letter): letter for letter in letters}
    contacts = Contact.objects.filter(source=REGULATOR.code, external_id__in=wanted)
    found = {
        wanted[contact.external_id]: contact.complaint
        for contact in contacts.select_related("complaint").only("external_id", "complaint__number")
    }
    asked = Q(reference__in={reference for _agency, reference in wanted.values()})
    rows = Transfer.objects.filter(asked).select_related("complaint")
    by_letter = {(row.agency, row.reference): row.complaint for row in rows}
    return {**{key: by_letter[key] for key in wanted.values() if key in by_letter}, **found}


def bring_in(verdicts: Sequence[Verdict], *, by: Person, at: datetime) -> list[Receipt]:
    """Receive the accepted rows in one transaction: all of them, or none when one is refused.

    When somebody else brought one of the letters in meanwhile, the rest is tried once more.
    """
    drafts = [
        receive.draft(verdict.given)
        for verdict in verdicts
        if verdict.standing is Standing.ACCEPTED
    ]
    try:
        return receive_all(drafts, by=by, at=at)
    except IntegrityError:
        return receive_all(drafts, by=by, at=at)


def _check(row: Row, known: Known, at: datetime) -> Verdict:
    if row.flaw:
        return Verdict(row, Standing.REJECTED, (row.flaw,))
    lost = [column for column, cell in row.cells.items() if LOST in cell or "\0" in cell]
    if lost:
        return Verdict(row, Standing.REJECTED, tuple(_lost(column) for column in lost))
    data = {FIELD_OF[column]: cell for column, cell in row.cells.items()}
    form = LetterForm(data, at=at, known=known)
    if form.is_valid():
        return Verdict(row, Standing.ACCEPTED, given=form.cleaned_data)
    column_of = {name: column for column, name in FIELD_OF.items()}
    because = tuple(
        _t("%(column)s：%(fault)s") % {"column": column_of.get(name, name), "fault": message}
        for name, messages in form.errors.items()
        for message in messages
    )
    return Verdict(row, Standing.REJECTED, because)


def _lost(column: str) -> str:
    return _t("%(column)s：单元格是数字或乱码，已丢失末几位；请设为文本格式后重填") % {
        "column": column
    }


def _key(verdict: Verdict) -> tuple[str, str]:
    return verdict.given["agency"], verdict.given["reference"]


def _again(
    verdict: Verdict,
    cases: Mapping[tuple[str, str], Complaint],
    first_lines: dict[tuple[str, str], int],
) -> Verdict:
    """The same letter twice in one file is brought in once; one that is here stays as it is."""
    if verdict.standing is Standing.REJECTED:
        return verdict
    key = _key(verdict)
    if key in cases:
        return Verdict(verdict.row, Standing.KNOWN, case=cases[key], given=verdict.given)
    first = first_lines.setdefault(key, verdict.row.line)
    if first != verdict.row.line:
        because = _t("与第 %(line)d 行的转办机构、文号相同；请核对文号") % {"line": first}
        return Verdict(verdict.row, Standing.REJECTED, (because,))
    return verdict
