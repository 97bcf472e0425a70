"""Somebody asked for what needs a second person; somebody else said yes or no."""

from dataclasses import dataclass

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import DocketKind


@dataclass(frozen=True)
class Asked(DocketKind):
    """A request waits for an approver; nothing has changed yet."""

    code, icon, title = "complaint.asked", "hourglass", _("提请审批")
    request: int
    act: str
    what: str
    because: str
    approvers: tuple[str, ...]

    def sentence(self) -> str:
        return _t("提请 %(what)s：%(because)s") % {"what": self.what, "because": self.because}


@dataclass(frozen=True)
class Granted(DocketKind):
    """The approver agreed; what was asked for follows on the docket."""

    code, icon, title = "complaint.granted", "check", _("审批同意")
    request: int
    what: str
    words: str

    def sentence(self) -> str:
        said = {"what": self.what, "words": self.words}
        return _t("同意 %(what)s：%(words)s") % said if self.words else _t("同意 %(what)s") % said


@dataclass(frozen=True)
class Refused(DocketKind):
    """The approver did not agree and said why."""

    code, icon, title = "complaint.refused", "ban", _("审批不同意")
    request: int
    what: str
    words: str

    def sentence(self) -> str:
        return _t("不同意 %(what)s：%(words)s") % {"what": self.what, "words": self.words}


@dataclass(frozen=True)
class Lapsed(DocketKind):
    """A new round began before anybody decided: what was asked for was about the old one."""

    code, icon, title = "complaint.lapsed", "hourglass", _("申请失效")
    request: int
    what: str

    def sentence(self) -> str:
        return _t("案件重新办理，此前提请的 %(what)s 失效；仍然需要的，请重新提请") % {
            "what": self.what
        }
