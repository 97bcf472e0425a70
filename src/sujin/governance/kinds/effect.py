"""What can happen to the card that says whether a guideline helped."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

HELPS, HARMS, NO_DIFFERENCE, TOO_LITTLE = "helps", "harms", "no_difference", "too_little"
EFFECTS = {
    HELPS: _("有效"),
    HARMS: _("有害"),
    NO_DIFFERENCE: _("没有差别"),
    TOO_LITTLE: _("证据不足"),
}
REASONS = {
    "better": _("推开以后变好，不能用偶然解释"),
    "worse": _("推开以后变差，不能用偶然解释"),
    "within_margin": _("整个区间都在“没有差别”的范围内"),
    "no_cases": _("没有这方面的数据"),
    "never_out": _("推开以后还没有相关的投诉"),
    "nobody_waits": _("全行同时推开，没有对照"),
    "few_branches": _("可比的分行太少"),
    "few_cases": _("可比的投诉太少"),
    "unchecked": _("推开以前的时间太短，看不出各分行走势是否一致"),
    "drifted": _("推开以前各分行走势已经不一致"),
    "among_many": _("单看有差别，但同时看了许多条，可能是偶然"),
    "wide": _("区间太宽，还不能下结论"),
}


@dataclass(frozen=True, kw_only=True)
class EffectJudged(Kind):
    """The verdict on a version's effect changed: what was compared, and what it says now."""

    code, icon, title = "effect.judged", "scale", _("效果判定")
    caches: ClassVar[Mapping[str, str]] = {"verdict": "verdict", "because": "because"}
    verdict: str
    because: str
    cases: int
    branches: int
    effect: float | None
    low: float | None
    high: float | None

    def sentence(self) -> str:
        said = {
            "verdict": EFFECTS.get(self.verdict, self.verdict),
            "because": REASONS.get(self.because, self.because),
            "cases": self.cases,
            "branches": self.branches,
        }
        told = _t("%(verdict)s：%(because)s（%(branches)d 家分行，%(cases)d 件投诉）")
        return told % said


EFFECT_KINDS: list[type[Kind]] = [EffectJudged]
