"""What the worker does by night. The queue counts in UTC, eight hours behind."""

import logging
from contextlib import suppress
from datetime import UTC, datetime

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sujin.governance.acts.escalate_orders import escalate_orders
from sujin.governance.acts.escalate_visits import escalate_visits
from sujin.governance.acts.escalate_waves import escalate_waves
from sujin.governance.acts.expire_files import expire_files
from sujin.governance.acts.foresee_week import CannotForesee, foresee_week, score_prospects
from sujin.governance.acts.gauge_indicators import gauge_indicators
from sujin.governance.acts.issue_flash import draft_flash, escalate_flashes
from sujin.governance.acts.judge_effects import judge_effects
from sujin.governance.acts.judge_measures import judge_measures
from sujin.governance.acts.replay_watch import run_replay
from sujin.governance.acts.run_programme import remind_tasks
from sujin.governance.acts.settle_problem import escalate_problems
from sujin.governance.acts.watch_agents import watch_agents
from sujin.governance.acts.watch_events import escalate_lines, look_at_events, watch_events
from sujin.governance.acts.watch_waves import watch_waves
from sujin.governance.flash_event import of_event
from sujin.governance.flash_wave import is_news, of_wave
from sujin.governance.folding import fold, mend
from sujin.governance.models import Event, FlashReport, Wave
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Person

log = logging.getLogger(__name__)
AGAIN = RetryStrategy(max_attempts=10, wait=10)


@app.periodic(cron="50 19 * * *")
@app.task(name="sujin.governance.jobs.judge", queueing_lock="judge_effects", retry=AGAIN)
def judge(timestamp: int) -> None:
    """Once a night: did what came branch by branch help?"""
    judge_effects(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="10 19 * * *")
@app.task(name="sujin.governance.jobs.watch", queueing_lock="watch_agents", retry=AGAIN)
def watch(timestamp: int) -> None:
    """Once a night: verdicts that are too old, then complaints that point at one hand."""
    by, at = system_person(), datetime.fromtimestamp(timestamp, UTC)
    expire_files(by=by, at=at)
    watch_agents(by=by, at=at)


@app.task(name="sujin.governance.jobs.flash", retry=AGAIN)
def flash(event: int) -> None:
    """An event was announced: its first flash report, timed by the clock of whoever writes it. A
    job that is taken up again after a crash writes no second one."""
    found, now = Event.objects.get(pk=event), timezone.now()
    if not FlashReport.objects.about(Event.subject, event).exists():
        draft_flash(of_event(found, now), by=system_person(), at=now)


@app.task(name="sujin.governance.jobs.wave_flash", retry=AGAIN)
def wave_flash(wave: int) -> None:
    """A telling wave was raised: its first flash report, unless it is of no use any more."""
    found, now = Wave.objects.select_related("owner").get(pk=wave), timezone.now()
    if is_news(found, now) and not FlashReport.objects.about(Wave.subject, wave).exists():
        draft_flash(of_wave(found), by=system_person(), at=now)


@app.periodic(cron="*/5 * * * *")
@app.task(name="sujin.governance.jobs.hurry", queueing_lock="hurry_events", retry=AGAIN)
def hurry(timestamp: int) -> None:
    """Every five minutes: first complaints, and lines and flash reports that are late."""
    by, at = system_person(), datetime.fromtimestamp(timestamp, UTC)
    look_at_events(by=by, at=at)
    escalate_lines(by=by, at=at)
    escalate_flashes(by=by, at=at)


@app.periodic(cron="20 20 * * *")
@app.task(name="sujin.governance.jobs.watch_events", queueing_lock="watch_events", retry=AGAIN)
def follow(timestamp: int) -> None:
    """Once a night: what came against what was forecast, and the next week anew."""
    watch_events(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="30 20 * * *")
@app.task(name="sujin.governance.jobs.waves", queueing_lock="watch_waves", retry=AGAIN)
def waves(timestamp: int) -> None:
    """Once a night, before anybody is at a desk: what rises?"""
    watch_waves(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="20 1-12 * * *")
