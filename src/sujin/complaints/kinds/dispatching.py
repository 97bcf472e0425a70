"""A letter leaves the house by wire: queued, accepted by the other side, or come back."""

from dataclasses import dataclass

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import DocketKind

NAMES = {"email": _("邮件"), "sms": _("短信")}


@dataclass(frozen=True, kw_only=True)
class Sending(DocketKind):
    """What they all have in common; ``to`` is masked before it is written."""

    dispatch: int
    letter: int
    way: str
    to: str

    def _named(self) -> dict[str, str]:
        return {"way": str(NAMES.get(self.way, self.way)), "to": self.to}


@dataclass(frozen=True, kw_only=True)
class Dispatched(Sending):
    """The letter was put into the outbox; ``again`` after it had come back once."""

    code, icon, title = "complaint.dispatched", "mail", _("信函待发送")
    again: bool = False

    def sentence(self) -> str:
        if self.again:
            return _t("再次排入发送：%(way)s，%(to)s") % self._named()
        return _t("排入发送：%(way)s，%(to)s") % self._named()


@dataclass(frozen=True, kw_only=True)
class Delivered(Sending):
    """The other side took the letter over; ``receipt`` is its answer."""

    code, icon, title, public = "complaint.delivered", "send", _("信函已发出"), True
    message_id: str
    receipt: str

    def sentence(self) -> str:
        said = {**self._named(), "receipt": self.receipt}
        return _t("%(way)s已发出，%(to)s；对方应答：%(receipt)s") % said


@dataclass(frozen=True, kw_only=True)
class DeliveryFailed(Sending):
    """An attempt to reach the customer failed: the handler has to find another way.

    ``in_doubt``: of one attempt nobody knows how it ended.
    """

    code, icon, title, public = (
        "complaint.delivery_failed",
        "alert-triangle",
        _("信函没有送到"),
        True,
    )
    because: str
    in_doubt: bool = False

    def sentence(self) -> str:
        said = {**self._named(), "because": self.because}
        if self.in_doubt:
            return _t("%(way)s可能没有送到，%(to)s：%(because)s。请换一种方式送达") % said
        return _t("%(way)s没有送到，%(to)s：%(because)s。请换一种方式送达") % said


@dataclass(frozen=True, kw_only=True)
class DispatchStopped(Sending):
    """Taken out of the outbox, by the handler or because it is overtaken: nothing failed, so it is
    an inner matter. ``in_doubt``: an attempt made before may have reached the customer."""

    code, icon, title = "complaint.dispatch_stopped", "hand-stop", _("信函不再发送")
    because: str
    in_doubt: bool = False

    def sentence(self) -> str:
        said = {**self._named(), "because": self.because}
        if self.in_doubt:
            return _t("%(way)s不再发送，%(to)s：%(because)s。此前的发送可能已经送到") % said
        return _t("%(way)s不再发送，%(to)s：%(because)s") % said
