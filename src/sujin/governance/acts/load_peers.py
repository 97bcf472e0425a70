"""Take in a file of peer figures: every line is new, known, a correction, or sent back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.governance import lines
from sujin.governance.kinds.peer import PeersLoaded
from sujin.governance.lines import CannotLoad, Loaded, Reject
from sujin.governance.models import PeerFigure
from sujin.governance.peerbook import COLUMNS, BadPeer, PeerLine, read_line
from sujin.platform.models import Person
from sujin.platform.models.entry import about_person, record

__all__ = ["CannotLoad", "Loaded", "load_peers", "read", "rejects_file"]

NEEDED = ("bank", "quarter", "value", "basis", "source")
_SAID = ("group", "value", "customers", "outlets", "assets", "source")


def read(data: bytes) -> list[dict[str, str]]:
    """The lines of a file. Raises CannotLoad."""
    return lines.read(data, NEEDED, COLUMNS)


@transaction.atomic
def load_peers(rows: Sequence[Mapping[str, str]], *, file: str, by: Person, at: datetime) -> Loaded:
    """All good lines or, when something fails, none. The same lines again change nothing; a line
    that says something else of the same figure supersedes it, and both are kept."""
    good, rejects = _sorted_out(rows, at)
    counts = {"added": 0, "superseded": 0, "same": 0}
    for line in good:
        counts[_take(line, by=by, at=at)] += 1
    made = Loaded(**counts, rejects=tuple(rejects))
    if made.added or made.superseded or made.rejects:
        told = PeersLoaded(file=file[:80], rejected=len(rejects), **counts)
        record([about_person(by, told, by=by, at=at)])
    return made


def _sorted_out(
    rows: Sequence[Mapping[str, str]], at: datetime
) -> tuple[list[PeerLine], list[Reject]]:
    """Two lines of one file that contradict each other are both sent back."""
    read_rows, rejects = [], []
    for number, row in enumerate(rows, 2):
        try:
            read_rows.append((number, row, read_line(row, timezone.localdate(at))))
        except BadPeer as error:
            rejects.append(Reject(number, row, str(error)))
    said: dict[object, set[PeerLine]] = {}
    for _number, _row, line in read_rows:
        said.setdefault(line.key, set()).add(line)
    torn = {key for key, found in said.items() if len(found) > 1}
    why = _t("同一文件里同一家银行、季度、业务、口径有不同的数")
    rejects += [Reject(number, row, why) for number, row, line in read_rows if line.key in torn]
    good = dict.fromkeys(line for _n, _row, line in read_rows if line.key not in torn)
    return list(good), sorted(rejects, key=lambda one: one.number)


def _take(line: PeerLine, *, by: Person, at: datetime) -> str:
    where = dict(zip(("bank", "quarter", "metric", "business", "basis"), line.key, strict=True))
    known = PeerFigure.objects.select_for_update().valid().filter(**where).first()
    told = {name: getattr(line, name) for name in _SAID}
    if known is not None and all(getattr(known, name) == told[name] for name in _SAID):
        return "same"
    if known is not None:
        PeerFigure.objects.filter(pk=known.pk).update(superseded_at=at)
    PeerFigure.objects.create(**where, **told, loaded_at=at, loaded_by=by)
    return "added" if known is None else "superseded"


def rejects_file(rejects: Sequence[Reject]) -> Iterator[list[str]]:
    """The lines sent back, as a file."""
    return lines.sent_back(rejects, COLUMNS)
