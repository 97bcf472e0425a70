"""The wires out of the house, as configured: the mail server, the text-message gateway."""

from email.headerregistry import Address
from urllib.parse import urlsplit

from sujin.config.env import Env, Misconfigured
from sujin.platform.delivery.sms import Gateway
from sujin.platform.delivery.smtp import Server, Tls

PORTS = {Tls.NO: 25, Tls.STARTTLS: 587, Tls.SSL: 465}
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


def in_the_clear(server: Server | None, gateway: Gateway | None) -> list[str]:
    """The settings under which personal data would leave this machine unsealed."""
    found = []
    if server and server.tls is Tls.NO and server.host not in LOOPBACK:
        found.append("SUJIN_SMTP_TLS")
    if gateway and not gateway.url.startswith("https://"):
        if urlsplit(gateway.url).hostname not in LOOPBACK:
            found.append("SUJIN_SMS_URL")
    return found


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
