"""Rate the outlets: score all sheets of a month, publish, hear appeals, archive; and check."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.complaints.figures.selection import Window
from sujin.engine import stars
from sujin.governance.metric_board import months_back, whole_month
from sujin.platform import reach
from sujin.platform.models import Org, Person
from sujin.platform.models.entry import record
from sujin.platform.refusal import Refusal
from sujin.supervision import star_counts, starbook
from sujin.supervision.kinds import star as kinds
from sujin.supervision.models import StarRound, StarSheet
from sujin.supervision.models.star import RATE
from sujin.supervision.star_counts import Tally

DAY = timedelta(days=1)


class CannotRate(Refusal):
    """Not this person's, not now, or there is nothing to rate; the message says which."""


@dataclass(frozen=True, slots=True)
class Scored:
    """All sheets of a round in the order of the outlets; ``digest`` of rules and counts."""

    outlets: Sequence[Org]
    sheets: Sequence[stars.Sheet]
    digest: str


@transaction.atomic
def rate_outlets(month: date, *, by: Person, at: datetime) -> StarRound:
    """All outlets over the pack's months up to this one, which is over. A draft is made anew; what
    is published stays."""
    first = month.replace(day=1)
    if whole_month(first).last >= timezone.localdate(at):
        raise CannotRate(_t("这个月还没有结束"))
    outlets = list(Org.objects.filter(kind="outlet").order_by("pk"))
    if not outlets:
        raise CannotRate(_t("没有网点"))
    begins = months_back(first, int(starbook.numbers()["months"]))[0]
    made, _is_new = StarRound.objects.select_for_update().get_or_create(
        month=first, defaults={"first": begins}
    )
    if made.state != kinds.DRAFTED:
        raise CannotRate(_t("这个月的星级已经公布"))
    scored = score(outlets, Window(begins, whole_month(first).last), made)
    told = kinds.StarsDrafted(
        first=begins, last=whole_month(first).last, outlets=len(outlets), digest=scored.digest,
        rules=rules(),
    )  # fmt: skip
    made.write(told, by=by, at=at)
    keep(made, scored, by=by, at=at)
    return made


def rules() -> dict[str, Any]:
    """The pack's words as they are now, to be kept with the round."""
    return {
        "items": [asdict(row.item) for row in starbook.items().values()],
        "levels": [asdict(row.level) for row in starbook.levels().values()],
        "sure": float(starbook.numbers()["sure"]),
    }


def score(outlets: Sequence[Org], window: Window, of: StarRound) -> Scored:
    """From the rows as they are now."""
    counts = star_counts.counts(outlets, window, star_counts.left_out(of.pk))
    return scored(outlets, counts, rules(), of)


def scored(
    outlets: Sequence[Org], counts: Mapping[str, Sequence[Tally]], ruled: Mapping[str, Any],
    of: StarRound,
) -> Scored:  # fmt: skip
    """From counts, whoever counted them: the same counts and rules give the same sheets."""
    earlier = _earlier(outlets, of)
    digest = _digest(counts, ruled, earlier)
    sheets = stars.score(
        [stars.Item(**one) for one in ruled["items"]],
        {
            code: ([hit for hit, _n in rows], [n for _hit, n in rows])
            for code, rows in counts.items()
        },
        [stars.Level(**one) for one in ruled["levels"]],
        seed=int(digest[:15], 16),
        earlier=earlier,
        sure=ruled["sure"],
    )
    return Scored(outlets, sheets, digest)


