"""What happens to an examination: it was held."""

from dataclasses import dataclass

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind


@dataclass(frozen=True, kw_only=True)
class Examined(Kind):
    """The house was examined against its invariants; ``new`` and ``gone`` count breaches."""

    code, icon, title = "examination.examined", "checklist", _("每夜核对")
    caches = {"looked": "looked", "last_entry": "last_entry", "last_case": "last_case"}
    looked: int
    new: int
    gone: int
    standing: int
    last_entry: int
    last_case: int

    def sentence(self) -> str:
        said = {
            "looked": self.looked,
            "new": self.new,
            "gone": self.gone,
            "standing": self.standing,
        }
        return (
            _t("核对 %(looked)d 件：新发现 %(new)d 项，消除 %(gone)d 项，仍有 %(standing)d 项")
            % said
        )
