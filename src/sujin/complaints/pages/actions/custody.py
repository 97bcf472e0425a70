"""Whose it is: taken, given, barred."""

from django.utils.translation import gettext_lazy as _

from sujin.complaints import forms, forms_custody
from sujin.complaints.acts import claim, hand_over, recuse
from sujin.complaints.acts.confer import OUTLETS
from sujin.complaints.models import Complaint
from sujin.complaints.pages.actions.base import Action, at_my_desk, is_open
from sujin.platform.ui.request import StaffRequest


def _is_waiting(case: Complaint, request: StaffRequest) -> bool:
    is_free = case.claimed_at is None and not case.is_offered
    return case.is_open and is_free and at_my_desk(case.desk_id, request)


def _is_offered_to_me(case: Complaint, request: StaffRequest) -> bool:
    return case.is_open and at_my_desk(case.offered_to_id, request)


def _can_be_given(case: Complaint, request: StaffRequest) -> bool:
    return case.is_open and not case.is_offered


def _is_at_an_outlet(case: Complaint, request: StaffRequest) -> bool:
    """Passing it up is half of an outlet's work on what is not ordinary."""
    return case.tier != "ordinary" and case.desk is not None and case.desk.kind in OUTLETS


ACTIONS = [
    Action("claim", "claim", _("接手"), "user-check", forms.NothingForm, _is_waiting,
           claim.claim, _("已接手，你现在是责任人"), is_main=True),
    Action("accept", "claim", _("接收移交"), "circle-check", forms.NothingForm,
           _is_offered_to_me, hand_over.accept, _("已接收"), is_main=True),
    Action("decline", "claim", _("退回移交"), "arrow-back-up", forms.BecauseForm,
           _is_offered_to_me, hand_over.decline, _("已退回"), is_main=True),
    Action("hand-over", "hand_over", _("移交"), "arrow-right", forms_custody.HandOverForm,
           _can_be_given, hand_over.hand_over, _("已移交，对方接收前你仍是责任人"),
           is_pressing=_is_at_an_outlet),
    Action("taking-back", "hand_over", _("收回移交"), "rotate", forms.NothingForm,
           lambda case, request: case.is_open and case.is_offered, hand_over.take_back,
           _("已收回，仍由你方办理")),
    Action("recusal", "hand_over", _("登记回避"), "user-x", forms.RecuseForm, is_open,
           recuse.recuse, _("已登记回避")),
]  # fmt: skip
