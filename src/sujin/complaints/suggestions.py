"""Other matters of the same customer that look like this one in other words: said, never done.

What `repeats.csv` links needs like words or a like class. This asks what the words mean
(`engine.same_matter`), of at most ``CANDIDATES`` cases that the reader may see, in one statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext as _t

from sujin.complaints import kinds, pair_model
from sujin.complaints.kinds.base import in_language
from sujin.complaints.models import Complaint
from sujin.complaints.pair_model import LEARNT, PLAIN
from sujin.engine.reasons import reasons
from sujin.engine.same_matter import Likely, likely
from sujin.platform.models import Entry
from sujin.platform.reach import Reach

CANDIDATES, SHOWN = 20, 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One case that looks like the same matter; ``said`` are sentences that say why."""

    case: Complaint
    percent: int
    is_learnt: bool
    because: str
    said: tuple[str, ...]


def suggestions(case: Complaint, *, reach: Reach) -> list[Suggestion]:
    """The likeliest first, at most ``SHOWN``; nothing for a case without a known customer."""
    if not case.customer_keys or not case.text.strip():
        return []
    rows = pair_model.limits()
    days = max(int(row["within_days"]) for row in rows.values())
    found = candidates(case, reach=reach, within=timedelta(days=days))
    alike = likely(case.text, [other.text for other in found], pair_model.model())
    pairs = sorted(zip(alike, found, strict=True), key=lambda pair: -pair[0].alike)
    suggested = [
        _suggestion(one, other, row)
        for one, other in pairs
        if one.alike >= float((row := rows[LEARNT if one.is_learnt else PLAIN])["least"])
    ]
    return suggested[:SHOWN]


def _suggestion(one: Likely, other: Complaint, row: Mapping[str, str]) -> Suggestion:
    because = in_language({"zh": row["because_zh"], "en": row["because_en"]})
    return Suggestion(other, round(100 * one.alike), one.is_learnt, because, _said(one))


def candidates(case: Complaint, *, reach: Reach, within: timedelta) -> list[Complaint]:
    """The latest cases of the same customer received within that time before or after this one,
    but for those that are linked with it, merged, or were told apart from it."""
    first = case.repeat_of_id or case.pk
    linked = Q(pk=first) | Q(repeat_of=first) | Q(pk=case.merged_into_id) | Q(merged_into=case.pk)
    near = (case.received_at - within, case.received_at + within)
    rows = Complaint.objects.within(reach).filter(customer_keys__sharing=case.customer_keys)
    return list(
        rows.filter(received_at__range=near, merged_into=None)
        .exclude(Q(pk=case.pk) | linked)
        .exclude(Exists(_told_apart(case)))
        .only("number", "text", "tier", "received_at", "channel", "closed_at", "business", "pack")
        .order_by("-received_at", "-pk")[:CANDIDATES]
    )


def _told_apart(case: Complaint) -> QuerySet[Any]:
    entries = Entry.objects.about(Complaint.subject, [case.pk]).of(kinds.Distinguished)
    named = entries.annotate(of_case=Cast(KT("data__of"), BigIntegerField()))
    return named.filter(of_case=OuterRef("pk"))


def _said(one: Likely) -> tuple[str, ...]:
    """The reasons as sentences; what is not there is not said."""
    why = reasons(*one.claims, pair_model.model())
    apart = _t("；")
    said = []
    if why.shared:
        said.append(_t("都说到：%(pieces)s") % {"pieces": apart.join(why.shared)})
    if why.equated:
        equal = apart.join(f"{a} ≈ {b}" for a, b in why.equated)
        said.append(_t("当作同一个意思：%(pieces)s") % {"pieces": equal})
    for label, pieces in zip((_t("只有本件：%s"), _t("只有那一件：%s")), why.differs, strict=True):
        said += [label % apart.join(pieces)] if pieces else []
    return tuple(said)
