"""The letters of a case: which template, filled with which facts, and what the law still misses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_noop, override

from sujin import packs
from sujin.complaints.desks import Desks
from sujin.complaints.kinds.base import in_language
from sujin.complaints.models import Complaint, Letter
from sujin.complaints.models.party import IDENTIFYING
from sujin.engine import letters
from sujin.engine.letters import Element, Missing, fill
from sujin.engine.masks import mask
from sujin.engine.text import redact
from sujin.platform.masking import masked
from sujin.platform.models import Person

ADDRESSEE = "{{ customer }}"
SUMMARY_MAX, GAP_MAX = 300, 30
OTHERS_DATA = "个人信息保护法 第十条"
_NUMBERS = {
    "id_number": gettext_noop("身份证号"),
    "passport": gettext_noop("护照号"),
    "permit": gettext_noop("证件号"),
    "card": gettext_noop("卡号"),
    "account": gettext_noop("账号"),
    "phone": gettext_noop("手机号"),
}


@dataclass(frozen=True, slots=True)
class Lack:
    """What a letter lacks, in the reader's words, with the article that asks for it."""

    what: str
    article: str


def home_of(case: Complaint) -> str:
    """The regime whose letters the case uses: the first that has any."""
    return next((one for one in case.regimes if _templates(one)), "cn_nfra_2020_3")


def drafted(case: Complaint, kind: str, *, by: Person, at: datetime) -> str:
    """The template of the case's law with the facts of the case."""
    regime = home_of(case)
    with override(_language(regime)):
        return fill(packs.text(regime, f"letters/{kind}.md"), facts(case, by=by, at=at))


def facts(case: Complaint, *, by: Person, at: datetime) -> Mapping[str, str]:
    """Everything a template may name."""
    desk = case.desk or case.origin
    return {
        "number": case.number,
        # Filled in only where the letter leaves the house: a draft names nobody.
        "customer": ADDRESSEE,
        "received": _day(case.received_at),
        "due": _day(case.due_at) if case.due_at else "",
        "today": _day(at),
        "institution": settings.INSTITUTION,
        "phone": settings.INSTITUTION_PHONE,
        "desk": str(desk),
        "superior": str(Desks(at).above(desk)),
        "handler": str(by),
    }


def lacking(letter: Letter) -> list[Lack]:
    """What every body of rules that the case stands under misses in the letter, and what it tells
    of other people."""
    under = dict.fromkeys([letter.regime, *letter.complaint.regimes])
    found = [
        _lack(missing)
        for regime in under
        for missing in letters.lint(letter.body, elements(regime), letter.kind)
    ]
    return list(dict.fromkeys([*found, *_to_nobody(letter), *_told_of_others(letter)]))


def _to_nobody(letter: Letter) -> list[Lack]:
    """A letter speaks to somebody; the law of its first element is that of the letter."""
    asked = [one for one in elements(letter.regime) if one.letter == letter.kind]
    if not asked or letters.is_addressed(letter.body):
        return []
    what = _t("没有写明答复谁：请写上称呼或 %(name)s") % {"name": ADDRESSEE}
    return [Lack(what, asked[0].article)]


def _told_of_others(letter: Letter) -> list[Lack]:
    """Numbers of somebody else than the person written to; they stay out or are masked."""
    if not letters.strangers(letter.body, ()):
        return []
    party = letter.complaint.parties.order_by("pk").first()
    own = [getattr(party, field) for field in IDENTIFYING] if party else []
    return [
        Lack(
            _t("写有不属于本案客户的%(what)s %(shown)s，请删去或打码")
            % {"what": _t(_NUMBERS[each.kind]), "shown": mask(each.kind, each.value)},
            OTHERS_DATA,
        )
        for each in letters.strangers(letter.body, own)
    ]


def summary(letter: Letter) -> str:
    """The decision in its own words, for whoever approves it on a telephone."""
    regime = elements(letter.regime)
    first = next((one.heading for one in regime if one.letter == letter.kind), "")
    said = letters.sections(letter.body).get(first, letter.body)
    return redact(" ".join(said.split())).text[:SUMMARY_MAX]


def addressed(letter: Letter, *, clear: bool) -> str:
    """The body with the customer's name: in the clear on the paper that goes out, else masked."""
    party = letter.complaint.parties.order_by("pk").first()
    name = party.name if party else ""
    shown = name if clear else masked("name", name)
    with override(_language(letter.regime)):
        return str(letter.body).replace(ADDRESSEE, shown or _t("尊敬的客户"))


@cache
def elements(regime: str) -> tuple[Element, ...]:
    if "answer.csv" not in packs.tables(regime):
        return ()
    return letters.read_elements(packs.rows(regime, "answer"))


def language_of(letter: Letter) -> str:
    """The language of the law the letter is written under."""
    return _language(letter.regime)


def _language(regime: str) -> str:
    return "zh-hans" if packs.manifest(regime)["jurisdiction"] == "CN" else "en"


def _templates(regime: str) -> bool:
    try:
        return bool(packs.text(regime, "letters/decision.md"))
    except packs.UnknownTable:
        return False


def _lack(missing: Missing) -> Lack:
    element = missing.element
    named = {"what": in_language(element.title), "heading": element.heading}
    told = {
        "heading": _t("缺少“%(heading)s”一节：%(what)s") % named,
        "twice": _t("“%(heading)s”这一节重复了，只能有一节：%(what)s") % named,
        "short": _t("“%(heading)s”写得太少：%(what)s") % named,
        "unwritten": _t("“%(heading)s”里还有没写完的〔〕：%(what)s") % named,
        "word": _t("“%(heading)s”没有写到：%(words)s")
        % {**named, "words": _t("、").join(missing.words)},
    }
    if missing.why == "unwritten" and missing.words:
        left = "、".join(words[:GAP_MAX] for words in missing.words)
        return Lack(_t("还有没写完的地方：%(words)s") % {"words": left}, element.article)
    return Lack(told[missing.why], element.article)


def _day(at: datetime) -> str:
    return date_format(localtime(at), "DATE_FORMAT")
