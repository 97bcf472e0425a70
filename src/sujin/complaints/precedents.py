"""What was decided before in the like, and how much may be granted: beside the decision.

Candidates come from one statement: the latest answered cases of each business of the class, each
taken from the index ``case_precedents``, never more than ``CANDIDATES`` in all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
from django.utils.translation import gettext as _t

from sujin import packs
from sujin.complaints.kinds.base import finding_name, in_language
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import HOUSE_PACK, taxonomy
from sujin.engine import precedent, remedy
from sujin.engine.precedent import Near, Past, Spread
from sujin.engine.remedy import Range, RemedyFacts
from sujin.platform.reach import Reach

CANDIDATES, OF_THE_SAME = 300, 150
SINCE = timedelta(days=730)
FIELDS = (
    *("pk", "number", "business", "cause", "amount", "minhash"),
    *("finding", "remedy", "answered_at"),
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """An earlier case as the panel shows it."""

    number: str
    url: str
    alike: str
    finding: str
    remedy: Decimal | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a decision while it is made; ``warnings`` are sentences, and ``asks`` is
    whether a reason is wanted."""

    permitted: Range | None
    title: str
    nearest: tuple[Likeness, ...]
    sums: Spread | None
    shares: Spread | None
    warnings: tuple[str, ...]
    asks: bool


def beside(
    case: Complaint, *, finding: str, given: Decimal | None, reach: Reach, at: datetime
) -> Beside:
    """The range for this finding, the nearest earlier cases in reach, and how this one departs."""
    mine, earlier = _past(_row(case)), candidates(case, reach=reach, at=at)
    like = precedent.comparable(case.business, finding, earlier)
    allowed = permitted(case, finding) if finding else None
    departs = _departure(case, allowed, like, given) if allowed else {}
    return Beside(
        permitted=allowed,
        title=in_language(allowed.because) if allowed else "",
        nearest=tuple(map(_likeness, precedent.nearest(mine, earlier))),
        sums=precedent.spread([past.remedy for past in like if past.remedy is not None]),
        shares=precedent.spread(precedent.shares(like)),
        warnings=tuple(sentences(departs)),
        asks=bool(departs) and departs["asks"],
    )


def departure(
    case: Complaint, *, finding: str, given: Decimal | None, reach: Reach, at: datetime
) -> dict[str, Any]:
    """How a decision departs from the range or from what was decided before, as JSON values; empty
    when it does not. ``asks`` says that a reason must be given."""
    like = precedent.comparable(case.business, finding, candidates(case, reach=reach, at=at))
    return _departure(case, permitted(case, finding), like, given)


def permitted(case: Complaint, finding: str) -> Range:
    """What the pack's standards permit in this case with this finding."""
    facts = RemedyFacts(
        business=case.business,
        cause=case.cause,
        demand=case.demand,
        tier=case.tier,
        vulnerable=case.vulnerable,
        finding=finding,
        amount=case.amount,
    )
    return remedy.permitted(facts, _standards())


def candidates(case: Complaint, *, reach: Reach, at: datetime) -> list[Past]:
    """Cases of the same class answered within two years that the reader may see."""
    codes = _class_of(case.business)
    if not codes:
        return []
    others = (CANDIDATES - OF_THE_SAME) // max(1, len(codes) - 1)
    rows = Complaint.objects.within(reach).filter(answered_at__gte=at - SINCE, answered_at__lte=at)
    parts = [
        rows.filter(business=code)
        .exclude(finding="")
        .exclude(pk=case.pk)
        .order_by("-answered_at")
        .values_list(*FIELDS)[: OF_THE_SAME if code == case.business else others]
        for code in codes
    ]
    return [_past(row) for row in parts[0].union(*parts[1:], all=True)]


def sentences(departs: Mapping[str, Any]) -> list[str]:
    """What an approval's departure says, for whoever decides."""
    said = []
    if departs.get("outside"):
        title = in_language(departs["title"])
        named = {**departs, "title": title}
        if departs["lacks_amount"]:
            said.append(_t("没有登记涉及金额，算不出尺度：%(title)s") % named)
        else:
            told = _t("超出处理尺度 %(least)s 至 %(most)s 元：%(title)s（%(article)s）")
            said.append(told % named)
    if departs.get("unlike"):
        told = {
            "yuan": _t("与先例不同：%(n)s 件先例赔付 %(low)s 至 %(high)s 元"),
            "share": _t("与先例不同：%(n)s 件先例赔付涉及金额的 %(low)s 至 %(high)s 倍"),
        }[departs["by"]]
        said.append(told % departs)
    return said


def _departure(
    case: Complaint, allowed: Range, like: list[Past], given: Decimal | None
) -> dict[str, Any]:
    paid = given or Decimal(0)
    outside, unlike = not allowed.holds(paid), _unlike(case, like, given)
    if not outside and not unlike:
        return {}
    return {
        "outside": outside,
        # Nothing typed may mean that something other than money was granted: shown, not asked.
        "asks": outside and given is not None,
        "row": allowed.row,
        "least": str(allowed.least),
        "most": str(allowed.most),
        "title": dict(allowed.because),
        "article": allowed.article,
        "lacks_amount": allowed.lacks_amount,
        **unlike,
    }


def _unlike(case: Complaint, like: list[Past], given: Decimal | None) -> dict[str, Any]:
    """The span of earlier remedies that this one lies outside of: as shares where it can be."""
    if given is None:
        return {}
    found, value, by = precedent.spread(precedent.shares(like)), given, "share"
    if case.amount and found and found.n >= precedent.ENOUGH:
        value = (given / case.amount).quantize(Decimal("0.01"))
    else:
        found, by = precedent.spread([p.remedy for p in like if p.remedy is not None]), "yuan"
    if found is None or found.n < precedent.ENOUGH or found.holds(value):
        return {}
    return {"unlike": True, "by": by, "n": found.n, "low": str(found.low), "high": str(found.high)}


def _likeness(near: Near) -> Likeness:
    names = {
        "business": _t("业务相同"),
        "class": _t("业务同类"),
        "cause": _t("原因相同"),
        "amount": _t("金额相近"),
        "text": _t("说法相近"),
    }
    past = near.past
    return Likeness(
        number=past.number,
        url=Complaint(number=past.number).get_absolute_url(),
        alike=_t("、").join(names[one] for one in near.alike),
        finding=finding_name(past.finding),
        remedy=past.remedy,
        answered_at=past.answered_at,
    )


def _row(case: Complaint) -> tuple[Any, ...]:
    return tuple(getattr(case, name) for name in FIELDS)


def _past(row: tuple[Any, ...]) -> Past:
    pk, number, business, cause, amount, minhash, finding, paid, answered_at = row
    signed = np.frombuffer(bytes(minhash), dtype=np.uint32) if minhash else None
    return Past(pk, number, business, cause, amount, signed, finding, paid, answered_at)


@cache
def _class_of(business: str) -> tuple[str, ...]:
    """Every business of the same top class, this one first; nothing for an unknown business."""
    top = business.split(".", maxsplit=1)[0]
    if not top:
        return ()
    all_codes = [code for axis, code in taxonomy() if axis == "business"]
    near = [code for code in all_codes if f"{code}.".startswith(f"{top}.") and code != business]
    return (business, *near)


@cache
def _standards() -> tuple[remedy.StandardRow, ...]:
    return remedy.read_rows(packs.rows(HOUSE_PACK, "standards"))
