"""Whose doors the cases come through; on an empty database, the smallest institution there is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from sujin import packs
from sujin.channels.csv.flaws import CannotOpen
from sujin.channels.orgs import catch_all
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.platform.acts.organise import organise, system_person
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind, OrgPlan, OrgSpec

HEAD_OFFICE = "HO"


@dataclass(frozen=True, slots=True)
class Doors:
    """The organisations a file may name; ``default`` is the code for rows that name none."""

    default: str
    codes: Mapping[str, str]

    def find(self, words: str) -> str:
        """The organisation's code by its code or by a name that only one bears, or ''."""
        return self.codes.get(words, "")


def is_planted() -> bool:
    return Org.objects.exists()


def plant(*, at: datetime) -> None:
    """A head office and a department for every professional line of the pack."""
    head = OrgSpec(HEAD_OFFICE, "", OrgKind.HEAD, settings.INSTITUTION, "Head office")
    lines = packs.rows(HOUSE_PACK, "lines")
    plan = OrgPlan(orgs=(head, *(_department(line) for line in lines)), persons=(), posts=())
    organise(plan, by=system_person(), at=at)


def doors(origin: str) -> Doors:
    """All doors of the institution; rows that name none go where nobody's branch is known.

    Raises CannotOpen when there is no organisation ``origin``.
    """
    orgs = list(Org.objects.values_list("code", "name"))
    times = Counter(name for _code, name in orgs)
    codes = {name: code for code, name in orgs if times[name] == 1}
    codes |= {code: code for code, _name in orgs}
    if origin and codes.get(origin) != origin:
        raise CannotOpen(f"--origin {origin}：没有这个机构号 / no organisation has this code")
    return Doors(origin or catch_all().code, codes)


def _department(line: Mapping[str, str]) -> OrgSpec:
    is_company = line["company"] == "yes"
    return OrgSpec(
        f"{HEAD_OFFICE}-{line['line']}",
        HEAD_OFFICE,
        OrgKind.COMPANY if is_company else OrgKind.DEPARTMENT,
        line["zh"] if is_company else f"{line['zh']}部",
        line["en"] if is_company else f"{line['en']} department",
        line=line["line"],
    )
