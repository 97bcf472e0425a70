"""Claim that a fraud was stopped; and decide on the claim."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.engine.text import redact
from sujin.knowledge import kinds
from sujin.knowledge.kinds.reward import GRANTED, REFUSED, WAITING
from sujin.knowledge.models import Item, RewardClaim
from sujin.platform.models import Org, Person
from sujin.platform.refusal import Refusal


class CannotReward(Refusal):
    """The claim cannot be made or decided; the message says why."""


@transaction.atomic
def claim_reward(
    scam: Item, *, org: Org, happened_on: date, amount: Decimal, story: str,
    by: Person, at: datetime,
) -> RewardClaim:  # fmt: skip
    """A claim that waits for the desk which answers for the scam; numbers in the story masked."""
    if happened_on > timezone.localdate(at):
        raise CannotReward(_t("拦截日期不能晚于今天"))
    made = RewardClaim.objects.create(
        scam=scam, claimant=by, org=org, happened_on=happened_on, amount=amount,
        story=redact(story).text, claimed_at=at,
    )  # fmt: skip
    made.write(kinds.RewardClaimed(state=WAITING, amount=amount), by=by, at=at)
    return made


@transaction.atomic
def decide_reward(
    claim: RewardClaim, *, granted: bool, because: str, by: Person, at: datetime
) -> None:
    """By somebody else than who claims it, with a reason."""
    held = RewardClaim.objects.select_for_update().get(pk=claim.pk)
    if held.state != WAITING:
        raise CannotReward(_t("这一条已经认定过了"))
    if held.claimant_id == by.pk:
        raise CannotReward(_t("不能认定自己的申报"))
    if not because.strip():
        raise CannotReward(_t("请写明理由"))
    kind = kinds.RewardGranted if granted else kinds.RewardRefused
    state = GRANTED if granted else REFUSED
    told = kind(state=state, decided_by=by.pk, because=redact(because.strip()).text[:300])
    held.write(told, by=by, at=at)
