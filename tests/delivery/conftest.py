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

COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"
BODY = """# 答复

{{ customer }}：

## 处理决定

支持您的诉求，退还年费300元，三日内到账。<b>不是标记</b>

## 核实情况

调取了开卡资料和2026年2月账单，未见您同意年费的签字。

## 依据和理由

依据《信用卡领用合约》第八条，年费须经持卡人同意后收取。

## 您还可以怎么办

您可以自收到之日起30日内申请核查，也可以申请调解、仲裁，或者提起诉讼。
"""
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
