"""Work on the case: contact with the customer, notes, files, looking at personal data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sujin.complaints.kinds.base import DocketKind

OBJECTORS = {
    "customer": _("客户"),
    "agent": _("代理人"),
    "handler": _("经办人员"),
    "other": _("其他人"),
}

# The order of the conversation, which JSON does not keep.
LETTERS = "LEARN"
PERMISSIONS = {
    "receive": _("登记"),
    "claim": _("接手"),
    "hand_over": _("移交"),
    "annotate": _("记录"),
    "attach": _("上传材料"),
    "reclassify": _("改类与更正分类"),
    "approve": _("复核"),
    "retier": _("调整分级"),
    "merge": _("并案"),
    "link": _("解除关联"),
    "withdraw": _("登记撤诉"),
    "answer": _("调查与答复"),
    "close": _("办结"),
    "call_back": _("回访"),
    "reveal": _("查看个人信息"),
    "search": _("检索"),
    "export": _("导出"),
    "journal": _("审计日志"),
    "administer": _("系统管理"),
    "import": _("批量导入"),
    "early_view": _("本条线"),
    "advise": _("出具意见"),
    "oversee": _("督办"),
    "urge": _("催办"),
    "meet": _("直连与会商"),
    "review": _("核查"),
    "share": _("行司联动"),
}


@dataclass(frozen=True)
class Responded(DocketKind):
    """We spoke to the customer. The first time stops the first-response clock."""

    code, icon, title, tick, public = (
        "complaint.responded",
        "phone-outgoing",
        _("联系客户"),
        "responded",
        True,
    )
    caches = {"responded_at": "responded_at", "due_at": "due_at", "due_clock": "due_clock"}
    way: str
    note: str
    responded_at: datetime
    due_at: datetime | None = None
    due_clock: str = ""
    # Letter of LEARN -> how the note shows it: state, row of the pack, place in the note.
    marks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def letters(self) -> list[tuple[str, str, str]]:
        """Each letter, its state and the sentence that shows it."""
        return [
            (letter, mark["state"], self.note[mark["start"] : mark["end"]])
            for letter, mark in sorted(self.marks.items(), key=lambda one: LETTERS.find(one[0]))
        ]

    def sentence(self) -> str:
        return _t("联系客户：%(note)s") % {"note": self.note}


@dataclass(frozen=True)
class Noted(DocketKind):
    """A note of the handler, personal data masked before it is written."""

    code, icon, title = "complaint.noted", "note", _("办理记录")
    note: str

    def sentence(self) -> str:
        return self.note


@dataclass(frozen=True)
class Objected(DocketKind):
    """Somebody does not want to be taken for part of an organised group. It is handed on to whoever
    judges such things; whether there is anything to judge is not said here and changes nothing."""

    code, icon, title = "complaint.objected", "message-report", _("登记异议")
    who: str
    words: str

    def sentence(self) -> str:
        said = {"who": OBJECTORS.get(self.who, self.who), "words": self.words}
        return _t("%(who)s不认可被当作有组织的代理投诉：%(words)s。已转交有权核查的人") % said


@dataclass(frozen=True)
class Attached(DocketKind):
    """Files were added."""

    code, icon, title, public = "complaint.attached", "paperclip", _("补充材料"), True
    names: tuple[str, ...]

    def sentence(self) -> str:
        return _t("补充材料：%(names)s") % {"names": _t("、").join(self.names)}


@dataclass(frozen=True)
class Revealed(DocketKind):
    """Somebody looked at personal data in the clear, and said why."""

    code, icon, title = "complaint.revealed", "eye", pgettext_lazy("记录", "查看个人信息")
    because: str

    def sentence(self) -> str:
        return _t("查看个人信息明文：%(because)s") % {"because": self.because}


@dataclass(frozen=True)
class Denied(DocketKind):
    """Somebody tried what the person's posts do not allow."""

    code, icon, title = "complaint.denied", "lock", _("越权操作被拒")
    permission: str
    details: Mapping[str, str] = field(default_factory=dict)

    def sentence(self) -> str:
        name = PERMISSIONS.get(self.permission, self.permission)
        return _t("没有“%(permission)s”的权限，操作被拒") % {"permission": name}
