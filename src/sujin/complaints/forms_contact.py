"""The guided contact note: the words, and under them each promise found, to be confirmed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints import listening
from sujin.complaints.acts.promise import PromiseDraft
from sujin.complaints.forms import MaskedField, MomentField, RespondForm
from sujin.complaints.models.promise import CHOICES, WHAT_MAX
from sujin.engine.learn import Marks
from sujin.engine.promises import Promised
from sujin.platform.ui.request import StaffRequest

ROWS_MAX = 12
NOTE_MAX = 2000
BY_HAND = "hand"


class PromiseRow(forms.Form):
    """One promise: a row somebody ticks, or leaves. ``words`` is the text it was read from."""

    is_on = forms.BooleanField(label=_("计时"), required=False)
    kind = forms.ChoiceField(label=_("承诺"), choices=CHOICES)
    what = MaskedField(label=_("内容"), max_length=WHAT_MAX, required=False)
    due = MomentField(label=_("最迟"), required=False)
    amount = forms.DecimalField(
        label=_("金额"), max_digits=16, decimal_places=2, min_value=0, required=False
    )
    words = forms.CharField(widget=forms.HiddenInput, max_length=NOTE_MAX, required=False)

    def __init__(
        self, data: Any = None, *, at: datetime, is_by_hand: bool = False, **kwargs: Any
    ) -> None:
        self.at, self.is_by_hand = at, is_by_hand
        super().__init__(data, use_required_attribute=False, **kwargs)

    @property
    def is_confirmed(self) -> bool:
        """A row found counts when ticked, the row by hand when anything stands in it."""
        asked = ("what", "due", "amount") if self.is_by_hand else ("is_on",)
        return any((self.data.get(self.add_prefix(name)) or "").strip() for name in asked)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not self.is_confirmed:
            # What nobody confirmed may be as wrong as it likes.
            self.errors.clear()
            return given
        if not given.get("what") and "what" not in self.errors:
            self.add_error("what", ValidationError(_t("请写明承诺的内容")))
        if "due" not in self.errors:
            due = given.get("due")
            if due is None:
                self.add_error("due", ValidationError(_t("请写明最迟什么时候；没有时间就不要勾选")))
            elif due <= self.at:
                self.add_error("due", ValidationError(_t("时间须在现在以后")))
        return given

    def draft(self) -> PromiseDraft:
        given = self.cleaned_data
        return PromiseDraft(given["kind"], given["what"], given["due"], given["amount"])


class GuidedForm(RespondForm):
    """The contact note with its promises; ``body`` is the template that shows it."""

    body = "complaints/partials/contact_form.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note = self.fields["note"]
        note.widget.attrs |= {"rows": 6, "maxlength": NOTE_MAX}
        self.rows = list(_posted(self)) if self.is_bound else []
        data = self.data if self.is_bound else None
        self.by_hand = PromiseRow(
            data, prefix=f"{self.prefix}-{BY_HAND}", at=self.asked.at, is_by_hand=True
        )
        # Without script, or before the first word, what is read is what stands there.
        words = self.data.get(self.add_prefix("note"), "") if self.is_bound else ""
        self.marks, self.slips = listening.marks(words), listening.slips(words)
        self.is_begun = bool(words.strip())

    @property
    def letters(self) -> list[dict[str, Any]]:
        return told(self.marks, is_begun=self.is_begun)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for number, row in enumerate([*self.rows, self.by_hand], 1):
            row.is_valid()
            for name, errors in row.errors.items():
                said = {"n": number, "field": row.fields[name].label, "error": errors[0]}
                self.add_error(None, _t("承诺 %(n)s，%(field)s：%(error)s") % said)
        rows = [*self.rows, self.by_hand]
        confirmed = [row for row in rows if row.is_valid() and row.is_confirmed]
        given["promises"] = [row.draft() for row in confirmed]
        return given


def _posted(form: GuidedForm) -> Iterable[PromiseRow]:
    for number in range(ROWS_MAX):
        prefix = f"{form.prefix}-{number}"
        if f"{prefix}-kind" in form.data:
            yield PromiseRow(form.data, prefix=prefix, at=form.asked.at)


def read_again(form: GuidedForm, note: str, request: StaffRequest) -> list[PromiseRow]:
    """The rows for the words as they stand now. What somebody changed in a row stays while the
    words it came from stay."""
    typed = {row.data.get(row.add_prefix("words"), ""): row for row in form.rows}
    found = listening.promised(note, request.at)[:ROWS_MAX]
    prefixes = (f"{form.prefix}-{number}" for number in range(ROWS_MAX))
    return [
        PromiseRow(
            prefix=prefix, at=request.at, initial=_kept(typed.get(one.words)) or _initial(one)
        )
        for prefix, one in zip(prefixes, found, strict=False)
    ]


def _kept(row: PromiseRow | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {name: row[name].value() for name in row.fields}


def _initial(one: Promised) -> dict[str, Any]:
    """Ticked already, unless a person has to say when or whether."""
    return {
        "is_on": not one.is_vague and not one.is_conditional,
        "kind": one.kind,
        "what": one.what,
        "due": localtime(one.due_at) if one.due_at else None,
        "amount": one.amount,
        "words": one.words,
    }


def told(marks: Marks, *, is_begun: bool) -> list[dict[str, Any]]:
    """Each letter with its mark, as the template shows it; before the first word only prompts."""
    rows = listening.letters().letters
    return [
        {"letter": row, "mark": mark, "state": mark.state.value if is_begun else "prompt"}
        for row, mark in zip(rows, marks, strict=True)
    ]
