"""Bank and company at one case; and the superior who looks at a decision again."""

from django.utils.translation import gettext_lazy as _

from sujin.complaints import forms_linkage
from sujin.complaints.acts import review, share
from sujin.complaints.models import Complaint
from sujin.complaints.models.assignment import LINKAGE
from sujin.complaints.models.share import DISPUTED, PROPOSED
from sujin.complaints.pages.actions.base import Action, is_in_hand
from sujin.platform.ui.request import StaffRequest


def _asks_me(case: Complaint, request: StaffRequest) -> bool:
    asked = case.assignments.open().filter(step=LINKAGE).asked_of(request.reach)
    return case.is_open and asked.exists()


def _is_split_to_agree(case: Complaint, request: StaffRequest) -> bool:
    waiting = any(one.state == PROPOSED for one in case.shares.all())
    return waiting and _asks_me(case, request)


def _is_split_to_decide(case: Complaint, request: StaffRequest) -> bool:
    waiting = any(one.state == DISPUTED for one in case.shares.all())
    return waiting and _asks_me(case, request)


def _may_ask(case: Complaint, request: StaffRequest) -> bool:
    """Where the rules know no review, or its time is over, it is not offered."""
    return review.may_ask(case, at=request.at)


def _is_mine_to_decide(case: Complaint, request: StaffRequest) -> bool:
    waiting = next((one for one in case.reviews.all() if one.decided_at is None), None)
    return waiting is not None and review.reviews_at(waiting.desk, request.person, request.at)


SPLIT = [
    Action("share", "share", _("行司联动"), "affiliate", forms_linkage.ShareForm, is_in_hand,
           share.share, _("已请对方确认，对方只看到它那一部分")),
    Action("split-agreement", "claim", _("同意责任划分"), "thumb-up",
           forms_linkage.AgreeSplitForm, _is_split_to_agree, share.agree_split, _("已同意"),
           is_main=True),
    Action("split-dispute", "claim", _("对划分有异议"), "thumb-down",
           forms_linkage.DisputeSplitForm, _is_split_to_agree, share.dispute_split,
           _("已登记异议，请总行裁定"), is_main=True),
    Action("split-decision", "claim", _("裁定责任划分"), "scale",
           forms_linkage.DecideSplitForm, _is_split_to_decide, share.decide_split, _("已裁定"),
           is_main=True),
]  # fmt: skip
REVIEW = [
    Action("review", "annotate", _("登记核查申请"), "gavel", forms_linkage.ReviewForm, _may_ask,
           review.ask, _("已交上级机构核查，期限已起算")),
    Action("review-decision", "review", _("作出核查决定"), "scale",
           forms_linkage.ReviewDecisionForm, _is_mine_to_decide, review.decide,
           _("已决定并登记告知"), is_main=True),
]  # fmt: skip
