"""What a file is, read from its bytes; what may come in; where it is kept."""

import hashlib
import io
import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _t

from sujin import packs
from sujin.platform.refusal import Refusal

MEGABYTE = 1024 * 1024
LIMITS = packs.manifest("cn_bank")["limits"]
MAX_BYTES = int(LIMITS["attachment_max_bytes"])
MAX_FILES = int(LIMITS["attachments_max"])

# media type -> (endings allowed, first bytes); Office files are ZIPs and are told apart by content.
SIGNATURES: tuple[tuple[str, frozenset[str], bytes, int], ...] = (
    ("application/pdf", frozenset({"pdf"}), b"%PDF-", 0),
    ("image/jpeg", frozenset({"jpg", "jpeg"}), b"\xff\xd8\xff", 0),
    ("image/png", frozenset({"png"}), b"\x89PNG\r\n\x1a\n", 0),
    ("image/webp", frozenset({"webp"}), b"WEBP", 8),
    ("image/heic", frozenset({"heic", "heif"}), b"ftyphei", 4),
    ("image/heic", frozenset({"heic", "heif"}), b"ftypmif1", 4),
    ("audio/mpeg", frozenset({"mp3"}), b"ID3", 0),
    ("audio/amr", frozenset({"amr"}), b"#!AMR", 0),
    ("audio/wav", frozenset({"wav"}), b"WAVE", 8),
    ("video/mp4", frozenset({"mp4", "m4a", "mov"}), b"ftyp", 4),
)
OFFICE = {
    "docx": ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
ENDINGS = sorted({end for _, ends, _, _ in SIGNATURES for end in ends} | set(OFFICE) | {"txt"})


class Handed(Protocol):
    """A file as a form or an endpoint hands it over."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def read(self, num_bytes: int | None = None, /) -> bytes: ...


class CannotAttach(Refusal):
    """The file may not come in; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may come in."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def check_all(files: Sequence[Handed]) -> list[Checked]:
    """Every file checked, or CannotAttach for the first that may not come in."""
    if len(files) > MAX_FILES:
        raise CannotAttach(_t("一次最多上传 %(n)d 个文件") % {"n": MAX_FILES})
    return [check(file) for file in files]


def check(file: Handed) -> Checked:
    """The file with its true type; raises CannotAttach for size, kind or a type that lies."""
    name = _plain_name(file.name or "")
    if (file.size or 0) > MAX_BYTES:
        raise CannotAttach(
            _t("“%(name)s” 有 %(mb).1f MB，超过 %(max)d MB 的上限；请压缩后再传，或分成几个文件")
            % {"name": name, "mb": (file.size or 0) / MEGABYTE, "max": MAX_BYTES // MEGABYTE}
        )
    content = file.read(MAX_BYTES + 1)
    if not content:
        raise CannotAttach(_t("“%(name)s” 是空文件") % {"name": name})
    return Checked(name, _true_type(name, content), content)


def _plain_name(name: str) -> str:
    """The last part of the name without control characters, at most 160 long, ending kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(letter for letter in last if letter.isprintable()).strip(" .") or "file"
    stem, dot, end = clean.rpartition(".")
    return clean if len(clean) <= 160 else f"{stem[: 150 - len(end)]}{dot}{end[:9]}"


def _true_type(name: str, content: bytes) -> str:
    ending = name.rpartition(".")[2].lower()
    if ending not in ENDINGS:
        raise CannotAttach(
            _t("“%(name)s” 的类型不能上传；可以上传：%(ends)s")
            % {"name": name, "ends": "、".join(ENDINGS)}
        )
    found = _sniff(ending, content)
    if found is None:
        raise CannotAttach(
            _t("“%(name)s” 的内容与扩展名 .%(end)s 不符；请用原来的程序另存后再传")
            % {"name": name, "end": ending}
        )
    return found


def _sniff(ending: str, content: bytes) -> str | None:
    if ending == "txt":
        return "text/plain" if b"\0" not in content[:4096] else None
    if ending in OFFICE:
        return _office(ending, content)
    for media_type, endings, magic, start in SIGNATURES:
        if ending in endings and content[start : start + len(magic)] == magic:
            return media_type
    return None


def _office(ending: str, content: bytes) -> str | None:
    """The Office type if the ZIP directory says so; its parts are never unpacked here."""
    folder, media_type = OFFICE[ending]
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    # A macro project makes the file a program; the endings that carry one are not on the list.
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return media_type if any(name.startswith(folder) for name in names) else None


def keep(checked: Checked) -> None:
    """Write the bytes under FILES_ROOT, durably and once; their row comes after."""
    path = Path(settings.FILES_ROOT) / checked.sha256[:2] / checked.sha256
    if path.is_file():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as out:
        out.write(checked.content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
