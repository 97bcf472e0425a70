"""What every door is: a code, a name, and the account that acts where nobody stands."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sujin.platform.acts.organise import service_person
from sujin.platform.models import Person


@dataclass(frozen=True, slots=True)
class Channel:
    """A door in; ``code`` is what a case remembers of it."""

    code: str
    label: Promise
    name_en: str

    def account(self) -> Person:
        """The service account behind the door."""
        return service_person(f"channel:{self.code}", str(self.label), self.name_en)


COUNTER = Channel("counter", _("网点"), "Counter")
HOTLINE = Channel("hotline", _("95588"), "Hotline")
WEB_FORM = Channel("web_form", _("网上"), "Web form")
REGULATOR = Channel("regulator", _("监管转办"), "Regulator")
CSV = Channel("csv", _("批量导入"), "Import")
ASSISTANT = Channel("assistant", _("智能助手"), "Assistant")
CHANNELS = [COUNTER, HOTLINE, WEB_FORM, REGULATOR, CSV, ASSISTANT]
