"""What can happen in rating: a round, each unit's sheet, an appeal against a line of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

DRAFTED, PUBLISHED, ARCHIVED = "drafted", "published", "archived"
ROUND_STATES = {DRAFTED: _("待公布"), PUBLISHED: _("已公布，可申诉"), ARCHIVED: _("已归档")}
ASKED, GRANTED, REFUSED = "asked", "granted", "refused"
APPEAL_STATES = {ASKED: _("待审"), GRANTED: _("支持"), REFUSED: _("不支持")}


@dataclass(frozen=True, kw_only=True)
class StarsDrafted(Kind):
    """All sheets of a month; ``digest`` is of the rules and of every count, and is the seed."""

    code, icon, title = "star_round.drafted", "star", _("评分")
    caches: ClassVar[Mapping[str, str]] = {
        "first": "first", "digest": "digest", "rules": "rules", "state": "state",
    }  # fmt: skip
    first: date
    last: date
    units: int
    digest: str
    rules: Mapping[str, Any]
    state: str = DRAFTED

    def sentence(self) -> str:
        said = {
            "first": self.first.isoformat(), "last": self.last.isoformat(), "n": self.units,
        }  # fmt: skip
        return _t("%(first)s 至 %(last)s，%(n)d 个单位") % said


@dataclass(frozen=True, kw_only=True)
class StarsPublished(Kind):
    """Somebody else than whoever drafted it signs for it; units see their sheets."""

    code, icon, title = "star_round.published", "speakerphone", _("签署并公布")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state", "published_at": "published_at", "appeal_by": "appeal_by",
    }  # fmt: skip
    words: str
    published_at: datetime
    appeal_by: datetime
    state: str = PUBLISHED

    def sentence(self) -> str:
        return self.words


@dataclass(frozen=True, kw_only=True)
class StarsCorrected(Kind):
    """An appeal was granted: all sheets were made anew without what it leaves out."""

    code, icon, title = "star_round.corrected", "refresh", _("按申诉重算")
    caches: ClassVar[Mapping[str, str]] = {"digest": "digest"}
    appeal: int
    digest: str
    changed: int

    def sentence(self) -> str:
        return _t("申诉 %(number)d，%(n)d 个单位的评分有变动") % {
            "number": self.appeal, "n": self.changed
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class StarsArchived(Kind):
    """The days for appeals are over and each was decided: nothing changes any more."""

    code, icon, title = "star_round.archived", "archive", _("归档")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    state: str = ARCHIVED


@dataclass(frozen=True, kw_only=True)
class SheetScored(Kind):
    """One unit's sheet as it stands."""

    code, icon, title = "star_sheet.scored", "star", _("评分")
    caches: ClassVar[Mapping[str, str]] = {
        name: name
        for name in (
            "lines", "points", "low", "high", "star", "star_low", "star_high", "rank_first",
            "rank_last", "of", "before", "behind",
        )
    }  # fmt: skip
    lines: tuple[Mapping[str, Any], ...]
    points: float
    low: float
    high: float
    star: int
    star_low: int
    star_high: int
    rank_first: int
    rank_last: int
    of: int
    before: int
    behind: int

    def sentence(self) -> str:
        said = {
            "points": f"{self.points:.1f}", "low": f"{self.low:.1f}", "high": f"{self.high:.1f}",
            "star": self.star,
        }  # fmt: skip
        return _t("%(points)s 分（%(low)s–%(high)s），%(star)d 星") % said


@dataclass(frozen=True, kw_only=True)
class StarAppealed(Kind):
    """The unit says which of the cases behind a line should not count, and why."""

    code, icon, title = "star_appeal.asked", "message-report", _("申诉")
    caches: ClassVar[Mapping[str, str]] = {
        "item": "item", "words": "words", "keys": "keys", "state": "state",
    }  # fmt: skip
    item: str
    words: str
    keys: tuple[int, ...]
    state: str = ASKED

    def sentence(self) -> str:
        return _t("%(n)d 件不应计入：%(words)s") % {"n": len(self.keys), "words": self.words}


@dataclass(frozen=True, kw_only=True)
class StarAppealDecided(Kind):
    code, icon, title = "star_appeal.decided", "gavel", _("申诉决定")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "because": "because"}
    state: str
    because: str

    def sentence(self) -> str:
        said = {"state": APPEAL_STATES.get(self.state, self.state), "because": self.because}
        return _t("%(state)s：%(because)s") % said


STAR_KINDS: list[type[Kind]] = [
    StarsDrafted, StarsPublished, StarsCorrected, StarsArchived, SheetScored, StarAppealed,
    StarAppealDecided,
]  # fmt: skip
