"""What happens to a finding: found, grown, explained by the unit, judged, settled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

VERDICTS = {"upheld": _("认定属实"), "dismissed": _("不予认定")}


@dataclass(frozen=True, kw_only=True)
class Found(Kind):
    """A unit's figures are not what chance and its peers explain; ``readings`` say how far."""

    code, icon, title = "finding.found", "radar", _("发现异常")
    caches = {
        "state": "state", "readings": "readings", "cases": "cases",
        "found_at": "found_at", "explain_by": "explain_by",
    }  # fmt: skip
    readings: tuple[Mapping[str, Any], ...]
    cases: tuple[int, ...]
    found_at: datetime
    explain_by: datetime
    state: str = "found"

    def sentence(self) -> str:
        return _t("涉及 %(n)d 件，待本单位说明") % {"n": len(self.cases)}


@dataclass(frozen=True, kw_only=True)
class Grown(Kind):
    """The same way of gaming at the same unit, in further quarters."""

    code, icon, title = "finding.grown", "trending-up", _("异常扩大")
    caches = {"readings": "readings", "cases": "cases"}
    readings: tuple[Mapping[str, Any], ...]
    cases: tuple[int, ...]
    new: tuple[str, ...]

    def sentence(self) -> str:
        said = {"periods": "、".join(self.new), "n": len(self.cases)}
        return _t("新增期间 %(periods)s，现涉及 %(n)d 件") % said


@dataclass(frozen=True, kw_only=True)
class Explained(Kind):
    """The unit concerned was heard."""

    code, icon, title = "finding.explained", "message", _("单位说明")
    caches = {"explanation": "words", "explained_at": "explained_at", "state": "state"}
    words: str
    explained_at: datetime
    state: str = "explained"

    def sentence(self) -> str:
        return self.words


@dataclass(frozen=True, kw_only=True)
class Judged(Kind):
    """Somebody of another unit upheld or dismissed it, with a reason."""

    code, icon, title = "finding.judged", "gavel", _("认定")
    caches = {"state": "verdict", "verdict": "verdict", "reason": "because"}
    verdict: str
    because: str

    def sentence(self) -> str:
        said = {"verdict": VERDICTS.get(self.verdict, self.verdict), "because": self.because}
        return _t("%(verdict)s：%(because)s") % said


@dataclass(frozen=True, kw_only=True)
class Settled(Kind):
    """What was done about it; nothing more follows."""

    code, icon, title = "finding.settled", "circle-check", _("了结")
    caches = {"state": "state", "settled_at": "settled_at"}
    words: str
    settled_at: datetime
    state: str = "settled"

    def sentence(self) -> str:
        return self.words
