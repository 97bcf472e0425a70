"""核查: the superior organisation was asked to look again, and what it decided (article 20)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import DocketKind, in_language


@dataclass(frozen=True, kw_only=True)
class ReviewAsked(DocketKind):
    """The customer does not accept the decision; thirty days run for the superior desk."""

    code, icon, title, tick, public = (
        "complaint.review_asked",
        "gavel",
        _("客户申请核查"),
        "appealed",
        True,
    )
    caches: ClassVar[Mapping[str, str]] = {
        "seen_by": "seen_by",
        "due_at": "due_at",
        "due_clock": "due_clock",
    }
    review: int
    desk: int
    desk_name: str
    words: str
    seen_by: tuple[str, ...]
    due_at: datetime | None
    due_clock: str

    def sentence(self) -> str:
        return _t("请%(desk)s核查：%(words)s") % {"desk": self.desk_name, "words": self.words}


@dataclass(frozen=True, kw_only=True)
class ReviewDecided(DocketKind):
    """The superior desk decided with reasons, and told the customer."""

    code, icon, title, tick, public = (
        "complaint.review_decided",
        "scale",
        _("核查决定"),
        "reviewed",
        True,
    )
    caches: ClassVar[Mapping[str, str]] = {"due_at": "due_at", "due_clock": "due_clock"}
    review: int
    verdict: str
    titles: Mapping[str, str]
    reasons: str
    way: str
    proof: str
    due_at: datetime | None
    due_clock: str

    def sentence(self) -> str:
        return _t("%(verdict)s：%(reasons)s；送达凭据：%(proof)s") % {
            "verdict": in_language(self.titles),
            "reasons": self.reasons,
            "proof": self.proof,
        }
