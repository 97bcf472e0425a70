"""The synthetic bank's texts as the machine reads them, each with its truth: read once per text."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sujin.complaints.acts.triage import facts_of
from sujin.complaints.arrival import Arrival
from sujin.complaints.draft import Draft
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import rulebook
from sujin.complaints.settled import Labelled
from sujin.engine import tier
from sujin.engine.classify import Classification
from sujin.engine.text import redact
from sujin.engine.tier import Tier, TierFacts
from sujin.lab import bank as synthetic
from sujin.lab.dice import dice
from sujin.lab.story import story
from sujin.lab.truth import Truth
from sujin.lab.unheard import said_anew
from sujin.platform.models import Org

FIRST, LAST = date(2025, 1, 1), date(2026, 6, 30)
# Of grave clauses, how many more are said in unknown words once slang has changed.
SLANG = 2.0


def bank(seed: int, size: int, share: float) -> tuple[list[Labelled], list[Labelled]]:
    """The contacts of one story, ``share`` of the grave clauses in usual words no list knows; and
    the same contacts after new slang has come up."""
    pairs = list(_contacts(seed, size, share))
    return [usual for usual, _shifted in pairs], [shifted for _usual, shifted in pairs]


def _contacts(seed: int, size: int, share: float) -> Iterator[tuple[Labelled, Labelled]]:
    for draft, truth in story(seed, synthetic.plan(seed), FIRST, LAST, size):
        chance = dice("unheard", seed, truth.external_id)
        at = chance.random()
        usual = _said(draft, "usual", truth) if at < share else draft
        shifted = _said(draft, "new", truth) if at < share * SLANG else usual
        heard = read(usual, truth)
        yield heard, heard if shifted.text == usual.text else read(shifted, truth)


def _said(draft: Draft, pool: str, truth: Truth) -> Draft:
    chance = dice(pool, truth.external_id)
    text = said_anew(draft.text, draft.channel, pool, _signals, chance)
    return replace(draft, text=text)


def _signals(text: str) -> dict[str, tuple[str, ...]]:
    return dict(rulebook().signals.read(text).found)


def read(draft: Draft, truth: Truth) -> Labelled:
    """The contact as triage reads it. How often the matter came before is known from the database
    there, and from the truth here."""
    text = redact(draft.text).text
    found = Arrival(draft, Org(), text, [], [], Classification({}), None, Complaint())
    facts = replace(facts_of(found, rulebook().signals.read(text)), repeats=truth.contact - 1)
    table = rulebook().tiers
    so = tier.judge(TierFacts(**truth.tier_facts()), table)  # type: ignore[arg-type]
    called = tier.judge(facts, table).tier is Tier.URGENT
    return Labelled(text, facts, called, so.tier is Tier.URGENT)
