"""What was really so: one record for each text of a story, and a page on what was hidden in it."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from sujin.complaints.draft import CaseKind
from sujin.lab.cases import Case
from sujin.lab.grammar import Said
from sujin.lab.plants import Plants
from sujin.lab.scenes import scene

VULNERABLE = frozenset({"elderly", "disabled", "minor", "hardship"})


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth of one contact.

    ``kind`` is what it really is, whatever somebody may type it as later. ``repeat_of`` is the
    external id of the first contact on the same matter by the same customer, ``contact`` counts
    them from one. ``wave``, ``event``, ``group`` and ``gaming`` are codes of plants. ``signals``
    are those the text carries; ``amount`` is the largest sum it names.
    """

    external_id: str
    received_at: datetime
    business: str
    cause: str
    kind: CaseKind
    scene: str
    channel: str
    branch: str
    outlet: str
    customer: str
    repeat_of: str = ""
    contact: int = 1
    wave: str = ""
    event: str = ""
    group: str = ""
    gaming: str = ""
    lookalike: str = ""
    signals: tuple[str, ...] = ()
    amount: Decimal | None = None
    people: int = 1

    def tier_facts(self) -> dict[str, object]:
        """The facts that tiering needs, under the names ``engine.tier.TierFacts`` gives them."""
        told = set(self.signals)
        plain = {name: name in told for name in ("media", "escalation", "legal", "safety")}
        return {
            **plain,
            "amount": self.amount,
            "people": self.people,
            "repeats": self.contact - 1,
            "vulnerable": bool(told & VULNERABLE),
            "regulator": self.channel == "regulator" or "regulator" in told,
        }


def truth_of(case: Case, said: Said, named: Callable[[int], str]) -> Truth:
    """What is true of a told case; ``named`` gives the id that its number has outside."""
    about = scene(case.matter.scene)
    return Truth(
        external_id=named(case.number),
        received_at=case.at,
        business=about.business,
        cause=about.cause,
        kind=case.kind,
        scene=about.code,
        channel=case.channel,
        branch=case.branch,
        outlet=case.customer.outlet,
        customer=case.customer.key,
        repeat_of=named(case.root) if case.contact > 1 else "",
        contact=case.contact,
        wave=case.wave,
        event=case.event,
        group=case.group,
        gaming=case.gaming,
        signals=said.signals,
        amount=said.amount,
        people=said.people,
    )


def write(path: Path, truths: Iterable[Truth]) -> int:
    """The records as JSON lines in UTF-8; returns how many. Raises OSError like any writing."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for truth in truths:
            file.write(json.dumps(_plain(truth), ensure_ascii=False, sort_keys=True) + "\n")
            count += 1
    return count


def _plain(truth: Truth) -> dict[str, object]:
    found = asdict(truth)
    found["received_at"] = truth.received_at.isoformat()
    found["amount"] = None if truth.amount is None else str(truth.amount)
    return found


def summary(plants: Plants, truths: Iterable[Truth], past: Mapping[str, int] | None = None) -> str:
    """A page in Markdown: every plant, when and where, and how many contacts it really brought.

    ``past`` counts what the desks did by the habits planted in them.
    """
    fell: Counter[str] = Counter(past or {})
    repeats = total = 0
    for truth in truths:
        total += 1
        repeats += bool(truth.repeat_of)
        fell.update(filter(None, (truth.wave, truth.event, truth.group, truth.gaming)))
    head = ["# Planted truth", "", f"{total} contacts, {repeats} of them repeats.", ""]
    return "\n".join([*head, *_rows(plants, fell), ""])


def _rows(plants: Plants, fell: Counter[str]) -> Iterable[str]:
    yield "| code | what | where | from | to | fell |"
    yield "|---|---|---|---|---|---|"
    for w in plants.waves:
        what = f"wave x{w.multiplier:g} {w.business} / {w.cause}"
        yield _row(w.code, what, w.outlet or w.branch, w.first, w.last, fell[w.code])
    for e in plants.events:
        yield _row(e.code, f"{e.kind.value}: {e.title}", "whole bank", e.first, "", fell[e.code])
    for g in plants.groups:
        yield _row(g.code, f"agents: {g.scene}", "whole bank", g.first, g.last, fell[g.code])
    for i in plants.interventions:
        yield _row(i.code, f"{i.title} x{i.effect:g}", " ".join(i.branches), i.first, "", "")
    for a in plants.gaming:
        yield _row(a.code, "re-typing at month's end", a.branch, "", "", fell[a.code])
    for h in plants.habits:
        yield _row(h.code, f"habit: {h.what} x{h.size:g}", h.branch, "", "", fell[h.code])


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"
