"""A bound form field, ready to be shown with its label, hint and errors tied to the input."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

# Checked in this order: CheckboxSelectMultiple is no Select, RadioSelect no CheckboxInput.
_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.RadioSelect, "form-check-input"),
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
)


def words(label: Any, hint: Any = "", *, rows: int = 3, most: int = 300) -> forms.CharField:
    """A field for a few lines of words, at most so many characters."""
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": most})
    return forms.CharField(label=label, help_text=hint, max_length=most, widget=widget)


@dataclass(frozen=True, slots=True)
class Dressed:
    """A field and the ids that tie its parts; ``look`` is ``line``, ``tick`` or ``choices``."""

    bound: BoundField
    look: str
    widget: SafeString
    hint_id: str
    error_id: str

    @property
    def is_required(self) -> bool:
        return self.bound.field.required


def dress(bound: BoundField, **attrs: str) -> Dressed:
    """The field with classes, ``aria-describedby`` and ``aria-invalid`` set; ``attrs`` win."""
    hint_id = f"{bound.auto_id}_hint" if bound.help_text else ""
    error_id = f"{bound.auto_id}_error" if bound.errors else ""
    look = _look(bound.field.widget)
    widget = bound.as_widget(attrs={**_attrs(bound, f"{hint_id} {error_id}".strip()), **attrs})
    return Dressed(bound, look, widget, hint_id, error_id)


def _look(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    is_group = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    return "choices" if is_group else "line"


def _attrs(bound: BoundField, described_by: str) -> dict[str, str | bool]:
    widget = bound.field.widget
    css = next(name for kind, name in _CLASSES if isinstance(widget, kind))
    invalid = " is-invalid" if bound.errors else ""
    attrs: dict[str, str | bool] = {
        "class": f"{widget.attrs.get('class', '')} {css}{invalid}".strip()
    }
    if described_by:
        attrs["aria-describedby"] = described_by
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return attrs
