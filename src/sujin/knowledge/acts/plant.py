"""Plant the starter content: what the product brings along, to be reviewed by the institution."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from sujin.knowledge.acts.draft import draft_item
from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.submit import submit
from sujin.knowledge.desks import line_desks
from sujin.knowledge.models import Item
from sujin.knowledge.wording import Wording
from sujin.platform.models import Person


@transaction.atomic
def plant(
    wordings: Iterable[Wording], *, by: Person, at: datetime, released_by: Person | None = None
) -> int:
    """Submit what is not there yet, each item with the desk of its line; how many came new.

    Nothing is served before somebody releases it: ``released_by`` does so for all at once.
    """
    known = set(Item.objects.values_list("code", flat=True))
    owners = line_desks()
    fresh = [one for one in wordings if one.code not in known]
    for one in fresh:
        owner = owners.get(one.line) or owners[""]
        made = draft_item(one, owner=owner, by=by, at=at, starter=True)
        submit(made, by=by, at=at)
        if released_by is not None:
            release(made, by=released_by, at=at)
    return len(fresh)
