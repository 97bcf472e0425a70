"""What can happen to a return: submitted, and submitted again with a word on why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind


@dataclass(frozen=True, kw_only=True)
class ReturnSubmitted(Kind):
    """Its figures as they went out: ``values`` by cell, or ``prints`` by the number of each row."""

    code, icon, title = "return.submitted", "report", _("报送")
    caches: ClassVar[Mapping[str, str]] = {}
    report: str
    period: str
    version: int
    note: str
    n: int

    def sentence(self) -> str:
        said = {"what": self.report, "period": self.period, "n": self.version, "note": self.note}
        if self.note:
            return _t("%(what)s %(period)s，第 %(n)s 次报送：%(note)s") % said
        return _t("%(what)s %(period)s，第 %(n)s 次报送") % said


SUBMISSION_KINDS: list[type[Kind]] = [ReturnSubmitted]
