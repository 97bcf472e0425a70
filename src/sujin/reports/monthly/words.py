"""The month's bulletin in words and rows."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.complaints.figures.selection import Window
from sujin.engine.verify import Verdict
from sujin.governance import wave_words
from sujin.governance.metric_board import exactly
from sujin.governance.metricbook import metrics
from sujin.governance.models import Measure, Problem, Wave
from sujin.platform.models import Org
from sujin.platform.reach import Reach
from sujin.reports.monthly.figures import Monthly, Row
from sujin.reports.parts import Part, Report, Table
from sujin.reports.quarterly.words import change, percent


def report(found: Monthly, org: Org, reach: Reach, at: datetime) -> Report:
    """Everything that the month's bulletin of ``org`` says to this reader."""
    nodes = [row.node for rows in found.tables.values() for row in rows if row.node]
    names = wave_words.names([*nodes, (found.path, "", "", "")])
    parts = (
        _counts(found, names),
        _handled(found, org, reach),
        _governed(found, reach),
    )
    title = _t("%(org)s %(month)s 投诉情况通报") % {"org": org, "month": found.month}
    return Report(title, _t("通报"), tuple(_basis(found, at)), parts)


def _basis(found: Monthly, at: datetime) -> Iterator[str]:
    yield _t("口径：当月受理的投诉，按受理机构；重复投诉合并为一件，另计次数。")
    if found.month.last >= timezone.localdate(at):
        yield _t("本月还没有结束，只到编制时为止，与整月不可比。")


def _counts(found: Monthly, names: wave_words.Names) -> Part:
    total, again = found.total, found.repeats
    told = {
        "n": f"{total.now:,}", "before": change(_than(total.now, total.before)),
        "year": change(_than(total.now, total.year_ago)), "again": f"{again:,}",
        "share": percent(_share(again, total.now)),
    }  # fmt: skip
    said = _t(
        "受理投诉 %(n)s 件，比上月 %(before)s，比去年同月 %(year)s；"
        "其中再次提出 %(again)s 件（%(share)s）。"
    )
    titles = {
        "business": _t("按业务"), "cause": _t("按原因"), "channel": _t("按渠道"),
        "org": _t("按机构"),
    }  # fmt: skip
    tables = tuple(_table(found, names, name, title) for name, title in titles.items())
    return Part(_t("总体情况"), (said % told,), tables)


def _table(found: Monthly, names: wave_words.Names, name: str, title: str) -> Table:
    rows = found.tables[name]
    head = (title, _t("件数"), _t("占比"), _t("上月"), _t("环比"), _t("去年同月"), _t("同比"))
    place = {"org": 0, "business": 1, "cause": 2, "channel": 3}[name]
    first, last = found.month.first, found.month.last
    return Table(
        title, head, tuple(_cells(row, found.total.now, _named(names, place, row)) for row in rows),
        tuple(names.cases("complaint", row.node, first, last) if row.node else "" for row in rows),
    )  # fmt: skip


def _named(names: wave_words.Names, place: int, row: Row) -> str:
    if row.code:
        return names.code(place, row.code)
    return _t("本级受理") if place == 0 else _t("未分类")


def _cells(row: Row, total: int, name: str) -> tuple[str, ...]:
    return (
        name, f"{row.now:,}", percent(_share(row.now, total)), f"{row.before:,}",
        change(_than(row.now, row.before)), f"{row.year_ago:,}",
        change(_than(row.now, row.year_ago)),
    )  # fmt: skip


def _handled(found: Monthly, org: Org, reach: Reach) -> Part:
    """The metrics of the catalogue that stand on the homes of managers."""
    mine = [
        one
        for one in metrics().values()
        if "management" in one.levels and one.needs & reach.may and one.code != "received"
    ]
    windows = (
        Window(one.first, one.last)
        for one in (found.month, found.month.before, found.month.year_ago)
    )
    lines = exactly(mine, org, *windows)
    told = [line for line in lines if line.now.n and line.now.value is not None]
    head = (_t("指标"), _t("件数"), _t("本月"), _t("95%% 区间") % (), _t("上月"), _t("去年同月"))
    rows = tuple(
        (
            str(one.metric),
            f"{one.now.n:,}",
            one.now.said,
            one.now.span or "—",
            one.before.said,
            one.year_ago.said,
        )
        for one in told
    )
    table = Table(_t("办理指标"), head, rows, tuple(one.url for one in told))
    return Part(_t("办理"), (_t("按指标目录的定义；时长看中位数和九成，不看平均。"),), (table,))


def _governed(found: Monthly, reach: Reach) -> Part:
    first, last = found.month.first, found.month.last
    below = {"org_path__startswith": found.path}
    waves = Wave.objects.within(reach).filter(**below, raised_at__date__range=(first, last))
    problems = Problem.objects.within(reach).filter(**below)
    opened = problems.filter(opened_at__date__range=(first, last)).count()
    closed = problems.filter(closed_at__date__range=(first, last)).count()
    judged = Measure.objects.filter(
        problem__in=problems.values("pk"), judged_at__date__range=(first, last)
    )
    told = {
        "waves": waves.count(), "opened": opened, "closed": closed, "judged": judged.count(),
        "worked": judged.filter(verdict=Verdict.WORKED).count(),
    }  # fmt: skip
    said = _t(
        "预警 %(waves)s 条；台账新增问题 %(opened)s 个，了结 %(closed)s 个；"
        "核验措施 %(judged)s 项，有效 %(worked)s 项。"
    )
    return Part(_t("预警与治理"), (said % told,), ())


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None


def _than(now: int, before: int) -> Decimal | None:
    return Decimal(now) / before - 1 if before else None
