"""Customers who do not exist: their numbers pass every check and reach nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from operator import mul
from random import Random

from sujin.platform.organisation import OrgKind, OrgPlan

# No administrative division code of mainland China begins with 99 (GB/T 2260).
NOWHERE = "99"
# Mobile prefixes that no carrier had been given when this was written.
UNISSUED_PREFIXES = ("154", "160", "161", "163", "168", "169")
# ISO/IEC 7812: numbers that begin with 9 are left to national use; 999 is no country's code.
UNISSUED_DEBIT_BIN, UNISSUED_CREDIT_BIN = "999010", "999020"
ELDERLY_FROM = 65
_WEIGHTS = tuple(2 ** (17 - place) % 11 for place in range(17))
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕"
    "丁任卢姚沈钟姜崔谭陆范汪廖石金贾夏韦付方邹熊白孟秦邱侯江尹薛阎段雷龙史陶贺顾毛郝龚邵万钱严"
)
_WOMEN = "秀英芳娜敏静丽艳娟霞玲桂兰红梅春燕雪琴慧婷莹洁丹萍倩颖蓉瑶妍琳晴怡佳欣悦梦月彩凤淑珍素云"
_MEN = "伟强磊军勇涛明超刚平辉鹏华飞斌波浩宇杰亮建国志永庆海东文林峰凯旭晨阳俊博毅成龙振宏德福根水"
_STREETS = ("解放路", "中山街", "文化巷", "建设大道", "滨河路", "学府路", "向阳街", "新华路")


@dataclass(frozen=True, slots=True)
class Customer:
    """One invented customer; ``outlet`` is where the account lives, ``needs`` what is on file."""

    key: str
    name: str
    woman: bool
    born: date
    id_number: str
    phone: str
    card: str
    account: str
    email: str
    address: str
    outlet: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Homes:
    """Where customers live: outlets by first-level branch, and every organisation's way up."""

    outlets: Mapping[str, tuple[str, ...]]
    parents: Mapping[str, str]
    names: Mapping[str, str]
    regions: Mapping[str, str]

    @property
    def branches(self) -> tuple[str, ...]:
        """First-level branches that have outlets, in the order of the plan."""
        return tuple(self.outlets)


def homes(plan: OrgPlan) -> Homes:
    """The outlets of a plan, sorted under their first-level branches."""
    parents = {org.code: org.parent for org in plan.orgs}
    outlets: dict[str, list[str]] = {}
    for org in plan.orgs:
        if org.kind is OrgKind.OUTLET:
            branch = parents[parents[org.parent]]
            outlets.setdefault(branch, []).append(org.code)
    return Homes(
        {branch: tuple(found) for branch, found in outlets.items()},
        parents,
        {org.code: org.name for org in plan.orgs},
        {org.code: org.region for org in plan.orgs},
    )


def invent(rng: Random, key: str, outlet: str, where: Homes, *, at: date) -> Customer:
    """A new customer of an outlet, aged as customers who complain are on the day ``at``."""
    woman, age = rng.random() < 0.5, _age(rng)
    born = at - timedelta(days=int(age * 365.25) + int(rng.random() * 365))
    return Customer(
        key,
        _name(rng, woman),
        woman,
        born,
        id_number(rng, born, woman),
        phone(rng),
        card(rng),
        "9990" + _digits(rng, 15),
        f"{key.lower()}@example.com",
        _address(rng, outlet, where),
        outlet,
        _needs(rng, age),
    )


def id_number(rng: Random, born: date, woman: bool) -> str:
    """An 18-digit number with a valid check digit (GB 11643-1999) of a region that is nowhere."""
    order = int(rng.random() * 500) * 2 + (0 if woman else 1)
    body = f"{NOWHERE}{_digits(rng, 4)}{born:%Y%m%d}{order:03d}"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """The 18th character of an identity number (ISO 7064 MOD 11-2)."""
    return "10X98765432"[sum(map(mul, map(int, body), _WEIGHTS)) % 11]


def phone(rng: Random) -> str:
    """A mobile number under a prefix that no carrier has been given."""
    return _pick(rng, UNISSUED_PREFIXES) + _digits(rng, 8)


def card(rng: Random) -> str:
    """A card number that passes the Luhn check under an issuer number nobody holds."""
    credit = rng.random() < 0.45
    body = (
        UNISSUED_CREDIT_BIN + _digits(rng, 9) if credit else UNISSUED_DEBIT_BIN + _digits(rng, 12)
    )
    return body + luhn_digit(body)


def luhn_digit(body: str) -> str:
    """The check digit that makes a card number valid (ISO/IEC 7812-1 annex B)."""
    digits = [*map(int, reversed(body))]
    total = sum(digits[1::2]) + sum(_DOUBLED[digit] for digit in digits[::2])
    return str(-total % 10)


def _age(rng: Random) -> float:
    if rng.random() < 0.17:
        return 65 + min(28.0, rng.expovariate(1 / 8))
    return min(64.0, max(18.0, rng.gauss(40, 12)))


def staff_name(rng: Random) -> str:
    """A name for somebody of either sex."""
    return _name(rng, rng.random() < 0.5)


def _name(rng: Random, woman: bool) -> str:
    return _pick(rng, _SURNAMES) + _given(rng, woman)


def _given(rng: Random, woman: bool) -> str:
    pool = _WOMEN if woman else _MEN
    return _pick(rng, pool) + (_pick(rng, pool) if rng.random() < 0.7 else "")


def _needs(rng: Random, age: float) -> tuple[str, ...]:
    needs = ["elderly"] if age >= ELDERLY_FROM else []
    if rng.random() < 0.012:
        needs.append("disabled")
    if rng.random() < 0.02:
        needs.append("hardship")
    return tuple(needs)


def _address(rng: Random, outlet: str, where: Homes) -> str:
    town = where.names[where.parents[where.parents[outlet]]].removesuffix("分行")
    number = 1 + int(rng.random() * 300)
    return f"{town}{_pick(rng, _STREETS)}{number}号"


def _digits(rng: Random, count: int) -> str:
    return f"{int(rng.random() * 10**count):0{count}d}"


def _pick(rng: Random, pool: str | tuple[str, ...]) -> str:
    return pool[int(rng.random() * len(pool))]
