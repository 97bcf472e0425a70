"""What must be true before anybody is served; each failure says its remedy."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.db import Error, connection

from sujin.config.env import Mode
from sujin.config.wires import in_the_clear


def register() -> None:
    checks.register(safe_mode, checks.Tags.security, deploy=True)
    checks.register(sealed_wires, checks.Tags.security, deploy=True)
    checks.register(told_from_staff, checks.Tags.security)
    checks.register(durable_database, checks.Tags.database)
    checks.register(sound_models, checks.Tags.database)


def safe_mode(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A production installation must name its hosts and serve them over TLS."""
    if settings.MODE is not Mode.PRODUCTION:
        return []
    problems: list[checks.CheckMessage] = []
    names = set(settings.ALLOWED_HOSTS)
    if not names - {"localhost", "127.0.0.1", "[::1]"} or "*" in names:
        problems.append(
            checks.Critical(
                "SUJIN_HOSTS does not name this installation's hosts",
                hint="set SUJIN_HOSTS=complaints.example.com",
                id="sujin.C001",
            )
        )
    if not settings.SECURE_SSL_REDIRECT and not hasattr(settings, "SECURE_PROXY_SSL_HEADER"):
        problems.append(
            checks.Critical(
                "nothing enforces TLS",
                hint="set SUJIN_SSL_REDIRECT=yes, or SUJIN_BEHIND_PROXY=yes behind a TLS proxy",
                id="sujin.C002",
            )
        )
    return problems


def sealed_wires(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Neither letters nor what customers said may leave this machine in the clear."""
    if settings.MODE is not Mode.PRODUCTION:
        return []
    return [
        checks.Critical(
            f"{name}: personal data would leave this machine in the clear",
            hint="set SUJIN_SMTP_TLS=starttls or ssl, and an https:// address in SUJIN_SMS_URL "
            "and SUJIN_ADVISER_URL",
            id="sujin.C004",
        )
        for name in in_the_clear(settings.MAIL_SERVER, settings.SMS_GATEWAY, settings.ADVISER)
    ]


def told_from_staff(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Customers are asked, and nobody could tell an answer given at a desk of the bank."""
    if not settings.PUBLIC_URL or settings.STAFF_NETWORKS:
        return []
    return [
        checks.Warning(
            "SUJIN_PUBLIC_URL is set and SUJIN_STAFF_NETWORKS is empty: answers that staff give "
            "at their desks count as customers'",
            hint="set SUJIN_STAFF_NETWORKS to the networks of the bank's own desks",
            id="sujin.W002",
        )
    ]


def durable_database(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """An acknowledged complaint must survive a power cut (fsync, synchronous_commit)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('fsync'), current_setting('synchronous_commit'), "
            "current_setting('data_checksums'), current_setting('server_version_num')::int"
        )
        fsync, commit, checksums, version = cursor.fetchone()
    problems: list[checks.CheckMessage] = []
    if fsync != "on" or commit == "off":
        problems.append(
            checks.Critical(
                f"PostgreSQL runs with fsync={fsync}, synchronous_commit={commit}",
                hint="switch both on: acknowledged complaints could be lost",
                id="sujin.C003",
            )
        )
    if checksums != "on":
        problems.append(checks.Warning("data checksums are off", hint="pg_checksums --enable"))
    if version < 150000:
        problems.append(checks.Critical("PostgreSQL is older than 15", hint="upgrade the server"))
    return problems


def sound_models(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A model that cannot be used stops nobody, and is told."""
    from sujin.complaints.soundness import unusable

    try:
        found = unusable()
    except Error:
        # The docket that would prove them is not there yet.
        return []
    return [
        checks.Warning(
            f"the model {name} is not used: {why}",
            hint="restore $SUJIN_VAR/models from the backup, or train again",
            id="sujin.W001",
        )
        for name, why in found.items()
    ]
