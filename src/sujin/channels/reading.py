"""What the typed words say, laid beside the fields that a person may correct."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from sujin.channels.drafting import READ, is_corrected, plain
from sujin.channels.intake_form import IntakeForm
from sujin.complaints import words
from sujin.complaints.draft import Draft
from sujin.complaints.preview import Preview, preview
from sujin.engine.names import stated_name
from sujin.engine.text import redact
from sujin.platform.models import Person
from sujin.platform.reach import Reach

# Below this the page asks the person to look twice; a wish of the screen, not a rule.
SURE_PERCENT = 60
# What words may say about the customer.
ABOUT = ("name", "phone", "id_number", "card")
# What a field counts as while it is still empty or does not read.
EMPTY: Mapping[str, Any] = {
    "kind": "complaint",
    "name": "",
    "phone": "",
    "id_number": "",
    "card": "",
    "vulnerable": [],
    "business": "",
    "cause": "",
    "amount": None,
    "people": None,
    "spoken_by": "self",
    "other_name": "",
    "other_phone": "",
    "other_id_number": "",
    "authority": "",
    "representatives": (),
    "late_because": "",
    "token": "",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """One field with the words that filled it."""

    bound: BoundField
    twin: BoundField
    words: tuple[str, ...]
    sure: int | None
    is_corrected: bool

    @property
    def is_unsure(self) -> bool:
        return self.sure is not None and self.sure < SURE_PERCENT


@dataclass(frozen=True, slots=True)
class Reading:
    """``values`` fill the form again; ``found`` is what the words say, None without words."""

    values: Mapping[str, Any]
    found: Preview | None
    problem: str = ""

    @property
    def about(self) -> Mapping[str, str]:
        """What the words say about the customer, field by field; for fields nobody has filled."""
        return person_in(str(self.values.get("text", ""))) if self.found else {}

    def shown_in(self, form: forms.Form, sent: forms.Form | None = None) -> "Panel":
        """Laid beside the fields of ``form``; a faulty field is shown as it was ``sent``."""
        return Panel(self, form, sent or form)


NOTHING = Reading({}, None)


@dataclass(frozen=True, slots=True)
class Panel:
    """The reading as the template shows it."""

    reading: Reading
    form: forms.Form
    sent: forms.Form

    @property
    def problem(self) -> str:
        return self.reading.problem

    @property
    def found(self) -> Preview | None:
        return self.reading.found

    @property
    def about(self) -> Mapping[str, str]:
        return self.reading.about

    @property
    def filled(self) -> list[Filled]:
        return [self._filled(name) for name in READ]

    @property
    def signals(self) -> list[tuple[Any, tuple[str, ...]]]:
        """The name of each signal and the words it was heard in."""
        heard = self.found.signals if self.found else {}
        return [(words.SIGNALS.get(code, code), heard[code]) for code in sorted(heard)]

    @property
    def tier_because(self) -> str:
        return _in_language(self.found.tier_because) if self.found else ""

    @property
    def desk_because(self) -> str:
        return _in_language(self.found.desk_because) if self.found else ""

    def _filled(self, name: str) -> Filled:
        label = self.found.labels.get(name) if self.found else None
        heard = label.because if label else ()
        if name == "amount" and self.found:
            heard = self.found.amount_words
        faulty = self.sent.is_bound and name in self.sent.errors
        return Filled(
            bound=self.sent[name] if faulty else self.form[name],
            twin=self.form[f"{name}_read"],
            words=heard,
            sure=round(label.confidence * 100) if label and label.code else None,
            is_corrected=is_corrected(self.reading.values, name),
        )


def read(
    form: IntakeForm,
    drafted: Callable[[Mapping[str, Any]], Draft],
    *,
    by: Person,
    reach: Reach,
    at: datetime,
) -> Reading:
    """Read the words of a form that need not be complete; faulty fields count as empty."""
    typed = _typed(form)
    if "text" in form.errors:
        return Reading(typed, None, _problem(form) if typed.get("text", "").strip() else "")
    given = {**EMPTY, "received_at": at, **form.defaults(), **form.cleaned_data}
    found = preview(drafted(given), by=by, reach=reach, at=at)
    about = {
        name: value
        for name, value in person_in(given["text"]).items()
        if name in form.fields and not typed.get(name)
    }
    return Reading({**typed, **_fill(typed, found), **about}, found)


def person_in(text: str) -> dict[str, str]:
    """Name and numbers that stand in the words themselves; the person who types confirms them.

    Of two numbers of one kind neither is taken: one may be the merchant's or the bank's.
    """
    found: dict[str, set[str]] = {"name": {stated_name(text)} - {""}}
    for one in redact(text).found:
        found.setdefault(one.kind, set()).add(one.value)
    return {
        kind: next(iter(values))
        for kind, values in found.items()
        if kind in ABOUT and len(values) == 1
    }


def _problem(form: IntakeForm) -> str:
    return str(form.errors["text"][0])


def _typed(form: IntakeForm) -> dict[str, Any]:
    """What was typed, field by field, as it was typed."""
    data = form.data
    assert isinstance(data, QueryDict)
    return {
        name: data.getlist(name) if _is_multiple(form.fields[name]) else data[name]
        for name in form.fields
        if name in data
    }


def _is_multiple(asked: forms.Field) -> bool:
    return isinstance(asked, forms.MultipleChoiceField)


def _fill(typed: Mapping[str, Any], found: Preview) -> dict[str, str]:
    """The read values; what a person has corrected stays as the person left it."""
    values: dict[str, str] = {}
    for name, now in _as_read(found).items():
        values[f"{name}_read"] = now
        if not is_corrected(typed, name):
            values[name] = now
    return values


def _as_read(found: Preview) -> dict[str, str]:
    return {
        "business": found.labels["business"].code,
        "cause": found.labels["cause"].code,
        "amount": plain(found.amount),
        "people": plain(found.people),
    }


def _in_language(because: Mapping[str, str]) -> str:
    language = "en" if words.is_english() else "zh"
    return because.get(language) or because.get("zh", "")
