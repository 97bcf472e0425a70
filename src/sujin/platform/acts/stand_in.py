"""Go away for some days and name who stands in; come back earlier."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.platform import kinds
from sujin.platform.acts.appoint import CannotAppoint, refuse_mixing
from sujin.platform.models import Absence, Person, Post
from sujin.platform.models.entry import about_person, record
from sujin.platform.refusal import Refusal

DAYS_MAX = 200


class CannotStandIn(Refusal):
    """The absence is not accepted; the message says why."""


@transaction.atomic
def go_away(
    person: Person,
    *,
    deputy: Person | None,
    since: date,
    until: date,
    because: str,
    by: Person,
    at: datetime,
) -> Absence:
    """``person`` is away on these days, both inclusive. ``deputy`` gets posts like the person's for
    as long, and nothing longer; without one, whoever else is on duty answers for the cases."""
    _refuse(person, deputy, since, until, at)
    absence = Absence.objects.create(
        person=person, deputy=deputy, since=since, until=until, because=because.strip()[:120]
    )
    if deputy is not None:
        _post(absence, deputy, by=by, at=at)
    name = deputy.name if deputy else ""
    away = kinds.WentAway(since=since, until=until, deputy=name, because=absence.because)
    record([about_person(person, away, by=by, at=at)])
    return absence


def _refuse(person: Person, deputy: Person | None, since: date, until: date, at: datetime) -> None:
    if not timezone.localdate(at) <= since <= until:
        raise CannotStandIn(_t("请假从今天或以后开始，不能早于开始日结束"))
    if (until - since).days > DAYS_MAX:
        raise CannotStandIn(_t("一次最多登记 %(n)d 天，更长的请办理离任") % {"n": DAYS_MAX})
    if _overlapping(person, since, until):
        raise CannotStandIn(_t("这几天已经登记过请假"))
    if deputy is None:
        return
    if deputy.pk == person.pk or deputy.is_service or not deputy.is_active:
        raise CannotStandIn(_t("代理人须是本人以外的在职人员"))
    if _overlapping(deputy, since, until):
        raise CannotStandIn(_t("%(name)s 这几天也不在岗，请另选代理人") % {"name": deputy})
    if not _branches(person, at) & _branches(deputy, at):
        raise CannotStandIn(_t("代理人须与本人同在一个一级分行、公司或总行部门"))


def _overlapping(person: Person, since: date, until: date) -> bool:
    return Absence.objects.filter(person=person, since__lte=until, until__gte=since).exists()


def _branches(person: Person, at: datetime) -> set[tuple[int, ...]]:
    """Where the person's posts hang below the head office: the first two steps of the tree."""
    held = Post.objects.held_at(at).filter(person=person, stands_in_for__isnull=True)
    return {post.org.lineage[:2] for post in held.select_related("org")}


def _post(absence: Absence, deputy: Person, *, by: Person, at: datetime) -> None:
    """The deputy's posts: the person's own, cut to the days of the absence."""
    lasting = Q(until__isnull=True) | Q(until__gte=absence.since)
    own = absence.person.posts.filter(lasting, since__lte=absence.until, stands_in_for=None)
    begun = set(deputy.posts.filter(since=absence.since).values_list("org_id", "role"))
    for post in own.select_related("org").order_by("pk"):
        if (post.org_id, post.role) in begun:
            # The deputy begins in the very same post that day and needs no second one.
            continue
        begun.add((post.org_id, post.role))
        try:
            refuse_mixing(deputy, post.role, at)
        except CannotAppoint as refusal:
            raise CannotStandIn(str(refusal)) from None
        until = min(absence.until, post.until or absence.until)
        Post.objects.create(
            person=deputy,
            org=post.org,
            role=post.role,
            since=absence.since,
            until=until,
            stands_in_for=post,
        )
        taken = kinds.Appointed(post.org.code, post.role, absence.since, until)
        record([about_person(deputy, taken, by=by, at=at)])


@transaction.atomic
def come_back(absence: Absence, *, by: Person, at: datetime) -> None:
    """Back today: the absence and whatever the deputy held through it end yesterday."""
    today = timezone.localdate(at)
    if absence.until < today:
        raise CannotStandIn(_t("这次请假已经结束"))
    stand_ins = Post.objects.filter(
        person=absence.deputy, stands_in_for__person=absence.person, since=absence.since
    )
    if absence.since >= today:
        stand_ins.delete()
        absence.delete()
    else:
        yesterday = today - timedelta(days=1)
        stand_ins.update(until=yesterday)
        absence.until = yesterday
        absence.save(update_fields=["until"])
    record([about_person(absence.person, kinds.CameBack(today), by=by, at=at)])
