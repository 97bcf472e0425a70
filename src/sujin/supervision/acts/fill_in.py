"""A customer fills in a questionnaire: once, by the link alone, and nobody of staff instead.

There is no other act that writes what a customer said, and this one is called by the public page
alone. What looks as if it were no customer's is kept and marked; the pack says which marks do not
count.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_network

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints.rulebook import rulebook
from sujin.engine.text import redact
from sujin.platform import crypto
from sujin.platform.acts.organise import service_person
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal
from sujin.supervision.kinds import survey as kinds
from sujin.supervision.links import digest
from sujin.supervision.models import AnswerSheet, Invitation
from sujin.supervision.questionnaires import Questionnaire, numbers, questionnaires

DAY = timedelta(days=1)


class CannotFillIn(Refusal):
    """It cannot be taken like this; the message says what to do."""


class NoSuchLink(CannotFillIn):
    """The link opens nothing, and never tells why."""


class LinkExpired(CannotFillIn):
    """Its days are over."""


class FilledAlready(CannotFillIn):
    """The customer has answered."""


def customer() -> Person:
    """The account under which customers answer."""
    return service_person("channel:survey", "客户（问卷）", "Customer (questionnaire)")


def opened(secret: str, at: datetime) -> Invitation:
    """The invitation that the link opens. Raises NoSuchLink, LinkExpired or FilledAlready."""
    return _open(secret, at, lock=False)


@transaction.atomic
def fill_in(
    secret: str, *, scores: Mapping[str, int], words: str, network: str, seconds: float,
    is_staff_browser: bool = False, by: Person, at: datetime,
) -> AnswerSheet:  # fmt: skip
    """What the customer said; ``network`` is where from and ``seconds`` how long it took."""
    held = _open(secret, at, lock=True)
    _refuse_wrong(questionnaires()[held.questionnaire], scores)
    said = redact(words.strip()[: int(numbers()["words_max"])]).text
    there = crypto.blind(network, context="survey.network")
    flags = [kinds.STAFF_BROWSER] if is_staff_browser else []
    flags += _flags(network, there, seconds, at)
    if held.state == kinds.UNSENT:
        # Nobody knew whether the link had arrived; now everybody does.
        out = kinds.InvitationSent(way="", sent_at=held.made_at, expires_at=_ends(held))
        held.write(out, by=by, at=at)
    sheet = AnswerSheet.objects.create(
        invitation=held, at=at, scores=dict(scores), words=said, topic=topic(said),
        flags=flags, network=there,
        counted=not set(flags) & set(numbers()["uncounted"]),
    )  # fmt: skip
    filled = kinds.SheetFilled(filled_at=at, counted=sheet.counted, flags=tuple(flags))
    held.write(filled, by=by, at=at)
    return sheet


def topic(words: str) -> str:
    """Their cause by the pack's words; empty of none."""
    if not words:
        return ""
    return rulebook().classifier.classify([words])[0]["cause"].code


def _open(secret: str, at: datetime, *, lock: bool) -> Invitation:
    rows = Invitation.objects.select_related("unit", "complaint")
    if lock:
        # A second finger on the button waits here and finds what the first one left.
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(vouchers__digest=digest(secret)).first()
    if found is None or found.questionnaire not in questionnaires():
        raise NoSuchLink(_t("这个链接打不开"))
    if found.state == kinds.FILLED:
        raise FilledAlready(_t("您已经答过了，谢谢"))
    # Not yet recorded as sent, it is on the wire, or the worker died after sending: it opens.
    if found.state == kinds.EXPIRED or _ends(found) <= at:
        raise LinkExpired(_t("这份问卷已经过期"))
    return found


def _ends(asked: Invitation) -> datetime:
    days = questionnaires()[asked.questionnaire].valid_days
    return asked.expires_at or asked.made_at + days * DAY


def _refuse_wrong(asked: Questionnaire, scores: Mapping[str, int]) -> None:
    known = {one.code: one.marks for one in asked.scored}
    if set(scores) - set(known) or any(mark not in known[code] for code, mark in scores.items()):
        raise CannotFillIn(_t("有一题的选项不对，请重新选"))
    if any(one.required and one.code not in scores for one in asked.scored):
        raise CannotFillIn(_t("还有题没有选"))


def _flags(network: str, there: str, seconds: float, at: datetime) -> list[str]:
    flags = []
    if _is_ours(network):
        flags.append(kinds.STAFF_NETWORK)
    if seconds < float(numbers()["quick_seconds"]):
        flags.append(kinds.TOO_QUICK)
    before = AnswerSheet.objects.filter(network=there, at__gt=at - DAY)
    if there and before.count() >= int(numbers()["network_most"]):
        flags.append(kinds.SAME_NETWORK)
    return flags


def _is_ours(network: str) -> bool:
    if not network:
        return False
    here = ip_network(network)
    return any(here.version == ours.version and here.overlaps(ours)
               for ours in settings.STAFF_NETWORKS)  # fmt: skip
