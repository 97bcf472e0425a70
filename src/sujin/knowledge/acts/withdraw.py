"""Take a released version back at once; or vouch for it for longer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.knowledge import kinds
from sujin.knowledge.acts.draft import held_version
from sujin.knowledge.acts.release import latest_end
from sujin.knowledge.kinds.version import DATED_STATES, RELEASED, SUPERSEDED, WITHDRAWN
from sujin.knowledge.models import Version
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotWithdraw(Refusal):
    """It is served no longer anyway, or no reason was given."""


@transaction.atomic
def withdraw(
    version: Version, *, because: str, reinstate: bool = False, by: Person, at: datetime
) -> None:
    """From this moment nobody is shown it; whoever has it on the screen is told within minutes.
    ``reinstate``: what it had taken the place of is said again until its own day."""
    held = held_version(version)
    if held.state not in DATED_STATES or (held.ended_at is not None and held.ended_at <= at):
        raise CannotWithdraw(_t("这一版没有在使用"))
    if not because.strip():
        raise CannotWithdraw(_t("请写明撤回理由"))
    before = predecessor(held, at) if reinstate else None
    if reinstate and before is None:
        raise CannotWithdraw(_t("没有可以恢复的上一版：上一版已经到期或撤回"))
    ended = kinds.VersionWithdrawn(
        state=WITHDRAWN, ended_at=at, because=because.strip()[:300], successor=held.successor_id
    )
    held.write(ended, by=by, at=at)
    if before is not None:
        back = kinds.VersionReinstated(state=RELEASED, because=because.strip()[:300])
        before.write(back, by=by, at=at)


def predecessor(version: Version, at: datetime) -> Version | None:
    """The version of the same item that this one took the place of, if its days are not over."""
    rows = version.item.versions.filter(
        successor=version, state=SUPERSEDED, valid_from__lte=at, valid_to__gt=at
    )
    return rows.order_by("-number").first()


@transaction.atomic
def extend(version: Version, *, valid_to: datetime, because: str, by: Person, at: datetime) -> None:
    """Somebody who did not write it has looked again: it holds until ``valid_to``, at most as long
    as its form may. What has expired needs a new version."""
    held = held_version(version)
    if held.state != RELEASED or held.valid_to is None or held.valid_to <= at:
        raise CannotWithdraw(_t("只有还没到期的可以延长；已到期的请起草新版"))
    if held.was_written_by(by):
        raise CannotWithdraw(_t("起草、修改、送审过的人不能复核延期，请由另一人复核"))
    if not because.strip():
        raise CannotWithdraw(_t("请写明复核了什么"))
    if valid_to > latest_end(held.item, at) or valid_to <= at:
        months = held.item.shape.valid_months
        raise CannotWithdraw(_t("从今天起最长 %(months)d 个月") % {"months": months})
    told = kinds.VersionExtended(valid_to=valid_to, because=because.strip()[:300])
    held.write(told, by=by, at=at)
