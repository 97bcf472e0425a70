"""The week in words and rows."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _t

from sujin.governance.models import Measure, Problem
from sujin.governance.verdict_words import kept
from sujin.reports.parts import Part, Report, Table
from sujin.reports.weekly.figures import WEEK, Owner, Weekly


def report(found: Weekly) -> Report:
    """Everything that the week's pack says."""
    title = _t("%(first)s 起一周复盘材料") % {"first": found.first.isoformat()}
    basis = _t(
        "口径：治理台账中读者能看到的问题，按归口单位；一个问题一个方案，有核验结论才算办结。期限和决定按现在的登记。"
    )
    return Report(title, _t("周报"), (basis,), (_owners(found), _lists(found), _coming(found)))


def _owners(found: Weekly) -> Part:
    told = {"new": len(found.new), "late": len(found.late), "solved": len(found.solved),
            "n": found.standing}  # fmt: skip
    said = _t("新增 %(new)s 个，逾期 %(late)s 个，办结 %(solved)s 个，在办 %(n)s 个。") % told
    tables = [
        Table(title, (_t("归口单位"), title),
              tuple((str(one.org), str(count)) for one, count in rows),
              tuple(_url(one, found, which) for one, _count in rows))
        for which, title in (("new", _t("新增")), ("late", _t("逾期")), ("solved", _t("办结")))
        if (rows := [(one, getattr(one, which)) for one in found.owners if getattr(one, which)])
    ]  # fmt: skip
    return Part(_t("各单位"), (said,), tuple(tables))


def _url(one: Owner, found: Weekly, which: str) -> str:
    """Empty for what was late in a week that is over: the ledger knows what is late today."""
    if which == "late" and not found.is_now:
        return ""
    first = found.first
    told = {
        "new": {"opened": first.isoformat()}, "late": {"which": "late"},
        "solved": {"closed": first.isoformat(), "state": "solved"},
    }[which]  # fmt: skip
    return f"{reverse('governance:ledger')}?{urlencode({'owner': one.org.code, **told})}"


def _lists(found: Weekly) -> Part:
    head = (_t("问题"), _t("归口单位"), _t("办结期限"), _t("状态"))
    tables = tuple(
        Table(title, head, tuple(map(_row, rows)), tuple(one.get_absolute_url() for one in rows))
        for title, rows in (
            (_t("新增的问题"), found.new), (_t("逾期的问题"), found.late),
            (_t("办结的问题"), found.solved),
        )
        if rows
    )  # fmt: skip
    return Part(_t("逐个问题"), () if tables else (_t("这一周没有。"),), tables)


def _row(one: Problem) -> tuple[str, ...]:
    return (one.name, str(one.owner or "—"), one.due_on.isoformat(), one.get_state_display())


def _coming(found: Weekly) -> Part:
    tables = [_measures(_t("本周核验的措施"), found.judged)]
    tables.append(_measures(_t("下周核验的措施"), found.to_judge))
    head = (_t("决定"), _t("谁做"), _t("期限"))
    rows = tuple((one.words, str(one.owner), one.due_on.isoformat()) for one in found.due)
    links = tuple(one.meeting.get_absolute_url() for one in found.due)
    decisions = Table(_t("到期和快到期的会议决定"), head, rows, links)
    tables.append(decisions)
    last = (found.first + 2 * WEEK).isoformat()
    return Part(
        _t("核验与到期"), (_t("看到 %(day)s 以前。") % {"day": last},),
        tuple(one for one in tables if one.rows),
    )  # fmt: skip


def _measures(title: str, found: Iterable[Measure]) -> Table:
    head = (_t("措施"), _t("问题"), _t("核验日"), _t("结论"))
    rows = tuple(
        (
            one.words,
            one.problem.name,
            one.judge_on.isoformat(),
            kept(one.verdict, one.figures) if one.verdict else "—",
        )
        for one in found
    )
    return Table(title, head, rows, tuple(one.problem.get_absolute_url() for one in found))
