"""Why an account is restricted: from a code, a message or a scene to the row that answers."""

import re
from collections.abc import Sequence
from datetime import datetime

from sujin.engine.text import fold
from sujin.knowledge.audience import Audience
from sujin.knowledge.models import Version
from sujin.knowledge.search import Found, search

FORM = "restriction"
# A code as systems print them: R0101, E-2001, 5012. Words of letters alone are no code.
CODE = re.compile(r"[a-z]{0,4}[-_]?\d{3,8}[a-z]?")


def restrictions(words: str, audience: Audience, at: datetime, *, k: int = 5) -> list[Found]:
    """The restrictions for a code, message or scene: whose very code was typed first."""
    ranked = search(words, audience, at, forms=(FORM,), k=k)
    typed = codes(words)
    if not typed:
        return ranked
    rows = Version.objects.served(audience, at).filter(item__form=FORM).listed()
    exact = [row for row in rows.order_by("pk") if typed & codes(row.parts.get("error_code", ""))]
    keys = {row.pk for row in exact}
    best = max((one.score for one in ranked), default=0.0)
    first = [_by_code(row, best, ranked) for row in exact]
    return [*first, *(one for one in ranked if one.version.pk not in keys)][:k]


def codes(text: str) -> set[str]:
    """The error codes in a text, in one spelling."""
    return {re.sub("[-_]", "", found) for found in CODE.findall(fold(text))}


def _by_code(row: Version, best: float, ranked: Sequence[Found]) -> Found:
    """An exact code is certain; what else matched is kept as its reason."""
    known = next((one.because for one in ranked if one.version.pk == row.pk), ())
    return Found(row, best, 1.0, known)
