"""Rate units: score all sheets of a month, sign and publish; and check."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.engine import stars
from sujin.governance.acts.propose_visit import WORDS_LEAST, spoken
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
from sujin.supervision.starbook import Scheme

DAY = timedelta(days=1)


class CannotRate(Refusal):
    """Not this person's, not now, or there is nothing to rate; the message says which."""


@dataclass(frozen=True, slots=True)
class Scored:
    """All sheets of a round in the order of the units; ``digest`` of rules and counts."""

    units: Sequence[Org]
    sheets: Sequence[stars.Sheet]
    digest: str


@transaction.atomic
def rate_units(scheme: Scheme, month: date, *, by: Person, at: datetime) -> StarRound:
    """All units of a scheme over its months up to this one, which is over. A draft is made anew;
    what is published stays."""
    first = month.replace(day=1)
    _refuse_month(scheme, first, at)
    units = list(Org.objects.filter(kind=scheme.kind).order_by("pk"))
    if not units:
        raise CannotRate(_t("没有要评的单位"))
    begins = months_back(first, scheme.months)[0]
    made, _is_new = StarRound.objects.select_for_update().get_or_create(
        scheme=scheme.code, month=first, defaults={"first": begins}
    )
    if made.state != kinds.DRAFTED:
        raise CannotRate(_t("这个月的评分已经公布"))
    counts = star_counts.counts(scheme.code, units, made.window, star_counts.left_out(made.pk))
    ruled = rules(scheme, counts, _earlier(units, made))
    found = scored(units, counts, ruled)
    told = kinds.StarsDrafted(
        first=begins, last=made.window.last, units=len(units), digest=found.digest, rules=ruled
    )
    made.write(told, by=by, at=at)
    keep(made, found, by=by, at=at)
    return made


def _refuse_month(scheme: Scheme, first: date, at: datetime) -> None:
    if whole_month(first).last >= timezone.localdate(at):
        raise CannotRate(_t("这个月还没有结束"))
    if first.month % scheme.every:
        raise CannotRate(_t("每 %(n)d 个月评一次，这个月不评") % {"n": scheme.every})
    later = StarRound.objects.filter(scheme=scheme.code, month__gt=first)
    if later.exclude(state=kinds.DRAFTED).exists():
        raise CannotRate(_t("以后的月份已经公布，不能再评以前的"))


def rules(
    scheme: Scheme, counts: Mapping[str, Sequence[Tally]], earlier: Sequence[int | None]
) -> dict[str, Any]:
    """The pack's words as they are now, the stars there were, and the seed, to be kept with the
    round: whatever happens later, the same counts give the same sheets. An item that hardly anybody
    has a case of is left out, and its points go to the others."""
    rows = starbook.items(scheme.code)
    kept = [code for code in rows if _tells(counts[code], scheme)] or list(rows)
    whole = sum(row.item.weight for row in rows.values())
    scale = whole / sum(rows[code].item.weight for code in kept)
    told: dict[str, Any] = {
        "items": [_scaled(rows[code].item, scale) for code in kept],
        "left": [code for code in rows if code not in kept],
        "levels": [asdict(row.level) for row in starbook.levels(scheme.code).values()],
        "sure": float(starbook.numbers()["sure"]),
        "earlier": list(earlier),
    }
    return {**told, "seed": int(_digest(counts, told)[:13], 16)}


def _tells(counts: Sequence[Tally], scheme: Scheme) -> bool:
    with_cases = sum(n > 0 for _hits, n in counts)
    enough = min(int(starbook.numbers()["units"]), len(counts))
    return with_cases >= enough and sum(n for _hits, n in counts) >= scheme.least


def _scaled(item: stars.Item, scale: float) -> dict[str, Any]:
    return {**asdict(item), "weight": round(item.weight * scale, 4)}


def scored(
    units: Sequence[Org], counts: Mapping[str, Sequence[Tally]], ruled: Mapping[str, Any]
) -> Scored:
    """From counts, whoever counted them: the same counts and rules give the same sheets."""
    kept = {one["code"]: counts[one["code"]] for one in ruled["items"]}
    sheets = stars.score(
        [stars.Item(**one) for one in ruled["items"]],
        {code: ([hit for hit, _ in rows], [n for _, n in rows]) for code, rows in kept.items()},
        [stars.Level(**one) for one in ruled["levels"]],
        seed=ruled["seed"],
        earlier=ruled["earlier"],
        sure=ruled["sure"],
    )
    return Scored(units, sheets, _digest(kept, ruled))


