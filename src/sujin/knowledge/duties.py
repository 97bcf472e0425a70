"""Who may do what to an item: permissions of the desk that answers for it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from sujin.knowledge.models import Item, Version
from sujin.platform.reach import Reach
from sujin.platform.ui.request import StaffRequest

# The permissions of the room, as roles.csv has them.
DRAFT, RELEASE, COMPILE = "draft", "release", "compile"


def may(reach: Reach, permission: str, item: Item) -> bool:
    """Whether the person holds ``permission`` for what this owner answers for."""
    return reach.allows(permission, item.owner.tokens)


def readable(request: StaffRequest, code: str) -> Item:
    """The item, or 404; what of it may be read is the page's question."""
    item = Item.objects.select_related("owner").filter(code=code).first()
    if item is None:
        raise Http404
    return item


def in_care(request: StaffRequest, code: str, permission: str) -> Item:
    """The item, for whoever may do this to it; 403 otherwise."""
    item = readable(request, code)
    if not may(request.reach, permission, item):
        raise PermissionDenied
    return item


def reads_drafts(reach: Reach, version: Version) -> bool:
    """What is not released is read by those who write or release it."""
    return any(may(reach, permission, version.item) for permission in (DRAFT, RELEASE))
