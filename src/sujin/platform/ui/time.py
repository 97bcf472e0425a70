"""Moments and spans in the words of a screen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

BANK_ZONE = ZoneInfo("Asia/Shanghai")
SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Left:
    """How far a limit is away; ``state`` is ``ok``, ``soon`` (under a day) or ``over``."""

    state: str
    words: str


def local(at: datetime, *, seen_at: datetime | None) -> str:
    """``MM-DD HH:mm`` at the bank; the year in front unless ``seen_at`` lies in the same one."""
    here = at.astimezone(BANK_ZONE)
    is_this_year = seen_at is not None and seen_at.astimezone(BANK_ZONE).year == here.year
    return here.strftime("%m-%d %H:%M" if is_this_year else "%Y-%m-%d %H:%M")


def left(due: datetime, now: datetime) -> Left:
    """The time between ``now`` and ``due``; the very moment of the limit still counts as kept."""
    span = due - now
    if span < timedelta(0):
        return Left("over", _("超 %(span)s") % {"span": words(-span)})
    return Left("soon" if span < SOON else "ok", _("剩 %(span)s") % {"span": words(span)})


def words(span: timedelta) -> str:
    """The two largest units of a span of at least zero: days and hours, hours, or minutes."""
    minutes = int(span.total_seconds() // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days and hours:
        return f"{_days(days)} {_hours(hours)}"
    if days:
        return _days(days)
    return _hours(hours) if hours else _minutes(minutes)


def _days(count: int) -> str:
    return ngettext("%(count)d 天", "%(count)d 天", count) % {"count": count}


def _hours(count: int) -> str:
    return ngettext("%(count)d 小时", "%(count)d 小时", count) % {"count": count}


def _minutes(count: int) -> str:
    return ngettext("%(count)d 分钟", "%(count)d 分钟", count) % {"count": count}
