"""How the assistant did, week by week: what it answered, asked, handed over, and whom it helped."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncWeek

from sujin.engine.converse import TWICE, UNKNOWN, Act
from sujin.knowledge.models import Conversation, Turn

WEEKS = 8
UNANSWERED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Week:
    """Conversations begun in the week of ``monday``: ``answered`` had an answer, ``asked_back`` a
    question back, ``handed`` went to a person, ``helped`` said so and did not."""

    monday: date
    begun: int = 0
    answered: int = 0
    asked_back: int = 0
    handed: int = 0
    helped: int = 0

    @property
    def coverage(self) -> str:
        """Of all conversations those with an answer, in whole percent; of none there is none."""
        return _percent(self.answered, self.begun)

    @property
    def deflection(self) -> str:
        """Of all conversations those that helped and needed nobody, in whole percent."""
        return _percent(self.helped, self.begun)


def _percent(n: int, of: int) -> str:
    return f"{n / of:.0%}" if of else "—"


@dataclass(frozen=True, slots=True)
class Picture:
    """The weeks, newest first, all of them together, why people were asked for, and what found no
    answer."""

    weeks: Sequence[Week]
    whole: Week
    reasons: Sequence[tuple[str, int]] = ()
    unanswered: Sequence[Turn] = field(default=())


def picture(at: datetime) -> Picture:
    """The last eight weeks. Three queries."""
    recent = Conversation.objects.filter(begun_at__gt=at - timedelta(weeks=WEEKS), begun_at__lte=at)
    weeks = [_week(row) for row in _weekly(recent)]
    reasons = Counter(
        recent.exclude(handed_because="").values_list("handed_because", flat=True)
    ).most_common()
    return Picture(weeks, _sum(weeks, at), reasons, _unanswered(at))


def _weekly(recent: QuerySet[Conversation]) -> Iterable[Mapping[str, Any]]:
    of_it = Turn.objects.filter(conversation=OuterRef("pk"))
    told = recent.annotate(
        monday=TruncWeek("begun_at"),
        has_answer=Exists(of_it.filter(act=Act.ANSWER.value)),
        has_ask=Exists(of_it.filter(act=Act.ASK.value)),
    )
    return (
        told.values("monday")
        .annotate(
            begun=Count("pk"),
            answered=Count("pk", filter=Q(has_answer=True)),
            asked_back=Count("pk", filter=Q(has_ask=True)),
            handed=Count("pk", filter=~Q(handed_because="")),
            helped=Count("pk", filter=Q(helped=True, handed_because="")),
        )
        .order_by("-monday")
    )


def _week(row: Mapping[str, Any]) -> Week:
    return Week(**{**row, "monday": row["monday"].date()})


def _sum(weeks: Sequence[Week], at: datetime) -> Week:
    names = ("begun", "answered", "asked_back", "handed", "helped")
    return Week(at.date(), **{name: sum(getattr(one, name) for one in weeks) for name in names})


def _unanswered(at: datetime) -> Sequence[Turn]:
    """Words that nothing was found for, the latest first."""
    since = at - timedelta(weeks=WEEKS)
    rows = Turn.objects.filter(because__in=[UNKNOWN, TWICE], at__gt=since, at__lte=at)
    return list(rows.exclude(words="").order_by("-at", "-pk")[:UNANSWERED_SHOWN])
