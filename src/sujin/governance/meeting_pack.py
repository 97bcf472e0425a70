"""The pack of a 研判会: page one is what the last meeting decided and what it changed."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.complaints.words import line as line_name
from sujin.governance.kinds import ledger
from sujin.governance.models import Decision, Measure, Meeting, Problem
from sujin.governance.verdict_words import kept
from sujin.platform.documents import book as books
from sujin.platform.documents.book import Book, Chapter, Piece

WEEK = timedelta(weeks=1)
MOST = 40


def pack(meeting: Meeting, at: datetime) -> Book:
    """Of the whole house: for those who sit in the meeting."""
    today = timezone.localdate(at)
    chapters = (
        Chapter(_t("上次会议决定了什么，改变了什么"), (), tuple(_last(meeting, today))),
        Chapter(_t("议题"), (), tuple(_agenda(meeting))),
        Chapter(_t("问题：新增、逾期、办结"), (), tuple(_problems(today))),
        Chapter(_t("措施核验"), (), tuple(_measures(today))),
    )
    seats = _t("、").join(line_name(one) for one in meeting.seats)
    return Book(
        str(meeting), _t("会议材料"), settings.INSTITUTION,
        ((_t("参加条线"), seats), (_t("编制时间"), f"{timezone.localtime(at):%Y-%m-%d %H:%M}")),
        chapters, settings.INSTITUTION, at,
    )  # fmt: skip


def _last(meeting: Meeting, today: date) -> Iterator[Piece]:
    before = meeting.before()
    if before is None:
        yield _said(_t("此前没有开过这种会议。"))
        return
    rows = decided(before)
    done = sum(not one.is_open for one in rows)
    late = sum(one.is_open and one.due_on < today for one in rows)
    told = {"meeting": before, "n": len(rows), "done": done, "late": late}
    yield _said(_t("%(meeting)s决定 %(n)s 项：已了结 %(done)s 项，逾期 %(late)s 项。") % told)
    head = (_t("决定"), _t("谁做"), _t("期限"), _t("现在"), _t("改变了什么"))
    yield _table(
        _t("逐项"), head,
        [
            (one.words, str(one.owner), one.due_on.isoformat(), one.status, one.changed() or "—")
            for one in rows
        ],
    )  # fmt: skip


def decided(meeting: Meeting) -> list[Decision]:
    """With what their status and effect are read from."""
    rows = meeting.decisions.select_related("owner", "problem")
    return list(rows.prefetch_related("problem__measures").order_by("number"))


def _agenda(meeting: Meeting) -> Iterator[Piece]:
    head = (_t("议题"), _t("近四周"), _t("平常"), _t("增长"), _t("可控"), _t("分值"))
    topics = [
        (
            one["title"], str(one["recent"]), str(one["usual"]), f"×{one['growth']}",
            f"{one['control']:.0%}", str(one["score"]),
        )
        for one in meeting.agenda
        if one["kind"] == "topic"
    ]  # fmt: skip
    if topics:
        yield _table(_t("数据提出的（负担 × 增长 × 可控）"), head, topics)
    for kind, title in (("problem", _t("久拖未决的问题")), ("words", _t("其他议题"))):
        rows = [
            (one["title"], one.get("owner", "—")) for one in meeting.agenda if one["kind"] == kind
        ]
        if rows:
            yield _table(title, (_t("议题"), _t("归口单位")), rows)
    if not meeting.agenda:
        yield _said(_t("没有议题。"))


def _problems(today: date) -> Iterator[Piece]:
    since = today - WEEK
    head = (_t("问题"), _t("归口单位"), _t("办结期限"), _t("状态"))
    rows = Problem.objects.select_related("owner").order_by("owner__path", "due_on")
    told = (
        (_t("本周新增"), rows.filter(opened_at__date__gte=since)),
        (_t("逾期未结"), rows.filter(state__in=ledger.STANDING, due_on__lt=today)),
        (_t("本周办结"), rows.filter(state=ledger.SOLVED, closed_at__date__gte=since)),
    )
    for title, found in told:
        lines = [
            (one.name, str(one.owner), one.due_on.isoformat(), str(one.get_state_display()))
            for one in found[:MOST]
        ]
        yield (
            _table(title, head, lines) if lines else _said(_t("%(what)s：没有。") % {"what": title})
        )


def _measures(today: date) -> Iterator[Piece]:
    rows = Measure.objects.select_related("problem").order_by("-judged_at")
    judged = rows.filter(judged_at__date__gte=today - 5 * WEEK)[:MOST]
    lines = [(one.problem.name, one.words, kept(one.verdict, one.figures)) for one in judged]
    if lines:
        yield _table(_t("近五周的结论"), (_t("问题"), _t("措施"), _t("结论")), lines)
    else:
        yield _said(_t("近五周没有到核验日的措施。"))


def _said(text: str) -> Piece:
    return Piece(books.TEXT, "", text)


def _table(title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Piece:
    return Piece(books.TABLE, title, head=head, rows=tuple(rows))
