"""A unit appeals against a line; what is granted is left out and all sheets are made anew."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from sujin.governance.acts.lateness import tell_desks
from sujin.governance.acts.propose_visit import WORDS_LEAST, spoken
from sujin.platform import reach
from sujin.platform.acts.tell import tell
from sujin.platform.models import Entry, Org, Person
from sujin.platform.reach import Reach, roles_with
from sujin.supervision import star_counts, starbook
from sujin.supervision.acts.rate_units import (
    CannotRate,
    keep,
    kept_counts,
    refuse_unless_rates,
    scored,
    sheets_of,
)
from sujin.supervision.kinds import star as kinds
from sujin.supervision.models import StarAppeal, StarRound, StarSheet
from sujin.supervision.models.inspection import RECTIFY
from sujin.supervision.models.star import RATE

KEYS_MAX = 50


@transaction.atomic
def appeal_star(
    sheet: StarSheet, *, item: str, keys: Sequence[int], words: str, by: Person, at: datetime
) -> StarAppeal:
    """Which of the cases behind a line should not count, and why; by the unit or above it."""
    StarRound.objects.select_for_update().get(pk=sheet.round_id)
    held = StarSheet.objects.select_related("round", "unit").get(pk=sheet.pk)
    if not appeals(held, reach.of(by, at)):
        raise CannotRate(_t("由本单位或它的上级申诉"))
    if not held.round.takes_appeals(at):
        raise CannotRate(_t("不在申诉期内"))
    said, chosen = spoken(words), sorted(set(keys))
    if len(said) < WORDS_LEAST or not 0 < len(chosen) <= KEYS_MAX:
        raise CannotRate(_t("请选出不应计入的件（最多 %(n)d 件）并写明理由") % {"n": KEYS_MAX})
    _refuse_unless_behind(held, item, chosen)
    try:
        with transaction.atomic():
            made = StarAppeal.objects.create(sheet=held, item=item, asked_by=by, asked_at=at)
    except IntegrityError:
        raise CannotRate(_t("这一项已有一件申诉在审")) from None
    made.write(kinds.StarAppealed(item=item, words=said, keys=tuple(chosen)), by=by, at=at)
    return made


def appeals(sheet: StarSheet, mine: Reach) -> bool:
    return mine.allows(RECTIFY, sheet.unit.tokens)


def _refuse_unless_behind(held: StarSheet, item: str, keys: Sequence[int]) -> None:
    row = starbook.items(held.round.scheme).get(item)
    scored = {one["item"] for one in held.lines}
    known = star_counts.rows(row, held.unit, held.round.window) if row and item in scored else []
    if not set(keys) <= {one.key for one in known}:
        raise CannotRate(_t("选出的件不在这一项里"))


@transaction.atomic
def decide_star_appeal(
    appeal: StarAppeal, *, state: str, because: str, by: Person, at: datetime
) -> None:
    """By whoever rates, never who appealed. Granted: all sheets of the round are made anew."""
    of = StarRound.objects.select_for_update().get(sheets__appeals=appeal.pk)
    rows = StarAppeal.objects.select_for_update(of=("self",)).select_related("sheet__unit")
    held = rows.get(pk=appeal.pk)
    if of.state == kinds.ARCHIVED:
        raise CannotRate(_t("这一期已经归档"))
    refuse_unless_rates(by, at)
    if held.asked_by_id == by.pk:
        raise CannotRate(_t("申诉的人不能审自己的申诉"))
    if held.state != kinds.ASKED or state not in (kinds.GRANTED, kinds.REFUSED):
        raise CannotRate(_t("已经审过，或没有选择支持与不支持"))
    said = spoken(because)
    if len(said) < WORDS_LEAST:
        raise CannotRate(_t("请写明理由"))
    if state == kinds.GRANTED:
        _make_anew(of, held, by=by, at=at)
    held.write(kinds.StarAppealDecided(state=state, because=said), by=by, at=at)


def _make_anew(of: StarRound, appeal: StarAppeal, *, by: Person, at: datetime) -> None:
    """From the counts that were kept, less the cases of the appeal: nobody else's counts move, and
    nobody else's draws."""
    sheets = sheets_of(of)
    counts, item = kept_counts(of, sheets), starbook.items(of.scheme)[appeal.item]
    rows = star_counts.rows(item, appeal.sheet.unit, of.window)
    out = [row for row in rows if row.key in set(appeal.keys)]
    place = [one.pk for one in sheets].index(appeal.sheet_id)
    hits, n = counts[appeal.item][place]
    n = max(n - sum(row.n for row in out), 0)
    counts[appeal.item][place] = (min(max(hits - sum(row.hits for row in out), 0), n), n)
    found = scored([one.unit for one in sheets], counts, of.rules)
    changed = keep(of, found, by=by, at=at)
    told = kinds.StarsCorrected(appeal=appeal.pk, digest=found.digest, changed=changed)
    of.write(told, by=by, at=at)


def archive_stars(*, by: Person, at: datetime) -> int:
    """Rounds whose days for appeals are over and in which each was decided; how many."""
    rows = StarRound.objects.filter(state=kinds.PUBLISHED, appeal_by__lt=at)
    waiting = StarAppeal.objects.filter(state=kinds.ASKED).values("sheet__round")
    keys = list(rows.exclude(pk__in=waiting).values_list("pk", flat=True))
    for key in keys:
        _archive(key, by=by, at=at)
    return len(keys)


@transaction.atomic
def _archive(key: int, *, by: Person, at: datetime) -> None:
    held = StarRound.objects.select_for_update().get(pk=key)
    if held.state == kinds.PUBLISHED:
        held.write(kinds.StarsArchived(), by=by, at=at)


def inform_raters(entry: Entry) -> None:
    """Whoever rates hears of an appeal, on the sheet's page."""
    row = StarAppeal.objects.get(pk=entry.subject_id)
    able = roles_with(RATE)
    tell_desks(Org.objects.filter(parent=None), able, entry, number=str(row.sheet_id))


def inform_appellant(entry: Entry) -> None:
    row = StarAppeal.objects.select_related("asked_by").get(pk=entry.subject_id)
    tell([row.asked_by], of=entry, number=str(row.sheet_id))
