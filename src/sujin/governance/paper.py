"""The evidence file as a document: what was found, how sure, what it is for and what it is not."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t

from sujin.governance import rulebook
from sujin.governance.kinds import STATES, EvidenceViewed
from sujin.governance.telling import Told, likelihood, members_shown
from sujin.platform.models import Person

TIES = 20


def written(told: Told, *, by: Person, at: datetime) -> str:
    """The document in the small Markdown of platform.documents; masked like the page."""
    return "\n\n".join(_parts(told, by, at))


def _parts(told: Told, by: Person, at: datetime) -> Iterator[str]:
    file = told.file
    yield f"# {file}"
    yield _t(
        "本档案只供人工核查。它不影响其中任何一件投诉的受理、时限、顺序、处理尺度和结果，"
        "经办人员看不到它。系统发现的是线索，不是结论。"
    )
    yield from _section(_t("发现了什么"), _found(told))
    yield from _section(_t("共同线索"), _traces(told))
    yield from _section(_t("两件之间"), _ties(told))
    yield from _section(_t("涉及的投诉"), _members(told))
    yield from _section(_t("系统不知道的"), unknown())
    yield from _section(_t("来龙去脉"), _history(told))
    yield from _section(_t("用途与保存"), purpose())
    yield "  \n".join([settings.INSTITUTION, str(by), _day(at)])


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"## {title}"
    yield "\n".join(f"- {line}" for line in lines) or "—"


def _found(told: Told) -> Iterator[str]:
    file = told.file
    yield _t("状态：%(state)s") % {"state": STATES[file.state]}
    yield _t("您可见的投诉 %(n)d 件") % {"n": len(told.members)}
    if told.first and told.last:
        yield _t("时间：%(a)s 至 %(b)s") % {"a": _day(told.first), "b": _day(told.last)}
    said = {"n": likelihood(file.expected), "most": rulebook.rules().false_per_year}
    yield _t("一年里偶然凑成这样一组的期望：%(n)s（规则允许 %(most)s 组以内）") % said
    if gone := told.dissolves():
        yield _t("去掉这些线索，这一组就不成立：%(what)s") % {"what": _t("、").join(gone)}


def _traces(told: Told) -> Iterator[str]:
    for one in told.traces:
        outside = "—" if one.outside is None else one.outside
        said = {"what": f"{one.title} {one.mark}", "n": one.holders, "outside": outside}
        weighed = _t("%(what)s：%(n)d 件有，档案外 %(outside)s 件有") % said
        weight = _t("分量 %(bits).1f 比特") % {"bits": one.bits}
        yield f"**{weighed}** {weight}{_t('；')}{one.because}"


def _ties(told: Told) -> Iterator[str]:
    for tie in told.ties(TIES):
        yield f"{tie.one.number} — {tie.other.number}{_t('：')}{tie.reasons} ({tie.bits:.1f})"


def _members(told: Told) -> Iterator[str]:
    for one in members_shown(told):
        yield f"{one['case'].number} {_day(one['case'].received_at)} {one['names']}"


def unknown() -> list[str]:
    """What no trace can tell."""
    return [
        _t("代理人是否真的受客户委托、客户是否知情：要问客户本人"),
        _t("投诉的事情是不是真的：线索相同不说明诉求不成立"),
        _t("是不是同一位律师、亲友、养老院替多名客户办理：从线索上可能分不开"),
        _t("有没有收费、造假、教唆：不在系统的资料里"),
        _t("没有共同线索的组织者：换电话、换文字就看不到"),
    ]


def purpose() -> list[str]:
    """What the file may be used for, by which law, and how long it is kept."""
    numbers = rulebook.manifest()
    return [
        _t(
            "用途仅限：核实代理权限，由人决定是否向公安或监管报告；不得用来拒收、拖延、降低处理尺度"
        ),
        _t("依据：银保监会令2020年第3号第十四条（应当接受委托）、个人信息保护法第六条、第二十四条"),
        _t("个人信息一律遮蔽；看原文须到该件上按规定登记事由"),
        _t("结论 %(valid)d 天后到期须重新核查；结档 %(keep)d 天后不再显示给任何人")
        % {"valid": numbers["valid_days"], "keep": numbers["keep_days"]},
        _t("当事人和经办人员可以提出异议，登记后原结论失效"),
    ]


def _history(told: Told) -> Iterator[str]:
    for one in reversed(told.history):
        if not isinstance(one.what, EvidenceViewed):
            said = f"{_t('：')}{one.sentence}" if one.sentence else ""
            yield f"{_day(one.entry.at)} {one.entry.by} {one.what.title}{said}"


def _day(at: datetime) -> str:
    return date_format(localtime(at), "DATE_FORMAT")
