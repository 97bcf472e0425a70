"""How a case stops being one of its own."""

from django.utils.translation import gettext_lazy as _

from sujin.complaints import forms
from sujin.complaints.acts import distinguish, merge, part, unlink, withdraw
from sujin.complaints.pages.actions.base import Action, is_open, never

ACTIONS = [
    Action("merger", "merge", _("并案"), "git-merge", forms.MergeForm, is_open,
           merge.merge, _("已并案，可随时撤销")),
    Action("unmerger", "merge", _("撤销并案"), "git-fork", forms.BecauseForm,
           lambda case, request: case.merged_into_id is not None, merge.unmerge,
           _("已撤销并案")),
    Action("unlinking", "link", _("解除关联"), "x", forms.BecauseForm,
           lambda case, request: case.is_open and case.repeat_of_id is not None, unlink.unlink,
           _("已解除关联")),
    # Offered beside each suggestion only, not among the actions.
    Action("distinction", "link", _("不是同一件事"), "arrows-exchange", forms.DistinguishForm,
           never, distinguish.distinguish, _("已登记，不再提示这一件")),
    # Offered beside each later contact only.
    Action("parting", "link", _("拆出为新件"), "git-fork", forms.PartForm, never, part.part,
           _("已拆出为新件")),
    Action("withdrawal", "withdraw", _("客户撤诉"), "corner-up-right", forms.WithdrawForm, is_open,
           withdraw.withdraw, _("已登记撤诉，登记有误可以撤销")),
    Action("reinstatement", "withdraw", _("撤销撤诉登记"), "arrow-back-up", forms.BecauseForm,
           lambda case, request: case.outcome == withdraw.WITHDRAWN, withdraw.reinstate,
           _("已恢复办理")),
]  # fmt: skip
