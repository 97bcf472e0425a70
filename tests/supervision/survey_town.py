"""Closed cases whose customers can be asked, and links that they hold."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sujin.complaints import kinds as complaint_kinds
from sujin.complaints.models import Complaint, Party
from sujin.lab.cast import OUTLET_A
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Entry, Org, Person
from sujin.supervision import links
from sujin.supervision.acts.fill_in import customer, fill_in
from sujin.supervision.acts.invite import invite
from sujin.supervision.kinds import survey as kinds
from sujin.supervision.models import AnswerSheet, Invitation, Voucher

SERIAL = count(6_000_000)
DAY = timedelta(days=1)
PHONE = "13912345678"
CONTENT = {"overall": 5, "efficiency": 4, "professionalism": 5, "result": 4, "recommend": 9}
ANGRY = {"overall": 1, "efficiency": 2, "professionalism": 3, "result": 1, "recommend": 2}


def closed(at: datetime, org: str = OUTLET_A, **changes: Any) -> Complaint:
    """A complaint that closed at this moment; ``phone`` and ``email`` are the customer's."""
    place = Org.objects.get(code=org)
    phone, email = changes.pop("phone", PHONE), changes.pop("email", "")
    serial = next(SERIAL)
    told = {
        "number": f"2026-{serial}", "kind": "complaint", "lane": "ordinary",
        "channel": "counter", "text": "信用卡多扣了年费", "received_at": at - 9 * DAY,
        "origin": place, "closed_at": at, "seen_by": list(place.tokens),
        "business": "card.credit", "customer_keys": [f"k{serial}"], "outcome": "explanation",
    }  # fmt: skip
    case = Complaint.objects.create(**told | changes)
    Party.objects.create(
        complaint=case, role="complainant", name="周蕙兰", phone=phone, email=email
    )
    return case


def invited(at: datetime, org: str = OUTLET_A, **changes: Any) -> tuple[Invitation, str]:
    """An invitation that is out, and the secret of its link, as the customer's telephone has it."""
    asked = invite(closed(at, org, **changes), by=system_person(), at=at)
    return asked, sent(asked, at)


def sent(asked: Invitation, at: datetime) -> str:
    secret = links.fresh()
    Voucher.objects.create(invitation=asked, digest=links.digest(secret), made_at=at)
    out = kinds.InvitationSent(way="sms", sent_at=at, expires_at=at + 14 * DAY)
    asked.write(out, by=system_person(), at=at)
    return secret


def said(
    at: datetime, scores: Mapping[str, int], org: str = OUTLET_A, *, words: str = "",
    network: str = "", seconds: float = 40, **changes: Any,
) -> AnswerSheet:  # fmt: skip
    """A customer who was asked and answered."""
    _asked, secret = invited(at, org, **changes)
    return fill_in(
        secret, scores=scores, words=words, network=network, seconds=seconds, by=customer(), at=at
    )


def called_back(case: Complaint, satisfied: str, *, by: Person, at: datetime) -> None:
    """A member of staff wrote down what the customer said on the telephone."""
    told = complaint_kinds.CalledBack(called_back_at=at, satisfied=satisfied, note="")
    Entry.objects.create(
        subject="complaint", subject_id=case.pk, kind=told.code, by=by, at=at, data=told.data()
    )
