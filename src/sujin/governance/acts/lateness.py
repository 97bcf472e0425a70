"""Who did not acknowledge in time is named to the level above; and who is told at a desk."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from sujin.governance.kinds.late import Escalated
from sujin.governance.models.owned import WATCH, OwnedQuerySet, Row
from sujin.platform.acts.tell import tell
from sujin.platform.models import Entry, Org, Person, Post
from sujin.platform.reach import roles


def escalate_late(
    rows: OwnedQuerySet[Row], kind: type[Escalated], *, by: Person, at: datetime
) -> int:
    """Each late one of ``rows`` once, as ``kind``; how many."""
    late = list(rows.late(at).order_by("pk").values_list("pk", flat=True))
    return sum(_escalate(rows, kind, key, by=by, at=at) for key in late)


@transaction.atomic
def _escalate(
    rows: OwnedQuerySet[Row], kind: type[Escalated], key: int, *, by: Person, at: datetime
) -> bool:
    held = rows.select_for_update(of=("self",)).select_related("owner")
    row = held.late(at).filter(pk=key).first()
    if row is None:
        return False
    told = kind(escalated_at=at, owner_name=str(getattr(row, "owner", "")))
    row.write(told, by=by, at=at)
    return True


def watching_roles() -> set[str]:
    """The roles of those who watch."""
    return {role.code for role in roles().values() if WATCH in role.may}


def tell_desks(
    desks: Iterable[Org | None], able: set[str], entry: Entry, *, urgent: bool = False,
    number: str = "",
) -> bool:  # fmt: skip
    """Tells whoever is on duty there in a role of ``able``, but for the one who wrote the entry;
    whether anybody was there to be told. ``number`` is of the page that shows it, where that is not
    the subject's own."""
    known = [org for org in desks if org is not None]
    posts = Post.objects.on_duty_at(entry.at).filter(org__in=known, role__in=able)
    told = {post.person_id: post.person for post in posts.select_related("person")}
    told.pop(entry.by_id, None)
    tell(told.values(), of=entry, number=number or str(entry.subject_id), urgent=urgent)
    return bool(told)


def tell_above(owner: Org | None, entry: Entry) -> None:
    """The level above the owner hears that it is late; above a department or a first-level branch
    that is the head office itself."""
    above = owner.parent if owner is not None else None
    tell_desks([above, owner], watching_roles(), entry, urgent=True)
