"""Keep a return as submitted: only one that is over, adds up, and was seen as it is."""

from datetime import datetime
from hashlib import blake2b

from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.governance.acts.submit_return import NOTE_LEAST, CannotSubmit, submit_return
from sujin.governance.models import Submission
from sujin.platform.models import Person
from sujin.reports.returns.words import Made


def digest(made: Made) -> str:
    """The figures in short: the form carries it, so that what is kept is what was seen."""
    told = sorted([*made.values.items(), *made.prints.items()])
    return blake2b(repr(told).encode(), digest_size=12).hexdigest()


def submit(
    made: Made, *, seen: str, is_sure: bool, note: str, by: Person, at: datetime
) -> Submission:
    """Raises CannotSubmit with what is missing."""
    if made.period.last >= timezone.localdate(at):
        raise CannotSubmit(_t("这一期还没有结束，不能报送"))
    if made.cells is not None and not all(one.holds for one in made.cells.checks):
        raise CannotSubmit(_t("勾稽关系不成立：先查明，再报送"))
    blanks = sum(made.filled.blanks.values()) if made.filled else 0
    if blanks and len(note.strip()) < NOTE_LEAST:
        raise CannotSubmit(_t("必填项有 %(n)d 处空白：补齐，或写明为什么") % {"n": blanks})
    if not is_sure:
        raise CannotSubmit(_t("请先核对并勾选"))
    if seen != digest(made):
        raise CannotSubmit(_t("数已经变了，和刚才看到的不同：请再核对一次"))
    return submit_return(
        made.asked.code, str(made.period), made.values, made.prints, note=note, by=by, at=at
    )
