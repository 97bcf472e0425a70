"""What each door hands in: a told case as the Draft its channel would have made of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from sujin.complaints.draft import (
    CaseKind,
    Declared,
    Draft,
    Lane,
    Outcome,
    PartyDraft,
    PartyRole,
    RegulatorDraft,
)
from sujin.lab.cases import Case
from sujin.lab.circumstance import ZONE
from sujin.lab.dice import weighted
from sujin.lab.grammar import Said
from sujin.lab.orgs import CENTRE, HEAD
from sujin.lab.people import Homes, phone
from sujin.lab.plants import AgentGroup
from sujin.lab.scenes import scene

SOURCE = "lab"
# A story that is read today: what is older than this has mostly been closed.
OLD_DAYS = 25
CLOSES_OLD, CLOSES_NEW = 0.97, 0.22
# Median days until closing, by what makes a case slow; the spread is lognormal.
MEDIAN_DAYS = {"regulator": 10.0, "threat": 9.0, "plain": 5.0, "asked": 0.6}
SPREAD = 0.65
OUTCOMES: tuple[tuple[str, float], ...] = (
    ("explanation", 0.52),
    ("payment", 0.1),
    ("apology", 0.1),
    ("restore", 0.09),
    ("process", 0.06),
    ("return", 0.04),
    ("withdrawn", 0.04),
    ("mediation", 0.02),
    ("rules", 0.01),
    ("litigation", 0.01),
    ("other", 0.01),
)
AGENCIES = (
    ("国家金融监督管理总局{}监管局", "{}金监消转"),
    ("国家金融监督管理总局{}监管局", "{}金监投转"),
    ("中国人民银行{}省分行", "{}银消转"),
)
RELATIVE_ACTS = 0.12
LEAVES_A_PHONE = 0.95
DECLARES, DECLARES_WRONG = 0.3, 0.03


@dataclass(frozen=True, slots=True)
class Setting:
    """What does not change from case to case: the bank, the groups, the last moment, the prefix."""

    where: Homes
    groups: Mapping[str, AgentGroup]
    until: datetime
    prefix: str

    def external_id(self, number: int) -> str:
        """The id a case has in the laboratory."""
        return f"{self.prefix}-{number + 1:06d}"


def draft(case: Case, said: Said, setting: Setting, rng: Random) -> Draft:
    """The Draft of one case; all that is random about it comes from ``rng``."""
    return Draft(
        channel=case.channel,
        text=said.text,
        received_at=case.at,
        origin=_origin(case, setting.where, rng),
        kind=case.kind,
        lane=Lane.REGULATOR if case.channel == "regulator" else Lane.ORDINARY,
        source=SOURCE,
        external_id=setting.external_id(case.number),
        parties=tuple(_parties(case, setting, rng)),
        declared=_declared(case, said, rng),
        regulator=_letter(case, setting.where, rng) if case.channel == "regulator" else None,
        outcome=_outcome(case, setting.until, rng),
        region=setting.where.regions[case.branch],
        attributes={"synthetic": "yes", "home": case.customer.outlet},
    )


def _origin(case: Case, where: Homes, rng: Random) -> str:
    """At whose door it was brought: the web form asks for the town, the hotline has one centre."""
    if case.channel == "counter":
        return case.customer.outlet
    if case.channel == "regulator":
        return case.branch if rng.random() < 0.85 else HEAD
    if case.channel == "web_form":
        return where.parents[where.parents[case.customer.outlet]]
    return CENTRE if case.channel == "hotline" else f"{HEAD}-CONSUMER"


def _parties(case: Case, setting: Setting, rng: Random) -> Iterator[PartyDraft]:
    yield _complainant(case, rng)
    if case.group:
        group = setting.groups[case.group]
        yield PartyDraft(PartyRole.AGENT, group.agent, phone=group.phone, authority=group.authority)
    elif case.customer.needs and rng.random() < RELATIVE_ACTS:
        yield _relative(case, rng)


def _relative(case: Case, rng: Random) -> PartyDraft:
    """A relative who really acts for somebody: whom a detector of organised agents must spare."""
    name = case.customer.name[0] + rng.choice("晓雯磊娜杰婧")
    letter = f"家属授权委托书（手写，{case.at:%Y年%m月%d日}）"
    return PartyDraft(PartyRole.AGENT, name, phone=phone(rng), authority=letter)


def _complainant(case: Case, rng: Random) -> PartyDraft:
    who = case.customer
    identified = case.channel in ("counter", "web_form", "regulator") or rng.random() < 0.3
    written = case.channel in ("web_form", "email")
    if case.kind is not CaseKind.COMPLAINT and rng.random() < 0.5:
        return PartyDraft(name=who.name, phone=who.phone)
    return PartyDraft(
        name=who.name,
        id_number=who.id_number if identified else "",
        phone=who.phone if not identified or rng.random() < LEAVES_A_PHONE else "",
        card=who.card if rng.random() < 0.4 else "",
        account=who.account if rng.random() < 0.15 else "",
        email=who.email if written else "",
        address=who.address if case.channel == "regulator" else "",
        vulnerable=who.needs if identified else (),
    )


def _declared(case: Case, said: Said, rng: Random) -> Declared:
    """What the form or the agent stated; seldom everything, and now and then wrongly."""
    if case.channel not in ("hotline", "web_form") or rng.random() > DECLARES:
        return Declared(people=said.people if said.people > 1 else None)
    about = scene(case.matter.scene)
    business = "other.other" if rng.random() < DECLARES_WRONG else about.business
    people = said.people if said.people > 1 else None
    return Declared(business, amount=said.amount if rng.random() < 0.5 else None, people=people)


def _letter(case: Case, where: Homes, rng: Random) -> RegulatorDraft:
    region = where.regions[case.branch]
    agency, series = rng.choice(AGENCIES)
    reference = f"{series.format(region[0])}〔{case.at.year}〕{1 + rng.randrange(4000)}号"
    sent = case.at - timedelta(days=rng.randrange(1, 4))
    due = datetime.combine(case.at.date(), time(23, 59, 59), ZONE)
    answer_in = timedelta(days=rng.choice((10, 15, 15)))
    return RegulatorDraft(agency.format(region), reference, sent, due + answer_in)


def _outcome(case: Case, until: datetime, rng: Random) -> Outcome | None:
    chance = CLOSES_OLD if until - case.at > timedelta(days=OLD_DAYS) else CLOSES_NEW
    wait = timedelta(days=_median(case) * rng.lognormvariate(0, SPREAD))
    label = weighted(rng, OUTCOMES)
    ready = (case.at + wait).replace(microsecond=0)
    if rng.random() > chance or ready > until:
        return None
    in_office_hours = ready.replace(hour=rng.randrange(9, 18))
    at = in_office_hours if case.at < in_office_hours < until else ready
    return Outcome(label if case.kind is CaseKind.COMPLAINT else "explanation", at)


def _median(case: Case) -> float:
    if case.kind is not CaseKind.COMPLAINT:
        return MEDIAN_DAYS["asked"]
    if case.channel == "regulator":
        return MEDIAN_DAYS["regulator"]
    return MEDIAN_DAYS["threat" if "threat" in case.extras else "plain"]
