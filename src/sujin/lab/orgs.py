"""How the demonstration bank is built: head office, company, centre and branches downward."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sujin.platform.organisation import OrgKind, OrgSpec

HEAD, COMPANY, CENTRE = "HO", "WM", "RC"

DEPARTMENTS: tuple[tuple[str, str, str], ...] = (
    ("consumer", "消费者权益保护部", "Consumer Protection Department"),
    ("personal", "个人金融部", "Personal Finance Department"),
    ("card", "银行卡部", "Bank Card Department"),
    ("operations", "运行管理部", "Operations Department"),
    ("ebank", "网络金融部", "Digital Banking Department"),
    ("credit", "信贷与授信部", "Credit Department"),
    ("inclusive", "普惠金融部", "Inclusive Finance Department"),
    ("treasury_fx", "国际业务部", "International Business Department"),
    ("agency", "机构与代理业务部", "Agency Business Department"),
    ("legal", "法律事务部", "Legal Department"),
    ("compliance", "内控合规部", "Compliance Department"),
    ("security", "安全保卫部", "Security Department"),
)
BRANCH_LINES = ("consumer", "personal", "card", "operations")


@dataclass(frozen=True, slots=True)
class City:
    """A second-level branch: its town's name, and how many outlets each sub-branch runs."""

    name: str
    name_en: str
    outlets: tuple[int, ...]


PLACES: tuple[tuple[str, str], ...] = (
    ("城中", "Central"),
    ("桥头", "Bridgehead"),
    ("东门", "East Gate"),
    ("湖滨", "Lakeside"),
    ("新区", "New District"),
    ("火车站", "Railway Station"),
    ("西街", "West Street"),
    ("大学城", "University Town"),
    ("南塘", "South Pond"),
    ("开发区", "Development Zone"),
    ("北苑", "North Garden"),
    ("老街", "Old Street"),
    ("人民路", "Renmin Road"),
    ("和平里", "Hepingli"),
    ("工业园", "Industrial Park"),
    ("河东", "River East"),
)


def head_office() -> Iterator[OrgSpec]:
    """The head office, its professional departments, the wealth company and the remote centre."""
    yield OrgSpec(
        HEAD,
        "",
        OrgKind.HEAD,
        "诉金示范银行总行",
        "Sujin Demonstration Bank Head Office",
    )
    for line, name, name_en in DEPARTMENTS:
        yield department(HEAD, line, f"总行{name}", f"Head Office {name_en}", "")
    yield OrgSpec(
        COMPANY,
        HEAD,
        OrgKind.COMPANY,
        "诉金示范理财有限责任公司",
        "Sujin Demonstration Wealth Management Co., Ltd.",
        "wealth",
    )
    yield OrgSpec(CENTRE, HEAD, OrgKind.CENTRE, "95588远程银行中心", "95588 Remote Banking Centre")


def department(parent: str, line: str, name: str, name_en: str, region: str) -> OrgSpec:
    """A professional department; its code is its parent's code and its line."""
    code = f"{parent}-{line.upper().replace('_', '-')}"
    return OrgSpec(code, parent, OrgKind.DEPARTMENT, name, name_en, line, region)


def branch(code: str, region: str, region_en: str, cities: Iterable[City]) -> Iterator[OrgSpec]:
    """A first-level branch with its departments, then every town below it, parents first."""
    yield OrgSpec(
        code,
        HEAD,
        OrgKind.BRANCH1,
        f"{region}分行",
        f"{region_en} Branch",
        region=region,
    )
    for line, name, name_en in DEPARTMENTS:
        if line in BRANCH_LINES:
            label, label_en = f"{region}分行{name}", f"{region_en} Branch {name_en}"
            yield department(code, line, label, label_en, region)
    for number, city in enumerate(cities, 1):
        yield from _town(f"{code}-{number:02d}", code, city, region)


def _town(code: str, parent: str, city: City, region: str) -> Iterator[OrgSpec]:
    yield OrgSpec(
        code,
        parent,
        OrgKind.BRANCH2,
        f"{region}{city.name}分行",
        f"{city.name_en} Second-level Branch",
        region=region,
    )
    used = 0
    for number, outlets in enumerate(city.outlets, 1):
        places = [PLACES[(used + step) % len(PLACES)] for step in range(outlets)]
        sub = OrgSpec(
            f"{code}-{number:02d}",
            code,
            OrgKind.SUB,
            f"{city.name}{places[0][0]}支行",
            f"{city.name_en} {places[0][1]} Sub-branch",
            region=region,
        )
        yield sub
        yield from _outlets(sub, city, places)
        used += outlets


def _outlets(sub: OrgSpec, city: City, places: Iterable[tuple[str, str]]) -> Iterator[OrgSpec]:
    for number, (place, place_en) in enumerate(places, 1):
        yield OrgSpec(
            f"{sub.code}-{number:02d}",
            sub.code,
            OrgKind.OUTLET,
            f"{city.name}{place}网点",
            f"{city.name_en} {place_en} Outlet",
            region=sub.region,
        )
