"""What can happen in the room: one list, one file per subject."""

from sujin.governance.kinds.effect import EFFECT_KINDS, EffectJudged
from sujin.governance.kinds.event import EVENT_KINDS
from sujin.governance.kinds.evidence import (
    CLOSED,
    DISPUTED,
    EVIDENCE_KINDS,
    EXPIRED,
    FORMS,
    NOT_ORGANISED,
    OPEN,
    ORGANISED,
    PROPOSED,
    STATES,
    UNCLEAR,
    VERDICTS,
    EvidenceClosed,
    EvidenceDisputed,
    EvidenceExpired,
    EvidenceGrown,
    EvidenceOpened,
    EvidenceReviewed,
    EvidenceViewed,
)
from sujin.governance.kinds.flash import FLASH_KINDS
from sujin.governance.kinds.foresight import FORESIGHT_KINDS
from sujin.governance.kinds.guiding import GUIDING_KINDS
from sujin.governance.kinds.ledger import LEDGER_KINDS
from sujin.governance.kinds.meeting import MEETING_KINDS
from sujin.governance.kinds.order import ORDER_KINDS
from sujin.governance.kinds.peer import PEER_KINDS
from sujin.governance.kinds.programme import PROGRAMME_KINDS
from sujin.governance.kinds.submission import SUBMISSION_KINDS
from sujin.governance.kinds.visit import VISIT_KINDS
from sujin.governance.kinds.wave import WAVE_KINDS
from sujin.platform.journal import Kind

KINDS: list[type[Kind]] = [
    *EVIDENCE_KINDS, *EFFECT_KINDS, *EVENT_KINDS, *FLASH_KINDS, *WAVE_KINDS,
    *ORDER_KINDS,
    *PEER_KINDS,
    *VISIT_KINDS,
    *FORESIGHT_KINDS,
    *LEDGER_KINDS,
    *GUIDING_KINDS,
    *MEETING_KINDS,
    *SUBMISSION_KINDS,
    *PROGRAMME_KINDS,
]  # fmt: skip

__all__ = [
    "CLOSED",
    "DISPUTED",
    "EXPIRED",
    "FORMS",
    "KINDS",
    "NOT_ORGANISED",
    "OPEN",
    "ORGANISED",
    "PROPOSED",
    "STATES",
    "UNCLEAR",
    "VERDICTS",
    "EffectJudged",
    "EvidenceClosed",
    "EvidenceDisputed",
    "EvidenceExpired",
    "EvidenceGrown",
    "EvidenceOpened",
    "EvidenceReviewed",
    "EvidenceViewed",
]
