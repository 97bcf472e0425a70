"""What is put around a letter that leaves by wire: subject, file name, the words of a message.

Nothing around it names the customer: subjects are read by whoever runs the mail.
"""

from email.message import EmailMessage

from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import override

from sujin.complaints import correspondence
from sujin.complaints.models import Dispatch
from sujin.platform import crypto
from sujin.platform.delivery import Refused, Temporary, mail, sms, smtp


class NoWay(Temporary):
    """This installation has no such wire any more: nobody was asked to take anything."""


def ways() -> list[str]:
    """The ways of sending that this installation offers."""
    offered = {"email": settings.MAIL_SERVER, "sms": settings.SMS_GATEWAY}
    return [way for way, wire in offered.items() if wire is not None]


def identity(letter: int, nth: int) -> str:
    """The Message-ID of the nth dispatch of a letter: always the same, nobody's to guess."""
    server = settings.MAIL_SERVER
    host = server.sender.rpartition("@")[2] if server else "sujin.invalid"
    plain = f"letter-{letter}-{nth}"
    mark = crypto.blind(plain, context="dispatch.message_id")[:12].lower()
    return f"<{plain}-{mark}@{host}>"


def put_out(dispatch: Dispatch) -> str:
    """Hand it over to the other side; its answer. Raises Refused or Temporary."""
    with override(correspondence.language_of(dispatch.letter)):
        return _SENDERS[dispatch.way](dispatch)


def _mailed(dispatch: Dispatch) -> str:
    server = settings.MAIL_SERVER
    if server is None:
        raise NoWay("not configured")
    try:
        message = _mail(dispatch, server)
    except mail.NotAnAddress:
        raise Refused(_t("邮箱地址写得不对")) from None
    return smtp.send(server, message)


def _mail(dispatch: Dispatch, server: smtp.Server) -> EmailMessage:
    letter = dispatch.letter
    said = {"what": letter.get_kind_display(), "number": letter.complaint.number}
    made = mail.Mail(
        to=dispatch.address,
        subject=_t("关于 %(number)s 的%(what)s") % said,
        text=correspondence.addressed(letter, clear=True),
        message_id=dispatch.message_id,
        name=f"{said['number']}.pdf",
        at=dispatch.queued_at,
    )
    return mail.composed(made, sender=server.sender, sender_name=settings.INSTITUTION)


def _texted(dispatch: Dispatch) -> str:
    gateway = settings.SMS_GATEWAY
    if gateway is None:
        raise NoWay("not configured")
    return sms.send(gateway, key=dispatch.message_id, to=dispatch.address, text=_text(dispatch))


def _text(dispatch: Dispatch) -> str:
    """No name, no account, no matter: a telephone lies on a table and is read by others."""
    letter = dispatch.letter
    return _t(
        "【%(bank)s】您反映的事（编号 %(number)s）已有%(what)s。请凭编号和查询码在本行网站查看，"
        "或致电 %(phone)s 报编号索取全文。"
    ) % {
        "bank": settings.INSTITUTION,
        "number": letter.complaint.number,
        "what": letter.get_kind_display(),
        "phone": settings.INSTITUTION_PHONE,
    }


_SENDERS = {"email": _mailed, "sms": _texted}
