"""What supervision wants of a person: to assess, to answer, to carry out, to hold an outreach."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.complaints.figures.selection import midnight
from sujin.governance.kinds import ledger
from sujin.governance.models.problem import GOVERN
from sujin.platform.errands import Errand
from sujin.platform.reach import Reach
from sujin.supervision.acts.carry_proposal import awards
from sujin.supervision.kinds import outreach
from sujin.supervision.kinds import proposal as kinds
from sujin.supervision.models import Outreach, Proposal, Walkthrough
from sujin.supervision.models.proposal import ASSESS
from sujin.supervision.voicebook import number

SHOWN = 20
DAY, NEAR = timedelta(days=1), timedelta(days=14)


def proposals(reach: Reach, _at: datetime) -> Iterator[Errand]:
    """Those of the person's own desk, unless the person wrote on them."""
    desks = [place.pk for place in reach.places(ASSESS)]
    within = timedelta(days=number("answer_days"))
    rows = Proposal.objects.filter(owner__in=desks, state__in=kinds.UNDECIDED)
    rows = rows.exclude(writers__contains=[reach.person_id])
    for one in rows.order_by("submitted_at", "pk")[:SHOWN]:
        due_at = one.submitted_at + within
        if one.state == kinds.ASSESSED:
            yield Errand(_t("答复优化建议"), one.name, one.get_absolute_url(), due_at)
        elif reach.person_id not in one.hands:
            yield Errand(_t("为优化建议评分"), one.name, one.get_absolute_url(), due_at)


def adopted(reach: Reach, _at: datetime) -> Iterator[Errand]:
    """Adopted ones to be entered in the ledger, or whose measure has been carried out."""
    desks = [place.pk for place in reach.places(ASSESS)]
    rows = Proposal.objects.filter(owner__in=desks, state=kinds.ADOPTED)
    rows = rows.exclude(writers__contains=[reach.person_id]).select_related("measure")
    for one in rows.order_by("decided_at", "pk")[:SHOWN]:
        if one.problem_id is None and one.measure is None:
            yield Errand(_t("把优化建议列入台账"), one.name, one.get_absolute_url(), None)
        elif one.measure is not None and one.measure.state in (ledger.DONE, ledger.JUDGED):
            yield Errand(_t("登记优化建议的落实"), one.name, one.get_absolute_url(), None)


def awarding(reach: Reach, _at: datetime) -> Iterator[Errand]:
    """Measured and not awarded yet, for the consumer department."""
    if not awards(reach):
        return
    rows = Proposal.objects.filter(state=kinds.MEASURED)
    rows = rows.exclude(writers__contains=[reach.person_id])
    for one in rows.order_by("measured_at", "pk")[:SHOWN]:
        yield Errand(_t("奖励优化建议"), one.name, one.get_absolute_url(), None)


def outreaches(reach: Reach, at: datetime) -> Iterator[Errand]:
    """Those that the person planned, or that are planned at the own desk, and are near."""
    mine = Q(planned_by=reach.person_id) | Q(place__in=[one.pk for one in reach.places(GOVERN)])
    near = timezone.localdate(at) + NEAR
    rows = Outreach.objects.filter(mine, state=outreach.PLANNED, planned_on__lte=near)
    for one in rows.select_related("place").order_by("planned_on", "pk")[:SHOWN]:
        due_at = midnight(one.planned_on + DAY)
        yield Errand(_t("举行宣教并登记"), str(one), one.get_absolute_url(), due_at)


def walkthroughs(reach: Reach, _at: datetime) -> Iterator[Errand]:
    """Those of the own desk in which most said that it became worse, and nobody answered."""
    desks = [one.pk for one in reach.places(GOVERN)]
    mine = Q(opened_by=reach.person_id) | Q(unit__in=desks)
    rows = Walkthrough.objects.filter(mine).exclude(sessions=[]).order_by("-opened_at", "-pk")
    for one in rows[: SHOWN * 5]:
        if one.awaits_answer:
            yield Errand(_t("答复体验官的意见"), one.words, one.get_absolute_url(), None)
