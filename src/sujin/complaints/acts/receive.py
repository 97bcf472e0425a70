"""The story of the first second."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from sujin.complaints import arrival
from sujin.complaints.acts.recognise import known, recognise_for_good
from sujin.complaints.acts.register import code_of, register
from sujin.complaints.acts.route import route
from sujin.complaints.acts.settle import settle
from sujin.complaints.acts.triage import triage
from sujin.complaints.arrival import Arrival, Reception
from sujin.complaints.desks import Desks
from sujin.complaints.draft import Draft
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import rulebook
from sujin.engine.text import fold
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotReceive(Refusal):
    """The draft breaks a rule of intake; the message names the field and the remedy."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the customer or the channel gets back. ``code`` is never stored; a contact that joined
    an open case gets none: whoever called may not be whoever has it."""

    complaint: Complaint
    reception: Reception
    code: str

    @property
    def number(self) -> str:
        return self.complaint.number


def receive(draft: Draft, *, by: Person, at: datetime) -> Receipt:
    """Take one draft in; raises CannotReceive.

    Of two deliveries of the same draft at the same moment the database lets one pass; the other
    then finds it known.
    """
    try:
        return receive_all([draft], by=by, at=at)[0]
    except IntegrityError:
        return receive_all([draft], by=by, at=at)[0]


@transaction.atomic
def receive_all(
    drafts: Sequence[Draft], *, by: Person, at: datetime, announce: bool = True
) -> list[Receipt]:
    """Register, triage, route: many drafts in the order given, one transaction, nothing halfway.

    A draft whose (source, external id) is known changes nothing and returns the case it became.
    ``announce`` off keeps an archive import from notifying anybody. Raises CannotReceive.
    """
    for draft in drafts:
        check(draft)
    told, before = _first_of_each(drafts)
    arrivals = _read([drafts[place] for place in told], desks := Desks(at))
    recognise_for_good(arrivals)
    fresh = [found for found in arrivals if found.reception is Reception.NEW]
    register(fresh, by=by, at=at)
    triage(fresh)
    route(fresh, desks, by=by, at=at)
    settle(arrivals, desks, by=by, at=at, announce=announce)
    receipts = {
        place: Receipt(found.complaint, found.reception, found.code)
        for place, found in zip(told, arrivals, strict=True)
    }
    return [receipts.get(place) or _known(place, receipts, before) for place in range(len(drafts))]


def _first_of_each(drafts: Sequence[Draft]) -> tuple[list[int], dict[int, Complaint | int]]:
    """Places of the drafts to take in; of the others, the case they became, or the place of the
    same delivery earlier in this very batch."""
    before: dict[int, Complaint | int] = dict(known(drafts))
    first: dict[tuple[str, str], int] = {}
    for place, draft in enumerate(drafts):
        key = (draft.source, draft.external_id)
        if draft.external_id and place not in before:
            if key in first:
                before[place] = first[key]
            first.setdefault(key, place)
    return [place for place in range(len(drafts)) if place not in before], before


def _known(place: int, receipts: dict[int, Receipt], before: dict[int, Complaint | int]) -> Receipt:
    case = before[place]
    if isinstance(case, int):
        case = receipts[case].complaint
    return Receipt(case, Reception.KNOWN, code_of(case.number))


def _read(drafts: list[Draft], desks: Desks) -> list[Arrival]:
    orgs = desks.by_codes(draft.origin for draft in drafts)
    return arrival.read(drafts, [orgs[draft.origin] for draft in drafts], rulebook())


def check(draft: Draft) -> None:
    """What no channel may let through, whatever its own form allows."""
    if not fold(draft.text) and not draft.declared.business:
        raise CannotReceive(_t("诉求：没有内容，请写明发生了什么"))
    if len(draft.text) > rulebook().text_max:
        raise CannotReceive(
            _t("诉求：%(n)d 字，超过 %(max)d 字；其余内容请作为附件上传")
            % {"n": len(draft.text), "max": rulebook().text_max}
        )
    together = [party for party in draft.parties if party.role == "representative"]
    most = int(rulebook().manifest["limits"]["representatives_max"])
    if len(together) > most:
        raise CannotReceive(
            _t("共同投诉代表人：%(n)d 人，最多 %(max)d 人（银保监会令2020年第3号 第十二条）")
            % {"n": len(together), "max": most}
        )
    if any(party.role == "agent" and not party.authority for party in draft.parties):
        raise CannotReceive(_t("代理人：须登记授权材料（银保监会令2020年第3号 第十四条）"))
