"""What moves a limit."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from sujin.complaints import forms, forms_timing
from sujin.complaints.acts import extend, pause
from sujin.complaints.models import Complaint
from sujin.complaints.pages.actions.base import Action, is_in_hand
from sujin.platform.ui.request import StaffRequest

NEAR = timedelta(days=5)


def _may_extend(case: Complaint, request: StaffRequest) -> bool:
    return is_in_hand(case, request) and bool(extend.choices(case, at=request.at))


def _may_pause(case: Complaint, request: StaffRequest) -> bool:
    return is_in_hand(case, request) and case.paused_at is None and bool(pause.causes(case))


def _runs_out(case: Complaint, request: StaffRequest) -> bool:
    """Close enough to the end for an extension to be the thing to think of."""
    return case.due_at is not None and case.due_at - request.at < NEAR


ACTIONS = [
    Action("extension", "claim", _("延长期限"), "calendar-event", forms_timing.ExtendForm,
           _may_extend, extend.extend, _("已登记；须批准的，批准后生效"),
           is_pressing=_runs_out),
    Action("telling", "annotate", _("告知客户延期"), "message-2", forms_timing.TellForm,
           lambda case, request: case.untold, extend.tell, _("已登记告知"), is_main=True),
    Action("pause", "claim", _("中止计时"), "clock-pause", forms_timing.PauseForm, _may_pause,
           pause.pause, _("已中止计时")),
    Action("resumption", "claim", _("恢复计时"), "clock-play", forms.BecauseForm,
           lambda case, request: case.is_open and case.paused_at is not None, pause.resume,
           _("已恢复计时"), is_main=True),
    Action("agreement", "claim", _("约定期限"), "calendar", forms_timing.AgreeForm,
           is_in_hand, pause.agree, _("已登记约定")),
    Action("restart", "claim", _("新事实重新计时"), "repeat", forms_timing.RestartForm,
           is_in_hand, pause.restart, _("已重新计时")),
]  # fmt: skip
