"""Compile an issue: begin it, take items into its chapters, arrange them, or give it up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.engine.redaction import redact
from sujin.knowledge import kinds
from sujin.knowledge.audience import STAFF
from sujin.knowledge.kinds.issue import ABANDONED, COMPILING, HANDBOOK, SERIES
from sujin.knowledge.models import Issue, IssueLine, Version
from sujin.platform.models import Org, Person
from sujin.platform.refusal import Refusal

MOST_LINES, MOST_CHAPTERS = 400, 30


class CannotCompile(Refusal):
    """The issue cannot be changed so; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line shall stand."""

    line: int
    chapter: int
    position: int


@transaction.atomic
def begin_issue(
    *, series: str, name: str, chapters: Sequence[str], org: Org, by: Person, at: datetime
) -> Issue:
    """A new issue with the next number of its series."""
    titles = _titles(chapters)
    if series not in SERIES or not name.strip():
        raise CannotCompile(_t("请选择系列并写标题"))
    year = timezone.localdate(at).year
    made = Issue(
        series=series, year=year, number=_next_number(series, year), name=name.strip()[:80],
        chapters=titles, org=org, compiled_by=by, compiled_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise CannotCompile(_t("这个期号刚被占用，请再提交一次")) from None
    made.write(kinds.IssueBegun(state=COMPILING, label=made.label), by=by, at=at)
    return made


def _next_number(series: str, year: int) -> int:
    """The place in the year; of a handbook the edition, counted through."""
    rows = Issue.objects.filter(series=series)
    if series != HANDBOOK:
        rows = rows.filter(year=year)
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _titles(chapters: Sequence[str]) -> list[str]:
    titles = [title.strip()[:60] for title in chapters if title.strip()]
    if not titles or len(titles) > MOST_CHAPTERS or len(set(titles)) != len(titles):
        said = {"n": MOST_CHAPTERS}
        raise CannotCompile(_t("请写 1 到 %(n)d 个章名，各不相同") % said)
    return titles


@transaction.atomic
def fill(
    issue: Issue, versions: Iterable[Version], *, chapter: int, by: Person, at: datetime
) -> None:
    """Take versions into a chapter, at its end; what is in the issue already stays where it is."""
    held = open_issue(issue)
    if not 0 <= chapter < len(held.chapters):
        raise CannotCompile(_t("没有这一章"))
    there = set(held.lines.values_list("version__item", flat=True))
    fresh = [one for one in versions if one.item_id not in there]
    if not fresh:
        raise CannotCompile(_t("没有选中新的条目"))
    refuse_unfit(fresh, at)
    if len(there) + len(fresh) > MOST_LINES:
        raise CannotCompile(_t("一期最多收 %(n)d 条") % {"n": MOST_LINES})
    last = held.lines.filter(chapter=chapter).aggregate(last=Max("position"))["last"] or 0
    IssueLine.objects.bulk_create(
        IssueLine(issue=held, chapter=chapter, position=last + nth, version=one)
        for nth, one in enumerate(fresh, start=1)
    )
    codes = tuple(one.item.code for one in fresh)
    told = kinds.IssueFilled(state=held.state, chapter=held.chapters[chapter], codes=codes)
    held.write(told, by=by, at=at)


def refuse_unfit(versions: Iterable[Version], at: datetime) -> None:
    """An issue is read by everybody: only what is in force, for staff, in the whole bank."""
    for one in versions:
        said = {"title": one.title}
        if not one.is_in_force(at):
            raise CannotCompile(_t("《%(title)s》现在没有生效，不能收入；请移出或换成新版") % said)
        if is_rolling_out(one, at):
            raise CannotCompile(_t("《%(title)s》正在分批推开，推开完毕才能收入") % said)
        if one.orgs:
            raise CannotCompile(_t("《%(title)s》只限部分机构使用，不能收入全行读物") % said)
        if STAFF not in one.surfaces:
            raise CannotCompile(_t("《%(title)s》不供工作人员使用，不能收入") % said)


def is_rolling_out(version: Version, at: datetime) -> bool:
    """Whether it, or what takes its place, has come to some branches and not to others."""
    both = [version, version.successor] if version.successor else [version]
    return any(one.staged_until is not None and one.staged_until > at for one in both)


@transaction.atomic
def arrange(
    issue: Issue,
    *,
    name: str,
    chapters: Sequence[str],
    places: Sequence[Place],
    by: Person,
    at: datetime,
) -> None:
    """Give every line its chapter and place; a line without one is taken out."""
    held = open_issue(issue)
    titles = _titles(chapters)
    lines = {line.pk: line for line in held.lines.select_related("version__item")}
    wanted = [place for place in places if place.line in lines]
    if any(not 0 <= place.chapter < len(titles) for place in wanted):
        raise CannotCompile(_t("有条目所在的章已去掉，请先把它们移到别的章"))
    counted = [0] * len(titles)
    for place in sorted(wanted, key=lambda one: (one.chapter, one.position)):
        counted[place.chapter] += 1
        line = lines[place.line]
        line.chapter, line.position = place.chapter, counted[place.chapter]
    kept = {place.line for place in wanted}
    gone = [line for key, line in lines.items() if key not in kept]
    IssueLine.objects.filter(pk__in=[line.pk for line in gone]).delete()
    stay = [line for key, line in lines.items() if key in kept]
    IssueLine.objects.bulk_update(stay, ["chapter", "position"])
    told = kinds.IssueArranged(
        state=held.state, name=name.strip()[:80] or held.name, chapters=tuple(titles),
        left_out=tuple(line.version.item.code for line in gone),
    )  # fmt: skip
    held.write(told, by=by, at=at)


@transaction.atomic
def abandon(issue: Issue, *, because: str, by: Person, at: datetime) -> None:
    """It will not be signed; its docket and its number stay."""
    held = open_issue(issue)
    if not because.strip():
        raise CannotCompile(_t("请写明理由"))
    told = kinds.IssueAbandoned(state=ABANDONED, because=redact(because.strip()).text[:300])
    held.write(told, by=by, at=at)


def open_issue(issue: Issue) -> Issue:
    """The issue held to the end of the transaction, while it may still be changed."""
    held = Issue.objects.select_for_update(of=("self",)).select_related("org", "compiled_by")
    found = held.get(pk=issue.pk)
    if not found.is_open:
        raise CannotCompile(_t("这一期已签发或放弃，不能再改"))
    return found
