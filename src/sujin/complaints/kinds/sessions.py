"""Sittings with the customer: booked, moved, held, called off; and what they averted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sujin.complaints.kinds.base import DocketKind, in_language

SESSION_KINDS = {"direct": _("直连"), "three_party": _("三方会商")}
SESSION_WAYS = {"phone": _("电话"), "video": _("视频"), "onsite": _("当面")}
REMINDERS = {
    "start": _("两小时内开始"),
    "minutes": _("还没有登记纪要"),
    "check": _("升级是否避免，可以核对了"),
}


@dataclass(frozen=True, kw_only=True)
class SessionKind(DocketKind):
    """What every entry about a session says; ``entities`` are the legal entities at the table."""

    session: int
    form: str
    way: str
    entities: tuple[int, ...]

    def named(self) -> dict[str, str]:
        return {
            "form": str(SESSION_KINDS.get(self.form, self.form)),
            "way": str(SESSION_WAYS.get(self.way, self.way)),
        }


@dataclass(frozen=True, kw_only=True)
class SessionBooked(SessionKind):
    """A sitting was arranged; whoever is invited sees the case from now on."""

    code, icon, title, public = "complaint.session_booked", "calendar-event", _("预约会谈"), True
    caches: ClassVar[Mapping[str, str]] = {"seen_by": "seen_by"}
    starts_at: datetime
    host: int
    host_name: str
    invited: tuple[str, ...]
    risk: str
    risk_words: str
    seen_by: tuple[str, ...]

    def sentence(self) -> str:
        return _t("%(form)s，%(way)s，%(when)s，%(host)s 主持，邀请 %(invited)s") % {
            **self.named(),
            "when": moment(self.starts_at),
            "host": self.host_name,
            "invited": _t("、").join(self.invited) or "—",
        }


@dataclass(frozen=True, kw_only=True)
class SessionMoved(SessionKind):
    """It takes place at another time."""

    code, icon, title, public = "complaint.session_moved", "calendar-due", _("会谈改期"), True
    before: datetime
    starts_at: datetime
    because: str

    def sentence(self) -> str:
        return _t("%(form)s由 %(before)s 改到 %(when)s：%(because)s") % {
            **self.named(),
            "before": moment(self.before),
            "when": moment(self.starts_at),
            "because": self.because,
        }


@dataclass(frozen=True, kw_only=True)
class SessionHeld(SessionKind):
    """Minutes, outcome and what is to follow; the tasks go to the desks that have to do them."""

    code, icon, title, public = "complaint.session_held", "users", _("会谈纪要"), True
    caches: ClassVar[Mapping[str, str]] = {"seen_by": "seen_by"}
    held_at: datetime
    outcome: str
    titles: Mapping[str, str]
    took_place: bool
    attended: int
    absent: int
    plan: str
    follow_ups: Mapping[str, str]
    desks: tuple[int, ...]
    seen_by: tuple[str, ...]
    check_due_at: datetime | None = None

    def sentence(self) -> str:
        said = _t("%(form)s：%(outcome)s，到场 %(attended)d 方，缺席 %(absent)d 方") % {
            **self.named(),
            "outcome": in_language(self.titles),
            "attended": self.attended,
            "absent": self.absent,
        }
        tasks = [f"{desk}：{what}" for desk, what in self.follow_ups.items()]
        return "\n".join(filter(None, [said, self.plan, *tasks]))


@dataclass(frozen=True, kw_only=True)
class SessionCancelled(SessionKind):
    """It will not take place."""

    code, icon, title, public = "complaint.session_cancelled", "x", _("会谈取消"), True
    because: str

    def sentence(self) -> str:
        return _t("%(form)s取消：%(because)s") % {**self.named(), "because": self.because}


@dataclass(frozen=True, kw_only=True)
class SessionReminded(SessionKind):
    """The host was told that something about it is due."""

    code, icon, title = "complaint.session_reminded", "bell", _("会谈提醒")
    host: int
    what: str

    def sentence(self) -> str:
        return _t("%(form)s：%(what)s") % {
            **self.named(),
            "what": REMINDERS.get(self.what, self.what),
        }


@dataclass(frozen=True, kw_only=True)
class AvoidanceChecked(SessionKind):
    """Whether what was feared before came to pass: what happened since overrules any claim."""

    code, icon, title = (
        "complaint.avoidance_checked",
        "shield-check",
        pgettext_lazy("记录", "核对升级是否避免"),
    )
    avoided: str
    risk: Mapping[str, str]
    found: tuple[str, ...]
    evidence: str

    def sentence(self) -> str:
        said = {"risk": in_language(self.risk), "evidence": self.evidence}
        if self.found:
            names = _t("、").join(str(FOUND_WORDS.get(one, one)) for one in self.found)
            return _t("事前研判“%(risk)s”，没有避免：%(found)s") % {**said, "found": names}
        if self.avoided == "yes":
            return _t("事前研判“%(risk)s”，已避免；证据：%(evidence)s") % said
        return _t("事前研判“%(risk)s”，没有避免：%(evidence)s") % said


# What, after the sitting, shows that the matter went on.
FOUND_WORDS = {
    "transfer": _("监管又转来"),
    "reopened": _("提级重办"),
    "contact": _("客户又来联系"),
    "linked": _("同一事项又有新件"),
    "review": _("客户申请核查"),
}


def moment(at: datetime) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT")
