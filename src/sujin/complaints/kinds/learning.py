"""What happens to the machine that reads one axis: taught, put to work, taken back, adrift."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

WORDS_ALONE = _("词表")
MODELS = {
    "urgency": _("漏判保证"),
    "pairs": _("可能是同一件事"),
    "outlook": _("升级走势"),
}


def _named(version: str) -> str:
    return version or str(WORDS_ALONE)


@dataclass(frozen=True)
class Trained(Kind):
    """A version was trained and kept; nobody uses it yet. ``model_sha256`` are its very bytes."""

    code, icon, title = "learner.trained", "school", _("训练模型")
    version: str
    rows: Mapping[str, int]
    examined: int
    macro_f1: float
    data_sha256: str
    model_sha256: str

    def sentence(self) -> str:
        said = {
            "version": self.version,
            "rows": sum(self.rows.values()),
            "examined": self.examined,
            "share": round(self.macro_f1 * 100),
        }
        return (
            _t("训练出 %(version)s：学习 %(rows)d 条，考核 %(examined)d 条，F1 %(share)d%%") % said
        )


@dataclass(frozen=True)
class ModelKept(Kind):
    """A model that is one file without versions was trained and is used from now on;
    ``model_sha256`` are its very bytes."""

    code, icon, title = "learner.kept", "school", _("训练模型")
    model: str
    rows: int
    source: str
    model_sha256: str

    def sentence(self) -> str:
        said = {"model": MODELS.get(self.model, self.model), "rows": self.rows}
        return _t("训练出“%(model)s”并启用：学习 %(rows)d 条") % said


@dataclass(frozen=True)
class Activated(Kind):
    """A version judges from now on. ``is_forced``: against what the examination said."""

    code, icon, title = "learner.activated", "player-play", _("启用模型")
    caches = {"version": "version", "drifting_since": "drifting_since"}
    version: str
    before: str
    because: str = ""
    is_forced: bool = False
    drifting_since: datetime | None = None

    def sentence(self) -> str:
        said = {"version": self.version, "before": _named(self.before), "because": self.because}
        if self.is_forced:
            return _t("不顾考核结果启用 %(version)s，替换 %(before)s：%(because)s") % said
        return _t("启用 %(version)s，替换 %(before)s") % said


@dataclass(frozen=True)
class RolledBack(Kind):
    """An earlier version judges again, or the words alone."""

    code, icon, title = "learner.rolled_back", "arrow-back-up", _("退回模型")
    caches = {"version": "version", "drifting_since": "drifting_since"}
    version: str
    before: str
    because: str
    drifting_since: datetime | None = None

    def sentence(self) -> str:
        return _t("由 %(before)s 退回 %(version)s：%(because)s") % {
            "version": _named(self.version),
            "before": _named(self.before),
            "because": self.because,
        }


@dataclass(frozen=True)
class DriftBegan(Kind):
    """What it says of recent texts is no longer what it said of those it was measured on."""

    code, icon, title = "learner.drift_began", "alert-triangle", _("把握漂移")
    caches = {"drifting_since": "since"}
    version: str
    since: datetime
    n: int
    # Of each question the population stability index.
    shifts: Mapping[str, float] = field(default_factory=dict)

    def sentence(self) -> str:
        said = {"version": self.version, "n": self.n, "index": max(self.shifts.values(), default=0)}
        return _t("%(version)s 近期 %(n)d 件的判断与考核时不同，PSI %(index).2f：请复核更正") % said


@dataclass(frozen=True)
class DriftEnded(Kind):
    """Recent texts look again like those it was measured on."""

    code, icon, title = "learner.drift_ended", "circle-check", _("漂移消除")
    caches = {"drifting_since": "since"}
    version: str
    n: int
    since: datetime | None = None

    def sentence(self) -> str:
        return _t("%(version)s 近期 %(n)d 件的判断与考核时一致") % {
            "version": self.version,
            "n": self.n,
        }
