"""An event as the trigger of a flash report."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_noop

from sujin.complaints.rulebook import name_of
from sujin.complaints.words import line as line_name
from sujin.governance import event_counts
from sujin.governance.event_counts import CONSULTATION, daily
from sujin.governance.flash import Pair, Step, Trigger
from sujin.governance.models import Event
from sujin.platform.models import Org

CHANNELS = {"hotline": "95588", "counter": "网点", "web_form": "网上"}


def of_event(event: Event, at: datetime) -> Trigger:
    """What is known of it at ``at``."""
    live = [one.version_id for one in event.requests.all() if one.live_at and one.version_id]
    return Trigger(
        subject=Event.subject,
        subject_id=event.pk,
        title=event.title,
        at=event.announced_at or at,
        limit=event.row.flash,
        facts=list(_facts(event)),
        exposure=list(_exposure(event)),
        figures=list(_figures(event, at)),
        lines=event.lines,
        words=" ".join([event.title, *event.words, event.what]),
        next_steps=list(_steps(event)),
        version=live[0] if live else None,
    )


def _facts(event: Event) -> Iterator[Pair]:
    yield gettext_noop("事件类别"), event.row.zh
    yield gettext_noop("发生了什么"), event.what
    yield gettext_noop("发生或生效时间"), f"{localtime(event.starts_at):%Y-%m-%d %H:%M}"
    yield gettext_noop("来源"), event.source
    for one in event.before_after:
        said = f"{one['before']} → {one['after']}"
        yield gettext_noop("调整前后对照"), f"{one['what']}：{said}"
    yield gettext_noop("适用客群"), event.population
    yield gettext_noop("受理要求"), event.acceptance
    yield gettext_noop("舆情说明"), event.opinion


def _exposure(event: Event) -> Iterator[Pair]:
    yield gettext_noop("涉及条线"), "、".join(map(line_name, event.lines))
    named = [name_of("business", code, english=False) for code in event.business]
    yield gettext_noop("涉及业务"), "、".join(named)
    branches = Org.objects.filter(pk__in=event.branches).values_list("name", flat=True)
    yield gettext_noop("涉及分行"), "、".join(branches) or "全行"
    yield gettext_noop("涉及产品"), "、".join(event.products)
    if event.customers is not None:
        yield gettext_noop("涉及客户数"), f"{event.customers:,}（{event.customers_by}）"
    channels = [CHANNELS.get(code, code) for code in event.row.channels]
    yield gettext_noop("客户会找的渠道"), "、".join(channels)


def _figures(event: Event, at: datetime) -> Iterator[Pair]:
    """Received so far against what was expected for the same days, and what is still to come."""
    today = localdate(at)
    if event.first_day <= today:
        for label, kind in (
            (gettext_noop("已收投诉"), event_counts.COMPLAINT),
            (gettext_noop("已收咨询"), CONSULTATION),
        ):
            count = sum(daily(event, event.first_day, today, kind).values())
            yield label, f"{count}（{event.first_day:%m-%d} 至 {today:%m-%d}）"
    rows = list(event.forecasts.order_by("day", "-made_at"))
    latest = {row.day: row for row in reversed(rows)}
    ahead = [latest[day] for day in sorted(latest) if today <= day < today + timedelta(days=7)]
    if ahead:
        low, mid, high = (
            sum(getattr(one, name) for one in ahead) for name in ("low", "mid", "high")
        )
        until = ahead[-1].day
        yield (
            gettext_noop("预计投诉（每日中位数合计，括号内为每日区间合计）"),
            f"{mid:.0f}（{low:.0f} 至 {high:.0f}），截至 {until:%m-%d}",
        )
    yield gettext_noop("舆情"), f"{event.mentions.count()} 条"


def _steps(event: Event) -> Iterator[Step]:
    for one in event.requests.all():
        if one.live_at is None and one.due_at is not None:
            said = {"owner": str(one.owner), "at": f"{localtime(one.due_at):%m-%d %H:%M}"}
            yield gettext_noop("%(owner)s：%(at)s 前出口径、送审并发布"), said
    yield gettext_noop("95588 与网点：按上面的口径答复，没有口径的先记录、不承诺"), {}
    yield gettext_noop("各分行：核对客户名单，先联系受影响最大的客户"), {}
    yield gettext_noop("消费者权益保护部：盯已收与预计，超出区间即开会研判"), {}
