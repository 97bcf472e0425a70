"""An outside model was asked about the codes: a suggestion, which changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin import packs
from sujin.complaints.kinds.base import DocketKind, in_language

AXES = {"business": _("业务类别"), "cause": _("投诉原因")}


@dataclass(frozen=True)
class Advised(DocketKind):
    """What the bank's own model suggested to whoever asked: axis -> `code` and the `quote` that is
    said to show it. ``prompt`` and ``sent`` are digests of what it was told and of the words that
    left the house. It caches nothing: only a person's correction changes a code."""

    code, icon, title = "complaint.advised", "robot", _("行内模型建议")
    model: str
    prompt: str
    sent: str
    pack: str
    advice: Mapping[str, Mapping[str, str]]

    def sentence(self) -> str:
        said = [f"{AXES[axis]} {self._name(axis, one['code'])}" for axis, one in self._in_order()]
        return _t("行内模型 %(model)s 建议：%(what)s（只供参考，分类未变）") % {
            "model": self.model,
            "what": _t("；").join(said),
        }

    def _in_order(self) -> list[tuple[str, Mapping[str, str]]]:
        """JSON keeps no order of its own."""
        return [(axis, self.advice[axis]) for axis in AXES if axis in self.advice]

    def _name(self, axis: str, code: str) -> str:
        rows = packs.rows(self.pack, "taxonomy")
        found = (row for row in rows if (row["axis"], row["code"]) == (axis, code))
        return in_language(next(found, {"zh": code}))
