"""Where trained models are kept: versions that never change, a card beside each, one pointer.

``var/models/cause/20261130-1a2b3c4d.npz`` is a model, ``.json`` beside it its card, and the file
``current`` names the version that judges; empty, or missing, the words judge alone. A model whose
bytes are not those its card names is not used: the words judge, and the card page says why.
"""

import hashlib
import json
import logging
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _t

from sujin.engine.classify import AXES
from sujin.engine.linear import LinearModel

VERSION = re.compile(r"\d{8}-[0-9a-f]{8}")
# How often a running process looks whether another model judges.
LOOK_EVERY = 30.0  # seconds
Stamp = tuple[tuple[str, str, int], ...]
Card = Mapping[str, Any]
log = logging.getLogger(__name__)


class Unusable(ValueError):
    """The model cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Judging:
    """The models that judge now, their versions, and what is wrong with those that should."""

    models: Mapping[str, LinearModel]
    versions: Mapping[str, str]
    problems: Mapping[str, str]


def judging() -> Judging:
    """What judges now. A model that cannot be used is left out and logged."""
    return _judging(stamp())


@lru_cache(maxsize=2)
def _judging(seen: Stamp) -> Judging:
    models, versions, problems = {}, {}, {}
    for axis in AXES:
        try:
            version = current(axis)
            if version:
                models[axis], versions[axis] = load(axis, version), version
        except Unusable as wrong:
            problems[axis] = str(wrong)
            log.error("model of %s is not used: %s", axis, wrong)
    return Judging(models, versions, problems)


def stamp() -> Stamp:
    """What would tell a change of the models that judge; looked at once in half a minute."""
    now, root = time.monotonic(), str(settings.MODELS_ROOT)
    if _looked.get("root") != root or now - _looked["at"] >= LOOK_EVERY:
        _looked.update(root=root, at=now, stamp=_stamp(Path(root)))
    found: Stamp = _looked["stamp"]
    return found


_looked: dict[str, Any] = {}


def look_again() -> None:
    """This process looks at the next question, without waiting."""
    _looked.clear()


def _stamp(root: Path) -> Stamp:
    watched = [root / axis / "current" for axis in AXES]
    watched += [root / f"{axis}.npz" for axis in AXES]
    for axis in AXES:
        watched += sorted((root / axis).glob("*.npz"))
    return tuple((str(path), *_touched(path)) for path in watched if path.is_file())


def _touched(path: Path) -> tuple[str, int]:
    found = path.stat()
    return str(found.st_size), found.st_mtime_ns


def current(axis: str) -> str:
    """The version that should judge; empty for the words alone. Unusable for what cannot be one."""
    pointer = _folder(axis) / "current"
    if not pointer.is_file():
        _refuse_old(axis)
        return ""
    named = pointer.read_text(encoding="utf-8").strip()
    if named and not VERSION.fullmatch(named):
        raise Unusable(_t("指针文件 %(path)s 写的不是版本") % {"path": pointer})
    return named


def pointed(axis: str) -> str:
    """The version that the pointer names; empty too for a pointer that cannot be read."""
    try:
        return current(axis)
    except Unusable:
        return ""


def _refuse_old(axis: str) -> None:
    """Models of the first release lay beside each other without a card that could prove them."""
    old = Path(settings.MODELS_ROOT) / f"{axis}.npz"
    if old.is_file():
        raise Unusable(
            _t("%(path)s 是旧格式，没有可核对的说明：请用 sujin train 重新训练，再删除它")
            % {"path": old}
        )


def versions(axis: str) -> list[str]:
    """Every version whose card can be read, the newest first."""
    found = []
    for path in _folder(axis).glob("*.json"):
        try:
            found.append((str(card(axis, path.stem)["trained_at"]), path.stem))
        except Unusable as wrong:
            log.error("card of %s is not read: %s", axis, wrong)
    return [version for _at, version in sorted(found, reverse=True)]


def card(axis: str, version: str) -> Card:
    """The card of one version. Unusable when there is none."""
    path = _file(axis, version, ".json")
    try:
        found: Card = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError):
        raise Unusable(_t("没有 %(path)s，或读不出来") % {"path": path}) from None
    if not isinstance(found, dict) or "trained_at" not in found:
        raise Unusable(_t("没有 %(path)s，或读不出来") % {"path": path})
    return found


def load(axis: str, version: str) -> LinearModel:
    """The model of one version. Unusable when it is missing, altered, or of another form."""
    path, told = _file(axis, version, ".npz"), card(axis, version)
    if not path.is_file() or sha256(path) != told.get("model_sha256"):
        raise Unusable(
            _t("%(path)s 与说明中的校验值不符：从备份恢复，或用 sujin train --rollback 退回")
            % {"path": path}
        )
    try:
        with np.load(path, allow_pickle=False) as stored:
            return LinearModel.from_arrays({name: stored[name] for name in stored.files})
    except ValueError as wrong:
        raise Unusable(_t("%(path)s：%(wrong)s") % {"path": path, "wrong": wrong}) from None


def keep(axis: str, version: str, model: LinearModel, told: Card) -> Card:
    """Keep a version nobody uses yet: first the model, then its card. Returns the card as kept."""
    path = _file(axis, version, ".npz")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{version}.{os.getpid()}.tmp.npz")
    np.savez_compressed(draft, **model.arrays())  # type: ignore[arg-type]
    whole = {**told, "model_sha256": sha256(draft)}
    draft.replace(path)
    text = json.dumps(whole, ensure_ascii=False, indent=1, default=float)
    _replace(_file(axis, version, ".json"), text)
    return card(axis, version)


def point(axis: str, version: str) -> None:
    """From now on this version judges; the empty one leaves it to the words."""
    pointer = _folder(axis) / "current"
    pointer.parent.mkdir(parents=True, exist_ok=True)
    _replace(pointer, f"{version}\n")
    look_again()


def _replace(path: Path, text: str) -> None:
    """Written aside and moved into place, so that a reader never sees half a file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with draft.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _folder(axis: str) -> Path:
    if axis not in AXES:
        raise Unusable(_t("没有“%(axis)s”这个角度") % {"axis": axis})
    return Path(settings.MODELS_ROOT) / axis


def _file(axis: str, version: str, ending: str) -> Path:
    if not VERSION.fullmatch(version):
        raise Unusable(_t("“%(version)s”不是版本") % {"version": version[:40]})
    return _folder(axis) / f"{version}{ending}"
