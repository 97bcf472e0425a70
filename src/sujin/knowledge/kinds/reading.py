"""What can happen when something is handed out to be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sujin.platform.journal import Kind


@dataclass(frozen=True, kw_only=True)
class DistributionSent(Kind):
    """These organisations, and all below them, are to read ``what`` by a day."""

    code, icon, title = "distribution.sent", "send", _("下发学习")
    what: str
    orgs: tuple[str, ...]
    people: int
    units: int
    read_by: date

    def sentence(self) -> str:
        said = {"what": self.what, "day": f"{self.read_by:%Y-%m-%d}"}
        return _t("请于 %(day)s 前学习%(what)s") % said


@dataclass(frozen=True, kw_only=True)
class DistributionWidened(Kind):
    """Who came to these units since has it to read, too; who left has not."""

    code, icon, title = "distribution.widened", "user-plus", _("学习人员变动")
    came: int
    left: int

    def sentence(self) -> str:
        return _t("新到 %(came)d 人，离开 %(left)d 人") % {"came": self.came, "left": self.left}


@dataclass(frozen=True, kw_only=True)
class DistributionUrged(Kind):
    """Somebody asks those who have not read to do so; ``unit`` empty means all in reach."""

    code, icon, title = "distribution.urged", "bell", _("催学")
    what: str
    unit: str
    people: tuple[int, ...]

    def sentence(self) -> str:
        said = {"what": self.what, "n": len(self.people), "unit": self.unit or _t("各单位")}
        return _t("催学%(what)s：%(unit)s %(n)d 人") % said


@dataclass(frozen=True, kw_only=True)
class DistributionReminded(Kind):
    """The house itself reminds; ``stage`` is ``before`` the day or ``after`` it."""

    code, icon, title = "distribution.reminded", "alarm", _("到期提醒")
    caches: ClassVar[Mapping[str, str]] = {"reminded": "stage", "reminded_on": "day"}
    what: str
    stage: str
    day: date
    read_by: date
    people: tuple[int, ...]

    def sentence(self) -> str:
        said = {"what": self.what, "day": f"{self.read_by:%Y-%m-%d}"}
        if self.stage == "before":
            return _t("%(what)s请于 %(day)s 前学完") % said
        return _t("%(what)s已过学习期限 %(day)s，请尽快学完") % said


@dataclass(frozen=True, kw_only=True)
class MeasureWritten(Kind):
    """A unit says what it does locally about what it read."""

    code, icon, title = "distribution.measure", "pencil", _("写本地举措")
    unit: int
    name: str
    words: str

    def sentence(self) -> str:
        return f"{self.name}{_t('：')}{self.words}"


@dataclass(frozen=True, kw_only=True)
class ReadingOpened(Kind):
    """The person opened it for the first time."""

    code, icon, title = "reading.opened", "eye", pgettext_lazy("记录", "打开阅读")
    caches: ClassVar[Mapping[str, str]] = {"read_at": "read_at"}
    read_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReadingUnderstood(Kind):
    """The person says: read and understood."""

    code, icon, title = "reading.understood", "circle-check", _("确认读懂")
    caches: ClassVar[Mapping[str, str]] = {"understood_at": "understood_at"}
    understood_at: datetime


@dataclass(frozen=True, kw_only=True)
class QuizTaken(Kind):
    """``right`` of ``asked`` questions; whoever reached the pack's share has understood."""

    code, icon, title = "reading.quiz", "checklist", _("小测")
    caches: ClassVar[Mapping[str, str]] = {
        "right": "right", "asked": "asked", "tries": "tries",
        "passed_at": "passed_at", "understood_at": "understood_at",
    }  # fmt: skip
    right: int
    asked: int
    tries: int
    passed_at: datetime | None
    understood_at: datetime | None
    wrong: tuple[str, ...] = ()

    def sentence(self) -> str:
        said = {"right": self.right, "asked": self.asked, "tries": self.tries}
        return _t("第 %(tries)d 次小测，%(asked)d 题答对 %(right)d 题") % said


READING_KINDS: list[type[Kind]] = [
    DistributionSent,
    DistributionWidened,
    DistributionUrged,
    DistributionReminded,
    MeasureWritten,
    ReadingOpened,
    ReadingUnderstood,
    QuizTaken,
]
