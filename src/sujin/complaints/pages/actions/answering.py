"""The answer, and what the customer says of it."""

from django.utils.translation import gettext_lazy as _

from sujin.complaints import forms, forms_answering
from sujin.complaints.acts import close, reply
from sujin.complaints.models import Complaint
from sujin.complaints.pages.actions.base import Action, is_in_hand
from sujin.platform.ui.request import StaffRequest


def _may_close(case: Complaint, request: StaffRequest) -> bool:
    """Offered once nothing is missing; until then the page says what is."""
    return case.is_open and not close.missing(case)


def _may_reopen(case: Complaint, request: StaffRequest) -> bool:
    is_over = case.closed_at is not None and request.at - case.closed_at <= close.REOPEN_WITHIN
    return is_over and case.answered_at is not None and not close.stays_ended(case)


ACTIONS = [
    Action("letters", "answer", _("起草答复"), "file-text", forms_answering.DraftForm,
           is_in_hand, reply.draft, _("已起草，写完〔〕里的内容后提交复核"), is_main=True),
    Action("call-back", "call_back", _("登记回访"), "phone-call", forms_answering.CallBackForm,
           lambda case, request: case.is_open and case.answered_at is not None,
           close.call_back, _("已登记回访"), is_main=True),
    Action("closure", "close", _("办结"), "circle-check", forms.NothingForm, _may_close,
           close.close, _("已办结"), is_main=True),
    Action("reopening", "annotate", _("客户不满意，提级重办"), "refresh-alert", forms.BecauseForm,
           _may_reopen, close.reopen, _("已提级重办")),
]  # fmt: skip
