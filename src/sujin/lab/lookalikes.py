"""Innocent people who look like organised agents: what a detector of groups must spare.

They are told beside a story, not in it. A family with one telephone, residents of one house with
one petition, a home for the aged whose director writes for residents, a lawyer with real clients
and proper letters, hundreds who copy a letter from a newspaper, an outage noted down in one clerk's
words. ``collective`` is one lawyer who files one text for real clients of one product: by its
traces alone nobody can tell it from a group, which is why a human decides; it is counted apart.
``posing`` is no innocent: an agent who gives the own number as that of each customer; its truth is
a planted group's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from sujin.complaints.draft import CaseKind, Draft, PartyDraft, PartyRole
from sujin.lab import cases, circumstance, doors
from sujin.lab.arrivals import Arrival
from sujin.lab.cases import Case
from sujin.lab.circumstance import ZONE
from sujin.lab.dice import dice
from sujin.lab.grammar import Said, Telling, tell
from sujin.lab.people import Homes, homes, phone, staff_name
from sujin.lab.phrases import table
from sujin.lab.plants import Plants
from sujin.lab.truth import Truth, truth_of
from sujin.lab.voice import Style
from sujin.platform.organisation import OrgPlan

HARD, POSING = "collective", "posing"
OPENING = "受{}委托，本所律师就其与贵行之间的争议，依据委托人提供的材料，提出如下意见。"
CLOSING = "以上意见请贵行审阅，并请将处理结果书面告知本所；委托人保留采取其他合法途径的权利。"


@dataclass(frozen=True, slots=True)
class Lookalike:
    """One innocent group; ``words`` is own, copied, framed, or the code of who is copied."""

    code: str
    kind: str
    first: date
    days: int
    members: int
    scene: str
    words: str
    door: str


def lookalikes(seed: int, plan: OrgPlan, start: date, end: date) -> list[tuple[Draft, Truth]]:
    """Their contacts, in the order of time; external ids begin with the seed and their code."""
    where, span = homes(plan), (end - start).days
    found: list[tuple[Draft, Truth]] = []
    models: dict[str, Said] = {}
    for row in table("lookalikes"):
        first = start + timedelta(days=int(span * float(row["start"])))
        size = int(row["days"]), int(row["members"])
        one = Lookalike(row["code"], row["kind"], first, *size, *_rest(row))
        found += _told(seed, one, where, end, models)
    return sorted(found, key=lambda pair: pair[0].received_at)


def hard() -> frozenset[str]:
    """Codes of those that traces alone cannot tell from a group."""
    return frozenset(row["code"] for row in table("lookalikes") if row["kind"] == HARD)


def _rest(row: dict[str, str]) -> tuple[str, str, str]:
    return row["scene"], row["words"], row["door"]


def _told(
    seed: int, one: Lookalike, where: Homes, end: date, models: dict[str, Said]
) -> Iterator[tuple[Draft, Truth]]:
    rng = dice("lookalike", seed, one.code)
    until = datetime.combine(end + timedelta(days=1), time(), ZONE)
    setting = doors.Setting(where, {}, until, f"LAB{seed}-{one.code}")
    branch = rng.choice(where.branches)
    maker = cases.Maker(seed, where, Plants((), (), (), (), ()))
    maker.rng = rng
    acting = _acting(one, rng)
    for number in range(one.members):
        if one.kind == "public":
            branch = rng.choice(where.branches)
        case = replace(_case(one, branch, maker), number=number)
        said = _said(one, case, rng, models)
        draft = doors.draft(case, said, setting, rng)
        yield _with_people(one, case, draft, acting, rng), _truth(one, case, said, setting)


def _case(one: Lookalike, branch: str, maker: cases.Maker) -> Case:
    day = circumstance.on_workday(one.first + timedelta(days=maker.rng.randrange(one.days)))
    customer = maker.newcomer(branch, maker.rng.choice(maker.where.outlets[branch]), day)
    arrival = Arrival(day, branch, one.scene, CaseKind.COMPLAINT)
    return replace(maker.one(arrival, customer, one.door), mood=1, extras=frozenset())


def _said(one: Lookalike, case: Case, rng: Random, models: dict[str, Said]) -> Said:
    """Their own words, or those of the first who wrote, with one's own numbers in it."""
    style = Style.NOTE if case.channel == "hotline" else Style.FIRST
    telling = Telling(style, case.kind, case.mood, case.at.date(), case.extras, case.need)
    own = tell(case.matter, telling, rng)
    if one.words == "own":
        return own
    if one.words == "framed":
        return replace(own, text=OPENING.format(case.customer.name) + own.text + CLOSING)
    model = models.setdefault(one.code if one.words == "copied" else one.words, own)
    return replace(model, text=f"{model.text}尾号{case.matter.tail}，{case.matter.amount}元。")


def _acting(one: Lookalike, rng: Random) -> PartyDraft:
    """Who acts for them, or whose telephone and address they share."""
    name, number = staff_name(rng), phone(rng)
    return PartyDraft(
        PartyRole.AGENT, name, phone=number, address=f"{one.code}路{rng.randrange(300)}号"
    )


def _with_people(
    one: Lookalike, case: Case, draft: Draft, acting: PartyDraft, rng: Random
) -> Draft:
    mine = draft.parties[0]
    if one.kind == "family":
        mine = replace(mine, phone=acting.phone, address=acting.address)
        return replace(draft, parties=(mine,))
    if one.kind == "residents":
        return replace(draft, parties=(replace(mine, address=acting.address),))
    if one.kind == POSING:
        return replace(draft, parties=(replace(mine, phone=acting.phone),))
    if one.kind == "public":
        return draft
    if one.kind == "home":
        mine = replace(mine, phone=acting.phone, address=acting.address)
        letter = f"住养老人授权委托书（手写，{case.at:%Y年%m月%d日}）"
    else:
        letter = f"律师事务所函及授权委托书（当事人签名，{case.at:%Y}第{rng.randrange(9000)}号）"
    return replace(draft, parties=(mine, replace(acting, address="", authority=letter)))


def _truth(one: Lookalike, case: Case, said: Said, setting: doors.Setting) -> Truth:
    known = truth_of(case, said, setting.external_id)
    if one.kind == POSING:
        return replace(known, customer=f"{one.code}-{case.customer.key}", group=one.code)
    return replace(known, customer=f"{one.code}-{case.customer.key}", lookalike=one.code)
