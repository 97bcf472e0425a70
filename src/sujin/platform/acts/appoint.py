"""Give a person a post, or end one. Nobody changes their own; the three powers stay apart."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.platform import kinds
from sujin.platform.models import Org, Person, Post
from sujin.platform.models.entry import about_person, record
from sujin.platform.reach import roles
from sujin.platform.refusal import Refusal

# 三员分立: whoever keeps the system neither handles complaints nor audits, and the auditor
# does nothing else (GB/T 22239-2019, 8.1.4 access control).
APART = frozenset({"sysadmin", "auditor"})


class CannotAppoint(Refusal):
    """The appointment breaks a rule; the message says which."""


@transaction.atomic
def appoint(person: Person, *, org: Org, role: str, since: date, by: Person, at: datetime) -> Post:
    """A new post from ``since`` on, without end."""
    if person.pk == by.pk:
        raise CannotAppoint(_t("不能给自己任职"))
    if since < timezone.localdate(at):
        raise CannotAppoint(_t("任职日期不能早于今天"))
    if role not in roles():
        raise CannotAppoint(_t("没有这个角色"))
    refuse_mixing(person, role, at)
    post, fresh = Post.objects.get_or_create(person=person, org=org, role=role, since=since)
    if not fresh:
        raise CannotAppoint(_t("已经有这个任职"))
    record([about_person(person, kinds.Appointed(org.code, role, since), by=by, at=at)])
    return post


def refuse_mixing(person: Person, role: str, at: datetime) -> None:
    """Raise CannotAppoint when the role would join powers that must stay apart."""
    held = set(Post.objects.held_at(at).filter(person=person).values_list("role", flat=True))
    if held and (role in APART or held & APART) and held != {role}:
        raise CannotAppoint(_t("系统管理、审计与业务岗位须由不同的人担任"))


@transaction.atomic
def dismiss(post: Post, *, until: date, by: Person, at: datetime) -> None:
    """The post's last day; the person's reach ends with it."""
    if post.person_id == by.pk:
        raise CannotAppoint(_t("不能结束自己的任职"))
    if until < post.since:
        raise CannotAppoint(_t("离任日期不能早于任职日期"))
    if post.until is not None and until > post.until:
        raise CannotAppoint(_t("任职已定在更早的日期结束；要延长请另行任职"))
    post.until = until
    post.save(update_fields=["until"])
    # Whoever stands in for a post has it no longer than it lasts.
    post.stand_ins.filter(until__gt=until, since__lte=until).update(until=until)
    post.stand_ins.filter(since__gt=until).delete()
    _end_borrowed(post.person, until)
    ended = kinds.Dismissed(post.org.code, post.role, until)
    record([about_person(post.person, ended, by=by, at=at)])


def _end_borrowed(person: Person, until: date) -> None:
    """Whoever has no post left stands in for nobody."""
    lasting = Q(until__isnull=True) | Q(until__gt=until)
    if person.posts.filter(lasting, stands_in_for=None).exists():
        return
    borrowed = person.posts.filter(stands_in_for__isnull=False)
    borrowed.filter(since__gt=until).delete()
    borrowed.filter(until__gt=until).update(until=until)
