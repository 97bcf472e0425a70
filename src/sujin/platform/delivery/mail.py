"""A text in Markdown as a mail: plain words, a page, and the PDF that a customer can keep."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from django.template.loader import render_to_string

from sujin.platform import documents


class NotAnAddress(ValueError):
    """What was given is no e-mail address that can be written to."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail; ``subject`` and ``name`` of the file name nobody, ``text`` may."""

    to: str
    subject: str
    text: str
    message_id: str
    name: str
    at: datetime


def composed(mail: Mail, *, sender: str, sender_name: str) -> EmailMessage:
    """The mail as it goes over the wire; made again it is the same mail under the same identity."""
    message = plain(mail, sender=sender, sender_name=sender_name)
    page = render_to_string(
        "platform/mail.html", {"subject": mail.subject, "body": documents.html(mail.text)}
    )
    message.add_alternative(page, subtype="html", cte="base64")
    message.add_attachment(
        documents.pdf(mail.text), maintype="application", subtype="pdf", filename=mail.name
    )
    return message


def plain(mail: Mail, *, sender: str, sender_name: str) -> EmailMessage:
    """The same as words alone: for a few lines that nobody keeps."""
    message = EmailMessage()
    message["From"] = Address(sender_name, addr_spec=sender)
    message["To"] = checked(mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="base64")
    return message


def checked(address: str) -> str:
    """The address as the wire takes it; raises NotAnAddress."""
    try:
        parsed = Address(addr_spec=address.strip())
        parsed.addr_spec.encode("ascii")
    except (ValueError, IndexError):
        raise NotAnAddress(address) from None
    if not parsed.username or "." not in parsed.domain:
        raise NotAnAddress(address)
    return parsed.addr_spec
