"""Which conversation a browser holds, how often it may ask, and what is found for its words."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext as _t

from sujin.engine.converse import Candidate
from sujin.knowledge.acts.converse import begin
from sujin.knowledge.assistant import bare
from sujin.knowledge.audience import THE_PUBLIC
from sujin.knowledge.models import Conversation
from sujin.knowledge.search import search
from sujin.platform import budget, crypto
from sujin.platform.refusal import Refusal

TOKEN = "assistant.token"  # noqa: S105 — the name under which a session keeps it
# On a telephone that is handed round the next person must not read it.
KEPT = timedelta(hours=2)
# Nobody reads sixty answers in an hour; six thousand are 1.7 a second, a tenth of what one process
# answers, and far above what all customers of a day ask. Behind one address may sit an office or a
# quarter of a town, yet a script there gets no more than a twentieth of what there is for all.
TURNS_PER_HOUR = 60
TURNS_PER_HOUR_OF_ONE_NETWORK = 300
TURNS_PER_HOUR_OF_ALL = 6_000
EVERYBODY = "assistant"
CANDIDATES = 5


class TooOften(Refusal):
    """This conversation has used up the hour's turns; the message says what to do instead."""


class TooBusy(Refusal):
    """Others have, all of them or those behind the same address; whoever asks may not be to blame
    and gets a person."""


def held_in(session: SessionBase, at: datetime) -> Conversation | None:
    """The conversation of this session unless it was left for longer than ``KEPT``."""
    token = session.get(TOKEN)
    return of_token(token, at) if isinstance(token, str) else None


def of_token(token: str, at: datetime) -> Conversation | None:
    """The conversation with this token, if it is not old."""
    return Conversation.objects.filter(token=token, last_at__gte=at - KEPT).first()


def held_or_begun(session: SessionBase, door: str, at: datetime) -> Conversation:
    """The conversation of this session, a new one if there is none."""
    held = held_in(session, at)
    if held is None or held.case is not None:
        held = begin(door, at=at)
        session[TOKEN] = held.token
    return held


def put_away(session: SessionBase) -> None:
    """This device forgets it."""
    session.pop(TOKEN, None)


def spend(token: str, at: datetime, *, door: str, network: str = "") -> None:
    """One turn of this hour: of the conversation, of the network it comes from (kept blinded, empty
    where the door knows its callers), of everybody at this door. Raises TooOften and TooBusy."""
    if token and not _spend(token[:16], at, TURNS_PER_HOUR):
        raise TooOften(_t("问得太密了，请过一会儿再问；急事请打电话"))
    there = crypto.blind(network, context="assistant.network")
    is_free = not there or _spend(there, at, TURNS_PER_HOUR_OF_ONE_NETWORK)
    if not (is_free and _spend(door, at, TURNS_PER_HOUR_OF_ALL)):
        raise TooBusy(_t("现在问的人太多，助手一时答不过来；请直接留言请专人联系您，或者打电话"))


def _spend(who: str, at: datetime, most: int) -> bool:
    return budget.spend(f"{EVERYBODY}:{who}", at, most)


def candidates(words: str, at: datetime) -> list[Candidate]:
    """What may be quoted to the public and fits, best first."""
    found = search(bare(words), THE_PUBLIC, at, k=CANDIDATES)
    quotable = [one for one in found if one.version.told(public=True)]
    return [Candidate(one.version.pk, one.confidence, one.score, one.covers) for one in quotable]
