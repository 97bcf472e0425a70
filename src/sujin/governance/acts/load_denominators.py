"""Take in a file of denominators: every line is new, known, a correction, or sent back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.governance import lines
from sujin.governance.kinds.peer import DenominatorsLoaded
from sujin.governance.lines import Loaded, Reject
from sujin.governance.models import Denominator
from sujin.governance.watchbook import MEASURES
from sujin.platform.models import Org, Person
from sujin.platform.models.entry import about_person, record

COLUMNS = ("org", "measure", "month", "value")
VALUE_MAX = Decimal(10) ** 12


class _Bad(ValueError):
    """A line that cannot be taken; the message says which column and what to write."""


@dataclass(frozen=True, slots=True)
class _Line:
    org: Org
    measure: str
    month: date
    value: Decimal

    @property
    def key(self) -> tuple[int, str, date]:
        return self.org.pk, self.measure, self.month


def read(data: bytes) -> list[dict[str, str]]:
    """The lines of a file. Raises CannotLoad."""
    return lines.read(data, COLUMNS, COLUMNS)


@transaction.atomic
def load_denominators(
    rows: Sequence[Mapping[str, str]], *, file: str, by: Person, at: datetime
) -> Loaded:
    """All good lines or, when something fails, none. The same lines again change nothing; a line
    that says something else of the same month supersedes it, and both are kept."""
    orgs = {org.code: org for org in Org.objects.all()}
    good: dict[tuple[int, str, date], _Line] = {}
    rejects: list[Reject] = []
    for number, row in enumerate(rows, 2):
        try:
            line = _line(row, orgs, timezone.localdate(at))
            if good.setdefault(line.key, line) != line:
                raise _Bad(_t("同一文件里同一机构、指标、月份有不同的数"))
        except _Bad as error:
            rejects.append(Reject(number, row, str(error)))
    counts = {"added": 0, "superseded": 0, "same": 0}
    for line in good.values():
        counts[_take(line, by=by, at=at)] += 1
    made = Loaded(**counts, rejects=tuple(rejects))
    if made.added or made.superseded or made.rejects:
        told = DenominatorsLoaded(file=file[:80], rejected=len(rejects), **counts)
        record([about_person(by, told, by=by, at=at)])
    return made


def _line(row: Mapping[str, str], orgs: Mapping[str, Org], today: date) -> _Line:
    org = orgs.get(row["org"].strip())
    if org is None:
        raise _Bad(_t("org：没有这个机构编号，写机构名册里的编号"))
    measure = row["measure"].strip()
    if measure not in MEASURES:
        raise _Bad(_t("measure：写 %(measures)s 之一") % {"measures": ", ".join(MEASURES)})
    try:
        month = date.fromisoformat(f"{row['month'].strip()}-01")
        value = Decimal(row["value"].strip())
    except (ValueError, InvalidOperation):
        raise _Bad(_t("month 写作 2026-03，value 写大于零的数，不带逗号")) from None
    if month > today:
        raise _Bad(_t("month：不能晚于本月"))
    if not value.is_finite() or not 0 < value < VALUE_MAX:
        raise _Bad(_t("month 写作 2026-03，value 写大于零的数，不带逗号"))
    return _Line(org, measure, month, value.quantize(Decimal("0.01")))


def _take(line: _Line, *, by: Person, at: datetime) -> str:
    where = {"org": line.org, "measure": line.measure, "month": line.month}
    known = Denominator.objects.select_for_update(of=("self",)).valid().filter(**where).first()
    if known is not None and known.value == line.value:
        return "same"
    if known is not None:
        Denominator.objects.filter(pk=known.pk).update(superseded_at=at)
    Denominator.objects.create(**where, value=line.value, loaded_at=at, loaded_by=by)
    return "added" if known is None else "superseded"


def rejects_file(rejects: Sequence[Reject]) -> Iterator[list[str]]:
    """The lines sent back, as a file."""
    return lines.sent_back(rejects, COLUMNS)
