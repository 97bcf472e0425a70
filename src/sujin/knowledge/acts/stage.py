"""In which order the branches get a version, so that one may see whether it helped.

Branches that wait are the comparison of those that do not. The order is drawn by lot: then nothing
but chance sets early branches apart from late ones (stepped-wedge design: Hussey & Hughes,
Contemporary Clinical Trials 28, 2007).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.utils.translation import gettext as _t

from sujin.knowledge.models import Stage, Version
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.refusal import Refusal

LEAST, MOST = 2, 12
LONGEST_WEEKS = 8


class CannotStage(Refusal):
    """The branches cannot be put into that order; the message says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``batches`` of branches, one every ``weeks``; by lot, or in the order of the tree."""

    batches: int
    weeks: int
    by_lot: bool = True


def draw(version: Version, plan: Plan, since: datetime) -> list[Stage]:
    """The stages of a version that is being released: unsaved, the first of them at ``since``.

    Whoever is no branch has it from the beginning: only branches are compared. Raises CannotStage.
    """
    if not LEAST <= plan.batches <= MOST or not 1 <= plan.weeks <= LONGEST_WEEKS:
        said = {"least": LEAST, "most": MOST, "weeks": LONGEST_WEEKS}
        raise CannotStage(_t("分 %(least)d 到 %(most)d 批，每批间隔 1 到 %(weeks)d 周") % said)
    if version.orgs:
        raise CannotStage(_t("分批推开的内容须适用全行；请先把适用机构留空"))
    below = list(Org.objects.filter(parent__parent__isnull=True, parent__isnull=False))
    branches = [org for org in below if org.kind == OrgKind.BRANCH1]
    if len(branches) < plan.batches:
        raise CannotStage(_t("一级分行只有 %(n)d 家，分不了这么多批") % {"n": len(branches)})
    ordered = _ordered(branches, plan, version)
    told = [Stage(version=version, org=org, since=since) for org in below if org not in branches]
    return told + [
        Stage(version=version, org=org, since=since + timedelta(weeks=plan.weeks * batch))
        for batch, org in _batched(ordered, plan.batches)
    ]


def _ordered(branches: Sequence[Org], plan: Plan, version: Version) -> list[Org]:
    """The lot falls the same way for the same version: what was drawn can be drawn again."""
    ordered = sorted(branches, key=lambda org: org.code)
    if plan.by_lot:
        # A lot, no secret.
        Random(f"stages of version {version.pk}").shuffle(ordered)  # noqa: S311
    return ordered


def _batched(ordered: Sequence[Org], batches: int) -> list[tuple[int, Org]]:
    return [(nth * batches // len(ordered), org) for nth, org in enumerate(ordered)]