def _digest(
    counts: Mapping[str, Sequence[Tally]], ruled: Mapping[str, Any], earlier: Sequence[int | None]
) -> str:
    plain = {code: [list(one) for one in rows] for code, rows in counts.items()}
    told = json.dumps([plain, ruled, list(earlier)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _earlier(outlets: Sequence[Org], of: StarRound) -> list[int | None]:
    """The star each outlet had in the last round that was published before."""
    rounds = StarRound.objects.filter(month__lt=of.month).exclude(state=kinds.DRAFTED)
    last = rounds.order_by("-month").first()
    if last is None:
        return [None] * len(outlets)
    had = dict(StarSheet.objects.filter(round=last).values_list("outlet", "star"))
    return [had.get(one.pk) for one in outlets]


def keep(of: StarRound, found: Scored, *, by: Person, at: datetime) -> int:
    """Every sheet that is new or has changed, with its entry; how many."""
    known = {one.outlet_id: one for one in of.sheets.select_for_update()}
    fresh = [
        StarSheet(round=of, outlet=one) for one in found.outlets if one.pk not in known
    ]  # fmt: skip
    known |= {one.outlet_id: one for one in StarSheet.objects.bulk_create(fresh)}
    entries, changed = [], []
    for outlet, sheet in zip(found.outlets, found.sheets, strict=True):
        row, told = known[outlet.pk], told_of(sheet, len(found.outlets))
        if row.lines and _cached(row) == told.cached():
            continue
        row.take(told)
        changed.append(row)
        entries.append(row.entry(told, by=by, at=at))
    StarSheet.objects.bulk_update(changed, list(kinds.SheetScored.caches), batch_size=500)
    record(entries)
    return len(changed)


def told_of(sheet: stars.Sheet, of: int) -> kinds.SheetScored:
    """Rounded as it is shown, so that what is shown is what is kept."""
    return kinds.SheetScored(
        lines=tuple(
            {name: round(value, 4) if isinstance(value, float) else value
             for name, value in asdict(one).items()}
            for one in sheet.lines
        ),
        points=round(sheet.points, 2), low=round(sheet.low, 2), high=round(sheet.high, 2),
        star=sheet.star, star_low=sheet.star_low, star_high=sheet.star_high,
        rank_first=sheet.first, rank_last=sheet.last, of=of, before=sheet.before,
        behind=sheet.behind,
    )  # fmt: skip


@transaction.atomic
def publish_stars(of: StarRound, *, by: Person, at: datetime) -> None:
    """By whoever rates at the head office, but for the one who drafted it."""
    held = StarRound.objects.select_for_update().get(pk=of.pk)
    refuse_unless_rates(by, at)
    if held.state != kinds.DRAFTED:
        raise CannotRate(_t("已经公布"))
    drafted = held.entries.of(kinds.StarsDrafted).order_by("-pk").first()
    if drafted is not None and drafted.by_id == by.pk:
        raise CannotRate(_t("评分的人不能自己公布，请另一个人核对后公布"))
    until = at + int(starbook.numbers()["appeal_days"]) * DAY
    held.write(kinds.StarsPublished(published_at=at, appeal_by=until), by=by, at=at)


def refuse_unless_rates(by: Person, at: datetime) -> None:
    mine = reach.of(by, at)
    if not mine.everything or RATE not in mine.may:
        raise CannotRate(_t("由总行评定星级的人办理"))


@dataclass(frozen=True, slots=True)
class Checked:
    """Outlets whose kept sheet is not what its own counts give, and lines whose rows have changed
    since they were counted."""

    wrong: tuple[int, ...]
    drifted: tuple[tuple[int, str], ...]


def check_stars(of: StarRound) -> Checked:
    """Score the round again from the counts it kept, and count its rows again."""
    sheets = list(of.sheets.select_related("outlet").order_by("outlet"))
    outlets = [one.outlet for one in sheets]
    codes = [one["code"] for one in of.rules["items"]]
    kept = {code: [_tally(one, code) for one in sheets] for code in codes}
    again = scored(outlets, kept, of.rules, of)
    wrong = tuple(
        row.outlet_id for row, sheet in zip(sheets, again.sheets, strict=True)
        if told_of(sheet, len(sheets)).cached() != _cached(row)
    )  # fmt: skip
    window = Window(of.first, whole_month(of.month).last)
    now = star_counts.counts(outlets, window, star_counts.left_out(of.pk))
    drifted = tuple(
        (row.outlet_id, code) for at, row in enumerate(sheets) for code in codes
        if code in now and now[code][at] != kept[code][at]
    )  # fmt: skip
    return Checked(wrong, drifted)


def _tally(sheet: StarSheet, code: str) -> Tally:
    line = next(one for one in sheet.lines if one["item"] == code)
    return line["hits"], line["n"]


def _cached(row: StarSheet) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in kinds.SheetScored.caches}
    return found | {"lines": tuple(found["lines"])}
