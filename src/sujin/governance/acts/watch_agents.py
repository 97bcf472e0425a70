"""Look over the complaints of the window: what points at one hand gets a file, or grows one."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from sujin.engine import agents
from sujin.engine.agent_homes import principals
from sujin.engine.agents import Group
from sujin.governance import rulebook, traces
from sujin.governance.acts.grow_file import grow_file
from sujin.governance.acts.hear_objection import hear_earlier
from sujin.governance.acts.open_file import open_file
from sujin.governance.models import EvidenceFile
from sujin.platform.models import Person

# One look at a time: "SUJIAGNT" as a number.
TURN = 0x53554A4941474E54


@transaction.atomic
def watch_agents(*, by: Person, at: datetime) -> list[EvidenceFile]:
    """The files opened or grown. A second look at the same complaints writes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
    filings = traces.filings(at)
    people = principals(filings)
    files = list(EvidenceFile.objects.order_by("pk"))
    found = agents.find(filings, rulebook.rules()).groups
    written = [_written(group, people, files, by=by, at=at) for group in found]
    changed = [file for file in written if file is not None]
    for file in changed:
        hear_earlier(file, at=at)
    return changed


def _written(
    group: Group, people: dict[int, int], files: Sequence[EvidenceFile], *, by: Person, at: datetime
) -> EvidenceFile | None:
    """The file this group belongs to, if that changed; a closed one is left in peace until as many
    new customers came as make a group of their own."""
    file, new = _of(group, files)
    if file is None:
        return open_file(group, people, by=by, at=at)
    if not new:
        return None
    if not file.is_closed:
        return grow_file(file, group, people, by=by, at=at)
    enough = len({people[key] for key in new}) >= rulebook.rules().principals_min
    return open_file(group, people, by=by, at=at) if enough else None


def _of(group: Group, files: Sequence[EvidenceFile]) -> tuple[EvidenceFile | None, set[int]]:
    """The latest file that shares a case with the group, standing before closed; the new cases."""
    members = set(group.members)
    best: EvidenceFile | None = None
    known: set[int] = set()
    for file in files:
        held = set(file.members.values_list("complaint_id", flat=True))
        if held & members:
            known |= held
            if best is None or best.is_closed or not file.is_closed:
                best = file
    return best, members - known
