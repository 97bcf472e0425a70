"""What can happen to people and files."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sujin.platform.journal import Kind
from sujin.platform.reach import role_name

EXPORTS = {
    "complaints": _("投诉列表"),
    "corrections": _("更正队列"),
    "findings": _("核查发现"),
    "overrides": _("人工改级"),
    "readings": _("学习情况"),
    "prospects": _("前瞻研判"),
    "surveys": _("客户满意度"),
}


@dataclass(frozen=True)
class Appointed(Kind):
    code, icon, title = "person.appointed", "user-plus", pgettext_lazy("记录", "任职")
    org: str
    role: str
    since: date
    until: date | None = None

    def sentence(self) -> str:
        return _t("任 %(org)s 的 %(role)s") % {"org": self.org, "role": role_name(self.role)}


@dataclass(frozen=True)
class Dismissed(Kind):
    code, icon, title = "person.dismissed", "user-x", _("离任")
    org: str
    role: str
    until: date


@dataclass(frozen=True)
class WentAway(Kind):
    """Absent from one day to another; the deputy has the same posts for as long."""

    code, icon, title = "person.away", "beach", _("请假")
    since: date
    until: date
    deputy: str
    because: str

    def sentence(self) -> str:
        said = {"since": self.since, "until": self.until, "deputy": self.deputy or _t("无人")}
        return _t("%(since)s 至 %(until)s 不在岗，由 %(deputy)s 代理") % said


@dataclass(frozen=True)
class CameBack(Kind):
    """Back earlier than told; whoever stood in does so no more."""

    code, icon, title = "person.back", "user-check", _("销假")
    on: date


@dataclass(frozen=True)
class SignedIn(Kind):
    code, icon, title = "person.signed_in", "login", pgettext_lazy("记录", "登录")
    way: str


@dataclass(frozen=True)
class SignedOut(Kind):
    code, icon, title = "person.signed_out", "logout", pgettext_lazy("记录", "退出")


@dataclass(frozen=True)
class Exported(Kind):
    code, icon, title = "person.exported", "download", pgettext_lazy("记录", "导出")
    what: str
    rows: int

    def sentence(self) -> str:
        return _t("导出 %(what)s，%(rows)d 行") % {
            "what": EXPORTS.get(self.what, self.what),
            "rows": self.rows,
        }


KINDS: list[type[Kind]] = [Appointed, Dismissed, WentAway, CameBack, SignedIn, SignedOut, Exported]
