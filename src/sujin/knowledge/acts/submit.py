"""Vouch for a draft and ask for the second pair of eyes; take a draft out of the way."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.knowledge import kinds
from sujin.knowledge.acts.draft import held_version
from sujin.knowledge.kinds.version import DRAFT, DROPPED, SUBMITTED
from sujin.knowledge.models import Version
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotSubmit(Refusal):
    """The draft is not ready, or no draft; the message names what is missing."""


@transaction.atomic
def submit(version: Version, *, by: Person, at: datetime) -> None:
    """From here on the wording is fixed."""
    held = held_version(version)
    if not held.is_writable:
        raise CannotSubmit(_t("只有起草中的版本可以送审"))
    needed = (part for part in held.item.shape.parts if part.is_required)
    wanting = [part.name for part in needed if not held.parts.get(part.code)]
    if wanting:
        raise CannotSubmit(_t("还没有写：%(parts)s") % {"parts": "、".join(wanting)})
    if not held.surfaces:
        raise CannotSubmit(_t("请选择使用场合"))
    held.write(kinds.VersionSubmitted(state=SUBMITTED, submitted_by=by.pk), by=by, at=at)


@transaction.atomic
def send_back(version: Version, *, because: str, by: Person, at: datetime) -> None:
    """The second pair of eyes says no: it is a draft again."""
    held = held_version(version)
    if not held.awaits_second_pair_of_eyes:
        raise CannotSubmit(_t("这一版不在待审核"))
    if not because.strip():
        raise CannotSubmit(_t("请写明退回理由"))
    told = kinds.VersionReturned(state=DRAFT, because=because.strip()[:300])
    held.write(told, by=by, at=at)


@transaction.atomic
def drop(version: Version, *, because: str, by: Person, at: datetime) -> None:
    """A draft that will not be released; its docket stays."""
    held = held_version(version)
    if held.state not in {DRAFT, SUBMITTED}:
        raise CannotSubmit(_t("只有没有发布的草稿可以放弃"))
    told = kinds.VersionDropped(state=DROPPED, because=because.strip()[:300])
    held.write(told, by=by, at=at)
