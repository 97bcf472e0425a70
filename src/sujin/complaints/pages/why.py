"""为什么这样分: the row behind the tier, the words and the judge behind each code, how sure it was,
what would change it, and the way to overrule it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints import kinds, words
from sujin.complaints.forms import CaseForm
from sujin.complaints.models import Complaint
from sujin.complaints.pages.actions import BY_NAME
from sujin.complaints.pages.actions.base import Action
from sujin.complaints.rulebook import HOUSE_PACK, WORDS, name_of, rulebook
from sujin.engine import tier
from sujin.engine.tier import TierFacts
from sujin.platform.journal import Kind
from sujin.platform.ui.request import StaffRequest

# How a tier's table words a condition, and how people do. The longer mark stands first.
CHANGES = {
    ">=": _("%(fact)s不少于 %(value)s"),
    "<=": _("%(fact)s不多于 %(value)s"),
    "<": _("%(fact)s少于 %(value)s"),
    "=": _("%(fact)s：%(value)s"),
}
YES_NO = {"yes": _("是"), "no": _("否")}
# From here on the machine is hardly ever wrong where it is well calibrated.
VERY_SURE = 0.85
OVERRULING = ("tier", "codes")


def verdict(case: Complaint, told: Iterable[Kind]) -> dict[str, Any]:
    """Why this tier, what would change it, and the words and the judge behind each code."""
    said = list(told)
    triaged = next((kind for kind in said if isinstance(kind, kinds.Triaged)), None)
    if triaged is None:
        return {}
    axes = [_axis(case, axis, triaged) for axis in words.AXES]
    retiered = [kind for kind in said if isinstance(kind, kinds.Retiered)]
    # Where the table raised it, its own words are kept with it.
    is_overridden = bool(retiered) and not retiered[-1].reasons
    flips = () if is_overridden else _flips(case, triaged)
    return {
        "row": triaged.tier_row,
        "because": triaged.sentence(),
        "flips": [
            (flip.tier.value, [_change(change) for change in flip.changes]) for flip in flips
        ],
        "axes": axes,
        "is_unsure": any(axis["is_unsure"] for axis in axes),
        "was_overridden": is_overridden,
        "lexicon": triaged.models.get(WORDS, ""),
        "look": _look(triaged),
    }


def _flips(case: Complaint, triaged: kinds.Triaged) -> tuple[tier.Flip, ...]:
    """Nothing where the table, asked today, would not say what the case has: what would change
    another verdict is no answer."""
    known, table = facts(case, triaged), rulebook().tiers
    return tier.flips(known, table) if tier.judge(known, table).tier == case.tier else ()


def _look(triaged: kinds.Triaged) -> dict[str, Any]:
    """The second look, when there was one: its score of a hundred and what raised it."""
    if triaged.urgency is None:
        return {}
    named = [words.FACTS.get(one, one) for one in triaged.raised_by]
    return {"score": triaged.urgency * 100, "referred": triaged.referred, "words": named}


def facts(case: Complaint, triaged: kinds.Triaged) -> TierFacts:
    """The facts the tier was judged on, as the row keeps them."""
    signals = set(case.signals)
    return TierFacts(
        amount=triaged.amount,
        vulnerable=case.vulnerable,
        regulator=case.lane == "regulator",
        media="media" in signals,
        people=case.people,
        repeats=triaged.repeats,
        escalation="escalation" in signals,
        legal="legal" in signals,
        safety="safety" in signals,
    )


def overruling(
    case: Complaint, request: StaffRequest, open_actions: Mapping[str, bool]
) -> list[tuple[Action, CaseForm]]:
    """The forms that overrule the machine, for the panel itself; fields have ids of their own,
    since the same forms stand among the actions."""
    return [
        (action, action.form(case=case, request=request, prefix=name, auto_id="why_%s"))
        for name, action in ((name, BY_NAME[name]) for name in OVERRULING)
        if open_actions.get(name)
    ]


def _change(change: str) -> str:
    """``amount>=50000`` in words."""
    for mark, said in CHANGES.items():
        fact, found, value = change.partition(mark)
        if found:
            named = {"fact": words.FACTS.get(fact, fact), "value": YES_NO.get(value, value)}
            return str(said) % named
    return change


def _axis(case: Complaint, axis: str, triaged: kinds.Triaged) -> dict[str, Any]:
    code, sure = getattr(case, axis), triaged.confidence.get(axis, 0.0)
    is_read = code == getattr(triaged, axis) and axis not in triaged.declared
    is_unsure = bool(code) and is_read and sure < rulebook().unsure_below
    return {
        "label": words.AXES[axis],
        "name": name_of(axis, code, english=words.is_english(), pack=_pack(axis, case)),
        "confidence": round(sure * 100),
        "sure": _sure(sure, is_unsure=is_unsure),
        "is_unsure": is_unsure,
        "words": triaged.words.get(axis, ()),
        "is_corrected": code != getattr(triaged, axis),
        "is_declared": axis in triaged.declared,
        "model": triaged.models.get(axis, ""),
        "axis": axis,
    }


def _sure(sure: float, *, is_unsure: bool) -> str:
    if is_unsure:
        return _t("没把握，请核对")
    return _t("很有把握") if sure >= VERY_SURE else _t("较有把握")


def _pack(axis: str, case: Complaint) -> str:
    return case.pack if axis in {"business", "cause"} else HOUSE_PACK
