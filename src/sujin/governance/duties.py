"""Who may announce events, speak of them outside, and read of them: permissions of roles.csv."""

from datetime import datetime

from django.utils.translation import gettext as _t

from sujin.governance.models.event import ANNOUNCE, announces
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

# Whoever announces, and whoever writes for a line or a branch and hears what is said outside.
NOTING = frozenset({ANNOUNCE, "draft"})


class CannotAnnounce(Refusal):
    """It is not this person's to do, or what was written down is not complete."""


def refuse_unless_announcer(by: Person, at: datetime) -> None:
    """Consumer protection at head office, managers, and the house itself when a move opens one."""
    if not by.is_service and not announces(reach.of(by, at)):
        raise CannotAnnounce(_t("您的岗位不能通报事件，请联系总行消费者权益保护部"))


def refuse_unless_noting(by: Person, at: datetime) -> None:
    """What is said outside is noted by those who announce or write."""
    if not by.is_service and not NOTING & reach.of(by, at).may:
        raise CannotAnnounce(_t("您的岗位不能登记舆情，请告诉所在分行的投诉主管"))
