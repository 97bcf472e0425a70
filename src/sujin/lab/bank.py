"""The demonstration bank at any size: the cast's two branches among many, every desk staffed."""

from collections.abc import Iterator
from random import Random

from sujin.lab import cast
from sujin.lab.dice import dice
from sujin.lab.orgs import CENTRE, COMPANY, HEAD, City, branch, head_office
from sujin.lab.people import staff_name
from sujin.platform.organisation import OrgKind, OrgPlan, OrgSpec, PersonSpec, PostSpec

BRANCHES: tuple[tuple[str, str, str], ...] = (
    (cast.BRANCH_A, "江南", "Jiangnan"),
    (cast.BRANCH_B, "北川", "Beichuan"),
    ("DH", "东海", "Donghai"),
    ("XL", "西岭", "Xiling"),
    ("YZ", "云泽", "Yunze"),
    ("LH", "临湖", "Linhu"),
    ("QY", "青原", "Qingyuan"),
    ("NP", "南屏", "Nanping"),
    ("CH", "长河", "Changhe"),
    ("SL", "松岭", "Songling"),
    ("HW", "海湾", "Haiwan"),
    ("JP", "金坪", "Jinping"),
    ("ZT", "中塘", "Zhongtang"),
    ("BH", "碧湖", "Bihu"),
    ("TM", "天门岭", "Tianmenling"),
    ("LP", "龙坪", "Longping"),
    ("FS", "枫山", "Fengshan"),
    ("MX", "梅溪", "Meixi"),
    ("RQ", "瑞泉", "Ruiquan"),
    ("SY", "双原", "Shuangyuan"),
    ("WL", "望岭", "Wangling"),
    ("HG", "鹤岗岭", "Hegangling"),
    ("TH", "桃花坪", "Taohuaping"),
    ("KY", "开远坪", "Kaiyuanping"),
)
TOWN_STARTS = (
    ("清", "Qing"),
    ("柳", "Liu"),
    ("竹", "Zhu"),
    ("沙", "Sha"),
    ("安", "An"),
    ("鹿", "Lu"),
    ("雁", "Yan"),
    ("泉", "Quan"),
    ("枫", "Feng"),
    ("莲", "Lian"),
    ("桐", "Tong"),
    ("榆", "Yu"),
)
TOWN_ENDS = (
    ("坝", "ba"),
    ("浦", "pu"),
    ("埠", "bu"),
    ("桥", "qiao"),
    ("堰", "yan"),
    ("洲", "zhou"),
    ("港", "gang"),
    ("岗", "gang"),
    ("塘", "tang"),
)
TOWNS_EACH = 3
LEAST_OUTLETS_EACH = 7


def plan(seed: int, *, branches: int = 12, outlets: int = 120) -> OrgPlan:
    """The bank with this many first-level branches and outlets; it contains ``CORE_PLAN`` whole.

    Raises ValueError when there are more branches than names or too few outlets to go round.
    """
    if not 2 <= branches <= len(BRANCHES):
        raise ValueError(f"branches={branches}: choose 2 to {len(BRANCHES)}")
    if outlets < branches * LEAST_OUTLETS_EACH:
        raise ValueError(f"outlets={outlets}: at least {branches * LEAST_OUTLETS_EACH} are needed")
    rng = dice("bank", seed)
    orgs = tuple(_orgs(rng, branches, outlets))
    persons, posts = _staff(rng, orgs)
    return OrgPlan(orgs, (*cast.CAST, *persons), (*cast.CAST_POSTS, *posts))


def _orgs(rng: Random, branches: int, outlets: int) -> Iterator[OrgSpec]:
    yield from head_office()
    towns = _town_names(rng)
    for (code, name, name_en), count in zip(
        BRANCHES[:branches], _shares(rng, branches, outlets), strict=True
    ):
        yield from branch(code, name, name_en, _cities(rng, code, count, towns))


def _shares(rng: Random, branches: int, outlets: int) -> list[int]:
    """How many outlets each branch runs: some are four times as large as others."""
    weights = [rng.lognormvariate(0, 0.5) for _ in range(branches)]
    spare = outlets - branches * LEAST_OUTLETS_EACH
    shares = [LEAST_OUTLETS_EACH + int(spare * w / sum(weights)) for w in weights]
    shares[0] += outlets - sum(shares)
    return shares


def _town_names(rng: Random) -> Iterator[tuple[str, str]]:
    names = [(a + b, f"{a_en}{b_en}") for a, a_en in TOWN_STARTS for b, b_en in TOWN_ENDS]
    rng.shuffle(names)
    return iter(names)


def _cities(
    rng: Random, code: str, outlets: int, towns: Iterator[tuple[str, str]]
) -> tuple[City, ...]:
    known = {cast.BRANCH_A: cast.CITIES_A, cast.BRANCH_B: cast.CITIES_B}.get(code, ())
    fresh = [City(*next(towns), ()) for _ in range(TOWNS_EACH - len(known))]
    cities = [*known, *fresh]
    spare = outlets - sum(sum(city.outlets) for city in known)
    for place in range(len(cities) - 1, -1, -1):
        share = spare // (place + 1)
        cities[place] = _grown(rng, cities[place], share)
        spare -= share
    return tuple(cities)


def _grown(rng: Random, city: City, more: int) -> City:
    """The town with further sub-branches of one to three outlets; what it had stays first."""
    subs: list[int] = []
    while more > 0:
        subs.append(min(more, 1 + int(rng.random() * 3)))
        more -= subs[-1]
    return City(city.name, city.name_en, (*city.outlets, *subs))


def _staff(
    rng: Random, orgs: tuple[OrgSpec, ...]
) -> tuple[tuple[PersonSpec, ...], tuple[PostSpec, ...]]:
    desks = [(org.code, role) for org in orgs for role in _roles(org)]
    desks += [(org.code, role) for org in orgs for role in _helping(org)]
    persons = [
        PersonSpec(str(200001 + number), staff_name(rng), meaning=f"Synthetic {role} at {org}.")
        for number, (org, role) in enumerate(desks)
    ]
    posts = (
        PostSpec(person.staff_no, org, role, cast.SINCE)
        for person, (org, role) in zip(persons, desks, strict=True)
    )
    return tuple(persons), tuple(posts)


def _helping(org: OrgSpec) -> tuple[str, ...]:
    """Who helps others: two liaison officers for each branch, an expert for each line at the top;
    the cast has some of these posts already."""
    if org.kind is OrgKind.BRANCH1:
        return ("liaison",) if org.code == cast.BRANCH_A else ("liaison", "liaison")
    at_the_top = org.kind is OrgKind.DEPARTMENT and org.parent == HEAD
    return ("expert",) if at_the_top and org.code != f"{HEAD}-CARD" else ()


_AT_EVERY = {
    OrgKind.BRANCH1: ("handler", "supervisor"),
    OrgKind.BRANCH2: ("handler", "handler"),
    OrgKind.SUB: ("handler",),
    OrgKind.OUTLET: ("teller", "outlet_manager"),
}
_AT = {COMPANY: ("company_handler",), CENTRE: ("handler", "supervisor", "agent", "agent", "agent")}
_OWNED_BY_CAST = (f"{HEAD}-PERSONAL", f"{HEAD}-CARD")


def _roles(org: OrgSpec) -> tuple[str, ...]:
    """The posts that everybody but the cast fills at an organisation."""
    if org.kind is OrgKind.DEPARTMENT:
        owned = org.parent != HEAD or org.code in _OWNED_BY_CAST
        return ("handler",) if owned else ("line_owner", "handler")
    return _AT.get(org.code) or _AT_EVERY.get(org.kind, ())
