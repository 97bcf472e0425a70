"""The round a case is in: since it was last begun anew, or since it was received.

A reopening or new facts begin a round (``kinds.base.Anew``). What the row keeps is cleared by the
entry that begins it; whoever reads the docket or the assignments asks here what counts now.
"""

from dataclasses import dataclass
from datetime import datetime

from sujin.complaints import kinds
from sujin.complaints.models import Assignment, Complaint, Dispatch, Letter
from sujin.platform.models import Entry

BEGINNINGS = (kinds.Reopened, kinds.Restarted)
CODES = [kind.code for kind in BEGINNINGS]


@dataclass(frozen=True, slots=True)
class Round:
    """When it began, None for the first one, and whether a task force was formed in it."""

    begun_at: datetime | None
    has_task_force: bool

    def counts(self, asked: Assignment) -> bool:
        """Whether it was asked in this round, or still waited for when the round began: whoever
        answers now knows why it began. What had been answered or let go before counts no more."""
        if self.begun_at is None or asked.done_at is None:
            return True
        return asked.asked_at >= self.begun_at or asked.done_at > self.begun_at


def this_round(case: Complaint) -> Round:
    """The round as it stands. One query, however many rounds there were."""
    marks = case.entries.of(*BEGINNINGS, kinds.TaskForceFormed).order_by("-pk")
    found = list(marks.values_list("kind", "at"))
    begun = (at for kind, at in found if kind in CODES)
    return Round(next(begun, None), bool(found) and found[0][0] not in CODES)


def beginning(case: Complaint) -> Entry | None:
    """The entry that began the round; None in the first one."""
    return case.entries.of(*BEGINNINGS).order_by("-pk").first()


def in_doubt(case: Complaint) -> set[int]:
    """The letters with a decision of this round that may have arrived, and that nobody but the
    clockwork has stopped: no person has asked yet what the customer holds."""
    found = {one.pk: one.letter_id for one in Dispatch.objects.doubtful(case)}
    if not found:
        return set()
    begun = beginning(case)
    stops = case.entries.of(kinds.DispatchStopped).filter(data__dispatch__in=list(found))
    if begun is not None:
        stops = stops.filter(pk__gt=begun.pk)
    told = stops.order_by("pk").values_list("data__dispatch", "by__is_service")
    return {found[dispatch] for dispatch, by_itself in dict(told).items() if by_itself}


def is_answered_beside(letter: Letter) -> bool:
    """Whether another decision was told in the round in which the letter was last drafted."""
    entries = letter.complaint.entries
    drafts = entries.of(kinds.Drafted).filter(data__letter=letter.pk).order_by("-pk")
    drafted = drafts.values_list("pk", flat=True).first()
    if drafted is None:
        return False
    edges = list(entries.of(*BEGINNINGS).order_by("pk").values_list("pk", flat=True))
    since = max((edge for edge in edges if edge < drafted), default=0)
    until = min((edge for edge in edges if edge > drafted), default=None)
    answers = entries.of(kinds.Answered).filter(pk__gt=since).exclude(data__letter=letter.pk)
    return (answers if until is None else answers.filter(pk__lt=until)).exists()
