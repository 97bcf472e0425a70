"""Bring a story to life: plant the bank, tell it day by day, and let the desks work on it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path

from django.utils import timezone

from sujin.complaints.acts.measure import measure_all
from sujin.complaints.acts.receive import receive_all
from sujin.complaints.draft import Draft, Outcome
from sujin.governance.acts.judge_effects import judge_effects
from sujin.governance.acts.watch_agents import watch_agents
from sujin.lab import bank, story, truth
from sujin.lab.announcing import announce
from sujin.lab.convening import convene
from sujin.lab.correcting import correct
from sujin.lab.dice import dice
from sujin.lab.foresight import look_ahead
from sujin.lab.guiding import Guide, guided, note, roll_out
from sujin.lab.heaping import heaped, keep_gauging
from sujin.lab.helping import help_along
from sujin.lab.inspecting import look_round
from sujin.lab.library import stock
from sujin.lab.life import live
from sujin.lab.meetings import meet
from sujin.lab.neighbours import move_in
from sujin.lab.past import remember
from sujin.lab.plants import Plants
from sujin.lab.reading import read_along
from sujin.lab.rectifying import rectify
from sujin.lab.surveying import survey
from sujin.lab.training import teach
from sujin.lab.truth import Truth
from sujin.lab.undertaking import undertake
from sujin.lab.voices import listen
from sujin.lab.waves import keep_watch
from sujin.platform.acts.organise import organise, service_person, system_person
from sujin.platform.models import Person, Post
from sujin.platform.organisation import OrgPlan
from sujin.supervision.acts.watch import watch

MONTHS = timedelta(days=30 * 18 + 10)
# The last days are told by the people who heard them; before that the house itself tells.
BY_HAND = timedelta(days=6)
LONG_AGO = timedelta(days=45)
# Seven working days, the longest a desk has by clocks.csv, with their weekends.
LIMITS = timedelta(days=11)
OVER_BY_NOW = 0.6
AT_HOME = {"hotline", "email"}
Progress = Callable[[int], None]


def load(*, seed: int, now: datetime, size: int, folder: Path, tell: Progress) -> int:
    """Load the demonstration; the truth of what was planted is written into ``folder``.

    Loading again adds nothing: every draft has its own number. Returns the contacts told.
    """
    today = timezone.localdate(now)
    plan = bank.plan(seed)
    organise(plan, by=system_person(), at=now)
    guides = roll_out(now=now)
    stock(now=now)
    read_along(seed=seed, now=now)
    start = today - MONTHS
    told = hear(plan, guides, seed=seed, since=start, now=now, size=size, tell=tell)
    live(seed=seed, now=now)
    help_along(seed=seed, now=now)
    correct(told, seed=seed, now=now)
    hidden = story.hidden(seed, plan, today - MONTHS, today)
    done = remember(seed=seed, now=now, plants=hidden, truths=told)
    measure_all()
    meet(seed=seed, now=now)
    watch(by=system_person(), at=now)
    watch_agents(by=system_person(), at=now)
    announce(hidden.events, seed=seed, now=now)
    note(guides, now=now)
    judge_effects(by=system_person(), at=now)
    rectify(hidden.interventions, now=now)
    _governed(seed, now)
    _write(folder, seed, plan=hidden, truths=told, past=done)
    return len(told)


def _governed(seed: int, now: datetime) -> None:
    """What people decided, what the house sees by itself, and who looks whether it is well done."""
    convene(now=now)
    undertake(now=now)
    _looked_after(now)
    survey(seed=seed, now=now)
    listen(now=now)
    teach(seed=seed, now=now)
    look_round(seed=seed, now=now)


def _looked_after(now: datetime) -> None:
    """What the house sees by itself: waves, indicators off target, neighbours, the weeks ahead."""
    keep_watch(now=now)
    keep_gauging(now=now)
    move_in(now=now)
    look_ahead(now=now)


def hear(
    plan: OrgPlan,
    guides: Sequence[Guide] = (),
    *,
    seed: int,
    since: date,
    now: datetime,
    size: int,
    tell: Progress,
) -> list[Truth]:
    """Take in the story from ``since`` up to ``now``, day by day; the truth of what was told."""
    today = timezone.localdate(now)
    told: list[Truth] = []
    for drafts, truths in _days(story.story(seed, plan, since, today, size), now):
        pairs = zip(drafts, truths, strict=True)
        over = ((heaped(_over_by_now(one, today), today), so) for one, so in pairs)
        _receive([guided(one, so, guides) for one, so in over], today)
        told += truths
        tell(len(told))
    return told


def _days(
    pairs: Iterator[tuple[Draft, Truth]], now: datetime
) -> Iterator[tuple[list[Draft], list[Truth]]]:
    past = (pair for pair in pairs if pair[0].received_at < now)
    for _time, group in groupby(past, key=lambda pair: _lot(pair[0].received_at, now)):
        both = list(group)
        yield [at_home(draft) for draft, _truth in both], [found for _draft, found in both]


def _lot(received_at: datetime, now: datetime) -> tuple[int, ...]:
    """What is taken in together: a day of the last weeks, a week of what lies long ago."""
    day = timezone.localdate(received_at)
    recent = timezone.localdate(now) - day < LONG_AGO
    return (day.toordinal(),) if recent else tuple(day.isocalendar())[:2]


def at_home(draft: Draft) -> Draft:
    """A call or a mail concerns the customer's own outlet, whoever picked it up."""
    home = draft.attributes.get("home", "")
    return replace(draft, origin=home) if home and draft.channel in AT_HOME else draft


