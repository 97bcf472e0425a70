"""Ask the bank's own model which codes it would give. It suggests; a person decides."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import advising, kinds
from sujin.complaints.acts.claim import held_for
from sujin.complaints.models import Complaint
from sujin.engine import advice
from sujin.platform import adviser
from sujin.platform.adviser import Adviser, NoAnswer, Silence
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotAdvise(Refusal):
    """There is no suggestion; the message says why. The case goes on without one."""


def seek_advice(complaint: Complaint, *, by: Person, at: datetime) -> None:
    """Entry *Advised* with what the model suggested and could show; otherwise CannotAdvise, and
    nothing is written.

    The model is waited for outside any transaction: nobody else waits with whoever asks.
    """
    with transaction.atomic():
        held_for(complaint, by)
    wired: Adviser | None = settings.ADVISER
    if wired is None:
        raise CannotAdvise(_t("本机构没有接入行内模型"))
    _refuse(complaint, wired)
    text = advising.leaving(complaint)
    if not text.strip():
        raise CannotAdvise(_t("这一件没有文字可看"))
    found = _asked(complaint, wired, text)
    told = kinds.Advised(
        model=wired.model,
        prompt=advising.brief(complaint.pack).digest,
        sent=advising.digest(text),
        pack=complaint.pack,
        advice={one.axis: {"code": one.code, "quote": one.quote} for one in found},
    )
    with transaction.atomic():
        # Somebody else may have asked, or stood aside, while the model was thinking.
        case = held_for(complaint, by)
        _refuse(case, wired)
        case.write(told, by=by, at=at)


def _refuse(case: Complaint, wired: Adviser) -> None:
    if advising.is_asked(case, wired.model):
        raise CannotAdvise(_t("行内模型已经看过这一件，建议在卷宗里"))


def _asked(case: Complaint, wired: Adviser, text: str) -> tuple[advice.Advice, ...]:
    told = advising.brief(case.pack)
    try:
        answer = adviser.ask(wired, instructions=told.instructions, material=advice.material(text))
        found = advice.read(answer, text, told.offered)
    except NoAnswer as none:
        raise CannotAdvise(advising.sorry(none)) from None
    except advice.Unreadable:
        raise CannotAdvise(advising.sorry(NoAnswer(Silence.GARBLED))) from None
    if not found:
        raise CannotAdvise(_t("行内模型没有给出可用的建议：代码不在表里，或拿不出原话作依据"))
    return found
