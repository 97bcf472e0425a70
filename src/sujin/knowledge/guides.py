"""What to do when it happens in the hall: guides as buttons, for whoever works at an outlet."""

from sujin.knowledge.audience import audience_of
from sujin.knowledge.models import Version
from sujin.platform.organisation import OrgKind
from sujin.platform.ui.request import StaffRequest

FORM = "guide"
SHOWN = 24


def guides(request: StaffRequest) -> list[Version]:
    """The guides in force for whoever has a post at an outlet; nothing for others."""
    if not any(post.org.kind == OrgKind.OUTLET for post in request.reach.posts):
        return []
    rows = Version.objects.served(audience_of(request.reach), request.at)
    return list(rows.filter(item__form=FORM).select_related("item").order_by("title", "pk")[:SHOWN])
