"""An approved letter, the customer's mailbox and telephone, and the wires to them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.decide import grant
from sujin.complaints.acts.investigate import investigate
from sujin.complaints.acts.receive import receive
from sujin.complaints.acts.reply import draft, revise, submit
from sujin.complaints.draft import Draft, PartyDraft
from sujin.complaints.models import Complaint, Letter
from sujin.lab.cast import OUTLET_A
from sujin.platform.delivery.sms import Gateway
from sujin.platform.delivery.smtp import Server, Tls
from tests.delivery.mailbox import Mailbox, Phones, open_gateway, open_mailbox
from tests.delivery.wording import BODY, COMPLEX

Written = Callable[..., Letter]
# The fixture of pytest-django, whose type it keeps to itself.
Settings = Any


def approved_letter(
    cast: SimpleNamespace, at: datetime, party: PartyDraft, kind: str = "decision"
) -> Letter:
    """A complaint of outlet A, looked into by Chen Li, its answer approved by Zhou Tao."""
    told = Draft("counter", COMPLEX, at, OUTLET_A, parties=(party,))
    case = receive(told, by=cast.wang_xiuying, at=at).complaint
    claim(case, by=cast.chen_li, at=at)
    investigate(case, findings="调取账单", fault="pricing", liable="卡部", by=cast.chen_li, at=at)
    letter = draft(Complaint.objects.get(pk=case.pk), kind=kind, by=cast.chen_li, at=at)
    revise(letter, body=BODY, by=cast.chen_li, at=at)
    submit(letter, finding="upheld", remedy=None, by=cast.chen_li, at=at)
    grant(case.approvals.waiting().get(), words="", by=cast.zhou_tao, at=at)
    return Letter.objects.get(pk=letter.pk)


@pytest.fixture
def written(cast: SimpleNamespace, noon: datetime) -> Written:
    def write(email: str = "zhang.wei@example.com", phone: str = "13912345678") -> Letter:
        return approved_letter(cast, noon, PartyDraft(name="张伟", phone=phone, email=email))

    return write


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """The product is wired to this mailbox."""
    box = Mailbox()
    with open_mailbox(box) as port:
        settings.MAIL_SERVER = Server("127.0.0.1", port, "complaints@bank.example", tls=Tls.NO)
        yield box


@pytest.fixture
def phones(settings: Settings) -> Iterator[Phones]:
    held = Phones()
    with open_gateway(held) as url:
        settings.SMS_GATEWAY = Gateway(url, token="s3cret")
        yield held
