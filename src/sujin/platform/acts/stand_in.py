"""Go away for some days and name who stands in; come back earlier."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.platform import kinds
from sujin.platform.acts.appoint import APART, CannotAppoint, refuse_mixing
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
    _refuse_self_service(person, deputy, by, at)
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


def _refuse_self_service(person: Person, deputy: Person | None, by: Person, at: datetime) -> None:
    """Nobody gives themselves somebody else's posts, nor sends the watchers home."""
    if by == person:
        return
    if deputy is not None and deputy == by:
        raise CannotStandIn(_t("不能把别人的岗位登记给自己代理，请由本人或第三人登记"))
    held = Post.objects.held_at(at).filter(person=person, role__in=APART)
    if held.exists():
        raise CannotStandIn(_t("系统管理和审计人员的请假由本人登记"))


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
    near = _branches(deputy, at)
    for post in own.select_related("org").order_by("pk"):
        if post.org.lineage[:2] not in near:
            # What the person does for another branch or company is nothing the deputy may see.
            continue
        try:
            refuse_mixing(deputy, post.role, at)
        except CannotAppoint as refusal:
            raise CannotStandIn(str(refusal)) from None
        taken = Post.objects.create(
            person=deputy,
            org=post.org,
            role=post.role,
            since=max(absence.since, post.since),
            until=min(absence.until, post.until or absence.until),
            stands_in_for=post,
        )
        told = kinds.Appointed(post.org.code, post.role, taken.since, taken.until)
        record([about_person(deputy, told, by=by, at=at)])


@transaction.atomic
def come_back(absence: Absence, *, by: Person, at: datetime) -> None:
    """Back today: the absence and whatever the deputy held through it end yesterday."""
    today = timezone.localdate(at)
    if absence.until < today:
        raise CannotStandIn(_t("这次请假已经结束"))
    yesterday = today - timedelta(days=1)
    stand_ins = Post.objects.filter(
        person=absence.deputy,
        stands_in_for__person=absence.person,
        since__gte=absence.since,
        until__lte=absence.until,
    )
    for post in stand_ins.select_related("org", "person"):
        ended = kinds.Dismissed(post.org.code, post.role, yesterday)
        record([about_person(post.person, ended, by=by, at=at)])
    stand_ins.filter(since__gte=today).delete()
    stand_ins.update(until=yesterday)
    if absence.since >= today:
        absence.delete()
    else:
        absence.until = yesterday
        absence.save(update_fields=["until"])
    record([about_person(absence.person, kinds.CameBack(today), by=by, at=at)])
