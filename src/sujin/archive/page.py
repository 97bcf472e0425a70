"""The report as one page that needs nothing but itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from sujin.archive.asked import Asked, Grain
from sujin.archive.charts import picture
from sujin.archive.judged import Judged, Line, Warned
from sujin.archive.reasons import SENTENCES, Reason
from sujin.archive.said import Said

if TYPE_CHECKING:
    from sujin.archive.scan import Read

# More would not be read; all of them are in warnings.csv.
SHOWN = 40
DETECTORS = {
    "growing": Said("快速增长", "growing fast"),
    "concentrated": Said("集中", "concentrated"),
    "repeated": Said("重复", "repeated"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A warning as the page shows it."""

    rank: int
    warned: Warned
    detectors: Sequence[Said]
    chart: SafeString
    times: Said
    chance: str


def render(read: "Read", judged: Judged, asked: Asked) -> str:
    """The whole page."""
    shown = judged.warnings[:SHOWN]
    return render_to_string(
        "archive/report.html",
        {
            "asked": asked,
            "read": read,
            "counted": read.counted,
            "rejected": _rejected(read.counted.rejected),
            "rejected_rows": sum(read.counted.rejected.values()),
            "judged": judged,
            "cards": [_card(at, one) for at, one in enumerate(shown, start=1)],
            "left": len(judged.warnings) - len(shown),
            "context": [(name, _chart(name, line)) for name, line in judged.context],
            "settings": _settings(asked, read.counted.grain),
        },
    )


def _rejected(counts: Mapping[str, int]) -> list[tuple[Said, str, int]]:
    return [(SENTENCES[Reason(code)], code, rows) for code, rows in counts.items()]


def _card(rank: int, warned: Warned) -> Card:
    names = [DETECTORS.get(code, Said(code, code)) for code in warned.detectors]
    times = f"{warned.observed / max(warned.expected, 0.05):.1f}"
    said = Said(f"{times} 倍", f"{times} times")
    return Card(rank, warned, names, _chart(warned.name, warned.line), said, f"{warned.p:.1g}")


def _chart(name: Said, line: Line) -> SafeString:
    total = sum(line.counts)
    return picture(line, f"{name.zh} / {name.en}: {total:,.0f}")


def _settings(asked: Asked, grain: Grain) -> Sequence[tuple[str, str]]:
    """What was asked for; never the address of a database, which may hold a password."""
    is_address = "://" in asked.source
    told = [
        ("SOURCE", asked.table if is_address else asked.source),
        ("--engine", f"{asked.engine} {asked.master}".strip()),
        ("--grain", grain.value),
        ("--since", asked.since.isoformat() if asked.since else ""),
        ("--today", asked.today.isoformat()),
        ("--false-alarms-a-month", f"{asked.false_alarms_a_month:g}"),
        ("--least", str(asked.least or "")),
        ("--calendar", asked.calendar),
        ("--date-format", asked.date_format),
        ("--max-values", str(asked.max_values)),
        ("--drop-duplicates", "yes" if asked.drop_duplicates else "no"),
    ]
    return [(name, value or "—") for name, value in told]
