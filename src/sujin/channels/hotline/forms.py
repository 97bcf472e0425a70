"""What an agent is asked besides the common form, and what a call of the telephone system holds."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.channels.fields import (
    CardField,
    DocumentField,
    Fault,
    OrgField,
    PhoneField,
    SaidField,
    refuse_unlikely,
)
from sujin.channels.intake_form import IntakeForm, NameField
from sujin.complaints import words
from sujin.platform import reach
from sujin.platform.models import Person

# Two machines' clocks never agree exactly; a call from this far in the future began now.
SKEW = timedelta(minutes=5)


class HotlineForm(IntakeForm):
    branch = OrgField(label=_("客户所属机构"))

    def defaults(self) -> dict[str, Any]:
        return {"branch": None}


# What a call is taken in without. Nobody is told to call again because a machine spelt a branch
# wrongly: the field is left empty, the sender is told, and the case says what is to be verified.
SPARED: Mapping[str, Promise] = {
    "started_at": _("来电时间"),
    "agent": _("坐席工号"),
    "caller": _("来电号码"),
    "name": _("姓名"),
    "id_number": _("证件号码"),
    "card": _("卡号"),
    "branch": _("客户所属机构"),
    "kind": _("类型"),
}


class CallForm(forms.Form):
    """One call as the telephone system sends it; every value a string, as JSON gave it."""

    call_id = forms.CharField(max_length=200, label="call_id")
    started_at = forms.CharField(max_length=40, label="started_at")
    agent = forms.CharField(max_length=32, label="agent")
    caller = PhoneField(label="caller")
    text = SaidField(label="text")
    name = NameField(label="customer.name")
    id_number = DocumentField(label="customer.id_number")
    card = CardField(label="customer.card")
    branch = OrgField(label="branch")
    kind = forms.ChoiceField(label="kind", choices=list(words.KINDS.items()), required=False)

    def __init__(self, data: dict[str, str], *, at: datetime) -> None:
        self.at = at
        super().__init__(data)

    @property
    def lacking(self) -> list[str]:
        """Fields whose fault does not keep the call out."""
        return [name for name in self.errors if name in SPARED]

    @property
    def refused(self) -> list[str]:
        """Fields without which there is no call."""
        return [name for name in self.errors if name not in SPARED]

    def accepted(self) -> dict[str, Any]:
        """The call with its faulty fields left empty; it then began now and nobody took it."""
        empty = dict.fromkeys(SPARED, "") | {"branch": None, "agent": None, "started_at": self.at}
        return empty | self.cleaned_data

    def clean_started_at(self) -> datetime:
        began = _moment(self.cleaned_data["started_at"])
        if self.at < began <= self.at + SKEW:
            began = self.at
        refuse_unlikely(began, at=self.at)
        return began

    def clean_agent(self) -> Person:
        staff_no = self.cleaned_data["agent"]
        person = Person.objects.filter(staff_no=staff_no, is_active=True, is_service=False).first()
        if person is None or "receive" not in reach.of(person, self.at).may:
            raise Fault(
                _t("工号 %(staff_no)s 不是现职的受理人员") % {"staff_no": staff_no},
                _t("请填有登记权限的坐席工号"),
            )
        return person


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        raise Fault(
            _t("“%(text)s” 不是带时区的时间") % {"text": text},
            _t("请按 ISO 8601 填写，例如 2026-03-02T12:00:00+08:00"),
        )
    return moment
