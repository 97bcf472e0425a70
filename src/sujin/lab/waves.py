"""The watch of the last nights, so that the board shows what has been going on for a while."""

from datetime import datetime, timedelta

from django.utils import timezone

from sujin.complaints.figures.selection import midnight
from sujin.governance.acts.judge_wave import acknowledge_wave, may_acknowledge
from sujin.governance.acts.watch_waves import watch_waves
from sujin.governance.kinds.wave import RAISED
from sujin.governance.models import Wave
from sujin.governance.watchbook import limits
from sujin.platform import reach
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Person, Post

# Each is a review of some 90,000 series; a wave that goes on was raised in one of them.
NIGHTS = 8
MORNING = timedelta(hours=4, minutes=30)
# Owners answer in the course of the morning.
ANSWERED = timedelta(hours=6)
SAID = "已请归口团队核实原因，三个工作日内给出口径"


def keep_watch(*, now: datetime) -> int:
    """Each night knows only what came before it; what is older than its clock was taken in hand.
    Returns how many waves were raised."""
    today = timezone.localdate(now)
    raised = 0
    for ago in range(NIGHTS, -1, -1):
        at = midnight(today - timedelta(days=ago)) + MORNING
        if at < now:
            raised += len(watch_waves(by=system_person(), at=at))
            _answer(at + ANSWERED, now)
    return raised


def _answer(at: datetime, now: datetime) -> None:
    for wave in Wave.objects.filter(state=RAISED, acknowledge_by__lt=now).select_related("owner"):
        person = _watching(wave, at)
        if person is not None and at < now - limits().acknowledge / 2:
            acknowledge_wave(wave, words=SAID, by=person, at=at)


def _watching(wave: Wave, at: datetime) -> Person | None:
    posts = Post.objects.on_duty_at(at).filter(org=wave.owner).select_related("person")
    found = (post.person for post in posts.order_by("pk"))
    return next((one for one in found if may_acknowledge(wave, reach.of(one, at))), None)
