"""Where trained models are kept: versions that never change, a card beside each, one pointer.

``var/models/cause/20261130-1a2b3c4d.npz`` is a model, ``.json`` beside it its card, and the file
``current`` names the version that judges; empty, or missing, the words judge alone. A model whose
bytes are not those that its card and the docket name is not used: the words judge, and the card
page says why.
"""

import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _t

from sujin.complaints.proof import is_trained
from sujin.engine.classify import AXES
from sujin.engine.linear import LinearModel
from sujin.platform import keeping
from sujin.platform.keeping import Spoiled, Unread, reading

VERSION = re.compile(r"\d{8}-[0-9a-f]{8}")
# How often a running process looks whether another model judges.
LOOK_EVERY = 30.0  # seconds
Stamp = tuple[tuple[str, keeping.Stamp | None], ...]
Card = Mapping[str, Any]
log = logging.getLogger(__name__)


class Unusable(ValueError):
    """The model cannot be used; the message says why and what to do. One that is ``passing`` may
    be used the next time, without anybody doing anything."""

    def __init__(self, said: str, *, passing: bool = False) -> None:
        super().__init__(said)
        self.passing = passing


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
            _tries["unread"] |= wrong.passing
            log.error("model of %s is not used: %s", axis, wrong)
    return Judging(models, versions, problems)


def stamp() -> Stamp:
    """What would tell a change of the models that judge; looked at once in half a minute."""
    now, root = time.monotonic(), str(settings.MODELS_ROOT)
    if _looked.get("root") != root or now - _looked["at"] >= LOOK_EVERY:
        _looked.update(root=root, at=now, stamp=(*_stamp(Path(root)), _tried()))
    found: Stamp = _looked["stamp"]
    return found


_looked: dict[str, Any] = {}
_tries = {"unread": False, "count": 0}


def _tried() -> tuple[str, keeping.Stamp]:
    """Another one after a disk or a memory failed, so that the same files are read again."""
    _tries.update(unread=False, count=_tries["count"] + _tries["unread"])
    return "tries", (_tries["count"], 0, 0, 0)


def look_again() -> None:
    """This process looks at the next question, without waiting."""
    _looked.clear()


def _stamp(root: Path) -> Stamp:
    watched = [root / axis / "current" for axis in AXES]
    watched += [root / f"{axis}.npz" for axis in AXES]
    for axis in AXES:
        kept = root / axis
        watched += sorted([*kept.glob("[0-9]*.npz"), *kept.glob("[0-9]*.json")])
    return tuple((str(path), _touched(path)) for path in watched)


def _touched(path: Path) -> keeping.Stamp | None:
    """None too for what cannot be looked at; whoever reads it says why."""
    try:
        return keeping.stamp(path)
    except Spoiled:
        return None


def current(axis: str) -> str:
    """The version that should judge; empty for the words alone. Unusable for what cannot be one."""
    pointer = _folder(axis) / "current"
    try:
        if keeping.stamp(pointer) is None:
            _refuse_old(axis)
            return ""
        named = keeping.text(pointer).strip()
    except Spoiled as spoiled:
        said = _t("指针文件读不出来：%(wrong)s") % {"wrong": spoiled}
        raise Unusable(said, passing=isinstance(spoiled, Unread)) from None
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
        found = keeping.record(path)
        with reading(path):
            datetime.fromisoformat(found["trained_at"])
            _ = found["holdout"]["evaluation"]["n"], found["beside"]["version"]
    except Spoiled as spoiled:
        said = _t("没有 %(path)s，或读不出来") % {"path": path}
        raise Unusable(said, passing=isinstance(spoiled, Unread)) from None
    return found


def load(axis: str, version: str) -> LinearModel:
    """The model of one version. Unusable when it is missing, altered, or of another form."""
    path, told = _file(axis, version, ".npz"), card(axis, version)
    try:
        with reading(path):
            data = path.read_bytes()
            digest = keeping.sha256(data)
        if digest != told.get("model_sha256") or not is_trained(axis, version, digest):
            raise Unusable(
                _t(
                    "%(path)s 与说明或记录中的校验值不符：从备份恢复，"
                    "或用 sujin train --rollback 退回"
                )
                % {"path": path}
            )
        with reading(path):
            return LinearModel.from_arrays(keeping.unpacked(data))
    except Spoiled as spoiled:
        raise Unusable(str(spoiled), passing=isinstance(spoiled, Unread)) from None


def keep(axis: str, version: str, model: LinearModel, told: Card) -> Card:
    """Keep a version nobody uses yet: first the model, then its card. Returns the card as kept."""
    data = keeping.packed(model.arrays())
    keeping.keep(_file(axis, version, ".npz"), data)
    whole = {**told, "model_sha256": keeping.sha256(data)}
    keeping.keep_record(_file(axis, version, ".json"), whole)
    return card(axis, version)


def point(axis: str, version: str) -> None:
    """From now on this version judges; the empty one leaves it to the words."""
    keeping.keep_text(_folder(axis) / "current", f"{version}\n")
    look_again()


def _folder(axis: str) -> Path:
    if axis not in AXES:
        raise Unusable(_t("没有“%(axis)s”这个角度") % {"axis": axis})
    return Path(settings.MODELS_ROOT) / axis


def _file(axis: str, version: str, ending: str) -> Path:
    if not VERSION.fullmatch(version):
        raise Unusable(_t("“%(version)s”不是版本") % {"version": version[:40]})
    return _folder(axis) / f"{version}{ending}"
