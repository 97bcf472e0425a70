"""The wires out of the house, as configured: the mail server, the text-message gateway, the
bank's own model."""

from email.headerregistry import Address
from urllib.parse import urlsplit

from sujin.config.env import Env, Misconfigured
from sujin.platform.adviser import Adviser
from sujin.platform.delivery.sms import Gateway
from sujin.platform.delivery.smtp import Server, Tls

PORTS = {Tls.NO: 25, Tls.STARTTLS: 587, Tls.SSL: 465}
MODEL_MAX = 80  # characters of a name that stands on the screen
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def mail_server(env: Env) -> Server | None:
    """The mail server of SUJIN_SMTP_*; none when no host is named."""
    host = env.text("SUJIN_SMTP_HOST")
    if not host:
        return None
    tls = Tls(env.choice("SUJIN_SMTP_TLS", list(Tls), Tls.STARTTLS))
    return Server(
        host=host,
        port=env.number("SUJIN_SMTP_PORT", PORTS[tls]),
        sender=_sender(env.text("SUJIN_MAIL_FROM")),
        user=env.text("SUJIN_SMTP_USER"),
        password=env.password("SUJIN_SMTP_PASSWORD"),
        tls=tls,
    )


def sms_gateway(env: Env) -> Gateway | None:
    """The gateway of SUJIN_SMS_*; none when no address is given."""
    url = env.text("SUJIN_SMS_URL")
    if not url:
        return None
    where = urlsplit(url)
    if where.scheme not in {"http", "https"} or not where.hostname:
        raise Misconfigured(f"SUJIN_SMS_URL={url}: give an address like https://sms.example/send")
    return Gateway(url=url, token=env.password("SUJIN_SMS_TOKEN"))


def adviser(env: Env) -> Adviser | None:
    """The model of SUJIN_ADVISER_*; none, and nobody asks it, when no address is given."""
    url = env.text("SUJIN_ADVISER_URL")
    if not url:
        return None
    if not _is_base(url):
        raise Misconfigured(
            "SUJIN_ADVISER_URL: give the base address alone, like https://model.example/v1, "
            "without user, password or query"
        )
    model, key = env.text("SUJIN_ADVISER_MODEL"), env.password("SUJIN_ADVISER_KEY")
    if not model or len(model) > MODEL_MAX:
        raise Misconfigured("SUJIN_ADVISER_MODEL: give the model's name at SUJIN_ADVISER_URL")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise Misconfigured("SUJIN_ADVISER_KEY_FILE: the file must hold the key and nothing else")
    return Adviser(url=url, model=model, key=key)


def _is_base(url: str) -> bool:
    try:
        where, port = urlsplit(url), urlsplit(url).port
    except ValueError:
        return False
    is_plain = not (where.username or where.password or where.query or where.fragment)
    return where.scheme in {"http", "https"} and bool(where.hostname) and is_plain and port != 0


def in_the_clear(
    server: Server | None, gateway: Gateway | None, adviser: Adviser | None = None
) -> list[str]:
    """The settings under which personal data would leave this machine unsealed."""
    found = []
    if server and server.tls is Tls.NO and server.host not in LOOPBACK:
        found.append("SUJIN_SMTP_TLS")
    if gateway and _is_open(gateway.url):
        found.append("SUJIN_SMS_URL")
    if adviser and _is_open(adviser.url):
        found.append("SUJIN_ADVISER_URL")
    return found


def _is_open(url: str) -> bool:
    where = urlsplit(url)
    return where.scheme != "https" and where.hostname not in LOOPBACK


def _sender(address: str) -> str:
    try:
        parsed = Address(addr_spec=address)
    except (ValueError, IndexError):
        parsed = Address()
    if not parsed.username or not parsed.domain:
        raise Misconfigured(
            f"SUJIN_MAIL_FROM={address}: give the sender, for example complaints@bank.example"
        )
    return parsed.addr_spec
