"""Questions that found no good answer, gathered by what they ask: what should be written next."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from sujin.engine.alike import clusters
from sujin.knowledge.models import Question
from sujin.knowledge.search import SURE
from sujin.platform.reach import Reach, roles

WEEKS = 8
MOST = 2000
ASKS_MAX = 8
# A single letter or an empty line asks nothing.
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is asked: how it is said, by how many questions, in which weeks."""

    title: str
    asks: tuple[str, ...]
    questions: tuple[int, ...]
    weekly: tuple[int, ...]
    last_at: datetime

    @property
    def n(self) -> int:
        return len(self.questions)


def gaps(reach: Reach, at: datetime) -> list[Gap]:
    """The gaps of the last eight weeks that this person may fill, the most asked first. One
    query, and one for the organisations below."""
    rows = Question.objects.within_care(heard_at(reach)).filter(
        Q(confidence__lt=SURE), chosen__isnull=True, answered_by="",
        at__gt=at - timedelta(weeks=WEEKS), at__lte=at,
    )  # fmt: skip
    asked = list(rows.exclude(surface="assist").order_by("-at", "-pk")[:MOST])
    asked = [one for one in asked if len(one.words.strip()) >= SHORTEST]
    found = [
        _gap([asked[place] for place in cluster.members], at)
        for cluster in clusters([one.words for one in asked])
    ]
    return sorted(found, key=lambda gap: (-gap.n, -gap.last_at.timestamp()))


def heard_at(reach: Reach) -> tuple[str, ...] | None:
    """The paths of the organisations whose questions the person answers; None: everybody's, for
    whoever writes knowledge at the head office."""
    writing = [post for post in reach.posts if "draft" in roles()[post.role].may]
    if reach.everything or any(post.org.line and len(post.org.lineage) == 2 for post in writing):
        return None
    return tuple(post.org.path for post in writing)


def _gap(asked: Sequence[Question], at: datetime) -> Gap:
    said = Counter(one.words.strip() for one in asked)
    asks = tuple(words for words, _n in said.most_common(ASKS_MAX))
    weekly = [0] * WEEKS
    for one in asked:
        age = (timezone.localdate(at) - timezone.localdate(one.at)).days // 7
        weekly[WEEKS - 1 - min(age, WEEKS - 1)] += 1
    last_at = max(one.at for one in asked)
    title = asked[0].words.strip()
    return Gap(title, asks, tuple(one.pk for one in asked), tuple(weekly), last_at)