@app.task(name="sujin.governance.jobs.waves_today", queueing_lock="watch_waves_today", retry=AGAIN)
def waves_today(timestamp: int) -> None:
    """Every hour from nine to eight in the evening: does the day so far already say it?"""
    watch_waves(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC), today=True)


@app.task(name="sujin.governance.jobs.waves_now", queueing_lock="watch_waves_now", retry=AGAIN)
def waves_now(person: int, at: str) -> None:
    """Somebody asked for it: the day so far, too."""
    by = Person.objects.get(pk=person)
    watch_waves(by=by, at=datetime.fromisoformat(at), today=True)


@app.periodic(cron="*/10 * * * *")
@app.task(name="sujin.governance.jobs.late_waves", queueing_lock="late_waves", retry=AGAIN)
def late_waves(timestamp: int) -> None:
    """Every ten minutes: who did not acknowledge in time?"""
    escalate_waves(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="5 * * * *")
@app.task(name="sujin.governance.jobs.late_visits", queueing_lock="late_visits", retry=AGAIN)
def late_visits(timestamp: int) -> None:
    """Every hour: who did not answer, go, or mend in time?"""
    escalate_visits(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.task(name="sujin.governance.jobs.replay")
def replay(replay: int) -> None:
    """Somebody asked what other settings would have said."""
    run_replay(replay, by=system_person(), at=timezone.now())


@app.periodic(cron="50 20 * * *")
@app.task(name="sujin.governance.jobs.gauge", queueing_lock="gauge_indicators", retry=AGAIN)
def gauge(timestamp: int) -> None:
    """Once a night: every indicator of every unit whose week or month is over."""
    gauge_indicators(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="*/10 * * * *")
@app.task(name="sujin.governance.jobs.late_orders", queueing_lock="late_orders", retry=AGAIN)
def late_orders(timestamp: int) -> None:
    """Every ten minutes: who did not acknowledge a work order in time?"""
    escalate_orders(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="0 22 * * 0")
@app.task(name="sujin.governance.jobs.foresee", queueing_lock="foresee_week", retry=AGAIN)
def foresee(timestamp: int) -> None:
    """On Monday before anybody is at a desk: what came of what was said, then the weeks ahead."""
    by, at = system_person(), datetime.fromtimestamp(timestamp, UTC)
    score_prospects(by=by, at=at)
    with suppress(CannotForesee):
        foresee_week(by=by, at=at)


@app.periodic(cron="10 21 * * *")
@app.task(name="sujin.governance.jobs.judge_ripe", queueing_lock="judge_measures", retry=AGAIN)
def judge_ripe(timestamp: int) -> None:
    """Once a night: the verdict on every measure whose declared day has come."""
    judge_measures(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="15 * * * *")
@app.task(name="sujin.governance.jobs.late_problems", queueing_lock="late_problems", retry=AGAIN)
def late_problems(timestamp: int) -> None:
    """Every hour: of which problem did nobody find the cause in time?"""
    escalate_problems(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * *")
@app.task(name="sujin.governance.jobs.fold_cube", queueing_lock="fold_cube", retry=AGAIN)
def fold_cube(timestamp: int) -> None:
    """Every minute: the sums of days in which something has changed."""
    fold()


@app.periodic(cron="0 0 * * *")
@app.task(name="sujin.governance.jobs.remind", queueing_lock="remind_tasks", retry=AGAIN)
def remind(timestamp: int) -> None:
    """Every morning at eight: tasks whose day is near, or over."""
    remind_tasks(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="40 17 * * *")
@app.task(name="sujin.governance.jobs.mend_cube", queueing_lock="mend_cube", retry=AGAIN)
def mend_cube(timestamp: int) -> None:
    """Once a night: sums that are not what the cases say are made anew."""
    if wrong := mend():
        log.warning("metric sums were wrong and made anew", extra={"rows": len(wrong)})
