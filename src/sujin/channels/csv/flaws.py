"""Why a file or a row cannot be taken in, in words an officer can act on."""

from dataclasses import dataclass
from enum import StrEnum

from sujin.platform.refusal import Refusal


class Reason(StrEnum):
    """What was wrong with one row; the code in the second column of a rejects file."""

    ENCODING = "encoding"
    NUL = "nul"
    QUOTING = "quoting"
    OPEN_QUOTE = "open_quote"
    RUNAWAY_QUOTE = "runaway_quote"
    LINE_TOO_LONG = "line_too_long"
    TOO_FEW_CELLS = "too_few_cells"
    TOO_MANY_CELLS = "too_many_cells"
    EMPTY = "empty"
    TEXT_TOO_LONG = "text_too_long"
    DATE_MISSING = "date_missing"
    DATE_UNREADABLE = "date_unreadable"
    DATE_FUTURE = "date_future"
    DATE_PAST = "date_past"
    REFUSED = "refused"
    FAILED = "failed"


SENTENCES = {
    Reason.ENCODING: "有无法解码的字节：整份文件按 {encoding} 读取。请把文件另存为 UTF-8 再导入",
    Reason.NUL: "含有空字符（NUL），请删除后再导入",
    Reason.QUOTING: "引号不成对或位置不对（{said}）。单元格内的引号要写两遍",
    Reason.OPEN_QUOTE: "引号没有结束：文本第 {line} 行本来是另一行，也被读进了同一格",
    Reason.RUNAWAY_QUOTE: "引号没有结束：后面超过 {lines} 行都成了同一个单元格",
    Reason.LINE_TOO_LONG: "一行超过 {limit} 字节，请检查换行",
    Reason.TOO_FEW_CELLS: "只有 {cells} 格，表头有 {columns} 列。缺的格子要留空，不能省略",
    Reason.TOO_MANY_CELLS: "有 {cells} 格，表头只有 {columns} 列。含分隔符的格子要放在双引号里",
    Reason.EMPTY: "诉求内容和业务类别都是空的，请至少填一项",
    Reason.TEXT_TOO_LONG: "诉求内容 {length} 字，上限 {limit} 字，请把其余部分作为附件",
    Reason.DATE_MISSING: "“{column}”是空的，请填写日期",
    Reason.DATE_UNREADABLE: "“{column}”的“{value}”不是日期（本文件的写法：{order}）",
    Reason.DATE_FUTURE: "“{column}”的“{value}”在将来",
    Reason.DATE_PAST: "“{column}”的“{value}”早于 1990 年",
    Reason.REFUSED: "受理规则不允许：{said}",
    Reason.FAILED: "登记时出错（{said}），这一行没有受理，其余不受影响。"
    "请删去格子里异常的内容再导入；仍然出错，请把这一行交给系统管理员对照日志",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with one row."""

    reason: Reason
    sentence: str


def flaw(reason: Reason, **facts: object) -> Flaw:
    """The flaw with its sentence filled in."""
    return Flaw(reason, SENTENCES[reason].format(**facts))


class CannotTake(Refusal):
    """This row cannot become a case; ``flaw`` says why."""

    def __init__(self, found: Flaw) -> None:
        super().__init__(found.sentence)
        self.flaw = found


class CannotOpen(Refusal):
    """The file as a whole cannot be read; nothing has been written."""
