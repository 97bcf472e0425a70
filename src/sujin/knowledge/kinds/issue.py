"""What can happen to an issue: a compilation, a special issue, a handbook."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sujin.platform.journal import Kind

COMPILING, SIGNED, DISTRIBUTED, ABANDONED = "draft", "signed", "distributed", "abandoned"
ISSUE_STATES = {
    COMPILING: _("编辑中"),
    SIGNED: _("已签发"),
    DISTRIBUTED: _("已下发"),
    ABANDONED: _("已放弃"),
}
COMPILATION, SPECIAL, HANDBOOK = "compilation", "special", "handbook"
SERIES = {
    COMPILATION: _("汇编"),
    SPECIAL: _("专刊"),
    HANDBOOK: _("手册"),
}


@dataclass(frozen=True, kw_only=True)
class IssueKind(Kind):
    """What every kind of an issue shares: its state after it."""

    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    state: str


@dataclass(frozen=True, kw_only=True)
class IssueBegun(IssueKind):
    """An issue was begun, under its number."""

    code, icon, title = "issue.begun", "book-2", _("开始编辑")
    label: str

    def sentence(self) -> str:
        return _t("开始编辑%(label)s") % {"label": self.label}


@dataclass(frozen=True, kw_only=True)
class IssueFilled(IssueKind):
    """Items were taken into a chapter."""

    code, icon, title = "issue.filled", "file-plus", _("收入条目")
    chapter: str
    codes: tuple[str, ...]

    def sentence(self) -> str:
        said = {"n": len(self.codes), "chapter": self.chapter}
        return _t("收入 %(n)d 条，放在“%(chapter)s”") % said


@dataclass(frozen=True, kw_only=True)
class IssueArranged(IssueKind):
    """Chapters, their order, and the order in them were changed; some items were taken out."""

    code, icon, title = "issue.arranged", "sort-ascending", _("调整编排")
    caches: ClassVar[Mapping[str, str]] = {
        **IssueKind.caches, "name": "name", "chapters": "chapters"
    }  # fmt: skip
    name: str
    chapters: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    def sentence(self) -> str:
        if self.left_out:
            return _t("调整编排，移出 %(n)d 条") % {"n": len(self.left_out)}
        return _t("调整编排")


@dataclass(frozen=True, kw_only=True)
class IssueSigned(IssueKind):
    """A second person vouches for it; its text is frozen, and ``digest`` names that text."""

    code, icon, title = "issue.signed", "rubber-stamp", _("签发")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "signed_by_id": "signed_by",
        "signed_at": "signed_at",
        "digest": "digest",
    }
    signed_by: int
    signed_at: datetime
    digest: str
    items: int

    def sentence(self) -> str:
        return _t("签发，共 %(n)d 条") % {"n": self.items}


@dataclass(frozen=True, kw_only=True)
class IssueDistributed(IssueKind):
    """It was handed to organisations for reading; each time anew."""

    code, icon, title = "issue.distributed", "send", pgettext_lazy("记录", "下发")
    orgs: tuple[str, ...]

    def sentence(self) -> str:
        return _t("下发至 %(orgs)s") % {"orgs": "、".join(self.orgs)}


@dataclass(frozen=True, kw_only=True)
class IssueAbandoned(IssueKind):
    """It will not be signed; its number is not given again."""

    code, icon, title = "issue.abandoned", "trash", _("放弃编辑")
    because: str

    def sentence(self) -> str:
        return _t("放弃编辑：%(because)s") % {"because": self.because}


ISSUE_KINDS: list[type[Kind]] = [
    IssueBegun,
    IssueFilled,
    IssueArranged,
    IssueSigned,
    IssueDistributed,
    IssueAbandoned,
]
