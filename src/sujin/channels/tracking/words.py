"""What happened, in the customer's words: units and dates, no names of staff, no inner reasons."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints import kinds
from sujin.complaints import words as house
from sujin.complaints.kinds.base import finding_name, in_language
from sujin.complaints.kinds.sessions import moment
from sujin.complaints.models import Complaint
from sujin.complaints.models.promise import NAMES
from sujin.platform.journal import Kind
from sujin.platform.models import Entry, Person

PUBLIC = [kind.code for kind in kinds.KINDS if getattr(kind, "public", False)]
WAYS = {
    "phone": _("电话"),
    "face": _("面谈"),
    "sms": _("短信"),
    "letter": _("信函"),
    "email": _("邮件"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline."""

    at: datetime
    icon: str
    words: str


def steps(case: Complaint, *, customer: Person) -> list[Step]:
    """The public steps, latest first; ``customer`` is the account under which customers add things.

    One query. The customer's own notes and nudges are shown to the customer, nobody else's.
    """
    own = Q(kind__in=[kinds.Noted.code, kinds.Urged.code], by=customer)
    entries = case.entries.filter(Q(kind__in=PUBLIC) | own).in_order()
    return [_step(entry, customer) for entry in reversed(entries)]


def _step(entry: Entry, customer: Person) -> Step:
    kind = entry.what()
    if isinstance(kind, kinds.Attached):
        return Step(entry.at, kind.icon, _attached(kind.names, entry.by_id == customer.pk))
    say = _SAYS.get(type(kind))
    return Step(entry.at, kind.icon, say(kind) if say else str(kind.title))


def _attached(names: Iterable[str], is_own: bool) -> str:
    """Names of files that staff put in may say more than the customer should read."""
    if not is_own:
        return _t("经办单位存入了材料。")
    return _t("您补充了材料：%(names)s") % {"names": "、".join(names)}


def _routed(kind: kinds.Routed) -> str:
    return _t("交给%(desk)s办理。") % {"desk": kind.desk_name}


def _accepted(kind: kinds.Accepted) -> str:
    return _t("转由%(desk)s办理，经办人已经接手。") % {"desk": kind.desk_name}


def _responded(kind: kinds.Responded) -> str:
    return _t("我们联系了您（%(way)s）。") % {"way": WAYS.get(kind.way, kind.way)}


def _reclassified(kind: kinds.Reclassified) -> str:
    names = house.KINDS
    return _t("由%(before)s改为%(after)s办理。") % {
        "before": names.get(kind.before, kind.before),
        "after": names.get(kind.kind, kind.kind),
    }


def _extended(kind: kinds.Extended) -> str:
    """The rule's words for the reason: those of the handler name colleagues and other customers."""
    return _t("需要更长时间，最迟 %(until)s 答复您：%(because)s") % {
        "until": date_format(localtime(kind.until), "DATE_FORMAT"),
        "because": in_language(kind.titles) or kind.title,
    }


def _promised(kind: kinds.Promised) -> str:
    by = date_format(localtime(kind.due_at), "DATETIME_FORMAT")
    return _t("我们答应您：%(by)s 前%(what)s。") % {"by": by, "what": NAMES[kind.kind]}


def _promise_kept(kind: kinds.PromiseKept) -> str:
    if kind.is_late:
        return _t("答应您的事（%(what)s）晚做到了，对不起。") % {"what": NAMES[kind.kind]}
    return _t("答应您的事（%(what)s）按时做到了。") % {"what": NAMES[kind.kind]}


def _promise_missed(kind: kinds.PromiseMissed) -> str:
    by = date_format(localtime(kind.due_at), "DATETIME_FORMAT")
    return _t("答应 %(by)s 前%(what)s，没有做到，对不起。") % {"by": by, "what": NAMES[kind.kind]}


