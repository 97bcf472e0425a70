"""Where it happened: the branches a customer can choose from."""

from collections.abc import Sequence

from django.db.models import Count
from django.utils.translation import gettext as _t

from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind

LEVELS = (OrgKind.BRANCH1, OrgKind.BRANCH2, OrgKind.SUB, OrgKind.OUTLET)
# A telephone shows no longer list than this with any use; a larger bank offers fewer levels.
AT_MOST = 600
INDENT = "　"

Choices = list[tuple[str, str | list[tuple[str, str]]]]


def choices() -> Choices:
    """The branches in groups, by tree; the empty choice first. Two queries."""
    orgs = sorted(Org.objects.filter(kind__in=_levels()), key=lambda org: org.lineage)
    groups: dict[int, list[Org]] = {}
    for org in orgs:
        groups.setdefault(org.lineage[1], []).append(org)
    unknown = ("", _t("不清楚，请银行判断"))
    return [unknown, *((str(group[0]), _options(group)) for group in groups.values())]


def _levels() -> Sequence[str]:
    """As many levels from the top as stay within ``AT_MOST``; always the first."""
    counted = Org.objects.filter(kind__in=LEVELS).values_list("kind").annotate(Count("pk"))
    counts, total = dict(counted), 0
    levels: list[str] = []
    for level in LEVELS:
        total += counts.get(level.value, 0)
        if levels and total > AT_MOST:
            break
        levels.append(level.value)
    return levels


def _options(group: Sequence[Org]) -> list[tuple[str, str]]:
    top = len(group[0].lineage)
    return [(org.code, INDENT * (len(org.lineage) - top) + str(org)) for org in group]
