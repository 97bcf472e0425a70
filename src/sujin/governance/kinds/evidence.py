"""What can happen to an evidence file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.care import OBJECTORS
from sujin.platform.journal import Kind

OPEN, PROPOSED, ORGANISED, NOT_ORGANISED = "open", "proposed", "organised", "not_organised"
UNCLEAR, DISPUTED, EXPIRED, CLOSED = "unclear", "disputed", "expired", "closed"
STATES = {
    OPEN: _("待核查"),
    PROPOSED: _("待第二人核查"),
    ORGANISED: _("认定为有组织"),
    NOT_ORGANISED: _("认定不是"),
    UNCLEAR: _("无法认定"),
    DISPUTED: _("有异议，待重新核查"),
    EXPIRED: _("结论到期，待重新核查"),
    CLOSED: _("已结"),
}
VERDICTS = {
    ORGANISED: _("有组织的代理投诉"),
    NOT_ORGANISED: _("不是有组织的代理投诉"),
    UNCLEAR: _("现有材料无法认定"),
}
FORMS = {"page": _("页面"), "pdf": "PDF", "docx": "Word"}


@dataclass(frozen=True, kw_only=True)
class EvidenceKind(Kind):
    """What every kind of an evidence file shares: its state after it."""

    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    state: str


@dataclass(frozen=True, kw_only=True)
class Finding(EvidenceKind):
    """What a look found. ``traces`` are the shared traces by their marks (see
    models/evidence.py), ``people`` the customers by the first of each one's cases."""

    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "cases": "cases",
        "principals": "principals",
        "first": "first",
        "last": "last",
        "expected": "expected",
        "traces": "traces",
        "dissolves": "dissolves",
        "pack_version": "pack_version",
        "found_at": "found_at",
    }
    members: tuple[int, ...]
    people: tuple[int, ...]
    cases: int
    principals: int
    first: datetime
    last: datetime
    expected: float
    traces: tuple[dict[str, Any], ...]
    dissolves: tuple[str, ...]
    pack_version: str
    found_at: datetime

    def cached(self) -> dict[str, Any]:
        return {**super().cached(), "traces": list(self.traces), "dissolves": list(self.dissolves)}


@dataclass(frozen=True, kw_only=True)
class EvidenceOpened(Finding):
    """A look found complaints that point at one hand."""

    code, icon, title = "evidence.opened", "folders", _("立证据档案")

    def sentence(self) -> str:
        said = {"cases": self.cases, "people": self.principals}
        return _t("系统发现 %(people)d 名客户的 %(cases)d 件投诉有共同线索，供人工核查") % said


@dataclass(frozen=True, kw_only=True)
class EvidenceGrown(Finding):
    """A later look found more of them; whatever was judged before was judged of fewer."""

    code, icon, title = "evidence.grown", "circle-plus", _("新增线索")
    caches: ClassVar[Mapping[str, str]] = {
        **Finding.caches,
        "proposed_by_id": "proposed_by",
        "valid_until": "valid_until",
    }
    added: int
    proposed_by: int | None = None
    valid_until: datetime | None = None

    def sentence(self) -> str:
        said = {"added": self.added, "cases": self.cases}
        return _t("新增 %(added)d 件，共 %(cases)d 件；须重新核查") % said


@dataclass(frozen=True, kw_only=True)
class EvidenceReviewed(EvidenceKind):
    """A person judged. ``is_final`` is false for the first of the two that ``organised`` needs."""

    code, icon, title = "evidence.reviewed", "gavel", _("人工核查")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "proposed_by_id": "proposed_by",
        "valid_until": "valid_until",
    }
    verdict: str
    because: str
    is_final: bool
    proposed_by: int | None = None
    valid_until: datetime | None = None

    def sentence(self) -> str:
        said = {"verdict": VERDICTS.get(self.verdict, self.verdict), "because": self.because}
        if self.is_final:
            return _t("结论：%(verdict)s。理由：%(because)s") % said
        return _t("拟认定：%(verdict)s，待第二人核查。理由：%(because)s") % said


@dataclass(frozen=True, kw_only=True)
class EvidenceDisputed(EvidenceKind):
    """Somebody concerned objects: whatever was judged no longer stands until judged anew, also in
    a file that was closed. ``entry`` is the one of a case's docket that it was taken down in."""

    code, icon, title = "evidence.disputed", "message-report", _("提出异议")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "proposed_by_id": "proposed_by",
        "valid_until": "valid_until",
        "closed_at": "closed_at",
    }
    who: str
    words: str
    entry: int | None = None
    proposed_by: int | None = None
    valid_until: datetime | None = None
    closed_at: datetime | None = None

    def sentence(self) -> str:
        said = {"who": OBJECTORS.get(self.who, self.who), "words": self.words}
        return _t("%(who)s异议：%(words)s") % said


@dataclass(frozen=True, kw_only=True)
class EvidenceExpired(EvidenceKind):
    """A verdict holds for so long and no longer. A file that was closed on it stays closed, and
    says nothing of anybody any more."""

    code, icon, title = "evidence.expired", "hourglass", _("结论到期")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "valid_until": "valid_until"}
    valid_until: datetime | None = None

    def sentence(self) -> str:
        if self.state == CLOSED:
            return _t("结论到期，不再作数；档案已结，不必重新核查")
        return _t("上次核查的结论到期，须重新核查")


@dataclass(frozen=True, kw_only=True)
class EvidenceClosed(EvidenceKind):
    """Nothing more is to be looked into; it is kept for the time the pack says."""

    code, icon, title = "evidence.closed", "archive", _("结档")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "closed_at": "closed_at"}
    because: str
    closed_at: datetime

    def sentence(self) -> str:
        return _t("结档：%(because)s") % {"because": self.because}


@dataclass(frozen=True, kw_only=True)
class EvidenceViewed(Kind):
    """Somebody looked, at how many of its cases, and in which form."""

    code, icon, title = "evidence.viewed", "eye", _("查阅档案")
    form: str
    cases: int

    def sentence(self) -> str:
        said = {"form": FORMS.get(self.form, self.form), "cases": self.cases}
        return _t("查阅（%(form)s），看到 %(cases)d 件") % said


EVIDENCE_KINDS: list[type[Kind]] = [
    EvidenceOpened,
    EvidenceGrown,
    EvidenceReviewed,
    EvidenceDisputed,
    EvidenceExpired,
    EvidenceClosed,
    EvidenceViewed,
]
