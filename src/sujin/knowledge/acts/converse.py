"""A conversation of a customer with the assistant, turn by turn. Not entries: nobody of the bank
acts, and nothing but the conversation itself changes."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _t

from sujin.engine import converse as engine
from sujin.engine.converse import Act, Candidate, Move
from sujin.engine.text import fold
from sujin.knowledge.acts.ask import choose as note_choice
from sujin.knowledge.acts.ask import masked, note_question
from sujin.knowledge.assistant import rules
from sujin.knowledge.audience import PUBLIC, THE_PUBLIC
from sujin.knowledge.models import Conversation, Turn, Version
from sujin.knowledge.models.conversation import WORDS_MAX
from sujin.platform.refusal import Refusal

# Whoever is still asking after so many turns is not being helped.
TURNS_MAX = 30
_LOOKED_FOR = {engine.SURE, engine.NEAR, engine.SHORT, engine.UNKNOWN, engine.TWICE}


class CannotConverse(Refusal):
    """The words cannot be taken; the message says why and what to do."""


def begin(door: str, *, at: datetime) -> Conversation:
    """A conversation with nobody known; its token cannot be guessed (256 bits)."""
    return Conversation.objects.create(
        token=secrets.token_urlsafe(32), door=door, begun_at=at, last_at=at
    )


def check(words: str) -> None:
    """Whether the words can be a question. Raises CannotConverse."""
    if not fold(words):
        raise CannotConverse(_t("还没有写：请用一句话说说您想问什么"))
    if len(words) > WORDS_MAX:
        said = {"have": len(words), "most": WORDS_MAX}
        raise CannotConverse(_t("写了 %(have)d 字，最多 %(most)d 字；请只留要点，或转人工") % said)


@transaction.atomic
def hear(
    conversation: Conversation, words: str, candidates: Sequence[Candidate], *, at: datetime
) -> Turn:
    """One question and the next move on it. ``candidates`` are keys of versions, best first;
    what may not be quoted now is left out, whoever found it. Raises CannotConverse."""
    check(words)
    held = _asking(conversation)
    served = quotable(at).in_bulk([int(one.key) for one in candidates])
    left = [one for one in candidates if one.key in served]
    move = rules().decide(words, left, held.state)
    turn = _take(held, move, masked(words), left, at)
    _ask_authors(turn, left, served)
    return turn


@transaction.atomic
def choose(conversation: Conversation, key: int | None, *, at: datetime) -> Turn:
    """A button was pressed: one of the texts offered last, or none of them. Raises
    CannotConverse."""
    held = _asking(conversation)
    last = held.turns.order_by("-nth").first()
    offered = set(last.offered) if last is not None else set()
    served = set(quotable(at).filter(pk__in=offered).values_list("pk", flat=True))
    limits = rules().thresholds
    if key is None:
        move = engine.failed(held.state, limits, engine.UNKNOWN)
    else:
        move = engine.chosen(key, served, held.state, limits)
    return _take(held, move, "", (), at)


@transaction.atomic
def judge(conversation: Conversation, *, helped: bool, at: datetime) -> Turn | None:
    """The customer says whether it helped; when not, what is done about it.
    Raises CannotConverse."""
    held = _asking(conversation)
    held.helped = helped
    held.save(update_fields=["helped"])
    if helped:
        return None
    move = engine.failed(held.state, rules().thresholds, engine.UNHELPED)
    return _take(held, move, "", (), at)


@transaction.atomic
def ask_for_a_person(conversation: Conversation, *, at: datetime) -> None:
    """The button beside every answer: no reason is asked for, and however many turns
    it took there is a person. Raises CannotConverse when one has it already."""
    held = _held(conversation)
    if not held.handed_because:
        _hand(held, Move(Act.HAND_OVER, "button"))


def settle(conversation: Conversation, case: int, *, at: datetime) -> None:
    """It became a case, with this key."""
    Conversation.objects.filter(pk=conversation.pk).update(case=case, last_at=at)


def quotable(at: datetime) -> "QuerySet[Version]":
    """What may be quoted to anybody at this moment, through the one door."""
    return Version.objects.served(THE_PUBLIC, at).select_related("item")


def _held(conversation: Conversation) -> Conversation:
    held = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if held.case is not None:
        raise CannotConverse(_t("这次对话已经交给专人办理；有新的问题，请开始新的对话"))
    return held


def _asking(conversation: Conversation) -> Conversation:
    """It may go on without a person."""
    held = _held(conversation)
    if held.turns.count() >= TURNS_MAX:
        raise CannotConverse(_t("已经问了很多次，请转人工，由专人帮您"))
    return held


def _take(
    held: Conversation, move: Move, words: str, found: Sequence[Candidate], at: datetime
) -> Turn:
    answered = move.keys[0] if move.act is Act.ANSWER else None
    turn = Turn.objects.create(
        conversation=held,
        nth=held.turns.count() + 1,
        words=words[: 2 * WORDS_MAX],
        at=at,
        act=move.act.value,
        because=move.because,
        version_id=answered,
        offered=list(move.keys) if move.act is Act.ASK else [],
        confidence=found[0].confidence if found else 0.0,
    )
    state = engine.after(move, held.state)
    held.asked, held.failures, held.last_at = state.asked, state.failures, at
    if move.act is Act.ANSWER:
        held.helped = None
    held.save(update_fields=["asked", "failures", "last_at", "helped"])
    if move.act is Act.HAND_OVER:
        _hand(held, move)
    return turn


def _hand(held: Conversation, move: Move) -> None:
    """A complaint stays one, whatever is said after it."""
    held.handed_because = held.handed_because or move.because
    held.kind = "complaint" if "complaint" in (held.kind, move.kind) else move.kind
    held.save(update_fields=["handed_because", "kind"])


def _ask_authors(turn: Turn, found: Sequence[Candidate], served: Mapping[int, Version]) -> None:
    """What was looked for is how the authors hear what is missing; a complaint or a greeting is
    not looked for, the same words said again are not asked again, and nobody is named."""
    if turn.because not in _LOOKED_FOR or _is_said_again(turn):
        return
    question = note_question(
        turn.words,
        surface=PUBLIC,
        found=len(found),
        confidence=turn.confidence,
        best=served[int(found[0].key)] if found else None,
        by=None,
        at=turn.at,
    )
    if turn.version is not None:
        note_choice(question, turn.version)


def _is_said_again(turn: Turn) -> bool:
    before = Turn.objects.filter(conversation=turn.conversation_id, nth__lt=turn.nth)
    return before.filter(words=turn.words, because__in=_LOOKED_FOR).exists()
