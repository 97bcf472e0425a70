"""What can be done to a case from its dossier: one list, in the order of a case's life.

A verb becomes a noun in the URL: ``POST /complaints/2026-0000417/claim``. Every action names the
permission it needs, the form it asks for, when it is offered, and the one act it calls.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sujin.complaints import forms, forms_answering, forms_timing, forms_together
from sujin.complaints.acts import (
    annotate,
    attach,
    claim,
    close,
    confer,
    extend,
    hand_over,
    investigate,
    merge,
    pause,
    reclassify,
    recode,
    recuse,
    reply,
    respond,
    retier,
    unlink,
    withdraw,
)
from sujin.complaints.draft import CaseKind
from sujin.complaints.forms import CaseForm
from sujin.complaints.models import Complaint
from sujin.engine.tier import Tier
from sujin.platform.reach import roles
from sujin.platform.ui.request import StaffRequest

Act = Callable[..., Any]
Wish = Callable[[Complaint, StaffRequest], bool]


@dataclass(frozen=True, slots=True)
class Action:
    """One verb of the dossier."""

    name: str
    permission: str
    label: Promise
    icon: str
    form: type[CaseForm]
    is_offered: Wish
    act: Act
    done: Promise
    is_main: bool = False


def _at_my_desk(org_id: int | None, request: StaffRequest) -> bool:
    return org_id in {post.org_id for post in request.reach.posts}


def _is_open(case: Complaint, request: StaffRequest) -> bool:
    return case.is_open


def _is_waiting(case: Complaint, request: StaffRequest) -> bool:
    return case.is_open and case.claimed_at is None and _at_my_desk(case.desk_id, request)


def _is_offered_to_me(case: Complaint, request: StaffRequest) -> bool:
    return case.is_open and _at_my_desk(case.offered_to_id, request)


def _can_be_given(case: Complaint, request: StaffRequest) -> bool:
    return case.is_open and not case.is_offered


def _awaits_me(case: Complaint, request: StaffRequest) -> bool:
    return bool(case.proposed_kind) and case.proposed_by_id != request.person.pk


def _is_settled_kind(case: Complaint, request: StaffRequest) -> bool:
    return case.is_open and not case.proposed_kind


def _is_in_hand(case: Complaint, request: StaffRequest) -> bool:
    """A complaint that somebody has claimed: before that there is nothing to look into."""
    return case.is_open and case.claimed_at is not None and case.kind == CaseKind.COMPLAINT


def _is_asked_of_me(case: Complaint, request: StaffRequest) -> bool:
    handling = [post.org_id for post in request.reach.posts if "claim" in roles()[post.role].may]
    return case.is_open and case.assignments.open().of_desks(handling).exists()


def _may_form_force(case: Complaint, request: StaffRequest) -> bool:
    return case.is_open and case.kind == CaseKind.COMPLAINT


def _may_extend(case: Complaint, request: StaffRequest) -> bool:
    return _is_in_hand(case, request) and bool(extend.choices(case, at=request.at))


def _may_pause(case: Complaint, request: StaffRequest) -> bool:
    return _is_in_hand(case, request) and case.paused_at is None and bool(pause.causes(case))


def _may_close(case: Complaint, request: StaffRequest) -> bool:
    """Offered once nothing is missing; until then the page says what is."""
    return case.is_open and not close.missing(case)


def _may_reopen(case: Complaint, request: StaffRequest) -> bool:
    is_over = case.closed_at is not None and request.at - case.closed_at <= close.REOPEN_WITHIN
    return is_over and case.answered_at is not None and case.merged_into_id is None


ACTIONS = [
    Action("claim", "claim", _("接手"), "user-check", forms.NothingForm, _is_waiting,
           claim.claim, _("已接手，你现在是责任人"), is_main=True),
    Action("accept", "claim", _("接收移交"), "circle-check", forms.NothingForm,
           _is_offered_to_me, hand_over.accept, _("已接收"), is_main=True),
    Action("decline", "claim", _("退回移交"), "arrow-back-up", forms.BecauseForm,
           _is_offered_to_me, hand_over.decline, _("已退回"), is_main=True),
    Action("approval", "approve", _("同意改类"), "check", forms.BecauseForm, _awaits_me,
           reclassify.approve, _("已同意改类"), is_main=True),
    Action("rejection", "approve", _("不同意改类"), "ban", forms.BecauseForm, _awaits_me,
           reclassify.reject, _("改类未通过"), is_main=True),
    Action("response", "annotate", _("登记联系客户"), "phone-outgoing", forms.RespondForm,
           _is_open, respond.respond, _("已登记"), is_main=True),
    Action("note", "annotate", _("写办理记录"), "note", forms.NoteForm,
           lambda case, request: True, annotate.annotate, _("已记录"), is_main=True),
    Action("investigation", "answer", _("登记调查"), "zoom-question",
           forms_answering.InvestigateForm, _is_in_hand, investigate.investigate,
           _("已登记调查"), is_main=True),
    Action("opinions", "hand_over", _("征求部门意见"), "messages", forms_together.AskForm,
           _is_in_hand, confer.ask_departments, _("已征求意见，逾期的会被点名")),
    Action("opinion", "claim", _("回复意见"), "message-report", forms_together.OpinionForm,
           _is_asked_of_me, confer.give_opinion, _("已回复"), is_main=True),
    Action("plan", "hand_over", _("形成方案"), "checklist", forms_together.PlanForm,
           _is_in_hand, confer.agree_plan, _("方案已登记")),
    Action("task-force", "retier", _("组成专班"), "users-group", forms_together.ForceForm,
           _may_form_force, confer.form_task_force, _("专班已组成，牵头人即责任人")),
    Action("letters", "answer", _("起草答复"), "file-text", forms_answering.DraftForm,
           _is_in_hand, reply.draft, _("已起草，写完〔〕里的内容后提交复核"), is_main=True),
    Action("call-back", "call_back", _("登记回访"), "phone-call", forms_answering.CallBackForm,
           lambda case, request: case.is_open and case.answered_at is not None,
           close.call_back, _("已登记回访"), is_main=True),
    Action("closure", "close", _("办结"), "circle-check", forms.NothingForm, _may_close,
           close.close, _("已办结"), is_main=True),
    Action("reopening", "annotate", _("客户不满意，提级重办"), "refresh-alert", forms.BecauseForm,
           _may_reopen, close.reopen, _("已提级重办")),
    Action("hand-over", "hand_over", _("移交"), "arrow-right", forms.HandOverForm,
           _can_be_given, hand_over.hand_over, _("已移交，对方接收前你仍是责任人")),
    Action("extension", "claim", _("延长期限"), "calendar-event", forms_timing.ExtendForm,
           _may_extend, extend.extend, _("已登记；须批准的，批准后生效")),
    Action("telling", "annotate", _("告知客户延期"), "message-2", forms_timing.TellForm,
           lambda case, request: case.untold, extend.tell, _("已登记告知"), is_main=True),
    Action("pause", "claim", _("中止计时"), "clock-pause", forms_timing.PauseForm, _may_pause,
           pause.pause, _("已中止计时")),
    Action("resumption", "claim", _("恢复计时"), "clock-play", forms.BecauseForm,
           lambda case, request: case.is_open and case.paused_at is not None, pause.resume,
           _("已恢复计时"), is_main=True),
    Action("agreement", "claim", _("约定期限"), "calendar", forms_timing.AgreeForm,
           _is_in_hand, pause.agree, _("已登记约定")),
    Action("restart", "claim", _("新事实重新计时"), "repeat", forms_timing.RestartForm,
           _is_in_hand, pause.restart, _("已重新计时")),
    Action("files", "attach", _("上传材料"), "paperclip", forms.AttachForm,
           lambda case, request: True, attach.attach, _("已上传")),
    Action("tier", "retier", _("调整分级"), "stairs-up", forms.RetierForm, _is_open,
           retier.retier, _("分级已调整")),
    Action("codes", "reclassify", _("更正分类"), "tag", forms.RecodeForm,
           lambda case, request: True, recode.recode, _("分类已更正")),
    Action("kind", "reclassify", _("改类"), "arrows-exchange", forms.ReclassifyForm,
           _is_settled_kind, reclassify.reclassify, _("改类已登记")),
    Action("merger", "merge", _("并案"), "git-merge", forms.MergeForm, _is_open,
           merge.merge, _("已并案，可随时撤销")),
    Action("unmerger", "merge", _("撤销并案"), "git-fork", forms.BecauseForm,
           lambda case, request: case.merged_into_id is not None, merge.unmerge,
           _("已撤销并案")),
    Action("unlinking", "link", _("解除关联"), "x", forms.BecauseForm,
           lambda case, request: case.is_open and case.repeat_of_id is not None, unlink.unlink,
           _("已解除关联")),
    Action("recusal", "hand_over", _("登记回避"), "user-x", forms.RecuseForm, _is_open,
           recuse.recuse, _("已登记回避")),
    Action("withdrawal", "withdraw", _("客户撤诉"), "corner-up-right", forms.WithdrawForm, _is_open,
           withdraw.withdraw, _("已登记撤诉，登记有误可以撤销")),
    Action("reinstatement", "withdraw", _("撤销撤诉登记"), "arrow-back-up", forms.BecauseForm,
           lambda case, request: case.outcome == withdraw.WITHDRAWN, withdraw.reinstate,
           _("已恢复办理")),
]  # fmt: skip
BY_NAME = {action.name: action for action in ACTIONS}

# What the fields of a form are called by the act, and what their words mean to it.
_MEANS: Mapping[str, Callable[[Any], Any]] = {"tier": Tier, "kind": CaseKind}


def arguments(action: Action, data: Mapping[str, Any]) -> dict[str, Any]:
    """The form's data as the act's keyword arguments."""
    given = dict(data)
    if action.name in _MEANS:
        given["to"] = _MEANS[action.name](given["to"])
    if action.name == "files":
        given["checked"] = given.pop("papers")
    given.pop("is_confirmed", None)
    if action.name == "codes":
        given = {"because": given.pop("because"), "codes": given}
    return given
