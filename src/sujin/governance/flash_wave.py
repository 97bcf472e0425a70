"""A wave as the trigger of a flash report."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_noop

from sujin.complaints.words import line as line_name
from sujin.governance import wave_words
from sujin.governance.flash import Pair, Step, Trigger
from sujin.governance.kinds.wave import DETECTORS, GRAIN_NAMES, STREAM_NAMES
from sujin.governance.models import Wave
from sujin.governance.models.wave import line_of
from sujin.governance.watchbook import limits

_WORDS, _PARTS = 6, 5


def deserves_flash(wave: Wave) -> bool:
    """Whether it is so telling that nobody should wait for its owner."""
    return bool(wave.stands and wave.evidence >= limits().flash_evidence)


def is_news(wave: Wave, at: datetime) -> bool:
    """Whether it still stands and was raised so lately that a first report is of use."""
    return wave.stands and at - wave.raised_at <= limits().acknowledge


def of_wave(wave: Wave) -> Trigger:
    """What is known of it since its last look."""
    known = wave_words.names([wave.node, *(part["node"] for part in wave.parts)])
    line = line_of(wave.business)
    where = known.node(wave.node)
    words = [str(one["term"]) for one in wave.words[:_WORDS]]
    return Trigger(
        subject=Wave.subject,
        subject_id=wave.pk,
        title=_t("%(where)s：%(stream)s上升") % {"where": where, "stream": _stream(wave)},
        at=wave.raised_at,
        limit=limits().acknowledge,
        facts=list(_facts(wave, where, words)),
        exposure=list(_exposure(wave, known, line)),
        figures=list(_figures(wave)),
        lines=[line] if line else [],
        words=" ".join([where, *words]),
        next_steps=list(_steps(wave)),
    )


def _stream(wave: Wave) -> str:
    return str(STREAM_NAMES[wave.stream])


def _facts(wave: Wave, where: str, words: list[str]) -> Iterator[Pair]:
    yield gettext_noop("哪里"), where
    yield gettext_noop("自"), f"{wave.since:%Y-%m-%d}"
    yield gettext_noop("发现方式"), "、".join(str(DETECTORS[name]) for name in wave.detectors)
    yield gettext_noop("看法"), str(GRAIN_NAMES[wave.grain])
    yield gettext_noop("突出的说法"), "、".join(words)


def _exposure(wave: Wave, known: wave_words.Names, line: str) -> Iterator[Pair]:
    yield gettext_noop("涉及条线"), line_name(line) if line else ""
    for part in wave.parts[:_PARTS]:
        yield known.node(part["node"]), f"{part['observed']:.0f} / {part['expected']:.1f}"


def _figures(wave: Wave) -> Iterator[Pair]:
    until = f"{wave.since:%m-%d} – {wave.last_day:%m-%d}"
    yield gettext_noop("已收"), f"{wave.observed:.0f}（{until}）"
    yield (
        gettext_noop("预计（95%区间）"),
        f"{wave.expected:.1f}（{wave.low:.0f} – {wave.high:.0f}）",
    )
    yield gettext_noop("不会预警的最多件数"), f"{wave.silent_at:.0f}"


def _steps(wave: Wave) -> Iterator[Step]:
    yield gettext_noop("%(owner)s：签收预警，核对最能说明问题的投诉"), {"owner": str(wave.owner)}
    yield gettext_noop("95588 与网点：按上面的口径答复，没有口径的先记录、不承诺"), {}
    yield gettext_noop("消费者权益保护部：盯已收与预计，超出区间即开会研判"), {}
