"""What can be done to a case from its dossier: one list, in the order of a case's life.

A verb becomes a noun in the URL: ``POST /complaints/2026-0000417/claim``. Every action names the
permission it needs, the form it asks for, when it is offered, and the one act it calls.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sujin.complaints.draft import CaseKind
from sujin.complaints.pages.actions import (
    answering,
    coding,
    custody,
    ending,
    linkage,
    meeting,
    timing,
    together,
    work,
)
from sujin.complaints.pages.actions.base import Action
from sujin.engine.tier import Tier

ACTIONS: list[Action] = [
    *custody.ACTIONS,
    *work.ACTIONS,
    *together.ACTIONS,
    *meeting.ACTIONS,
    *linkage.SPLIT,
    *answering.ACTIONS,
    *linkage.REVIEW,
    *timing.ACTIONS,
    *coding.ACTIONS,
    *ending.ACTIONS,
]
BY_NAME = {action.name: action for action in ACTIONS}

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
