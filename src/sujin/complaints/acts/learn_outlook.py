"""Learn the outlook anew from the dockets, and put it in force when they have changed."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sujin.complaints import happenings, outlook
from sujin.complaints.acts.keep_model import keep_outlook
from sujin.complaints.models import Complaint
from sujin.complaints.outlook import Card, Outlook
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine.outlook import Sighting, TooFew, learn
from sujin.platform.models import Person


def learn_outlook(*, by: Person, at: datetime) -> Outlook | None:
    """The estimate from the dockets as they are; None while there are too few. Entry *ModelKept*
    when it is another than the one in force, which a failed check puts out of sight."""
    days = int(outlook.rules()["days"])
    past = list(happenings.past(_cases(at), days=days, until=at))
    digest = _hash(past)
    standing = outlook.found().value
    if standing is not None and standing.card.data_sha256 == digest:
        return standing
    try:
        learnt = learn(past, days=days, limits=outlook.limits())
    except TooFew:
        return None
    made_at = at.isoformat(timespec="seconds")
    card = Card(made_at, days, learnt.learned, learnt.calibrated, digest)
    made = outlook.made(learnt, card)
    keep_outlook(made, by=by, at=at)
    return made


def _cases(at: datetime) -> list[int]:
    """The newest whose first window has passed."""
    pack = outlook.rules()
    over = at - timedelta(days=int(pack["days"]) + happenings.AGES[0])
    rows = Complaint.objects.filter(
        pack=HOUSE_PACK,
        received_at__gte=at - timedelta(days=int(pack["past_days"])),
        received_at__lte=over,
    )
    return list(
        rows.order_by("-received_at", "-pk").values_list("pk", flat=True)[: pack["cases_max"]]
    )


def _hash(past: Sequence[Sighting]) -> str:
    made = hashlib.sha256()
    for one in past:
        made.update(f"{one.key}/{one.nth}/{one.escalated}/{one.facts}\n".encode())
    return made.hexdigest()
