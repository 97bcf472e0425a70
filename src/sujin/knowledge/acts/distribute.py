"""Hand something out to be read: to organisations, and everybody who works in or below them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.knowledge import kinds
from sujin.knowledge.acts.compile_issue import is_rolling_out
from sujin.knowledge.audience import ALL_STAFF, STAFF
from sujin.knowledge.kinds.issue import DISTRIBUTED
from sujin.knowledge.models import Acknowledgement, Distribution, Issue, Version
from sujin.knowledge.models.issue import compilable
from sujin.knowledge.quiz import sources_of
from sujin.platform import reach
from sujin.platform.bulk import insert
from sujin.platform.models import Org, Person, Post
from sujin.platform.models.identity import below
from sujin.platform.refusal import Refusal


class CannotDistribute(Refusal):
    """It cannot be handed out so; the message says why and what to do."""


@transaction.atomic
def distribute(
    what: Issue | Version,
    *,
    orgs: Sequence[Org],
    read_by: date,
    wants_quiz: bool = False,
    wants_measures: bool = False,
    by: Person,
    at: datetime,
) -> Distribution:
    """Everybody who holds a post in these organisations, or below, has it to read by the day.
    Whoever sends it compiles there, or above."""
    if not orgs:
        raise CannotDistribute(_t("请选择下发的机构"))
    if read_by < timezone.localdate(at):
        raise CannotDistribute(_t("学习期限不能早于今天"))
    _refuse_foreign(orgs, by, at)
    _refuse_unreadable(what, orgs, at)
    made = Distribution(
        issue=what if isinstance(what, Issue) else None,
        version=what if isinstance(what, Version) else None,
        orgs=[org.pk for org in orgs], read_by=read_by,
        wants_quiz=wants_quiz, wants_measures=wants_measures, sent_by=by, sent_at=at,
    )  # fmt: skip
    if wants_quiz and not sources_of(made, ALL_STAFF, at):
        raise CannotDistribute(_t("所发内容里没有小测题目，不能要求通过小测"))
    readers = readers_of(made, at)
    if not readers:
        raise CannotDistribute(_t("这些机构里没有在岗人员"))
    made.save()
    _hand_out(made, what, orgs, readers, by=by, at=at)
    return made


def _hand_out(
    made: Distribution,
    what: Issue | Version,
    orgs: Sequence[Org],
    readers: Mapping[int, int],
    *,
    by: Person,
    at: datetime,
) -> None:
    insert([Acknowledgement(distribution=made, person_id=p, unit_id=u) for p, u in readers.items()])
    names = tuple(org.name for org in orgs)
    units = len(set(readers.values()))
    told = kinds.DistributionSent(
        what=str(what), orgs=names, people=len(readers), units=units, read_by=made.read_by
    )
    made.write(told, by=by, at=at)
    if isinstance(what, Issue):
        what.write(kinds.IssueDistributed(state=DISTRIBUTED, orgs=names), by=by, at=at)


def _refuse_foreign(orgs: Sequence[Org], by: Person, at: datetime) -> None:
    known = Org.objects.filter(compilable(reach.of(by, at))).in_bulk([org.pk for org in orgs])
    strangers = [org for org in orgs if org.pk not in known]
    if strangers:
        raise CannotDistribute(_t("%(org)s不归您下发，请另选") % {"org": strangers[0]})


def _refuse_unreadable(what: Issue | Version, orgs: Sequence[Org], at: datetime) -> None:
    if isinstance(what, Issue):
        if not what.is_signed:
            raise CannotDistribute(_t("签发后才能下发"))
        return
    if not what.is_in_force(at) or STAFF not in what.surfaces:
        raise CannotDistribute(_t("这一版现在没有生效，不能下发"))
    if is_rolling_out(what, at):
        raise CannotDistribute(_t("这一版正在分批推开，推开完毕才能下发"))
    strangers = [org for org in orgs if what.orgs and not {*org.lineage} & {*what.orgs}]
    if strangers:
        raise CannotDistribute(_t("这一版不供%(org)s使用") % {"org": strangers[0]})


def readers_of(distribution: Distribution, at: datetime) -> dict[int, int]:
    """Person -> unit of everybody who has it to read: their own posts, not those they stand in
    for; of several the one that came first."""
    paths = Org.objects.filter(pk__in=distribution.orgs).values_list("path", flat=True)
    posts = Post.objects.held_at(at).filter(
        below(paths, "org__path"), stands_in_for=None, person__is_service=False
    )
    found: dict[int, int] = {}
    for person, unit in posts.order_by("since", "pk").values_list("person", "org"):
        found.setdefault(person, unit)
    return found


@transaction.atomic
def keep_up(distribution: Distribution, *, by: Person, at: datetime) -> None:
    """Whoever came to the units since has it to read; nobody waits for whoever left."""
    held = Distribution.objects.select_for_update(of=("self",)).get(pk=distribution.pk)
    readers = readers_of(held, at)
    known = {row.person_id: row for row in held.readings.all()}
    fresh = {person: unit for person, unit in readers.items() if person not in known}
    gone = [
        row.pk for person, row in known.items()
        if person not in readers and row.excused_at is None and row.understood_at is None
    ]  # fmt: skip
    back = [row.pk for person, row in known.items() if person in readers and row.excused_at]
    if not fresh and not gone and not back:
        return
    insert([Acknowledgement(distribution=held, person_id=p, unit_id=u) for p, u in fresh.items()])
    held.readings.filter(pk__in=gone).update(excused_at=at)
    held.readings.filter(pk__in=back).update(excused_at=None)
    told = kinds.DistributionWidened(came=len(fresh) + len(back), left=len(gone))
    held.write(told, by=by, at=at)
