"""Figures of proposals: each with the list that shows exactly its rows; who appears together."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.engine.verify import Verdict
from sujin.platform.models import Person
from sujin.supervision.kinds import proposal as kinds
from sujin.supervision.models import Proposal
from sujin.supervision.voicebook import number

DAY, YEAR = timedelta(days=1), timedelta(days=365)
# The questions that figures ask of the list, by the value of its filter ``which``.
WHICH: dict[str, tuple[Any, Q]] = {
    "adopted": (_("采纳的"), Q(state__in=(kinds.ADOPTED, *kinds.DONE))),
    "answered": (_("答复了的"), Q(decided_at__isnull=False)),
    "carried": (_("落实了的"), Q(state__in=kinds.DONE)),
    "worked": (_("核验有效的"), Q(verdict=Verdict.WORKED.value)),
    "unclear": (_("核验证据不足的"), Q(verdict=Verdict.UNCLEAR.value)),
    "awarded": (_("奖励了的"), ~Q(level="")),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure and the address of its rows."""

    name: str
    said: str
    url: str


def tiles(rows: QuerySet[Proposal]) -> list[Tile]:
    """Of all proposals in reach, in one statement."""
    told = list(rows.values_list("state", "verdict", "level", "yuan", "submitted_at", "decided_at"))
    days = [(until - since) / DAY for *_rest, since, until in told if until is not None]
    paid = sum(row[3] for row in told if row[2])
    given = {"n": sum(bool(row[2]) for row in told), "yuan": paid}
    return [
        Tile(_t("提出"), str(len(told)), reverse("supervision:proposals")),
        Tile(_t("采纳"), str(sum(row[0] in (kinds.ADOPTED, *kinds.DONE) for row in told)), _at("adopted")),  # noqa: E501
        Tile(_t("答复天数（中位）"), _answered(days), _at("answered")),
        Tile(_t("落实"), str(sum(row[0] in kinds.DONE for row in told)), _at("carried")),
        Tile(_t("核验有效"), str(sum(row[1] == Verdict.WORKED for row in told)), _at("worked")),
        Tile(_t("证据不足"), str(sum(row[1] == Verdict.UNCLEAR for row in told)), _at("unclear")),
        Tile(_t("奖励"), _t("%(n)d 条，%(yuan)d 元") % given, _at("awarded")),
    ]  # fmt: skip


def _answered(days: list[float]) -> str:
    """How long the middle one took, and of how many: as many as its list has rows."""
    if not days:
        return "—"
    return _t("%(days)d 天，共 %(n)d 条") % {"days": round(median(days)), "n": len(days)}


def _at(which: str) -> str:
    return f"{reverse('supervision:proposals')}?{urlencode({'which': which})}"


def together(found: Proposal, at: datetime) -> list[str]:
    """Pairs of its writers and of its assessors that met often within a year: said, not refused."""
    rows = Proposal.objects.filter(submitted_at__gt=at - YEAR).exclude(pk=found.pk)
    assessors = [int(one["by"]) for one in found.assessments]
    told = list(rows.filter(
        Q(writers__overlap=found.writers) | Q(hands__overlap=assessors)
    ).values_list("writers", "assessments"))  # fmt: skip
    both = {
        _t("%(names)s 近一年另有 %(n)d 条共同署名"): (found.writers, [row[0] for row in told]),
        _t("%(names)s 近一年另有 %(n)d 条共同评分"): (
            assessors, [[int(one["by"]) for one in row[1]] for row in told],
        ),
    }  # fmt: skip
    names = dict(
        Person.objects.filter(pk__in=[*found.writers, *assessors]).values_list("pk", "name")
    )
    return [
        words % {"names": _t("、").join(names.get(one, "") for one in pair), "n": n}
        for words, (own, others) in both.items()
        for pair, n in _often(own, others)
    ]


def _often(
    own: Iterable[int], others: Iterable[Iterable[int]]
) -> list[tuple[tuple[int, int], int]]:
    mine = set(combinations(sorted(own), 2))
    met = Counter(pair for one in others for pair in combinations(sorted(one), 2) if pair in mine)
    least = number("together_hint")
    return [(pair, n) for pair, n in sorted(met.items()) if n >= least]
