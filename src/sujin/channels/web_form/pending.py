"""Files that wait for their complaint: checked, kept in a private folder, gone after a day.

The folder's name is a hash of the draft's key, which only the customer's sealed session knows.
"""

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _t

from sujin.platform.files import CannotAttach, Checked

KEPT = timedelta(days=1)
SWEPT_AT_ONCE = 50
# Words must still find room on the disk when pictures have filled it.
RESERVE_BYTES = 1024**3


@dataclass(frozen=True, slots=True)
class Waiting:
    """A checked file whose bytes lie in the draft's folder."""

    name: str
    media_type: str
    sha256: str
    size: int


def keep(key: str, checked: Sequence[Checked], *, at: datetime) -> list[Waiting]:
    """Write the files into the draft's folder; raises CannotAttach when the disk is nearly full."""
    _sweep(at)
    folder = _folder(key)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free - sum(len(file.content) for file in checked) < RESERVE_BYTES:
        raise CannotAttach(_t("现在暂时不能上传附件，请先把文字发给我们，材料以后凭查询码补交"))
    for file in checked:
        (folder / file.sha256).write_bytes(file.content)
    return [Waiting(file.name, file.media_type, file.sha256, len(file.content)) for file in checked]


def load(key: str, waiting: Iterable[Waiting]) -> list[Checked]:
    """The files as they were checked; raises CannotAttach naming the first that is gone."""
    return [_load(_folder(key), file) for file in waiting]


def discard(key: str) -> None:
    """Remove the draft's folder and everything in it."""
    shutil.rmtree(_folder(key), ignore_errors=True)


def _load(folder: Path, file: Waiting) -> Checked:
    try:
        return Checked(file.name, file.media_type, (folder / file.sha256).read_bytes())
    except FileNotFoundError:
        raise CannotAttach(
            _t("附件“%(name)s”放得太久，已经清除；请移除后重新选择") % {"name": file.name}
        ) from None


def _root() -> Path:
    return Path(settings.VAR) / "pending"


def _folder(key: str) -> Path:
    return _root() / hashlib.sha256(key.encode()).hexdigest()[:32]


def _sweep(at: datetime) -> None:
    """Clear some of the folders nobody came back to."""
    limit = (at - KEPT).timestamp()
    folders = _root().iterdir() if _root().is_dir() else iter(())
    old = (folder for folder in folders if _touched(folder) < limit)
    for _count, folder in zip(range(SWEPT_AT_ONCE), old, strict=False):
        shutil.rmtree(folder, ignore_errors=True)


def _touched(folder: Path) -> float:
    """When something was last put there; a folder swept by another process counts as fresh."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
