"""Every first-level branch has a liaison officer on duty today, or the house says so aloud."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sujin.complaints import kinds
from sujin.complaints.desks import LIAISON
from sujin.platform.acts.tell import tell
from sujin.platform.models import Entry, Org, Person, Post
from sujin.platform.models.entry import record
from sujin.platform.organisation import OrgKind
from sujin.platform.reach import roles

SUBJECT = "org"


def uncovered(at: datetime) -> list[Org]:
    """First-level branches without a liaison officer, or a deputy, on duty on the day of ``at``."""
    covered = Post.objects.on_duty_at(at).filter(role=LIAISON).values("org")
    return list(Org.objects.filter(kind=OrgKind.BRANCH1).exclude(pk__in=covered).order_by("code"))


@transaction.atomic
def check_coverage(*, by: Person, at: datetime) -> list[Org]:
    """Tell the branch's leaders and head office of each gap, once a day; returns the gaps."""
    day = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    told = Entry.objects.of(kinds.Uncovered).filter(subject=SUBJECT, at__gte=day)
    known = set(told.values_list("subject_id", flat=True))
    gaps = uncovered(at)
    for branch in gaps:
        if branch.pk not in known:
            _tell(branch, by=by, at=at)
    return gaps


def _tell(branch: Org, *, by: Person, at: datetime) -> None:
    what = kinds.Uncovered(branch=branch.name)
    entry = Entry(
        subject=SUBJECT, subject_id=branch.pk, kind=what.code, by=by, at=at, data=what.data()
    )
    record([entry])
    leading = [role.code for role in roles().values() if "oversee" in role.may]
    posts = Post.objects.on_duty_at(at).filter(role__in=leading, org__in=branch.lineage)
    entry.refresh_from_db()
    persons = {post.person_id: post.person for post in posts.select_related("person")}
    tell(persons.values(), of=entry, number=branch.code, urgent=True)
