"""What the customer has said so far, and the receipt: sealed in the session, for a while."""

import base64
import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore

from sujin.channels.web_form.pending import Waiting, discard
from sujin.platform import crypto

# On a telephone that is handed round, personal data must not wait for the next person all day.
KEPT = timedelta(hours=2)
SAID, SLIP = "web_form.said", "web_form.slip"


@dataclass(slots=True)
class Said:
    """A draft between two screens. ``key`` makes sending it twice one complaint."""

    key: str
    what: dict[str, Any] = field(default_factory=dict)
    who: dict[str, Any] = field(default_factory=dict)
    files: list[Waiting] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """Of everything said: what is sent must be what was looked at."""
        return hashlib.sha256(_plain(self).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Slip:
    """What the receipt needs. ``code`` exists nowhere else; empty when the matter was known."""

    number: str
    code: str


def said_in(session: SessionBase, at: datetime) -> Said | None:
    """The draft in this session unless it was left for longer than ``KEPT``."""
    found = _read(session, SAID)
    if found is None:
        return None
    said = Said(found["key"], found["what"], found["who"], [Waiting(**f) for f in found["files"]])
    if _is_old(found, at):
        forget(session, said)
        return None
    return said


def begun() -> Said:
    return Said(secrets.token_hex(16))


def keep(session: SessionBase, said: Said, at: datetime) -> None:
    _write(session, SAID, asdict(said), at)


def forget(session: SessionBase, said: Said) -> None:
    """The draft and its files, as if they had never been typed."""
    session.pop(SAID, None)
    discard(said.key)


def slip_in(session: SessionBase, at: datetime) -> Slip | None:
    """The receipt of what this session sent last."""
    found = _read(session, SLIP)
    return None if found is None or _is_old(found, at) else Slip(found["number"], found["code"])


def hand_out(session: SessionBase, slip: Slip, at: datetime) -> None:
    """Keep the receipt in place of the draft."""
    session.pop(SAID, None)
    _write(session, SLIP, asdict(slip), at)


def put_away(session: SessionBase) -> None:
    """The receipt has been noted down; a device that others use forgets it."""
    session.pop(SLIP, None)


def alone(session: SessionBase) -> SessionBase:
    """The session as it stands now, nobody else writing it until the transaction ends."""
    SessionStore.get_model_class().objects.select_for_update().filter(
        session_key=session.session_key
    ).first()
    return SessionStore(session.session_key)


def _plain(said: Said) -> str:
    return json.dumps(asdict(said), sort_keys=True)


def _write(session: SessionBase, name: str, value: dict[str, Any], at: datetime) -> None:
    plain = json.dumps(value | {"at": at.isoformat()})
    session[name] = base64.b64encode(crypto.seal(plain, context=name)).decode()


def _read(session: SessionBase, name: str) -> dict[str, Any] | None:
    """What was sealed under ``name``; nothing when the key has changed since."""
    sealed = session.get(name)
    if not isinstance(sealed, str):
        return None
    try:
        plain = crypto.unseal(base64.b64decode(sealed), context=name)
    except crypto.CannotUnseal:
        return None
    found: dict[str, Any] = json.loads(plain)
    return found


def _is_old(found: dict[str, Any], at: datetime) -> bool:
    return datetime.fromisoformat(found["at"]) + KEPT < at
