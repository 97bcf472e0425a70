"""Questions that found no good answer, gathered by what they ask: what should be written next."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from sujin.engine.alike import clusters
from sujin.knowledge.models import Gap, Question
from sujin.knowledge.search import SURE
from sujin.platform.models import Org, Post
from sujin.platform.reach import Reach, roles

WEEKS = 8
MOST = 2000
ASKS_MAX = 8
# A single letter or an empty line asks nothing.
SHORTEST = 2
EVERYWHERE = ""


def gaps(reach: Reach) -> QuerySet[Gap]:
    """The gaps that this person may fill, the most asked first, as they were gathered last."""
    places = heard_at(reach)
    rows = Gap.objects.filter(place__in=[EVERYWHERE] if places is None else places)
    return rows.order_by("-n", "-last_at", "pk")


def gathered(place: str, at: datetime) -> list[Gap]:
    """The gaps of the last eight weeks at the organisations under this path. Not yet kept."""
    rows = _unanswered(None if place == EVERYWHERE else [place], at)
    said: dict[str, list[Question]] = defaultdict(list)
    for one in rows.order_by("-at", "-pk")[:MOST]:
        if len(one.words.strip()) >= SHORTEST:
            said[one.words.strip()].append(one)
    asked = list(said.values())
    return [
        _gap(place, [one for nth in cluster.members for one in asked[nth]], at)
        for cluster in clusters(list(said))
    ]


def ungathered(reach: Reach, at: datetime) -> int:
    """How many questions without an answer came since the gaps were gathered last, or ever."""
    last = Gap.objects.aggregate(last=Max("gathered_at"))["last"]
    rows = _unanswered(heard_at(reach), at)
    return rows.count() if last is None else rows.filter(at__gt=last).count()


def _unanswered(places: Sequence[str] | None, at: datetime) -> QuerySet[Question]:
    rows = Question.objects.within_care(None if places is None else list(places)).filter(
        Q(confidence__lt=SURE), chosen__isnull=True, answered_by="",
        at__gt=at - timedelta(weeks=WEEKS), at__lte=at,
    )  # fmt: skip
    return rows.exclude(surface="assist")


def places(at: datetime) -> list[str]:
    """Whose gaps are gathered: the whole bank, and wherever below the head office people write."""
    writing = [role.code for role in roles().values() if "draft" in role.may]
    rows = Post.objects.on_duty_at(at).filter(role__in=writing).select_related("org")
    return [EVERYWHERE, *sorted({post.org.path for post in rows if not _answers_all(post.org)})]


def heard_at(reach: Reach) -> tuple[str, ...] | None:
    """The paths of the organisations whose questions the person answers; None: everybody's, for
    whoever writes knowledge at the head office."""
    writing = reach.places("draft")
    if any(_answers_all(org) for org in writing):
        return None
    return tuple(org.path for org in writing)


def _answers_all(org: Org) -> bool:
    """The head office, or a professional line right under it, answers for the whole bank."""
    return org.is_root or (bool(org.line) and len(org.lineage) == 2)


def _gap(place: str, asked: Sequence[Question], at: datetime) -> Gap:
    said = Counter(one.words.strip() for one in asked)
    asks = [words for words, _n in said.most_common(ASKS_MAX)]
    weekly = [0] * WEEKS
    for one in asked:
        age = (timezone.localdate(at) - timezone.localdate(one.at)).days // 7
        weekly[WEEKS - 1 - min(age, WEEKS - 1)] += 1
    return Gap(
        place=place, title=asked[0].words.strip(), asks=asks, n=len(asked), weekly=weekly,
        questions=[one.pk for one in asked], last_at=max(one.at for one in asked), gathered_at=at,
    )  # fmt: skip
