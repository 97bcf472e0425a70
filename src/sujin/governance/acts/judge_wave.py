"""What people make of a warning: taken in hand, confirmed, dismissed, opened again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.engine.text import redact
from sujin.governance.acts.raise_wave import reopened
from sujin.governance.kinds import wave as kinds
from sujin.governance.models import Wave
from sujin.governance.models.owned import WATCH
from sujin.governance.watchbook import reasons
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal

JUDGE = "judge_waves"
WORDS_LEAST = 4


class CannotAcknowledge(Refusal):
    """It is not this person's to take in hand, or it was taken."""


class CannotJudge(Refusal):
    """The judgement cannot be taken from this person, or not now; the message says why."""


def may_acknowledge(wave: Wave, held: Reach) -> bool:
    """Whoever watches at the owner's desk or above it."""
    return wave.owner is not None and held.allows(WATCH, wave.owner.tokens)


@transaction.atomic
def acknowledge_wave(wave: Wave, *, words: str, by: Person, at: datetime) -> None:
    """The owner says what is being done; the clock stops."""
    held, said = _locked(wave), _said(words)
    if not may_acknowledge(held, reach.of(by, at)):
        raise CannotAcknowledge(_t("这条预警由 %(owner)s 签收") % {"owner": held.owner})
    if held.state != kinds.RAISED:
        raise CannotAcknowledge(_t("已经签收或已经结束"))
    if len(said) < WORDS_LEAST:
        raise CannotAcknowledge(_t("请写明打算怎么处理"))
    held.write(kinds.WaveAcknowledged(words=said, acknowledged_at=at), by=by, at=at)


@transaction.atomic
def confirm_wave(wave: Wave, *, because: str, by: Person, at: datetime) -> None:
    """It was a true wave: counted for the promise, and nothing else changes."""
    held, said = _judgeable(wave, because, by, at)
    if held.is_false is False:
        raise CannotJudge(_t("已经认定属实"))
    if held.state == kinds.DISMISSED:
        raise CannotJudge(_t("已经驳回；要改，请先重新打开"))
    held.write(kinds.WaveConfirmed(because=said), by=by, at=at)


@transaction.atomic
def dismiss_wave(wave: Wave, *, reason: str, because: str, by: Person, at: datetime) -> None:
    """Nothing is to be done; whether it was false or merely known, the pack's reason says."""
    held, said = _judgeable(wave, because, by, at)
    told = reasons().get(reason)
    if told is None:
        raise CannotJudge(_t("请选择驳回理由"))
    if held.state == kinds.DISMISSED:
        raise CannotJudge(_t("已经驳回"))
    dismissed = kinds.WaveDismissed(
        reason=reason, is_false=told.is_false, because=said, dismissed_at=at,
        dismissed_excess=held.excess,
    )  # fmt: skip
    held.write(dismissed, by=by, at=at)


@transaction.atomic
def reopen_wave(wave: Wave, *, because: str, by: Person, at: datetime) -> None:
    """A dismissal that should not have been, before the wave calms; the owner's clock begins
    again."""
    held, said = _judgeable(wave, because, by, at)
    if held.has_calmed:
        raise CannotJudge(_t("已平息，再升会另立一条"))
    if held.stands:
        raise CannotJudge(_t("这条预警没有结束"))
    held.write(reopened(said, at), by=by, at=at)


def _judgeable(wave: Wave, because: str, by: Person, at: datetime) -> tuple[Wave, str]:
    held, said = _locked(wave), _said(because)
    mine = reach.of(by, at)
    if JUDGE not in mine.may or not Wave.objects.within(mine).filter(pk=held.pk).exists():
        raise CannotJudge(_t("预警由总行消保分析岗或分管行领导认定"))
    if len(said) < WORDS_LEAST:
        raise CannotJudge(_t("请写明理由"))
    return held, said


def _said(words: str) -> str:
    return redact(words.strip()).text


def _locked(wave: Wave) -> Wave:
    rows = Wave.objects.select_for_update(of=("self",)).select_related("owner")
    return rows.get(pk=wave.pk)
