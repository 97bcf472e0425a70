"""What each detector looks for, by which published method, and how often it was wrong."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from sujin import packs
from sujin.governance import realised, watchbook
from sujin.governance.kinds.wave import DETECTORS
from sujin.governance.models.owned import WATCH
from sujin.platform.ui.request import holds


@dataclass(frozen=True, slots=True)
class Card:
    """A detector: its words, its record in this house, and what was measured of it."""

    title: Any
    record: realised.Record
    seeks: str
    method: str
    measured: tuple[dict[str, str], ...]


@require_safe
def detectors(request: HttpRequest) -> HttpResponse:
    """Every detector, and every row of watch.csv with its promise."""
    asked = holds(request, WATCH)
    said = {row["detector"]: row for row in packs.rows(watchbook.HOUSE_PACK, "watch_detectors")}
    figures = packs.rows(watchbook.HOUSE_PACK, "watch_measured")
    tongue = "en" if get_language() == "en" else "zh"
    cards = [
        Card(
            DETECTORS[one.code], one, said[one.code][f"seeks_{tongue}"],
            said[one.code][f"method_{tongue}"],
            tuple(
                {"what": row[tongue], "figure": row["figure"], "command": row["command"]}
                for row in figures
                if row["detector"] in (one.code, "all")
            ),
        )
        for one in realised.by_detector()
    ]  # fmt: skip
    context = {
        "cards": cards,
        "rows": watchbook.watched(),
        "realised": realised.realised(asked.at),
    }
    return render(request, "governance/wave_detectors.html", context)
