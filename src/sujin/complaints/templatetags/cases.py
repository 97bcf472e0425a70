"""``{% load cases %}``: a case in words."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _t

from sujin.complaints import words
from sujin.complaints.kinds.base import finding_name, in_language, outcome_name
from sujin.complaints.models import Complaint
from sujin.complaints.models.party import UNVERIFIED
from sujin.complaints.rulebook import rulebook

register = template.Library()
BRIEF = 90


@register.filter
def brief(case: Complaint) -> str:
    """The beginning of what the customer said; for a source without text, what it is about."""
    text = " ".join(case.text[: BRIEF * 2].split())
    if not text:
        return f"{words.business(case.business, case.pack)} · {words.cause(case.cause, case.pack)}"
    return text if len(text) <= BRIEF else f"{text[:BRIEF]}…"


@register.filter
def business(case: Complaint) -> str:
    return words.business(case.business, case.pack)


@register.filter
def business_short(case: Complaint) -> str:
    """The last two steps of the business class; the whole of it stands in the title."""
    return " › ".join(words.business(case.business, case.pack).split(" › ")[-2:])


@register.filter
def cause(case: Complaint) -> str:
    return words.cause(case.cause, case.pack)


@register.filter
def kind_name(case: Complaint) -> str:
    return str(words.KINDS.get(case.kind, case.kind))


@register.filter
def channel_name(case: Complaint) -> str:
    return channel_label(case.channel)


@register.filter
def channel_label(channel: str) -> str:
    return str(words.CHANNELS.get(channel, channel))


@register.filter
def outcome(case: Complaint) -> str:
    return str(words.OUTCOMES.get(case.outcome) or outcome_name(case.outcome))


@register.filter
def party_role(role: str) -> str:
    return str(words.PARTY_ROLES.get(role, role))


@register.filter
def vulnerable_name(flag: str) -> str:
    return str(words.VULNERABLE.get(flag, flag))


@register.filter
def authority_name(authority: str) -> str:
    """What somebody typed stays as it is; what the house itself wrote is translated."""
    return _t(authority) if authority == UNVERIFIED else authority


register.filter("finding_name", finding_name)
register.filter("in_language", in_language)


@register.filter
def article_name(article: str) -> str:
    return str(words.ARTICLES.get(article, article))


@register.filter
def money(amount: Decimal) -> str:
    return f"¥{amount:,.2f}".removesuffix(".00")


@register.filter
def due_name(case: Complaint) -> str:
    """The short name of the clock that runs out first: its row's title, up to the bracket."""
    if case.due_clock == "regulator":
        return _t("监管反馈")
    post = case.desk.kind if case.desk else ""
    rows = (
        limit
        for limit in rulebook().limits
        if limit.clock == case.due_clock
        and limit.post in ("", post)
        and limit.applies(case.tier, case.lane)
    )
    row = next(rows, None)
    title = row.title["en" if words.is_english() else "zh"] if row else ""
    return title.split("（")[0].split(" (")[0]
