"""A series and the band it was expected in, as a small picture that needs no script."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sujin.archive.judged import Line

WIDTH, HEIGHT = 320.0, 96.0
LEFT, TOP, BOTTOM = 30.0, 6.0, 16.0
# More periods than these would be finer than the picture.
SHOWN = 400


def picture(line: Line, label: str) -> SafeString:
    """The last periods as inline SVG; its colours are the page's."""
    start = max(0, len(line.starts) - SHOWN)
    starts = line.starts[start:]
    counts, middle = line.counts[start:], line.middle[start:]
    low, high = line.low[start:], line.high[start:]
    top = max([*counts, *[value for value in high if value is not None], 1.0])
    points = _Points(len(starts), top)
    return format_html(
        '<svg class="series" viewBox="0 0 320 96" role="img" aria-label="{}">{}{}{}{}{}</svg>',
        label,
        _axis(points, starts, top),
        _path("band", points.band(low, high)),
        _path("middle", points.line(middle)),
        _path("count", points.line(counts)),
        _dots(points, starts, counts, line.alarms),
    )


class _Points:
    """Where a value of a period lies in the picture."""

    def __init__(self, count: int, top: float) -> None:
        self._step = (WIDTH - LEFT - 4) / max(count - 1, 1)
        self._scale = (HEIGHT - TOP - BOTTOM) / top

    def at(self, place: int, value: float) -> tuple[str, str]:
        return _short(LEFT + place * self._step), _short(HEIGHT - BOTTOM - value * self._scale)

    def line(self, values: Sequence[float | None]) -> str:
        """A path through the values, broken where there is none."""
        told, pen = [], "M"
        for place, value in enumerate(values):
            if value is None:
                pen = "M"
                continue
            told.append(f"{pen}{' '.join(self.at(place, value))}")
            pen = "L"
        return "".join(told)

    def band(self, low: Sequence[float | None], high: Sequence[float | None]) -> str:
        """The area between two rows of values, over the periods that have both."""
        places = [at for at, value in enumerate(low) if value is not None and high[at] is not None]
        if not places:
            return ""
        there = [self.at(at, high[at] or 0.0) for at in places]
        back = [self.at(at, low[at] or 0.0) for at in reversed(places)]
        return "M" + "L".join(" ".join(point) for point in [*there, *back]) + "Z"


def _short(value: float) -> str:
    return f"{value:.1f}"


def _path(name: str, drawn: str) -> SafeString:
    return format_html('<path class="{}" d="{}"/>', name, drawn) if drawn else SafeString("")


def _axis(points: _Points, starts: Sequence[date], top: float) -> SafeString:
    """The foot with first and last day, and the highest figure."""
    left, foot = points.at(0, 0.0)
    _, head = points.at(0, top)
    return format_html(
        '<path class="axis" d="M{} {}H316"/><text x="26" y="{}" class="end">{}</text>'
        '<text x="26" y="{}" class="end">0</text><text x="{}" y="93">{}</text>'
        '<text x="316" y="93" class="end">{}</text>',
        left, foot, float(head) + 7, f"{top:,.0f}", foot, left,
        starts[0].isoformat() if starts else "", starts[-1].isoformat() if starts else "",
    )  # fmt: skip


def _dots(
    points: _Points, starts: Sequence[date], counts: Sequence[float], alarms: Iterable[date]
) -> SafeString:
    """A diamond on every period that gave a warning: told by shape, not by colour alone."""
    marked = set(alarms)
    places = [at for at, day in enumerate(starts) if day in marked]
    drawn = [points.at(at, counts[at]) for at in places]
    return format_html_join("", '<path class="alarm" d="M{} {}m0-4l4 4l-4 4l-4-4Z"/>', drawn)
