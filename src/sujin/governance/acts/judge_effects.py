"""Judge whether what was rolled out branch by branch helped; what harms becomes a revision."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from math import isfinite
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.engine import effects
from sujin.engine.effect_cards import Card, Effect
from sujin.governance import kinds, results
from sujin.governance.kinds.effect import HARMS
from sujin.governance.models import EffectCard
from sujin.knowledge.acts.revise import open_revision
from sujin.knowledge.models import Version
from sujin.platform.models import Person

# The bootstrap's own chance; with the same seed the same facts give the same verdict.
SEED = 2026


@transaction.atomic
def judge_effects(*, by: Person, at: datetime) -> list[EffectCard]:
    """A card for every version that came branch by branch, all judged together, since the chance
    of naming one that does nothing is shared among them."""
    versions = results.judged_versions(at)
    below = results.branches()
    known = set(below.values())
    plans = [results.roll_out(version, known) for version in versions]
    cards = effects.judge(results.cases(versions, at, below), plans, seed=SEED)
    pairs = zip(versions, cards, strict=True)
    return [_keep(version, card, by=by, at=at) for version, card in pairs]


def _keep(version: Version, card: Card, *, by: Person, at: datetime) -> EffectCard:
    """The figures of tonight; an entry only when the verdict is another one."""
    kept, _fresh = EffectCard.objects.select_for_update(of=("self",)).get_or_create(version=version)
    kept.looked_at, kept.after = at, card.after
    kept.shown, kept.used = card.shown, card.used
    kept.figures = [_plain(card.overall), *map(_plain, card.effects)]
    kept.save(update_fields=["looked_at", "after", "shown", "used", "figures"])
    whole = card.overall
    if (kept.verdict, kept.because) != (str(whole.verdict), str(whole.because)):
        kept.write(_judged(whole), by=by, at=at)
        if kept.verdict == HARMS:
            _revise(version, by=by, at=at)
    return kept


def _judged(whole: Effect) -> kinds.EffectJudged:
    return kinds.EffectJudged(
        verdict=str(whole.verdict), because=str(whole.because),
        cases=whole.cases, branches=whole.branches,
        effect=_finite(whole.effect), low=_finite(whole.low), high=_finite(whole.high),
    )  # fmt: skip


def _revise(version: Version, *, by: Person, at: datetime) -> None:
    because = _t("推开以后，相关投诉的结果变差；请对照效果卡修改或撤回")
    open_revision(version.item, because=because, source="effect", by=by, at=at)


def _plain(effect: Effect) -> dict[str, Any]:
    """As JSON: what is not finite is left out."""
    told = asdict(effect)
    return {name: _value(value) for name, value in told.items() if name != "item"}


def _value(value: object) -> object:
    if isinstance(value, float):
        return _finite(value)
    if isinstance(value, Mapping):
        return {key: _value(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_value(one) for one in value]
    return value


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
