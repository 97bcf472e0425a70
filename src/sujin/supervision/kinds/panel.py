"""What can happen to a 客户体验官, and to a 体验评审 of one change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

BETTER, SAME, WORSE = "better", "same", "worse"
VOTES = {BETTER: _("变好了"), SAME: _("差不多"), WORSE: _("变差了")}
RATINGS = {"ease": _("方便"), "clarity": _("看得懂"), "fairness": _("公平")}
RATED_MOST = 5


@dataclass(frozen=True, kw_only=True)
class PanelistJoined(Kind):
    """A customer who agreed to look at changes. No name and no number is kept."""

    code, icon, title = "panelist.joined", "user-plus", _("加入体验官")
    caches: ClassVar[Mapping[str, str]] = {
        "segment": "segment", "joined_on": "joined_on", "consented_on": "consented_on",
        "consent_how": "consent_how", "left_on": "left_on",
    }  # fmt: skip
    segment: str
    segment_name: str
    joined_on: date
    consented_on: date
    consent_how: str
    left_on: date | None = None

    def sentence(self) -> str:
        said = {"segment": self.segment_name, "how": self.consent_how}
        return _t("%(segment)s；同意方式：%(how)s") % said


@dataclass(frozen=True, kw_only=True)
class PanelistLeft(Kind):
    """Does not take part any more; what was voted before stays."""

    code, icon, title = "panelist.left", "user-x", _("退出体验官")
    caches: ClassVar[Mapping[str, str]] = {"left_on": "left_on"}
    left_on: date
    because: str

    def sentence(self) -> str:
        return self.because


@dataclass(frozen=True, kw_only=True)
class WalkthroughOpened(Kind):
    """Which change is looked at: a proposal, a measure, or what the words say."""

    code, icon, title = "walkthrough.opened", "eye", _("开评审")
    caches: ClassVar[Mapping[str, str]] = {
        "words": "words", "proposal_id": "proposal", "measure_id": "measure",
    }  # fmt: skip
    words: str
    proposal: int | None = None
    measure: int | None = None

    def sentence(self) -> str:
        return self.words


@dataclass(frozen=True, kw_only=True)
class SessionTaken(Kind):
    """One meeting with its ballots, recorded by whoever writes it; ``sessions`` are all so far."""

    code, icon, title = "walkthrough.session", "users-group", _("体验一场")
    caches: ClassVar[Mapping[str, str]] = {"sessions": "sessions"}
    number: int
    held_on: date
    attended: int
    sessions: tuple[Mapping[str, Any], ...]

    def sentence(self) -> str:
        said = {"number": self.number, "day": self.held_on.isoformat(), "n": self.attended}
        return _t("第 %(number)d 场，%(day)s，%(n)d 人") % said


@dataclass(frozen=True, kw_only=True)
class WalkthroughAnswered(Kind):
    """What was changed because of it, or why not; ``sessions`` is how many it answers."""

    code, icon, title = "walkthrough.answered", "message", _("采纳情况")
    caches: ClassVar[Mapping[str, str]] = {
        "answer": "words", "answered_at": "answered_at", "answered": "sessions",
    }  # fmt: skip
    words: str
    answered_at: datetime
    sessions: int

    def sentence(self) -> str:
        return self.words


PANEL_KINDS: list[type[Kind]] = [
    PanelistJoined, PanelistLeft, WalkthroughOpened, SessionTaken, WalkthroughAnswered,
]  # fmt: skip
