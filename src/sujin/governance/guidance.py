"""What became of a problem's guideline: where it stands, to whom it went, who understood it."""

from dataclasses import dataclass

from django.db.models import Count, Q

from sujin.governance.acts.draft_guideline import drafts
from sujin.governance.models import Problem
from sujin.knowledge.models import Acknowledgement, Distribution
from sujin.knowledge.models.reading import WATCHING
from sujin.platform.reach import Reach


@dataclass(frozen=True, slots=True)
class Handed:
    """One distribution: of ``all`` people how many read it and how many understood; ``url`` empty
    for whoever does not watch over readers."""

    name: str
    url: str
    all: int
    read: int
    understood: int


@dataclass(frozen=True, slots=True)
class Guideline:
    """The latest version of the item: where it is written, or read once it is released."""

    title: str
    url: str
    state: str
    handed: tuple[Handed, ...]


def guideline_of(problem: Problem, reach: Reach) -> Guideline | None:
    """For whoever may not draft it, as it was last released; none where there is none to see."""
    if problem.guideline_id is None:
        return None
    item = problem.guideline
    assert item is not None
    rows = item.versions.order_by("-number").select_related("item")
    if not drafts(problem, reach):
        rows = rows.filter(released_at__isnull=False)
    latest = rows.first()
    if latest is None:
        return None
    url = latest.get_absolute_url() if latest.released_at is None else item.get_absolute_url()
    state = str(latest.get_state_display())
    return Guideline(latest.title, url, state, tuple(_handed(item.pk, reach)))


def _handed(item: int, reach: Reach) -> list[Handed]:
    alone, bound = Q(version__item=item), Q(issue__lines__version__item=item)
    rows = Distribution.objects.listed().filter(alone | bound).order_by("-sent_at").distinct()
    found = list(rows)
    readings = Acknowledgement.objects.expected().filter(distribution__in=found)
    counts = {
        key: (n, read, understood)
        for key, n, read, understood in readings.values_list("distribution").annotate(
            n=Count("pk"), read=Count("read_at"), understood=Count("understood_at")
        )
    }
    watches = bool(WATCHING & reach.may)
    return [
        Handed(str(one), one.map_url if watches else "", *counts.get(one.pk, (0, 0, 0)))
        for one in found
    ]
