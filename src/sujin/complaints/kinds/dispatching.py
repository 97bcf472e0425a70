"""A letter leaves the house by wire: queued, accepted by the other side, or come back."""

from dataclasses import dataclass

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import DocketKind

NAMES = {"email": _("邮件"), "sms": _("短信")}


@dataclass(frozen=True, kw_only=True)
class Sending(DocketKind):
    """What the three have in common; ``to`` is masked before it is written."""

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
    """It will not arrive this way: the handler has to find another."""

    code, icon, title, public = (
        "complaint.delivery_failed",
        "alert-triangle",
        _("信函没有送到"),
        True,
    )
    because: str

    def sentence(self) -> str:
        said = {**self._named(), "because": self.because}
        return _t("%(way)s没有送到，%(to)s：%(because)s。请换一种方式送达") % said
