"""What parted from a case: one of its contacts, with a number of its own."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import DocketKind


@dataclass(frozen=True)
class Separated(DocketKind):
    """This case came as a contact of another one, and was told apart from it."""

    code, icon, title = "complaint.separated", "git-fork", _("由另一件拆出")
    caches = {"recused": "recused"}
    of: int
    number: str
    because: str
    papers: tuple[str, ...] = ()
    # Whoever stands aside there: the interest may be in this very contact.
    recused: tuple[int, ...] = ()

    def cached(self) -> dict[str, Any]:
        return super().cached() if self.recused else {}

    @property
    def other(self) -> int:
        return self.of

    def sentence(self) -> str:
        said = {"number": self.number, "because": self.because}
        if not self.papers:
            return _t("由 %(number)s 拆出：%(because)s") % said
        papers = _t("、").join(self.papers)
        return _t("由 %(number)s 拆出：%(because)s；随同转来材料：%(papers)s") % {
            **said,
            "papers": papers,
        }
