"""Number it and name the first receiver."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from sujin.complaints import kinds, law, sight
from sujin.complaints.arrival import Arrival
from sujin.complaints.models import Complaint
from sujin.complaints.models.series import number, take
from sujin.platform import crypto
from sujin.platform.bulk import ids
from sujin.platform.models import Person

CODE_DIGITS = 16


def register(arrivals: Sequence[Arrival], *, by: Person, at: datetime) -> None:
    """Give every arrival its id, its number and its tracking code; Entry *Registered*."""
    if not arrivals:
        return
    serials = iter(_serials(arrivals))
    for found, key in zip(arrivals, ids(Complaint, len(arrivals)), strict=True):
        found.complaint.pk = key
        found.complaint.number = next(serials)
        found.code = code_of(found.complaint.number)
        _describe(found)
        _open(found, by)


def code_of(number: str) -> str:
    """The tracking code of a case: made from the number by a key that only the house has, so that
    a receipt whose first answer was lost on the way can be given again."""
    secret = int(crypto.blind(number, context="tracking code"), 16)
    return f"{secret % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def code_hash(number: str, code: str) -> str:
    """What is kept of a tracking code: useless without the key, bound to the number."""
    return crypto.blind(f"{number}:{code}", context="tracking")


def _describe(found: Arrival) -> None:
    case, draft = found.complaint, found.draft
    case.channel, case.pack, case.region = draft.channel, draft.pack, draft.region
    case.text, case.origin = found.text, found.origin
    case.customer_keys, case.known = found.keys, found.known
    case.code_hash = code_hash(case.number, found.code)
    if found.signature is not None:
        case.minhash = found.signature.minhash.tobytes()
        case.bands = list(found.signature.bands)


def _open(found: Arrival, by: Person) -> None:
    """A member of staff is the first receiver; behind a service account nobody stands yet."""
    draft = found.draft
    receiver = None if by.is_service else by
    found.complaint.accountable = receiver
    found.take(
        kinds.Registered(
            number=found.complaint.number,
            channel=draft.channel,
            kind=draft.kind.value,
            lane=draft.lane.value,
            received_at=draft.received_at,
            accountable=receiver.pk if receiver else None,
            seen_by=sight.tokens([found.origin], [receiver]),
            regimes=(regimes := law.at_receipt(draft, found.origin)),
        )
    )
    if draft.regulator is not None:
        letter = draft.regulator
        found.take(
            kinds.Transferred(
                letter.agency, letter.reference, letter.transferred_at, letter.due_at, regimes
            )
        )


def _serials(arrivals: Sequence[Arrival]) -> list[str]:
    years = [timezone.localdate(found.draft.received_at).year for found in arrivals]
    given = {year: iter(take(year, years.count(year))) for year in sorted(set(years))}
    return [number(year, next(given[year])) for year in years]
