"""A warning as the trigger of a flash report."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext_noop

from sujin.engine.text import redact
from sujin.governance import wave_words
from sujin.governance.flash import Pair, Step, Trigger
from sujin.governance.kinds.wave import DETECTORS
from sujin.governance.models import Wave
from sujin.governance.models.wave import line_of
from sujin.governance.wave_words import Names

# As long as an event's line owners have; the wave's own clock is the longer one.
LIMIT = timedelta(hours=2)


def of_wave(wave: Wave) -> Trigger:
    """What the last look knew of it."""
    known = wave_words.names([wave.node, *(part["node"] for part in wave.parts)])
    name, line = known.node(wave.node), line_of(wave.business)
    said = " ".join(word["term"] for word in wave.words)
    return Trigger(
        subject=Wave.subject,
        subject_id=wave.pk,
        title=f"{name} {wave.get_stream_display()}",
        at=wave.raised_at,
        limit=LIMIT,
        facts=list(_facts(wave, name, said)),
        exposure=list(_exposure(wave, known)),
        figures=list(_figures(wave)),
        lines=[line] if line else [],
        words=f"{name} {said}",
        next_steps=list(_steps(wave)),
    )


def _facts(wave: Wave, name: str, said: str) -> Iterator[Pair]:
    yield gettext_noop("哪里"), name
    yield gettext_noop("自"), wave.since.isoformat()
    yield gettext_noop("为什么"), "、".join(str(DETECTORS[code]) for code in wave.detectors)
    yield gettext_noop("多出来的说法"), redact(said).text


def _exposure(wave: Wave, known: Names) -> Iterator[Pair]:
    for part in wave.parts[:5]:
        yield gettext_noop("多在哪里"), f"{known.node(part['node'])}：{part['observed']}"


def _figures(wave: Wave) -> Iterator[Pair]:
    yield gettext_noop("件数"), f"{wave.observed:.0f}"
    yield gettext_noop("预期"), f"{wave.expected:.1f}（{wave.low:.0f}–{wave.high:.0f}）"


def _steps(wave: Wave) -> Iterator[Step]:
    said = {"owner": str(wave.owner), "at": f"{wave.acknowledge_by:%m-%d %H:%M}"}
    yield gettext_noop("%(owner)s：%(at)s 前签收，并说明打算怎么处理"), said
    yield gettext_noop("消费者权益保护部：看最能说明问题的件，认定是不是同一个原因"), {}
