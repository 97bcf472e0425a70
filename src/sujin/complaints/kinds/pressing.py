"""What keeps a case moving: help asked for, nudges, orders to report, rungs of the ladder."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import DocketKind, in_language
from sujin.platform.journal import Kind


@dataclass(frozen=True, kw_only=True)
class HelpAsked(DocketKind):
    """An expert or a liaison officer was asked by name; the person sees the case from now on."""

    code, icon, title = "complaint.help_asked", "lifebuoy", _("请求支援")
    caches: ClassVar[Mapping[str, str]] = {"seen_by": "seen_by"}
    step: str
    person: int
    name: str
    desk: int
    desk_name: str
    question: str
    due_at: datetime
    seen_by: tuple[str, ...]

    def sentence(self) -> str:
        return _t("请 %(desk)s %(name)s：%(question)s") % {
            "desk": self.desk_name,
            "name": self.name,
            "question": self.question,
        }


@dataclass(frozen=True, kw_only=True)
class Urged(DocketKind):
    """Somebody asked whoever has it to hurry; no limit moves."""

    code, icon, title = "complaint.urged", "bell", _("催办")
    words: str

    def sentence(self) -> str:
        return self.words or str(self.title)


@dataclass(frozen=True, kw_only=True)
class Overseen(DocketKind):
    """An organisation above wants a report by a date."""

    code, icon, title = "complaint.overseen", "eye", _("督办")
    desk_name: str
    demand: str
    due_at: datetime

    def sentence(self) -> str:
        return _t("%(desk)s 须在 %(due)s 前回复：%(demand)s") % {
            "desk": self.desk_name,
            "due": date_format(localtime(self.due_at), "DATETIME_FORMAT"),
            "demand": self.demand,
        }


@dataclass(frozen=True, kw_only=True)
class Uncovered(Kind):
    """A first-level branch has nobody on duty as its liaison officer; about an organisation."""

    code, icon, title = "org.uncovered", "alert-triangle", _("联络员缺岗")
    branch: str

    def sentence(self) -> str:
        return _t("%(branch)s 今天没有联络员在岗") % {"branch": self.branch}


@dataclass(frozen=True, kw_only=True)
class Escalated(DocketKind):
    """A limit came near or was broken: the people of that rung were told."""

    code, icon, title = "complaint.escalated", "stairs-up", _("逐级提醒")
    row: str
    clock: str
    titles: Mapping[str, str]
    due_at: datetime
    persons: tuple[int, ...]
    names: tuple[str, ...]
    # Whose silence it is, when it is about something that was asked.
    asked_desk: int = 0

    def sentence(self) -> str:
        names = _t("、").join(self.names) or "—"
        return _t("%(what)s（%(names)s）") % {"what": in_language(self.titles), "names": names}
