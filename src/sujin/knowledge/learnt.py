"""What readers have taught the search: which answer they opened, used, and closed a case with."""

from collections import defaultdict
from datetime import datetime, timedelta

from sujin.engine.retrieval import Learned
from sujin.knowledge.kinds.version import DATED_STATES
from sujin.knowledge.models import Question, Usage, Version
from sujin.knowledge.models.usage import HELPED, USED

SINCE = timedelta(days=365)
MOST = 20_000
HALF_LIFE_DAYS = 90.0
# Opened, inserted into a letter or note, a case closed with it: the institution's own weights.
OPENED, INSERTED, CLOSED = 1.0, 2.0, 3.0
# However often one person clicks, it is one person's opinion.
MOST_OF_ONE_PERSON = 3.0


def learnt(at: datetime) -> list[Learned]:
    """Choices of the last year, fading, for the versions of the same item that are on the shelf
    now; a question of nobody known teaches nothing. Three queries."""
    shelf = _on_shelf(at)
    ways = _ways(at)
    given: dict[tuple[str, int, int], float] = defaultdict(float)
    for words, item, version, person, asked_at in _choices(at):
        fades = 0.5 ** ((at - asked_at).total_seconds() / 86400 / HALF_LIFE_DAYS)
        key = (words, item, person)
        earned = given[key] + ways.get((version, person), OPENED) * fades
        given[key] = min(earned, MOST_OF_ONE_PERSON)
    total: dict[tuple[str, int], float] = defaultdict(float)
    for (words, item, _person), weight in given.items():
        total[words, item] += weight
    return [
        Learned(words, version, round(weight, 3))
        for (words, item), weight in sorted(total.items())
        for version in shelf.get(item, ())
    ]


def _choices(at: datetime) -> list[tuple[str, int, int, int, datetime]]:
    rows = Question.objects.filter(
        chosen__isnull=False, person__isnull=False, at__gt=at - SINCE, at__lte=at
    )
    names = ("words", "chosen__item", "chosen", "person", "at")
    return list(rows.order_by("-pk").values_list(*names)[:MOST])


def _ways(at: datetime) -> dict[tuple[int, int], float]:
    """What a person made of a version after opening it, at the most; of very many the latest."""
    rows = Usage.objects.filter(way__in=[USED, HELPED], at__gt=at - SINCE, person__isnull=False)
    found: dict[tuple[int, int], float] = {}
    latest = rows.order_by("-at", "-pk")
    for version, person, way in latest.values_list("version", "person", "way")[:MOST]:
        worth = CLOSED if way == HELPED else INSERTED
        found[version, person] = max(worth, found.get((version, person), 0.0))
    return found


def _on_shelf(at: datetime) -> dict[int, list[int]]:
    rows = Version.objects.filter(state__in=DATED_STATES, valid_to__gt=at)
    found: dict[int, list[int]] = defaultdict(list)
    for version, item in rows.values_list("pk", "item"):
        found[item].append(version)
    return found
