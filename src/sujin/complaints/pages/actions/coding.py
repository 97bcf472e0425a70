"""What it is called."""

from django.utils.translation import gettext_lazy as _

from sujin.complaints import forms
from sujin.complaints.acts import confirm_tier, reclassify, recode, retier
from sujin.complaints.models import Complaint
from sujin.complaints.pages.actions.base import Action, always, is_open
from sujin.platform.ui.request import StaffRequest


def _awaits_me(case: Complaint, request: StaffRequest) -> bool:
    return bool(case.proposed_kind) and case.proposed_by_id != request.person.pk


def _is_settled_kind(case: Complaint, request: StaffRequest) -> bool:
    return case.is_open and not case.proposed_kind


def _awaits_tier(case: Complaint, request: StaffRequest) -> bool:
    return case.is_open and case.awaits_tier


ACTIONS = [
    Action("urgency", "retier", _("定为紧急"), "flame", forms.NothingForm, _awaits_tier,
           confirm_tier.find_urgent, _("已定为紧急"), is_main=True),
    Action("tier-confirmation", "retier", _("不属紧急，维持分级"), "check", forms.NothingForm,
           _awaits_tier, confirm_tier.confirm_tier, _("分级已确认"), is_main=True),
    Action("approval", "approve", _("同意改类"), "check", forms.BecauseForm, _awaits_me,
           reclassify.approve, _("已同意改类"), is_main=True),
    Action("rejection", "approve", _("不同意改类"), "ban", forms.BecauseForm, _awaits_me,
           reclassify.reject, _("改类未通过"), is_main=True),
    Action("tier", "retier", _("调整分级"), "stairs-up", forms.RetierForm, is_open,
           retier.retier, _("分级已调整")),
    Action("codes", "reclassify", _("更正分类"), "tag", forms.RecodeForm,
           always, recode.recode, _("分类已更正")),
    Action("kind", "reclassify", _("改类"), "arrows-exchange", forms.ReclassifyForm,
           _is_settled_kind, reclassify.reclassify, _("改类已登记")),
]  # fmt: skip
