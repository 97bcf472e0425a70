"""Send a link out, remind once, and end what nobody answered.

The link's digest is committed before the link leaves: whatever happens on the wire, a link that a
customer holds opens. The secret itself is written nowhere.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.engine.text import redact
from sujin.platform.delivery import Refused, Temporary
from sujin.platform.journal import Kind
from sujin.platform.lease import lease
from sujin.platform.models import Entry, Person
from sujin.platform.queue import job_of
from sujin.supervision import links
from sujin.supervision.kinds import survey as kinds
from sujin.supervision.models import Invitation, SampleSurvey, Voucher
from sujin.supervision.questionnaires import questionnaires

SEND, REMIND = "sujin.supervision.jobs.send", "sujin.supervision.jobs.remind"
FIRST, REMINDER = 1, 2
BECAUSE_MAX = 120


def queue_sending(entry: Entry) -> None:
    """An invitation was made: its link goes out by the queue of letters."""
    job_of(SEND, queue="delivery").defer(invitation=entry.subject_id)


def send_invitation(invitation: Invitation, *, by: Person, at: datetime) -> None:
    """Send it; one that is out already is left alone. Raises Temporary to be tried again."""
    with lease(_turn(invitation)) as is_ours:
        if not is_ours:
            raise Temporary(_t("正由另一个进程发送"))
        asked = Invitation.objects.select_related("complaint").get(pk=invitation.pk)
        if asked.state != kinds.UNSENT:
            return
        way = _put_out(asked, FIRST, by, at)
        if way:
            days = questionnaires()[asked.questionnaire].valid_days
            ends = at + timedelta(days=days)
            told = kinds.InvitationSent(way=way, sent_at=at, expires_at=ends)
            _write(asked, told, (kinds.UNSENT,), by, at)


def remind_invitation(invitation: Invitation, *, by: Person, at: datetime) -> None:
    """Once more, by a link of its own. Raises Temporary to be tried again."""
    with lease(_turn(invitation)) as is_ours:
        if not is_ours:
            raise Temporary(_t("正由另一个进程发送"))
        asked = Invitation.objects.select_related("complaint").get(pk=invitation.pk)
        is_over = (asked.expires_at or at) <= at
        if asked.state != kinds.SENT or asked.reminded_at or asked.because or is_over:
            return
        if _put_out(asked, REMINDER, by, at):
            _write(asked, kinds.InvitationReminded(reminded_at=at), (kinds.SENT,), by, at)


def queue_reminders(*, by: Person, at: datetime) -> int:
    """Whoever has not answered after the questionnaire's days; how many."""
    due = [
        pk
        for code, asked in questionnaires().items()
        for pk in Invitation.objects.filter(
            # Whom a reminder could not reach is not tried again every night.
            questionnaire=code, state=kinds.SENT, reminded_at__isnull=True, because="",
            sent_at__lte=at - timedelta(days=asked.remind_days), expires_at__gt=at,
        ).values_list("pk", flat=True)
    ]  # fmt: skip
    for pk in due:
        job_of(REMIND, queue="delivery").defer(invitation=pk)
    return len(due)


def expire_invitations(*, by: Person, at: datetime) -> int:
    """Those whose days are over, and samples whose last day has passed; how many invitations."""
    over = Invitation.objects.filter(state=kinds.SENT, expires_at__lte=at).order_by("pk")
    ended = [one for one in over if _write(one, kinds.InvitationExpired(), (kinds.SENT,), by, at)]
    today = timezone.localdate(at)
    for sample in SampleSurvey.objects.filter(state=kinds.RUNNING, closes_on__lt=today):
        _end(sample, by, at)
    return len(ended)


@transaction.atomic
def _end(sample: SampleSurvey, by: Person, at: datetime) -> None:
    asked = sample.invitations
    told = kinds.SampleEnded(
        sent=asked.filter(sent_at__isnull=False).count(),
        filled=asked.filter(state=kinds.FILLED).count(),
    )
    sample.write(told, by=by, at=at)


def _put_out(asked: Invitation, nth: int, by: Person, at: datetime) -> str:
    """The way it went; empty when it cannot, which the docket says."""
    because = links.why_not(asked.complaint)
    to = links.reached(asked.complaint)
    if because or to is None:
        _keep_back(asked, because, by, at)
        return ""
    secret = links.fresh()
    Voucher.objects.create(invitation=asked, digest=links.digest(secret), made_at=at)
    way, address = to
    try:
        links.put_out(asked, secret, way, address, nth=nth)
    except Refused as refused:
        _keep_back(asked, redact(str(refused).replace(address, "")).text, by, at)
        return ""
    return way


def _keep_back(asked: Invitation, because: str, by: Person, at: datetime) -> None:
    """Said once: a second try that ends alike adds nothing."""
    short = because[:BECAUSE_MAX]
    if asked.because != short:
        _write(asked, kinds.InvitationUnsent(because=short), (kinds.UNSENT, kinds.SENT), by, at)


@transaction.atomic
def _write(
    asked: Invitation, told: Kind, states: tuple[str, ...], by: Person, at: datetime
) -> bool:
    """Unless the customer was quicker."""
    held = Invitation.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if held.state not in states:
        return False
    held.write(told, by=by, at=at)
    return True


def _turn(invitation: Invitation) -> str:
    """Whose holder alone may send it."""
    return f"invitation {invitation.pk}"
