"""件件有回音: the outlet answers with proof, another hand looks again; it holds or does not."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.governance.acts.lateness import tell_desks
from sujin.governance.acts.propose_visit import WORDS_LEAST, end_of, spoken
from sujin.governance.visitbook import severities
from sujin.platform import reach
from sujin.platform.acts.attach import attach
from sujin.platform.acts.tell import tell
from sujin.platform.files import Checked
from sujin.platform.models import Entry, Person, Post
from sujin.platform.reach import Reach, roles_with
from sujin.platform.refusal import Refusal
from sujin.supervision.kinds import shortcoming as kinds
from sujin.supervision.models import Shortcoming
from sujin.supervision.models.inspection import PLAN, RECTIFY


class CannotRectify(Refusal):
    """It is not this person's, not now, or something is missing; the message says what."""


@transaction.atomic
def answer_shortcoming(
    shortcoming: Shortcoming, *, answer: str, papers: Sequence[Checked], by: Person, at: datetime
) -> None:
    """What was done, with at least one file that shows it."""
    held, said = _held(shortcoming), spoken(answer)
    if not may_answer(held, reach.of(by, at)):
        raise CannotRectify(_t("由%(outlet)s或它的上级回音") % {"outlet": held.outlet})
    if held.state != kinds.OPEN:
        raise CannotRectify(_t("已经回音，等复查"))
    if len(said) < WORDS_LEAST:
        raise CannotRectify(_t("请写明改了什么"))
    if not papers:
        raise CannotRectify(_t("请附上照片或文件，让复查的人看得到"))
    attach(held, papers, by=by, at=at)
    told = kinds.ShortcomingAnswered(
        answer=said, answered_at=at, answered_by=by.pk, files=len(papers)
    )
    held.write(told, by=by, at=at)


@transaction.atomic
def mend_shortcoming(
    shortcoming: Shortcoming, *, because: str, look: str, by: Person, at: datetime
) -> None:
    """Looked at again: it is mended."""
    held, said = _looked_at(shortcoming, because, look, by, at)
    told = kinds.ShortcomingMended(because=said, look=look, mended_at=at)
    held.write(told, by=by, at=at)


@transaction.atomic
def return_shortcoming(
    shortcoming: Shortcoming, *, because: str, look: str, by: Person, at: datetime
) -> None:
    """Looked at again: it is not. The outlet has as many days again."""
    held, said = _looked_at(shortcoming, because, look, by, at)
    due_at = end_of(severities()[held.severity].days, at)
    told = kinds.ShortcomingReturned(
        because=said, look=look, returns=held.returns + 1, due_at=due_at
    )
    held.write(told, by=by, at=at)


def may_answer(shortcoming: Shortcoming, mine: Reach) -> bool:
    """Whoever rectifies at the outlet or above it, but not who found it."""
    found_it = shortcoming.inspection.inspector_id == mine.person_id
    return not found_it and mine.allows(RECTIFY, shortcoming.outlet.tokens)


def may_look(shortcoming: Shortcoming, mine: Reach) -> bool:
    """The inspector, or whoever answers for the plan; never who answered, never of the outlet."""
    if shortcoming.answered_by_id == mine.person_id:
        return False
    if any(post.org_id == shortcoming.outlet_id for post in mine.posts):
        return False
    found_it = shortcoming.inspection.inspector_id == mine.person_id
    return found_it or mine.allows(PLAN, shortcoming.inspection.plan.org.tokens)


def _looked_at(
    shortcoming: Shortcoming, because: str, look: str, by: Person, at: datetime
) -> tuple[Shortcoming, str]:
    held, said = _held(shortcoming), spoken(because)
    if not may_look(held, reach.of(by, at)):
        raise CannotRectify(_t("由检查人或安排检查的人复查；回音的人和本网点的人不能复查"))
    if held.state != kinds.ANSWERED:
        raise CannotRectify(_t("还没有回音，或已经复查"))
    if look not in kinds.LOOKS:
        raise CannotRectify(_t("请选择怎么复查的"))
    if len(said) < WORDS_LEAST:
        raise CannotRectify(_t("请写明看到了什么"))
    return held, said


def _held(shortcoming: Shortcoming) -> Shortcoming:
    rows = Shortcoming.objects.select_for_update(of=("self",))
    return rows.select_related("outlet", "inspection__plan__org").get(pk=shortcoming.pk)


def escalate_shortcomings(*, by: Person, at: datetime) -> int:
    """Each that was not answered in time, once; how many."""
    late = Shortcoming.objects.late(at).order_by("pk").values_list("pk", flat=True)
    return sum(_escalate(key, by=by, at=at) for key in late)


@transaction.atomic
def _escalate(key: int, *, by: Person, at: datetime) -> bool:
    rows = Shortcoming.objects.late(at).select_for_update(of=("self",)).select_related("outlet")
    row = rows.filter(pk=key).first()
    if row is None:
        return False
    told = kinds.ShortcomingEscalated(escalated_at=at, owner_name=row.outlet.name)
    row.write(told, by=by, at=at)
    return True


def inform_outlet(entry: Entry) -> None:
    """The outlet's own people hear of what was found, and of what comes back; where it has nobody
    who rectifies, those above it."""
    row = _told_of(entry)
    chain = [row.outlet, row.outlet.parent]
    next((one for one in chain if one and tell_desks([one], roles_with(RECTIFY), entry)), None)


def inform_looker(entry: Entry) -> None:
    """Whoever found it hears that it was answered."""
    row = _told_of(entry)
    if row.inspection.inspector is not None:
        tell([row.inspection.inspector], of=entry, number=str(row.pk))


def inform_above_outlet(entry: Entry) -> None:
    """The levels above an outlet that is late, and whoever drew the plan."""
    row = _told_of(entry)
    above = row.outlet.lineage[1:-1]
    posts = Post.objects.on_duty_at(entry.at).filter(org__in=above, role__in=roles_with(RECTIFY))
    told = {post.person_id: post.person for post in posts.select_related("person")}
    told[row.inspection.plan.drawn_by_id] = row.inspection.plan.drawn_by
    tell(told.values(), of=entry, number=str(row.pk), urgent=True)


def inform_inspector(entry: Entry) -> None:
    """Whoever is drawn hears where to go and when."""
    person = Person.objects.get(pk=entry.data["inspector"])
    tell([person], of=entry, number=str(entry.subject_id))


def _told_of(entry: Entry) -> Shortcoming:
    rows = Shortcoming.objects.select_related(
        "outlet__parent", "inspection__inspector", "inspection__plan__drawn_by"
    )
    return rows.get(pk=entry.subject_id)
