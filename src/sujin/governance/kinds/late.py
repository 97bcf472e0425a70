"""What happens to everything that waits for an owner too long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind


@dataclass(frozen=True, kw_only=True)
class Escalated(Kind):
    """Its owner did not acknowledge it in time."""

    icon, title = "stairs-up", _("逾期未签收")
    caches: ClassVar[Mapping[str, str]] = {"escalated_at": "escalated_at"}
    escalated_at: datetime
    owner_name: str

    def sentence(self) -> str:
        return _t("%(owner)s 逾期未签收，已报上级") % {"owner": self.owner_name}
