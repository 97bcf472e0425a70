"""Help by name, nudges and orders to report."""

from django.utils.translation import gettext_lazy as _

from sujin.complaints import forms_pressing
from sujin.complaints.acts import call_help, press
from sujin.complaints.models import Complaint
from sujin.complaints.pages.actions.base import Action, is_open
from sujin.platform.ui.request import StaffRequest


def _is_anothers(case: Complaint, request: StaffRequest) -> bool:
    """Nobody hurries, or keeps an eye on, themselves."""
    return case.is_open and case.accountable_id != request.person.pk


ACTIONS = [
    Action("expert", "annotate", _("请专家支援"), "lifebuoy", forms_pressing.ExpertForm,
           is_open, call_help.call_expert, _("已请专家，对方会马上收到通知"), is_main=True),
    Action("liaison", "annotate", _("请联络员协调"), "affiliate", forms_pressing.LiaisonForm,
           is_open, call_help.ask_liaison, _("已通知联络员")),
    Action("urging", "urge", _("催办"), "bell", forms_pressing.UrgeForm, _is_anothers,
           press.urge, _("已催办")),
    Action("oversight", "oversee", _("督办"), "eye", forms_pressing.OverseeForm, _is_anothers,
           press.oversee, _("已督办，承办部门须按时回复")),
]  # fmt: skip
