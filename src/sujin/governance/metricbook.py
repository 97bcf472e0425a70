"""The metric catalogue: what each figure is called, how it is defined, and who answers for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin import packs
from sujin.complaints.rulebook import lines
from sujin.governance.facts import FACTS, HOUSE_PACK, Fact, Unit
from sujin.platform.reach import roles

UNIT = "unit"
AREAS = {
    "volume": _("数量"), "result": _("办理结果"), "time": _("时效"), "quality": _("质量"),
    "voice": _("客户评价"), "burden": _("基层负担"),
}  # fmt: skip
LEVELS = {"management": _("管理层"), "department": _("专业部门"), "outlet": _("网点")}
BETTER = ("more", "fewer", "none")
PER = 10_000
_WORDS = ("title", "definition", "numerator", "denominator")


class BadMetric(ValueError):
    """A row of metrics.csv that cannot be meant; the message names column and remedy."""


class Statistic(StrEnum):
    """What is made of the values of a fact."""

    COUNT = "count"
    PER_10K = "per_10k"
    SHARE = "share"
    MEDIAN = "median"
    P90 = "p90"

    @property
    def fraction(self) -> float | None:
        """Of a quantile, which."""
        return {Statistic.MEDIAN: 0.5, Statistic.P90: 0.9}.get(self)


_FITS = {
    Unit.COUNT: (Statistic.COUNT, Statistic.PER_10K), Unit.SHARE: (Statistic.SHARE,),
    Unit.SECONDS: (Statistic.MEDIAN, Statistic.P90), Unit.NUMBER: (Statistic.MEDIAN, Statistic.P90),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metric:
    """A row of metrics.csv. It is shown to whoever holds one of ``needs``; ``levels`` are the homes
    on which it stands; ``owner`` a line, or ``unit``: whoever it is about."""

    code: str
    fact: Fact
    statistic: Statistic
    area: str
    better: str
    owner: str
    needs: frozenset[str]
    levels: tuple[str, ...]
    source: str
    words: Mapping[str, Mapping[str, str]]

    def __str__(self) -> str:
        return self.said("title")

    def said(self, what: str) -> str:
        """The title, definition, numerator or denominator in the reader's language."""
        return self.words[what]["en" if get_language() == "en" else "zh"]

    @property
    def owner_name(self) -> str:
        if self.owner == UNIT:
            return _t("被统计的机构")
        return str(lines()[self.owner]["en" if get_language() == "en" else "zh"])

    @property
    def readers(self) -> list[str]:
        """The roles that may see it."""
        english = get_language() == "en"
        found = (one for one in roles().values() if self.needs & one.may)
        return [one.en if english else one.zh for one in found]


@cache
def metrics() -> Mapping[str, Metric]:
    """Every row by code, in the order of the file."""
    made = [read_row(row) for row in packs.rows(HOUSE_PACK, "metrics")]
    if len({one.code for one in made}) != len(made):
        raise BadMetric("metrics.csv: a code stands twice: give each row its own")
    return {one.code: one for one in made}


def read_row(row: Mapping[str, str]) -> Metric:
    """Raises BadMetric, naming the row, the column and the remedy."""
    fact = FACTS[_one_of(row, "fact", FACTS)]
    statistic = Statistic(_one_of(row, "statistic", _FITS[fact.unit]))
    known = {right for role in roles().values() for right in role.may}
    if not row["needs"] or not set(row["needs"].split()) <= known:
        raise _bad(row, "needs", f"write some of {', '.join(sorted(known))}")
    if not set(row["levels"].split()) <= set(LEVELS):
        raise _bad(row, "levels", f"write some of {', '.join(LEVELS)}, or nothing")
    return Metric(
        code=row["code"], fact=fact, statistic=statistic, area=_one_of(row, "area", AREAS),
        better=_one_of(row, "better", BETTER), owner=_one_of(row, "owner", (UNIT, *lines())),
        needs=frozenset(row["needs"].split()), levels=tuple(row["levels"].split()),
        source=row["source"], words=_words(row, statistic),
    )  # fmt: skip


def _words(row: Mapping[str, str], statistic: Statistic) -> Mapping[str, Mapping[str, str]]:
    words = {
        name: {lang: row[lang if name == "title" else f"{name}_{lang}"] for lang in ("zh", "en")}
        for name in _WORDS
    }
    wanted = {"title", "definition", "denominator" if statistic.fraction else "numerator"}
    if statistic in (Statistic.SHARE, Statistic.PER_10K):
        wanted |= {"denominator"}
    for name in sorted(wanted):
        if not all(words[name].values()):
            raise _bad(row, f"{name}_zh", f"write the {name} in both languages")
    return words


def _one_of(row: Mapping[str, str], column: str, known: Iterable[str]) -> str:
    have = [str(one) for one in known]
    if row[column] not in have:
        raise _bad(row, column, f"write one of {', '.join(have)}")
    return row[column]


def _bad(row: Mapping[str, str], column: str, remedy: str) -> BadMetric:
    said = row.get(column, "")
    return BadMetric(f"metrics.csv row {row['code']}: {column} {said!r}: {remedy}")
