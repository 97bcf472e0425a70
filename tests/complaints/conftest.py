"""Cases that the tests of the room start from."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sujin.complaints.acts.receive import receive
from sujin.complaints.draft import Draft, PartyDraft
from sujin.complaints.models import Complaint
from sujin.lab.cast import OUTLET_A
from sujin.platform.models import Person

# How the customer was told that the matter goes up, and what was promised.
TOLD: dict[str, Any] = {
    "told": "已电话告知由上级接着办，客户同意",
    "promised_at": datetime(2026, 3, 3, 17, 0, tzinfo=ZoneInfo("Asia/Shanghai")),
}
FEE = "我的信用卡在网点办理时被多收了300元年费，要求退还。"
Told = Callable[..., Complaint]


@pytest.fixture
def told(cast: SimpleNamespace, noon: datetime) -> Told:
    """Somebody tells us something: a case from a few words, everything else as at outlet A."""

    def tell(
        text: str = FEE,
        *,
        by: Person | None = None,
        at: datetime | None = None,
        phone: str = "",
        **changes: object,
    ) -> Complaint:
        moment = at or noon
        parties = (PartyDraft(name="张伟", phone=phone),) if phone else ()
        draft = Draft("counter", text, moment, OUTLET_A, parties=parties)
        receipt = receive(replace(draft, **changes), by=by or cast.wang_xiuying, at=moment)  # type: ignore[arg-type]
        return Complaint.objects.get(pk=receipt.complaint.pk)

    return tell
