"""The pack's word on stages: at which point of a customer's way a cause lies."""

from collections.abc import Mapping
from functools import cache

from django.utils.translation import gettext_lazy as _

from sujin import packs
from sujin.complaints.rulebook import taxonomy
from sujin.governance.facts import HOUSE_PACK

STAGES = {"before": _("售前"), "during": _("售中"), "after": _("售后")}
UNKNOWN = ""


class BadStage(ValueError):
    """A row of journey.csv that cannot be meant; the message names it and the remedy."""


@cache
def stages() -> Mapping[str, str]:
    """The stage of each top class of causes, in the order of the file. Raises BadStage."""
    found: dict[str, str] = {}
    for row in packs.rows(HOUSE_PACK, "journey"):
        cause, stage = row["cause"], row["stage"]
        if ("cause", cause) not in taxonomy():
            raise BadStage(f"journey.csv row {cause!r}: no such cause in taxonomy.csv")
        if stage not in STAGES:
            raise BadStage(f"journey.csv row {cause}: stage {stage!r}: write one of {list(STAGES)}")
        found[cause] = stage
    return found


def touchpoint(code: str) -> str:
    """The touchpoint as a column of the view: two steps deep."""
    return ".".join(code.split(".")[:2])
