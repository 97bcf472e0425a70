"""Sittings with the customer."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from sujin.complaints import forms_sessions
from sujin.complaints.acts import hold, meet
from sujin.complaints.models import Complaint, Session
from sujin.complaints.pages.actions.base import Act, Action, is_in_hand
from sujin.platform.ui.request import StaffRequest


def _is_booked(case: Complaint, request: StaffRequest) -> bool:
    return case.is_open and any(one.is_booked for one in case.sessions.all())


def _can_be_checked(case: Complaint, request: StaffRequest) -> bool:
    return any(one.is_to_check(request.at) for one in case.sessions.all())


def _of_session(act: Act) -> Act:
    """The form names which of the case's sittings it is; the act asks for nothing else."""

    def perform(case: Complaint, *, session: Session, **given: Any) -> None:
        act(session, **given)

    return perform


ACTIONS = [
    Action("session", "meet", _("约直连或三方会商"), "calendar-event", forms_sessions.BookForm,
           is_in_hand, meet.book,
           _("已预约，受邀机构从现在起能看到这一件")),
    Action("session-minutes", "meet", _("登记会谈纪要"), "users", forms_sessions.MinutesForm,
           _is_booked, _of_session(hold.hold), _("已登记，后续事项已派给相关部门"),
           is_main=True),
    Action("session-move", "meet", _("会谈改期"), "calendar-due", forms_sessions.MoveForm,
           _is_booked, _of_session(meet.move), _("已改期")),
    Action("session-cancel", "meet", _("取消会谈"), "x", forms_sessions.CancelForm,
           _is_booked, _of_session(meet.cancel), _("已取消")),
    Action("avoidance", "meet", _("核对升级是否避免"), "shield-check",
           forms_sessions.AvoidanceForm, _can_be_checked, _of_session(hold.check_avoidance),
           _("已核对，以记录为准"), is_main=True),
]  # fmt: skip
