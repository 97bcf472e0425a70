"""What we promised the customer, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import DocketKind

_CACHES: Mapping[str, str] = {"promise_due_at": "promise_due_at"}


@dataclass(frozen=True, kw_only=True)
class Promised(DocketKind):
    """We promised something by a moment; from now on a timer runs."""

    code, icon, title, public = "complaint.promised", "heart-handshake", _("承诺"), True
    caches: ClassVar[Mapping[str, str]] = _CACHES
    promise: int
    kind: str
    what: str
    due_at: datetime
    # The organisation that promised.
    unit: int = 0
    amount: Decimal | None = None
    promise_due_at: datetime | None = None

    def sentence(self) -> str:
        said = {"by": _moment(self.due_at), "what": self.what}
        return _t("%(by)s 前：%(what)s") % said


@dataclass(frozen=True, kw_only=True)
class PromiseKept(DocketKind):
    """We did what we had promised; late is told as late."""

    code, icon, title, public = "complaint.promise_kept", "circle-check", _("承诺已兑现"), True
    caches: ClassVar[Mapping[str, str]] = _CACHES
    promise: int
    kind: str
    what: str
    how: str
    is_late: bool
    promise_due_at: datetime | None = None

    def sentence(self) -> str:
        said = {"what": self.what, "how": self.how}
        if self.is_late:
            return _t("逾期兑现：%(what)s（%(how)s）") % said
        return _t("按时兑现：%(what)s（%(how)s）") % said


@dataclass(frozen=True, kw_only=True)
class PromiseMissed(DocketKind):
    """The moment passed and it was not done; told once, to the customer too."""

    code, icon, title, public = "complaint.promise_missed", "clock-exclamation", _("承诺逾期"), True
    caches: ClassVar[Mapping[str, str]] = _CACHES
    promise: int
    kind: str
    what: str
    due_at: datetime
    promise_due_at: datetime | None = None

    def sentence(self) -> str:
        said = {"by": _moment(self.due_at), "what": self.what}
        return _t("应在 %(by)s 前：%(what)s，没有做到") % said


@dataclass(frozen=True, kw_only=True)
class PromiseReleased(DocketKind):
    """The customer agreed to let it go."""

    code, icon, title = "complaint.promise_released", "circle-minus", _("客户同意不再履行承诺")
    caches: ClassVar[Mapping[str, str]] = _CACHES
    promise: int
    kind: str
    what: str
    because: str
    promise_due_at: datetime | None = None

    def sentence(self) -> str:
        return _t("%(what)s：%(because)s") % {"what": self.what, "because": self.because}


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT")
