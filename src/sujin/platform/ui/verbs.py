"""What may be done to the subject of a page: one list of verbs, each with its form and its act."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.utils.functional import Promise
from django.utils.translation import gettext as _t

from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest


@dataclass(frozen=True, slots=True)
class Verb:
    """``code`` is a noun in the address. ``form`` is called with ``auto_id`` and, when something
    was sent, with the data and files; what it cleans is handed to ``act`` after the subject.
    """

    code: str
    label: Promise
    icon: str
    form: Callable[..., forms.Form]
    act: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Offered:
    """A verb as the page offers it, with its form, empty or with what is wrong with it."""

    verb: Verb
    form: forms.Form

    @property
    def is_open(self) -> bool:
        return bool(self.form.errors)

    @property
    def has_files(self) -> bool:
        return self.form.is_multipart()


class Verbs:
    """The verbs of one kind of page, in the order in which they are offered."""

    def __init__(self, *verbs: Verb) -> None:
        self._verbs: Mapping[str, Verb] = {verb.code: verb for verb in verbs}

    def __contains__(self, code: object) -> bool:
        return code in self._verbs

    def __iter__(self) -> Iterator[Verb]:
        return iter(self._verbs.values())

    def offered(self, codes: Iterable[str], bound: Offered | None = None) -> Sequence[Offered]:
        """Those of ``codes``; ``bound`` takes the place of its own, or is offered last."""
        found = [
            bound if bound is not None and bound.verb.code == code else self._empty(code)
            for code in codes
        ]
        return found if bound is None or bound in found else [*found, bound]

    def _empty(self, code: str) -> Offered:
        verb = self._verbs[code]
        return Offered(verb, verb.form(auto_id=f"{code}-%s"))

    def perform(self, asked: StaffRequest, code: str, subject: Any) -> Offered | None:
        """Do it as the request says; None when it is done, else the form with what is wrong."""
        verb = self._verbs[code]
        form = verb.form(asked.POST, asked.FILES, auto_id=f"{code}-%s")
        if not form.is_valid():
            return Offered(verb, form)
        try:
            verb.act(subject, **form.cleaned_data, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return Offered(verb, form)
        messages.success(asked, _t("已登记"))
        return None
