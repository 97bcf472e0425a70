"""What happens to a sampling survey, and to an invitation to say how it was.

An invitation's docket never holds what the customer said: marks and words stand in the sheet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

RUNNING, ENDED = "running", "ended"
SAMPLE_STATES = {RUNNING: _("进行中"), ENDED: _("已结束")}
UNSENT, SENT, FILLED, EXPIRED = "unsent", "sent", "filled", "expired"
INVITATION_STATES = {
    UNSENT: _("未发出"), SENT: _("已发出"), FILLED: _("已答"), EXPIRED: _("过期未答"),
}  # fmt: skip
WAYS = {"sms": _("短信"), "email": _("邮件")}
STAFF_NETWORK, TOO_QUICK, SAME_NETWORK = "staff_network", "too_quick", "same_network_many"
STAFF_BROWSER = "staff_browser"
FLAGS = {
    STAFF_NETWORK: _("来自本行网络"), STAFF_BROWSER: _("来自员工用过的浏览器"),
    TOO_QUICK: _("快得不像读过题"),
    SAME_NETWORK: _("同一网络一天内答得多"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class SampleDrawn(Kind):
    """Whom, from which cases, how many of how many, and how near the answer was promised."""

    code, icon, title = "survey.drawn", "users-group", _("抽样")
    caches: ClassVar[Mapping[str, str]] = {
        "name": "name", "questionnaire": "questionnaire", "since": "since", "until": "until",
        "margin": "margin", "closes_on": "closes_on", "state": "state",
    }  # fmt: skip
    name: str
    questionnaire: str
    since: date
    until: date
    unit: int
    population: int
    n: int
    margin: float
    frame_digest: str
    closes_on: date
    state: str = RUNNING

    def sentence(self) -> str:
        said = {"size": self.population, "n": self.n, "margin": f"{self.margin * 100:.1f}"}
        return _t("从 %(size)d 件中抽 %(n)d 件，承诺误差不超过 %(margin)s 个百分点") % said


@dataclass(frozen=True, kw_only=True)
class SampleEnded(Kind):
    """Its days are over; nobody can answer any more."""

    code, icon, title = "survey.ended", "circle-check", _("调查结束")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    sent: int
    filled: int
    state: str = ENDED

    def sentence(self) -> str:
        return _t("发出 %(sent)d 份，收回 %(filled)d 份") % {
            "sent": self.sent, "filled": self.filled,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Invited(Kind):
    """The customer of a case is to be asked."""

    code, icon, title = "invitation.made", "mail", _("邀请评价")
    caches: ClassVar[Mapping[str, str]] = {"questionnaire": "questionnaire", "state": "state"}
    questionnaire: str
    number: str
    state: str = UNSENT

    def sentence(self) -> str:
        return self.number


@dataclass(frozen=True, kw_only=True)
class InvitationSent(Kind):
    """The link is out; until ``expires_at`` it opens the questionnaire."""

    code, icon, title = "invitation.sent", "send", _("发出链接")
    caches: ClassVar[Mapping[str, str]] = {
        "way": "way", "sent_at": "sent_at", "expires_at": "expires_at", "state": "state",
        "because": "because",
    }  # fmt: skip
    way: str
    sent_at: datetime
    expires_at: datetime
    because: str = ""
    state: str = SENT

    def sentence(self) -> str:
        return str(WAYS.get(self.way, self.way))


@dataclass(frozen=True, kw_only=True)
class InvitationUnsent(Kind):
    """The link did not go out, and why."""

    code, icon, title = "invitation.unsent", "alert-circle", _("链接没有发出")
    caches: ClassVar[Mapping[str, str]] = {"because": "because"}
    because: str

    def sentence(self) -> str:
        return self.because


@dataclass(frozen=True, kw_only=True)
class InvitationReminded(Kind):
    """Once more, by a link of its own; the first one still opens."""

    code, icon, title = "invitation.reminded", "bell", _("提醒一次")
    caches: ClassVar[Mapping[str, str]] = {"reminded_at": "reminded_at"}
    reminded_at: datetime


@dataclass(frozen=True, kw_only=True)
class SheetFilled(Kind):
    """The customer answered; what was said stands in the sheet."""

    code, icon, title = "invitation.filled", "clipboard-check", _("客户作答")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "filled_at": "filled_at"}
    filled_at: datetime
    counted: bool
    flags: tuple[str, ...] = ()
    state: str = FILLED

    def sentence(self) -> str:
        if not self.flags:
            return _t("收到一份答卷")
        return _t("、").join(str(FLAGS.get(flag, flag)) for flag in self.flags)


@dataclass(frozen=True, kw_only=True)
class InvitationExpired(Kind):
    """Its days are over without an answer."""

    code, icon, title = "invitation.expired", "hourglass", _("过期未答")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    state: str = EXPIRED


SURVEY_KINDS: list[type[Kind]] = [
    SampleDrawn, SampleEnded, Invited, InvitationSent, InvitationUnsent, InvitationReminded,
    SheetFilled, InvitationExpired,
]  # fmt: skip
