"""Links to questionnaires: how they are made, sent, and what the database keeps of them."""

from email.message import EmailMessage
from hashlib import sha256
from secrets import token_urlsafe

from django.conf import settings
from django.utils.translation import gettext as _t

from sujin.complaints.models import Complaint, Party
from sujin.complaints.models.dispatch import ADDRESSES
from sujin.platform import crypto
from sujin.platform.delivery import Refused, Temporary, mail, sms, smtp
from sujin.supervision.models import Invitation
from sujin.supervision.questionnaires import questionnaires

SECRET_BYTES = 16  # 128 bits: nobody's to guess


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return sha256(secret.encode()).hexdigest()


def fresh() -> str:
    return token_urlsafe(SECRET_BYTES)


def why_not(case: Complaint) -> str:
    """Why no link can go out at all, and what to do; empty when it can."""
    if not settings.PUBLIC_URL:
        return _t("没有设置对外网址（SUJIN_PUBLIC_URL），链接发不出去")
    if not _wires():
        return _t("没有配置短信网关或邮件服务器")
    if reached(case) is None:
        return _t("客户没有留下可用的手机号或邮箱")
    return ""


def reached(case: Complaint) -> tuple[str, str] | None:
    """By which way and at which address the customer can be asked: by text message first."""
    party = _customer(case)
    for way in _wires():
        address = str(getattr(party, ADDRESSES[way], "")) if party else ""
        if address:
            return way, address
    return None


def _customer(case: Complaint) -> Party | None:
    return case.parties.filter(role="complainant").order_by("pk").first()


def _wires() -> list[str]:
    offered = {"sms": settings.SMS_GATEWAY, "email": settings.MAIL_SERVER}
    return [way for way, wire in offered.items() if wire is not None]


def put_out(invitation: Invitation, secret: str, way: str, address: str, *, nth: int) -> None:
    """Hand the link over to the other side. Raises Refused or Temporary; sent again under the same
    ``nth`` it is the same message to the other side."""
    text = _text(invitation, f"{settings.PUBLIC_URL}/s/{secret}")
    if way == "sms" and settings.SMS_GATEWAY is not None:
        sms.send(settings.SMS_GATEWAY, key=_identity(invitation, nth), to=address, text=text)
    elif way == "email" and settings.MAIL_SERVER is not None:
        server = settings.MAIL_SERVER
        smtp.send(server, _mail(invitation, text, address, server, nth))
    else:
        raise Temporary("not configured")


def _text(invitation: Invitation, link: str) -> str:
    """No name, no account, no matter: a telephone lies on a table and is read by others."""
    days = questionnaires()[invitation.questionnaire].valid_days
    said = {"bank": settings.INSTITUTION, "days": days, "link": link}
    return _t("【%(bank)s】请您评价我们的服务，约一分钟，%(days)d 天内有效：%(link)s") % said


def _mail(
    invitation: Invitation, text: str, address: str, server: smtp.Server, nth: int
) -> EmailMessage:
    host = server.sender.rpartition("@")[2]
    letter = mail.Mail(
        to=address, subject=_t("请您评价我们的服务"), text=text, name="",
        message_id=f"<{_identity(invitation, nth)}@{host}>", at=invitation.made_at,
    )  # fmt: skip
    try:
        return mail.plain(letter, sender=server.sender, sender_name=settings.INSTITUTION)
    except mail.NotAnAddress:
        raise Refused(_t("邮箱地址写得不对")) from None


def _identity(invitation: Invitation, nth: int) -> str:
    plain = f"invitation-{invitation.pk}-{nth}"
    return f"{plain}-{crypto.blind(plain, context='invitation.message_id')[:12]}"
