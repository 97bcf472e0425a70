"""Looked alike, and a person said that they are two matters."""

from dataclasses import dataclass

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import DocketKind


@dataclass(frozen=True)
class Distinguished(DocketKind):
    """Another matter than that case, which is not suggested again; written on both dockets."""

    code, icon, title = "complaint.distinguished", "arrows-exchange", _("不是同一件事")
    of: int
    number: str
    because: str = ""

    @property
    def other(self) -> int:
        return self.of

    def sentence(self) -> str:
        named = {"number": self.number, "because": self.because}
        if self.because:
            return _t("与 %(number)s 不是同一件事：%(because)s") % named
        return _t("与 %(number)s 不是同一件事") % named
