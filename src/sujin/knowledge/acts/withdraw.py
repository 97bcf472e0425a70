"""Take a released version back at once; or vouch for it for longer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.knowledge import kinds
from sujin.knowledge.acts.draft import held_version
from sujin.knowledge.acts.release import latest_end
from sujin.knowledge.kinds.version import DATED_STATES, RELEASED, WITHDRAWN
from sujin.knowledge.models import Version
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotWithdraw(Refusal):
    """It is served no longer anyway, or no reason was given."""


@transaction.atomic
def withdraw(version: Version, *, because: str, by: Person, at: datetime) -> None:
    """From this moment nobody is shown it; whoever has it on the screen is told within minutes."""
    held = held_version(version)
    if held.state not in DATED_STATES or (held.ended_at is not None and held.ended_at <= at):
        raise CannotWithdraw(_t("这一版没有在使用"))
    if not because.strip():
        raise CannotWithdraw(_t("请写明撤回理由"))
    ended = kinds.VersionWithdrawn(
        state=WITHDRAWN, ended_at=at, because=because.strip()[:300], successor=held.successor_id
    )
    held.write(ended, by=by, at=at)


@transaction.atomic
def extend(version: Version, *, valid_to: datetime, because: str, by: Person, at: datetime) -> None:
    """Its owner has looked again: it holds until ``valid_to``, at most as long as its form may."""
    held = held_version(version)
    if held.state != RELEASED:
        raise CannotWithdraw(_t("只有已发布的版本可以延长"))
    if not because.strip():
        raise CannotWithdraw(_t("请写明复核了什么"))
    if valid_to > latest_end(held.item, at) or valid_to <= at:
        months = held.item.shape.valid_months
        raise CannotWithdraw(_t("从今天起最长 %(months)d 个月") % {"months": months})
    told = kinds.VersionExtended(valid_to=valid_to, because=because.strip()[:300])
    held.write(told, by=by, at=at)
