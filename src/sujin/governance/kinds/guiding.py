"""A problem becomes knowledge: the guideline that says what the front line does about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind


@dataclass(frozen=True, kw_only=True)
class GuidelineDrafted(Kind):
    """Begun from what the ledger knows; ``item`` is of the knowledge room."""

    code, icon, title = "problem.guideline", "books", _("起草指引")
    caches: ClassVar[Mapping[str, str]] = {"guideline_id": "item"}
    item: int
    item_code: str
    name: str

    def sentence(self) -> str:
        return _t("起草应对指引“%(name)s”（%(code)s）") % {
            "name": self.name,
            "code": self.item_code,
        }


GUIDING_KINDS: list[type[Kind]] = [GuidelineDrafted]