def _delivery_failed(kind: kinds.DeliveryFailed) -> str:
    way = {"way": WAYS.get(kind.way, kind.way)}
    if kind.in_doubt:
        return _t("我们发给您的%(way)s可能没有送到，会换一种方式告诉您。") % way
    return _t("我们发给您的%(way)s没有送到，会换一种方式告诉您。") % way


_SAYS: Mapping[type[Kind], Callable[[Any], str]] = {
    kinds.Registered: lambda kind: _t("我们收到了您反映的事。"),
    kinds.Contacted: lambda kind: _t("您又联系了我们，已经记在这件事里。"),
    kinds.Parted: lambda kind: _t("有一次联系说的不是这件事，已经另外登记。"),
    kinds.Routed: _routed,
    kinds.Claimed: lambda kind: _t("经办人已经接手。"),
    kinds.Accepted: _accepted,
    kinds.Responded: _responded,
    kinds.Urged: lambda kind: _t("您催办过，已经转告经办人。"),
    kinds.Promised: _promised,
    kinds.PromiseKept: _promise_kept,
    kinds.PromiseMissed: _promise_missed,
    kinds.Noted: lambda kind: _t("您补充说明：%(note)s") % {"note": kind.note},
    kinds.Reclassified: _reclassified,
    kinds.Merged: lambda kind: _t("与编号 %(number)s 合并办理。") % {"number": kind.number},
    kinds.Unmerged: lambda kind: _t("不再合并，单独办理。"),
    kinds.Extended: _extended,
    kinds.Told: lambda kind: _t("我们告诉了您需要更长时间的原因。"),
    kinds.Paused: lambda kind: _t("中止计时：%(cause)s。") % {"cause": in_language(kind.titles)},
    kinds.Resumed: lambda kind: _t("恢复办理计时。"),
    kinds.Agreed: lambda kind: (
        _t("和您约定 %(until)s 前答复。")
        % {"until": date_format(localtime(kind.until), "DATE_FORMAT")}
    ),
    kinds.Restarted: lambda kind: _t("收到您补充的新情况，重新计算办理期限。"),
    kinds.Answered: lambda kind: (
        _t("我们答复了您：%(finding)s。") % {"finding": finding_name(kind.finding)}
    ),
    kinds.Delivered: lambda kind: (
        _t("我们把书面答复发给了您（%(way)s）。") % {"way": WAYS.get(kind.way, kind.way)}
    ),
    kinds.DeliveryFailed: _delivery_failed,
    kinds.CalledBack: lambda kind: _t("我们回访了您。"),
    kinds.Closed: lambda kind: _t("这件事办结了。"),
    kinds.Reopened: lambda kind: (
        _t("您不满意，已交给%(desk)s重新办理。") % {"desk": kind.desk_name}
    ),
    kinds.SessionBooked: lambda kind: (
        _t("和您约好 %(when)s %(way)s沟通。")
        % {"when": moment(kind.starts_at), "way": kind.named()["way"]}
    ),
    kinds.SessionMoved: lambda kind: (
        _t("沟通时间改到 %(when)s。") % {"when": moment(kind.starts_at)}
    ),
    kinds.SessionHeld: lambda kind: (
        _t("我们和您沟通了（%(way)s）。") % {"way": kind.named()["way"]}
        if kind.took_place
        else _t("约好的沟通没有开成，我们会再和您约。")
    ),
    kinds.SessionCancelled: lambda kind: _t("约好的沟通取消了。"),
    kinds.ReviewAsked: lambda kind: _t("您申请了核查，由%(desk)s核查。") % {"desk": kind.desk_name},
    kinds.ReviewDecided: lambda kind: (
        _t("核查决定：%(verdict)s。理由：%(reasons)s")
        % {"verdict": in_language(kind.titles), "reasons": kind.reasons}
    ),
    kinds.Withdrawn: lambda kind: _t("您撤回了这件事。"),
    kinds.Reinstated: lambda kind: _t("撤回的登记有误，已经恢复办理。"),
}
