"""A case in its first second: everything known about it before it is written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sujin.complaints.draft import Draft
from sujin.complaints.models import Complaint
from sujin.complaints.models.party import customer_keys, known_of
from sujin.complaints.rulebook import Rulebook, taxonomy
from sujin.engine.classify import Classification
from sujin.engine.identity import Customer
from sujin.engine.repeat import Matter, RepeatVerdict, Signature, sign
from sujin.engine.sla import Tick
from sujin.engine.text import redact
from sujin.platform.journal import Kind
from sujin.platform.models import Org


class Reception(StrEnum):
    """What became of a draft."""

    NEW = "new"
    JOINED = "joined"
    KNOWN = "known"


@dataclass(slots=True)
class Arrival:
    """One draft on its way in. The steps of intake fill it; ``settle`` writes it down."""

    draft: Draft
    origin: Org
    text: str
    keys: list[str]
    known: list[str]
    classification: Classification
    signature: Signature | None
    complaint: Complaint = field(default_factory=Complaint)
    repeat: RepeatVerdict | None = None
    earlier: Complaint | None = None
    reception: Reception = Reception.NEW
    code: str = ""
    kinds: list[Kind] = field(default_factory=list)
    judges: Mapping[str, str] = field(default_factory=dict)

    @property
    def business(self) -> str:
        """The declared business class, or what the words say."""
        return self.draft.declared.business or self.classification["business"].code

    @property
    def line(self) -> str:
        row = taxonomy(self.draft.pack).get(("business", self.business))
        return row.line if row else ""

    @property
    def is_company(self) -> bool:
        row = taxonomy(self.draft.pack).get(("business", self.business))
        return bool(row and row.is_company)

    def matter(self) -> Matter:
        """The case as the repeat judge sees it."""
        return Matter(
            key=self.complaint.pk or 0,
            customer=Customer(frozenset(self.keys), frozenset(self.known)),
            business=self.business,
            received_at=self.draft.received_at,
            is_open=self.draft.outcome is None,
            level=0,
            signature=self.signature,
            channel=self.draft.channel,
            cause=self.draft.declared.cause or self.classification["cause"].code,
            kind=self.draft.kind.value,
        )

    def take(self, kind: Kind) -> None:
        """``kind`` happened: copy its cached fields; the entry is written when all settles."""
        self.complaint.take(kind)
        self.kinds.append(kind)

    def ticks(self, at: datetime) -> list[Tick]:
        return [kind.as_tick(at) for kind in self.kinds if getattr(kind, "tick", "")]  # type: ignore[attr-defined]


def read(drafts: list[Draft], origins: list[Org], book: Rulebook) -> list[Arrival]:
    """The text work for many drafts at once: personal data masked, classes read, words signed."""
    texts = [redact(draft.text).text for draft in drafts]
    classes = book.classifier.classify(texts)
    signatures = sign(texts)
    return [
        Arrival(
            draft,
            origin,
            text,
            customer_keys(draft.parties),
            known_of(draft.parties),
            found,
            signature,
            judges=book.judges,
        )
        for draft, origin, text, found, signature in zip(
            drafts, origins, texts, classes, signatures, strict=True
        )
    ]
