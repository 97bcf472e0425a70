"""Handled in company."""

from django.utils.translation import gettext_lazy as _

from sujin.complaints import forms_together
from sujin.complaints.acts import confer, go_on
from sujin.complaints.draft import CaseKind
from sujin.complaints.models import Complaint
from sujin.complaints.pages.actions.base import Action, is_in_hand
from sujin.platform.ui.request import StaffRequest


def _is_asked_of_me(case: Complaint, request: StaffRequest) -> bool:
    asked = case.assignments.to_answer().asked_of(request.reach)
    return case.is_open and asked.exists()


def _is_waited_for(case: Complaint, request: StaffRequest) -> bool:
    asked = case.assignments.open().to_answer().asked_of(request.reach)
    return case.is_open and asked.exists()


def _has_silent_desk(case: Complaint, request: StaffRequest) -> bool:
    return case.is_open and bool(go_on.overdue_for(case, request.reach, request.at))


def _may_form_force(case: Complaint, request: StaffRequest) -> bool:
    return case.is_open and case.kind == CaseKind.COMPLAINT


ACTIONS = [
    Action("opinions", "hand_over", _("征求部门意见"), "messages", forms_together.AskForm,
           is_in_hand, confer.ask_departments, _("已征求意见，逾期的会被点名")),
    Action("opinion", "advise", _("回复意见"), "message-report", forms_together.OpinionForm,
           _is_asked_of_me, confer.give_opinion, _("已回复"), is_pressing=_is_waited_for),
    Action("going-on", "annotate", _("不再等待"), "corner-up-right", forms_together.GoOnForm,
           _has_silent_desk, go_on.go_on_without, _("已不再等待，逾期未复的部门已记录"),
           is_main=True),
    Action("plan", "hand_over", _("形成方案"), "checklist", forms_together.PlanForm,
           is_in_hand, confer.agree_plan, _("方案已登记")),
    Action("task-force", "retier", _("组成专班"), "users-group", forms_together.ForceForm,
           _may_form_force, confer.form_task_force, _("专班已组成，牵头人即责任人")),
]  # fmt: skip
