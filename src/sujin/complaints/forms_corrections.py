"""What is asked for when several rows of the queue of corrections are judged at once."""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints import words
from sujin.complaints.acts.triage import AXES
from sujin.complaints.forms import MaskedField, codes
from sujin.complaints.models import Suspect
from sujin.complaints.rulebook import HOUSE_PACK

_TICK = re.compile(r"(\d{4}-\d{7}):([a-z]+):([\w.-]*):([\w.-]*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tick:
    """A row as it stood before the person's eyes when it was ticked; the night writes the queue
    anew, so a row is known by its case and axis."""

    number: str
    axis: str
    code: str
    machine: str

    @classmethod
    def of(cls, suspect: Suspect) -> "Tick":
        number = suspect.complaint.number
        return cls(number, suspect.axis, suspect.code, suspect.machine)

    @classmethod
    def read(cls, told: str) -> "Tick | None":
        found = _TICK.fullmatch(told)
        return cls(*found.groups()) if found and found[2] in AXES else None

    def __str__(self) -> str:
        return f"{self.number}:{self.pair}"

    @property
    def pair(self) -> str:
        """What rows with the same suspicion share."""
        return f"{self.axis}:{self.code}:{self.machine}"


class JudgeManyForm(forms.Form):
    """One verdict and one reason for every row that is ticked."""

    verdict = forms.ChoiceField(
        choices=[("machine", ""), ("keep", ""), ("other", "")], widget=forms.HiddenInput
    )
    because = MaskedField(label=_("理由（每一件都记）"), max_length=300)
    code = forms.ChoiceField(label=_("另选一类"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["code"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", _t("另选一类…")), *((words.AXES[one], _of(one)) for one in AXES)]

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        if given.get("verdict") == "other" and not given.get("code"):
            self.add_error("code", _t("请先选改成哪一类"))
        return given


def _of(axis: str) -> list[tuple[str, str]]:
    return [(f"{axis}:{code}", name) for code, name in codes(axis, HOUSE_PACK) if code]
