"""Settings are read here, once, typed; a wrong one fails at the door and says the remedy."""

import os
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit


class Misconfigured(Exception):
    """A setting is missing or unsafe; the message names it and says what to do."""


class Mode(StrEnum):
    """What this installation is for; only ``demo`` offers sign-in without a password."""

    LOCAL = "local"
    DEMO = "demo"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Env:
    """A typed view of the process environment.

    ``values`` is the environment, ``var`` the folder for everything that is written at run time.
    """

    values: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(name, default).strip()

    def flag(self, name: str, *, default: bool) -> bool:
        word = self.text(name, "yes" if default else "no").lower()
        if word not in {"yes", "no", "true", "false", "1", "0"}:
            raise Misconfigured(f"{name}={word}: say yes or no")
        return word in {"yes", "true", "1"}

    def number(self, name: str, default: int) -> int:
        word = self.text(name, str(default))
        if not word.isdigit():
            raise Misconfigured(f"{name}={word}: give a whole number, for example {default}")
        return int(word)

    def words(self, name: str, default: str = "") -> list[str]:
        return [word for word in self.text(name, default).replace(",", " ").split() if word]

    def choice(self, name: str, words: Iterable[str], default: str) -> str:
        word, offered = self.text(name, default).lower(), list(words)
        if word not in offered:
            raise Misconfigured(f"{name}={word}: use one of {', '.join(offered)}")
        return word

    def networks(self, name: str) -> list[IPv4Network | IPv6Network]:
        """Networks in CIDR; a single address is a network of one."""
        found = []
        for word in self.words(name):
            try:
                found.append(ip_network(word))
            except ValueError:
                raise Misconfigured(
                    f"{name}={word}: give networks like 10.0.0.0/8 or 2001:db8::/32"
                ) from None
        return found

    def site(self, name: str) -> str:
        """The address of a site without a slash at its end; empty when not given."""
        word = self.text(name).rstrip("/")
        if word and not _is_site(word):
            raise Misconfigured(f"{name}={word}: give an address like https://complaints.example")
        if word.startswith("http:") and self.mode is Mode.PRODUCTION:
            raise Misconfigured(f"{name}={word}: give an https:// address in production")
        return word

    @property
    def mode(self) -> Mode:
        word = self.text("SUJIN_MODE", Mode.LOCAL)
        if word not in set(Mode):
            raise Misconfigured(f"SUJIN_MODE={word}: use one of {', '.join(Mode)}")
        return Mode(word)

    @property
    def var(self) -> Path:
        folder = Path(self.text("SUJIN_VAR", "var")).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def secret(self, name: str) -> str:
        """A secret from ``<name>_FILE``, ``<name>``, or, outside production, made once in var/."""
        given = self.password(name)
        if given:
            return given
        if self.mode is Mode.PRODUCTION:
            raise Misconfigured(f"{name}_FILE is not set: point it at a file holding the secret")
        return _made_once(self.var / "secrets" / name.lower())

    def password(self, name: str) -> str:
        """What somebody else gave us, from ``<name>_FILE`` or ``<name>``; empty when not given."""
        path = self.text(f"{name}_FILE")
        return _read(name, Path(path)) if path else self.text(name)


def _is_site(address: str) -> bool:
    try:
        where = urlsplit(address)
    except ValueError:
        return False
    is_bare = not (where.query or where.fragment or where.username)
    return where.scheme in {"http", "https"} and bool(where.hostname) and is_bare


def _read(name: str, path: Path) -> str:
    if not path.is_file():
        raise Misconfigured(f"{name}_FILE={path}: no such file")
    return path.read_text().strip()


def _made_once(path: Path) -> str:
    """A random secret that survives restarts; two processes starting together agree on one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_hex(32))
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return path.read_text().strip()
