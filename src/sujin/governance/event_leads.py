"""Since when the lines of an event could be said, and how long before the first complaint."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _t

from sujin.engine.events.lead import Lead, Live, Standing, lead, whole
from sujin.governance.models import Attached, Event, LineRequest
from sujin.knowledge.kinds.version import DATED_STATES, WITHDRAWN
from sujin.knowledge.models import Version
from sujin.platform.ui.time import words as span

# A version that was withdrawn has no dated state any more, yet it was live until then.
ONCE_LIVE = {*DATED_STATES, WITHDRAWN}


def of_request(request: LineRequest, at: datetime) -> Lead:
    """The lead of one line; read from rows that ``Event.objects.listed`` has fetched."""
    return lead(_lives(request), request.event.first_at, at)


def of_event(event: Event, at: datetime) -> Lead:
    """As late as the slowest of its lines."""
    return whole([lead(_lives(one), event.first_at, at) for one in event.requests.all()])


def live_at(version: Version) -> datetime | None:
    """From when on a version can be said everywhere, if it can be said at all."""
    if version.state not in DATED_STATES or version.valid_from is None:
        return None
    return max(filter(None, (version.valid_from, version.staged_until)))


def _lives(request: LineRequest) -> Iterator[Live]:
    """What was attached, and the later wordings of the same items; a line counts from the moment in
    which somebody said that it is the one."""
    for one in request.attachments.all():
        for version in _later(one):
            yield from _stretch(version, one.at)


def _later(one: Attached) -> list[Version]:
    versions = one.version.item.versions.all()
    return [version for version in versions if version.number >= one.version.number]


def _stretch(version: Version, attached: datetime) -> Iterator[Live]:
    if version.state not in ONCE_LIVE or version.valid_from is None or version.valid_to is None:
        return
    begun = max(filter(None, (version.valid_from, version.staged_until, attached)))
    ended = min(version.ended_at or version.valid_to, version.valid_to)
    if begun < ended:
        yield Live(begun, ended)


def told(found: Lead) -> dict[str, Any]:
    """For the screen: the figure, its words, and a look that is not colour alone."""
    words = {
        Standing.AHEAD: _t("口径早于第一件投诉"),
        Standing.BEHIND: _t("口径晚于第一件投诉"),
        Standing.NEVER: _t("已有投诉，口径还没有生效"),
        Standing.WAITING: _t("口径已生效，还没有投诉"),
        Standing.OPEN: _t("口径未生效，还没有投诉"),
    }
    sign = {Standing.BEHIND: "−", Standing.NEVER: "−", Standing.AHEAD: "+"}.get(found.standing, "")
    figure = "—" if found.lead is None else f"{sign}{span(abs(found.lead))}"
    note = _t("曾经生效的口径在第一件投诉前已撤回") if found.lapsed else ""
    return {
        "figure": figure, "words": words[found.standing], "standing": found.standing.value,
        "live": found.live, "note": note,
    }  # fmt: skip
