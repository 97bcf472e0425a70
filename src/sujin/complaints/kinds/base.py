"""What the kinds of a complaint share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from django.utils.translation import get_language

from sujin import packs
from sujin.engine.sla import Tick
from sujin.platform.journal import Kind

OUTCOMES_PACK = "cn_bank"


@dataclass(frozen=True)
class DocketKind(Kind):
    """A kind of a complaint; ``tick`` is what it means to the clocks, empty for nothing."""

    tick: ClassVar[str] = ""
    # Shown to the customer on the tracking page, too.
    public: ClassVar[bool] = False
    # The code of the kind whose last entry counts as never heard.
    undoes: ClassVar[str] = ""

    @property
    def other(self) -> int | None:
        """The other case that the sentence names, which the reader may not be allowed to see."""
        return None

    def as_tick(self, at: datetime) -> Tick:
        """What the clocks hear; receipt counts from when the institution received the matter."""
        return Tick(
            kind=self.tick,
            at=getattr(self, "received_at", at),
            post=getattr(self, "post", ""),
        )


@dataclass(frozen=True, kw_only=True)
class Anew(DocketKind):
    """A new round begins: the columns it ``clears`` counted for the last one only.

    They have grown in number, so an entry names those that it ``cleared``: read again it says what
    it said then.
    """

    clears: ClassVar[frozenset[str]] = frozenset()
    # What entries cleared that say no more than ``anew``; older ones left those columns alone.
    clears_unnamed: ClassVar[frozenset[str]] = frozenset()
    anew: bool = False
    cleared: tuple[str, ...] = ()

    def cached(self) -> dict[str, Any]:
        kept = self.clears - (set(self.cleared) or (self.clears_unnamed if self.anew else set()))
        return {column: value for column, value in super().cached().items() if column not in kept}


def in_language(because: Mapping[str, str]) -> str:
    """The reason in the reader's language; packs carry Chinese and English."""
    language = "en" if get_language() == "en" else "zh"
    return because.get(language) or because.get("zh", "")


def outcome_name(code: str) -> str:
    """How a case ended, in the reader's language; the source's own words as they are."""
    return in_language(_outcomes().get(code) or _findings().get(code) or {"zh": code})


def finding_name(code: str) -> str:
    """What became of the claim: upheld, partly, not upheld, settled."""
    return in_language(_findings().get(code, {"zh": code}))


@cache
def _outcomes() -> Mapping[str, Mapping[str, str]]:
    return _named("outcome")


@cache
def _findings() -> Mapping[str, Mapping[str, str]]:
    return _named("finding")


def _named(axis: str) -> Mapping[str, Mapping[str, str]]:
    rows = packs.rows(OUTCOMES_PACK, "taxonomy")
    return {row["code"]: row for row in rows if row["axis"] == axis}
