"""Where an uploaded file waits between its check and its confirmation: sealed, one person's own.

Files of letters hold personal data, so what is kept is encrypted, readable only to the person who
uploaded it, and swept away after a day. The folder lies beside the attachments, which every web
process sees.
"""

import json
import uuid
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from sujin.channels.regulator.sheet import Row, Sheet
from sujin.platform import crypto
from sujin.platform.models import Person

KEPT = timedelta(days=1)
SEAL = "regulator.batch"


def keep(sheet: Sheet, *, by: Person, at: datetime) -> uuid.UUID:
    """Put a sheet away and return the key to it."""
    _sweep(at)
    key = uuid.uuid4()
    path = _path(key, by)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_bytes(crypto.seal(json.dumps(asdict(sheet)), context=SEAL))
    draft.replace(path)
    return key


def find(key: uuid.UUID, *, by: Person) -> Sheet | None:
    """The sheet ``by`` put away under ``key``; None for anybody else's or an expired one."""
    path = _path(key, by)
    if not path.is_file():
        return None
    kept = json.loads(crypto.unseal(path.read_bytes(), context=SEAL))
    rows = tuple(Row(**row) for row in kept["rows"])
    return Sheet(kept["name"], rows, tuple(kept["ignored"]))


def _path(key: uuid.UUID, by: Person) -> Path:
    return _folder() / f"{by.pk}-{key.hex}"


def _folder() -> Path:
    return Path(settings.FILES_ROOT) / "batches"


def _sweep(at: datetime) -> None:
    oldest = (at - KEPT).timestamp()
    for path in _folder().glob("*"):
        # Another process may be sweeping, too.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