def _receive(drafts: list[Draft], today: date) -> None:
    recent = timezone.localdate(drafts[0].received_at) > today - BY_HAND
    ears = _Ears() if recent else None
    batches = ([draft] for draft in drafts) if ears else iter([drafts])
    for batch in batches:
        by = ears.of(batch[0]) if ears else service_person("lab", "示范数据", "Demonstration")
        # Registered once the letters of the day are in, or at once when somebody stood there.
        receive_all(batch, by=by, at=batch[-1].received_at, announce=recent)


def _over_by_now(draft: Draft, today: date) -> Draft:
    """What the story left open was answered in the end: all of it that lies long ago, most of what
    is older than its limits. The desks of the demonstration work on the rest."""
    age = today - timezone.localdate(draft.received_at)
    rng = dice("over", draft.external_id)
    if draft.outcome or age < LIMITS or (age < LONG_AGO and rng.random() >= OVER_BY_NOW):
        return draft
    took = timedelta(days=25) if age >= LONG_AGO else LIMITS * rng.uniform(0.2, 0.9)
    return replace(draft, outcome=Outcome("explanation", draft.received_at + took))


class _Ears:
    """Who heard it: a teller of the outlet, an agent of the hotline, or nobody at the web form."""

    def __init__(self) -> None:
        self._at: dict[tuple[str, str], Person] = {}
        posts = Post.objects.filter(role__in=["teller", "agent", "regulator_liaison"])
        for post in posts.select_related("person", "org"):
            self._at.setdefault((post.role, post.org.code), post.person)
            self._at.setdefault((post.role, ""), post.person)

    def of(self, draft: Draft) -> Person:
        role = {"hotline": "agent", "regulator": "regulator_liaison"}.get(draft.channel, "")
        known = self._at.get((role, "")) if role else self._at.get(("teller", draft.origin))
        return known or service_person(f"channel:{draft.channel}", draft.channel, draft.channel)


def _write(
    folder: Path, seed: int, *, plan: Plants, truths: list[Truth], past: Mapping[str, int]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    truth.write(folder / f"truth-{seed}.jsonl", truths)
    summary = truth.summary(plan, truths, past)
    (folder / f"truth-{seed}.md").write_text(summary, encoding="utf-8")
