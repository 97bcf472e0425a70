"""Warn of a wave, and say how it goes on."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from sujin.engine.series.panel import Axis
from sujin.governance import sighting
from sujin.governance.kinds import wave as kinds
from sujin.governance.models import Wave
from sujin.governance.sighting import Sighted
from sujin.governance.watchbook import limits
from sujin.platform.models import Person

_FIGURES = ("observed", "expected", "low", "high", "silent_at")


@transaction.atomic
def raise_wave(sighted: Sighted, axes: Sequence[Axis], *, by: Person, at: datetime) -> Wave:
    """The wave with everything that is known of it, its owner, and the owner's clock."""
    alarm = sighted.alarm
    owner = sighting.owner_of(alarm.node, at)
    wave = Wave.objects.create(
        raised_at=at, since=alarm.since, first_alarm=alarm.first_alarm, last_alarm=alarm.last_alarm
    )
    raised = kinds.WaveRaised(
        stream=sighted.row.stream, first_alarm=alarm.first_alarm, owner=owner.pk,
        acknowledge_by=at + limits().acknowledge, **_seen(sighted, axes, since=alarm.since),
    )  # fmt: skip
    wave.write(raised, by=by, at=at)
    return wave


@transaction.atomic
def grow_wave(
    wave: Wave, sighted: Sighted, axes: Sequence[Axis], *, by: Person, at: datetime
) -> bool:
    """New figures of a wave that was seen again; False, and nothing written, when they are those
    that it has. A dismissed one that grew much counts again."""
    held = Wave.objects.select_for_update(of=("self",)).get(pk=wave.pk)
    alarm = sighted.alarm
    if alarm.last_alarm < held.last_alarm or _is_known(held, sighted):
        return False
    since = min(held.since, alarm.since)
    seen = _seen(sighted, axes, since=since)
    heard = _heard(held, sighted)
    held.write(kinds.WaveGrew(**{**seen, "detectors": heard}), by=by, at=at)
    if held.state == kinds.DISMISSED and _grew_much(held):
        because = f"{held.excess:.0f} / {held.dismissed_excess:.0f}"
        held.write(reopened(because, at), by=by, at=at)
    return True


@transaction.atomic
def hear_of_wave(wave: Wave, sighted: Sighted, *, by: Person, at: datetime) -> bool:
    """Another detector saw what is known already: its name is added, and nothing else changes."""
    held = Wave.objects.select_for_update(of=("self",)).get(pk=wave.pk)
    heard = _heard(held, sighted)
    if heard == tuple(held.detectors):
        return False
    names = [name for name in kinds.SEEN if name != "detectors"]
    held.write(kinds.WaveGrew(detectors=heard, **{n: _again(held, n) for n in names}), by=by, at=at)
    return True


def _again(wave: Wave, name: str) -> Any:
    value = getattr(wave, name)
    return tuple(value) if isinstance(value, list) else value


def _heard(wave: Wave, sighted: Sighted) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*wave.detectors, *sighted.alarm.detectors]))


def reopened(because: str, at: datetime) -> kinds.WaveReopened:
    """It counts again, with a new clock."""
    return kinds.WaveReopened(because=because, acknowledge_by=at + limits().acknowledge)


def _grew_much(wave: Wave) -> bool:
    return wave.excess >= limits().regrowth * max(wave.dismissed_excess, 1.0)


def _is_known(wave: Wave, sighted: Sighted) -> bool:
    alarm = sighted.alarm
    same = all(abs(getattr(wave, name) - getattr(alarm, name)) < 1e-6 for name in _FIGURES)
    return same and (wave.node, wave.last_alarm) == (alarm.node, alarm.last_alarm)


def _seen(sighted: Sighted, axes: Sequence[Axis], *, since: date) -> dict[str, Any]:
    """The fields of a sighting."""
    alarm = sighted.alarm
    told = sighting.tell(sighted, axes, since=since)
    org, business, cause, channel = alarm.node
    return {
        "org_path": org, "business": business, "cause": cause, "channel": channel,
        "grain": sighted.row.grain, "detectors": alarm.detectors, "since": since,
        "last_alarm": alarm.last_alarm, **{name: getattr(alarm, name) for name in _FIGURES},
        "evidence": alarm.evidence, "p": alarm.p, "relatives": alarm.relatives,
        "parts": told.parts, "telling": told.telling, "words": told.words,
    }  # fmt: skip
