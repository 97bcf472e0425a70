"""What can be done to a case from its dossier: one list, in the order of a case's life.

A verb becomes a noun in the URL: ``POST /complaints/2026-0000417/claim``. Every action names the
permission it needs, the form it asks for, when it is offered, and the one act it calls.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sujin.complaints.draft import CaseKind
from sujin.complaints.pages.actions import (
    answering,
    coding,
    custody,
    ending,
    linkage,
    meeting,
    pressing,
    timing,
    together,
    work,
)
from sujin.complaints.pages.actions.base import Action
from sujin.engine.tier import Tier

SECTIONS: list[tuple[Promise, list[Action]]] = [
    (_("责任"), custody.ACTIONS),
    (_("办理"), work.ACTIONS),
    (_("会办"), together.ACTIONS),
    (_("支援与督办"), pressing.ACTIONS),
    (_("直连与会商"), meeting.ACTIONS),
    (_("行司联动"), linkage.SPLIT),
    (_("答复与回访"), answering.ACTIONS),
    (_("核查"), linkage.REVIEW),
    (_("时限"), timing.ACTIONS),
    (_("分类与分级"), coding.ACTIONS),
    (_("并案与撤诉"), ending.ACTIONS),
]
ACTIONS: list[Action] = [action for _label, actions in SECTIONS for action in actions]
BY_NAME = {action.name: action for action in ACTIONS}

# What a recused person may still do: tell what is known, and pass the case on.
OPEN_TO_RECUSED = frozenset({"note", "files", "recusal", "hand-over", "taking-back", "objection"})

# What the fields of a form are called by the act, and what their words mean to it.
_MEANS: Mapping[str, Callable[[Any], Any]] = {"tier": Tier, "kind": CaseKind}


def arguments(action: Action, data: Mapping[str, Any]) -> dict[str, Any]:
    """The form's data as the act's keyword arguments."""
    given = dict(data)
    if action.name in _MEANS:
        given["to"] = _MEANS[action.name](given["to"])
    if action.name == "files":
        given["checked"] = given.pop("papers")
    given.pop("is_confirmed", None)
    if action.name == "codes":
        given = {"because": given.pop("because"), "codes": given}
    return given
