"""A story as the detector of organised agents sees it, with the truth by key; no database."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from sujin import packs
from sujin.complaints.draft import Draft
from sujin.engine.agent_rules import PEOPLE, Rules, read_rows
from sujin.engine.agent_traces import customer, numbers, of_matter, of_people
from sujin.engine.agents import Filing
from sujin.engine.signature import sign
from sujin.lab.bank import plan
from sujin.lab.lookalikes import lookalikes
from sujin.lab.story import story
from sujin.lab.truth import Truth

START, END = date(2025, 9, 1), date(2026, 8, 31)


@dataclass(frozen=True, slots=True)
class Told:
    """One year told: what the engine sees, and the truth by key."""

    filings: tuple[Filing, ...]
    truths: Mapping[int, Truth]

    def planted(self) -> dict[str, frozenset[int]]:
        """Members of each planted group that are in sight."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for one in self.filings:
            if self.truths[one.key].group:
                found[self.truths[one.key].group].add(one.key)
        return {code: frozenset(keys) for code, keys in found.items()}

    def without_groups(self) -> "Told":
        kept = tuple(one for one in self.filings if not self.truths[one.key].group)
        return replace(self, filings=kept)

    def disguised(self, seed: int, loss: float) -> "Told":
        """Every trace of a planted group's people is hidden with the chance ``loss``."""
        rng = np.random.default_rng(seed)
        rows = rules_of().rows
        hidden = tuple(
            replace(
                one,
                traces=frozenset(
                    t
                    for t in sorted(one.traces)
                    if t.kind not in rows or rows[t.kind].family != PEOPLE or rng.random() >= loss
                ),
            )
            if self.truths[one.key].group
            else one
            for one in self.filings
        )
        return replace(self, filings=hidden)


def rules_of(pack: str = "cn_bank", **changes: float) -> Rules:
    """The rules as the pack has them."""
    stated = {**packs.manifest(pack)["agents"], **changes}
    names = (
        *("family_bits", "link_bits", "principals_min", "household_max"),
        *("words_like", "false_per_year"),
    )
    given = {name: stated[name] for name in names}
    return Rules(read_rows(packs.rows(pack, "agent_traces")), looks_per_year=366, **given)


def tell_year(seed: int, size: int, *, innocents: bool) -> Told:
    """A story of a year, with the innocent look-alikes beside it when asked for."""
    bank = plan(seed)
    pairs = list(story(seed, bank, START, END, size))
    if innocents:
        pairs += lookalikes(seed, bank, START, END)
    pairs.sort(key=lambda pair: (pair[0].received_at, pair[0].external_id))
    signatures = sign([draft.text for draft, _ in pairs])
    filings = (
        replace(filing(key, draft, truth), signature=signature)
        for key, ((draft, truth), signature) in enumerate(zip(pairs, signatures, strict=True))
    )
    return Told(tuple(filings), {key: truth for key, (_, truth) in enumerate(pairs)})


def filing(key: int, draft: Draft, truth: Truth) -> Filing:
    """What the engine is shown of a draft."""
    amount = str(truth.amount) if truth.amount else ""
    traces = of_people(draft.parties, _plain)
    return Filing(
        key=key,
        at=draft.received_at,
        principal=customer(draft.parties, _plain),
        business=truth.business,
        branch=truth.branch,
        traces=traces | of_matter(truth.business, truth.cause, amount, draft.received_at),
        signature=None,
        numbers=numbers(draft.parties, _plain),
    )


def _plain(field: str, value: str) -> str:
    return f"{field}:{value}"
