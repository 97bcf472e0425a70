"""行司联动: bank and company divide one case, agree or disagree, and head office decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import DocketKind


@dataclass(frozen=True, kw_only=True)
class Shared(DocketKind):
    """The other legal entity was asked for its part; it sees its side of the case from now on."""

    code, icon, title = "complaint.shared", "affiliate", _("行司联动")
    caches: ClassVar[Mapping[str, str]] = {"seen_by": "seen_by"}
    share: int
    company_name: str
    desk: int
    desk_name: str
    ask: str
    part_bank: str
    part_company: str
    percent_bank: int
    percent_company: int
    due_at: datetime
    seen_by: tuple[str, ...]

    def sentence(self) -> str:
        return _t(
            "请%(desk)s：%(ask)s\n银行 %(percent_bank)d%%：%(part_bank)s\n"
            "%(company)s %(percent_company)d%%：%(part_company)s"
        ) % {
            "desk": self.desk_name,
            "ask": self.ask,
            "percent_bank": self.percent_bank,
            "part_bank": self.part_bank,
            "company": self.company_name,
            "percent_company": self.percent_company,
            "part_company": self.part_company,
        }


@dataclass(frozen=True, kw_only=True)
class SplitAgreed(DocketKind):
    """The other side agrees to its part."""

    code, icon, title = "complaint.split_agreed", "thumb-up", _("同意责任划分")
    share: int
    words: str

    def sentence(self) -> str:
        return self.words or str(self.title)


@dataclass(frozen=True, kw_only=True)
class SplitDisputed(DocketKind):
    """The other side does not agree; head office's consumer-protection desk decides."""

    code, icon, title = "complaint.split_disputed", "thumb-down", _("对责任划分有异议")
    caches: ClassVar[Mapping[str, str]] = {"seen_by": "seen_by"}
    share: int
    because: str
    desk: int
    desk_name: str
    due_at: datetime
    seen_by: tuple[str, ...]

    def sentence(self) -> str:
        return _t("%(because)s；请%(desk)s裁定") % {
            "because": self.because,
            "desk": self.desk_name,
        }


@dataclass(frozen=True, kw_only=True)
class SplitDecided(DocketKind):
    """Head office has the last word on who bears what."""

    code, icon, title = "complaint.split_decided", "scale", _("裁定责任划分")
    share: int
    percent_bank: int
    percent_company: int
    because: str

    def sentence(self) -> str:
        return _t("银行 %(bank)d%%，子公司 %(company)d%%：%(because)s") % {
            "bank": self.percent_bank,
            "company": self.percent_company,
            "because": self.because,
        }
