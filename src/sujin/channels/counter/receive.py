"""What was filled in at a counter, as a draft."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sujin.channels.channel import COUNTER
from sujin.channels.drafting import drafted
from sujin.complaints.draft import CaseKind, Draft


def draft(given: Mapping[str, Any]) -> Draft:
    """The draft of a valid intake form; the token makes a form sent twice one case."""
    return drafted(given, channel=COUNTER.code, source=COUNTER.code, origin=given["origin"])


def bud(given: Mapping[str, Any], *, at: datetime) -> Draft:
    """An early sign: one sentence, nobody's name, now."""
    return Draft(
        channel=COUNTER.code,
        text=given["text"],
        received_at=at,
        origin=given["origin"],
        kind=CaseKind.BUD,
        source=COUNTER.code,
        external_id=given["token"],
    )
