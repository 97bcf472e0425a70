"""The complaints of one window as the engine sees them.

Numbers are opened in memory for as long as it takes to index them; what leaves this file are keyed
indexes. Nothing is written.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np

from sujin.complaints.draft import CaseKind
from sujin.complaints.models import Complaint, Party
from sujin.engine import agent_traces
from sujin.engine.agent_rules import PEOPLE
from sujin.engine.agents import Filing, Trace
from sujin.engine.signature import Signature
from sujin.governance import rulebook
from sujin.platform import crypto
from sujin.platform.models import Attachment

CONTEXT = "governance.trace"
MARK = 8  # letters of an index that are kept and shown
COLUMNS = (
    "pk", "received_at", "business", "cause", "amount", "minhash", "bands", "origin__path",
)  # fmt: skip
PERSONAL = ("role", "name", "id_number", "phone", "card", "account", "address", "authority")


def filings(at: datetime) -> list[Filing]:
    """Complaints received within the pack's window before ``at``, in order of time."""
    since = at - rulebook.days("window_days")
    rows = Complaint.objects.filter(
        received_at__gte=since,
        received_at__lte=at,
        kind=CaseKind.COMPLAINT.value,
        merged_into__isnull=True,
    )
    people = _people(rows)
    papers = _papers(rows)
    found = rows.order_by("received_at", "pk").values(*COLUMNS)
    return [
        _filing(row, people.get(row["pk"], []), papers.get(row["pk"], frozenset())) for row in found
    ]


def mark(trace: Trace) -> str:
    """What is kept and shown of a trace: its sort, and the first letters of its index where the
    value is one; weeks, sums and classes of business name nobody."""
    names_somebody = rulebook.rules().rows[trace.kind].family == PEOPLE
    return f"{trace.kind}:{trace.value[:MARK] if names_somebody else trace.value}"


def _branch(path: str) -> str:
    """The organisation directly below the head office, or the head office itself."""
    steps = [step for step in path.split("/") if step]
    return steps[1] if len(steps) > 1 else "".join(steps)


def _blind(field: str, value: str) -> str:
    return crypto.blind(value, context=f"{CONTEXT}.{field}")


def _people(rows: Any) -> dict[int, list[Party]]:
    found: defaultdict[int, list[Party]] = defaultdict(list)
    parties = Party.objects.filter(complaint__in=rows).only("complaint_id", *PERSONAL)
    for party in parties.order_by("pk").iterator():
        found[party.complaint_id].append(party)
    return found


def _papers(rows: Any) -> dict[int, frozenset[Trace]]:
    held: defaultdict[int, set[Trace]] = defaultdict(set)
    kept = Attachment.objects.filter(subject=Complaint.subject, subject_id__in=rows.values("pk"))
    for case, digest in kept.values_list("subject_id", "sha256"):
        held[case].add(Trace("paper", _blind("paper", digest)))
    return {case: frozenset(traces) for case, traces in held.items()}


def _filing(row: dict[str, Any], people: Iterable[Party], papers: frozenset[Trace]) -> Filing:
    acting = list(people)
    amount = str(row["amount"] or "")
    return Filing(
        key=row["pk"],
        at=row["received_at"],
        principal=agent_traces.customer(acting, _blind),
        business=row["business"],
        branch=_branch(row["origin__path"]),
        traces=agent_traces.of_people(acting, _blind)
        | agent_traces.of_matter(row["business"], row["cause"], amount, row["received_at"])
        | papers,
        signature=_signature(bytes(row["minhash"]), row["bands"]),
        numbers=agent_traces.numbers(acting, _blind),
    )


def _signature(minhash: bytes, bands: list[int]) -> Signature | None:
    if not minhash:
        return None
    return Signature(np.frombuffer(minhash, dtype=np.uint32), tuple(bands), 0)