def _digest(counts: Mapping[str, Sequence[Tally]], ruled: Mapping[str, Any]) -> str:
    plain = {code: [list(one) for one in rows] for code, rows in counts.items()}
    told = json.dumps([plain, ruled], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _earlier(units: Sequence[Org], of: StarRound) -> list[int | None]:
    """The star each unit had in the last round of the scheme that was published before."""
    rounds = StarRound.objects.filter(scheme=of.scheme, month__lt=of.month).exclude(
        state=kinds.DRAFTED
    )
    last = rounds.order_by("-month").first()
    if last is None:
        return [None] * len(units)
    had = dict(StarSheet.objects.filter(round=last).values_list("unit", "star"))
    return [had.get(one.pk) for one in units]


def keep(of: StarRound, found: Scored, *, by: Person, at: datetime) -> int:
    """Every sheet that is new or has changed, with its entry; how many."""
    known = {one.unit_id: one for one in of.sheets.select_for_update()}
    fresh = [StarSheet(round=of, unit=one) for one in found.units if one.pk not in known]
    known |= {one.unit_id: one for one in StarSheet.objects.bulk_create(fresh)}
    entries, changed = [], []
    for unit, sheet in zip(found.units, found.sheets, strict=True):
        row, told = known[unit.pk], told_of(sheet, len(found.units))
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
def publish_stars(of: StarRound, *, words: str, by: Person, at: datetime) -> None:
    """By whoever rates at the head office, but for the one who drafted it."""
    held = StarRound.objects.select_for_update().get(pk=of.pk)
    refuse_unless_rates(by, at)
    if held.state != kinds.DRAFTED:
        raise CannotRate(_t("已经公布"))
    drafted = held.entries.of(kinds.StarsDrafted).order_by("-pk").first()
    if drafted is not None and drafted.by_id == by.pk:
        raise CannotRate(_t("评分的人不能自己公布，请另一个人核对后公布"))
    said = spoken(words)
    if len(said) < WORDS_LEAST:
        raise CannotRate(_t("请写签署意见"))
    until = at + int(starbook.numbers()["appeal_days"]) * DAY
    told = kinds.StarsPublished(words=said, published_at=at, appeal_by=until)
    held.write(told, by=by, at=at)


def refuse_unless_rates(by: Person, at: datetime) -> None:
    mine = reach.of(by, at)
    if not mine.everything or RATE not in mine.may:
        raise CannotRate(_t("由总行评分的人办理"))


@dataclass(frozen=True, slots=True)
class Checked:
    """Units whose kept sheet is not what its own counts give, and lines whose rows have changed
    since they were counted."""

    wrong: tuple[int, ...]
    drifted: tuple[tuple[int, str], ...]


def check_stars(of: StarRound) -> Checked:
    """Score the round again from the counts it kept, and count its rows again."""
    sheets = sheets_of(of)
    units = [one.unit for one in sheets]
    kept = kept_counts(of, sheets)
    made = scored(units, kept, of.rules)
    wrong = tuple(
        row.unit_id for row, sheet in zip(sheets, made.sheets, strict=True)
        if told_of(sheet, len(sheets)).cached() != _cached(row)
    )  # fmt: skip
    now = star_counts.counts(of.scheme, units, of.window, star_counts.left_out(of.pk))
    drifted = tuple(
        (row.unit_id, code) for at, row in enumerate(sheets) for code in kept
        if code in now and now[code][at] != kept[code][at]
    )  # fmt: skip
    return Checked(wrong, drifted)


def sheets_of(of: StarRound) -> list[StarSheet]:
    """In the order in which they were scored."""
    return list(of.sheets.select_related("unit").order_by("unit"))


def kept_counts(of: StarRound, sheets: Sequence[StarSheet]) -> dict[str, list[Tally]]:
    """The counts that the sheets were made from."""
    return {
        one["code"]: [_tally(sheet, one["code"]) for sheet in sheets] for one in of.rules["items"]
    }  # fmt: skip


def _tally(sheet: StarSheet, code: str) -> Tally:
    line = next(one for one in sheet.lines if one["item"] == code)
    return line["hits"], line["n"]


def _cached(row: StarSheet) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in kinds.SheetScored.caches}
    return found | {"lines": tuple(found["lines"])}
