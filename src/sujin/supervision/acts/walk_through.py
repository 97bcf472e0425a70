"""Customers who agreed to it look at a change: who takes part, what they voted, what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.governance.acts.propose_visit import WORDS_LEAST, spoken
from sujin.governance.models import Measure
from sujin.governance.models.problem import GOVERN
from sujin.platform import reach
from sujin.platform.models import Entry, Org, Person
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal
from sujin.supervision.acts.inform_voices import tell_writers
from sujin.supervision.kinds import panel as kinds
from sujin.supervision.models import Panelist, Proposal, Walkthrough
from sujin.supervision.voicebook import segments


class CannotWalkThrough(Refusal):
    """Not by this person, not with this panelist, or something is missing."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one panelist said: a vote, 1 to 5 for each of RATINGS, and a note."""

    panelist: int
    vote: str
    ratings: Mapping[str, int]
    note: str = ""


@transaction.atomic
def welcome_panelist(
    *, unit: Org, segment: str, joined_on: date, consented_on: date, consent_how: str, by: Person,
    at: datetime,
) -> Panelist:  # fmt: skip
    """A customer becomes an experience officer: a number, a segment, and how consent was given."""
    said = spoken(consent_how)
    _refuse_unless_hosts(unit, reach.of(by, at))
    if segment not in segments():
        raise CannotWalkThrough(_t("请选择哪类客户"))
    if not consented_on <= joined_on <= timezone.localdate(at):
        raise CannotWalkThrough(_t("先同意后加入，加入日期不晚于今天"))
    if len(said) < WORDS_LEAST:
        raise CannotWalkThrough(_t("请写明怎样同意的，例如签了哪份同意书；不写姓名和号码"))
    made = Panelist.objects.create(unit=unit, joined_on=joined_on, consented_on=consented_on)
    told = kinds.PanelistJoined(
        segment=segment, segment_name=segments()[segment], joined_on=joined_on,
        consented_on=consented_on, consent_how=said,
    )  # fmt: skip
    made.write(told, by=by, at=at)
    return made


@transaction.atomic
def dismiss_panelist(
    panelist: Panelist, *, left_on: date, because: str, by: Person, at: datetime
) -> None:
    """Takes part no more from that day on."""
    rows = Panelist.objects.select_for_update(of=("self",)).select_related("unit")
    held, said = rows.get(pk=panelist.pk), spoken(because)
    _refuse_unless_hosts(held.unit, reach.of(by, at))
    if held.left_on is not None:
        raise CannotWalkThrough(_t("已经退出"))
    if not held.joined_on <= left_on <= timezone.localdate(at):
        raise CannotWalkThrough(_t("退出日期须在加入以后、不晚于今天"))
    if len(said) < WORDS_LEAST:
        raise CannotWalkThrough(_t("请写明为什么退出"))
    held.write(kinds.PanelistLeft(left_on=left_on, because=said), by=by, at=at)


@transaction.atomic
def open_walkthrough(
    *, unit: Org, words: str, proposal: Proposal | None = None, measure: Measure | None = None,
    by: Person, at: datetime,
) -> Walkthrough:  # fmt: skip
    """Of one change: a proposal, a measure of the ledger, or what the words say."""
    mine, said = reach.of(by, at), spoken(words)
    _refuse_unless_hosts(unit, mine)
    if proposal is not None and measure is not None:
        raise CannotWalkThrough(_t("一次只看一个变化"))
    _refuse_own(proposal, measure, by)
    if proposal is not None and not Proposal.objects.within(mine).filter(pk=proposal.pk).exists():
        raise CannotWalkThrough(_t("看不到这条建议"))
    if measure is not None and not Measure.objects.readable(mine).filter(pk=measure.pk).exists():
        raise CannotWalkThrough(_t("看不到这项措施"))
    if len(said) < WORDS_LEAST:
        raise CannotWalkThrough(_t("请写明请客户看哪个变化"))
    made = Walkthrough.objects.create(opened_at=at, opened_by=by, unit=unit)
    told = kinds.WalkthroughOpened(
        words=said, proposal=proposal.pk if proposal else None,
        measure=measure.pk if measure else None,
    )  # fmt: skip
    made.write(told, by=by, at=at)
    return made


@transaction.atomic
def take_session(
    walkthrough: Walkthrough, *, held_on: date, ballots: Sequence[Ballot], by: Person, at: datetime
) -> None:
    """One meeting: who attended and what they voted, recorded by a named officer."""
    held = _held(walkthrough, by, at)
    _refuse_day(held, held_on, at)
    known = _taking_part(held, held_on)
    _refuse_ballots(ballots, known)
    number = len(held.sessions) + 1
    one = {
        "number": number, "held_on": held_on.isoformat(), "by": by.pk,
        "ballots": [_kept(ballot, known[ballot.panelist]) for ballot in ballots],
    }  # fmt: skip
    told = kinds.SessionTaken(
        number=number, held_on=held_on, attended=len(ballots), sessions=(*held.sessions, one)
    )
    held.write(told, by=by, at=at)


def _refuse_day(held: Walkthrough, day: date, at: datetime) -> None:
    """In the order of the meetings: one that is entered late would speak over a later one."""
    if day > timezone.localdate(at):
        raise CannotWalkThrough(_t("日期不晚于今天"))
    if day < timezone.localdate(held.opened_at):
        raise CannotWalkThrough(_t("日期不早于开评审那天"))
    if any(day.isoformat() < str(one["held_on"]) for one in held.sessions):
        raise CannotWalkThrough(_t("日期不早于已登记的上一场"))


def _taking_part(held: Walkthrough, day: date) -> dict[int, Panelist]:
    rows = Panelist.objects.taking_part(day).filter(unit__path__startswith=held.unit.path)
    return {one.pk: one for one in rows}


def _refuse_ballots(ballots: Sequence[Ballot], known: Mapping[int, Panelist]) -> None:
    if not ballots:
        raise CannotWalkThrough(_t("至少一位体验官到场并投票"))
    if len({one.panelist for one in ballots}) != len(ballots):
        raise CannotWalkThrough(_t("一位体验官一场只投一票"))
    for one in ballots:
        if one.panelist not in known:
            raise CannotWalkThrough(_t("有人那天不是本单位的体验官"))
        rated = all(1 <= n <= kinds.RATED_MOST for n in one.ratings.values())
        if one.vote not in kinds.VOTES or set(one.ratings) != set(kinds.RATINGS) or not rated:
            raise CannotWalkThrough(_t("每位到场的都要投票，并打 1 到 5 分"))


def _kept(ballot: Ballot, panelist: Panelist) -> dict[str, object]:
    return {
        "panelist": ballot.panelist, "segment": panelist.segment, "vote": ballot.vote,
        **{code: ballot.ratings[code] for code in kinds.RATINGS}, "note": spoken(ballot.note),
    }  # fmt: skip


@transaction.atomic
def answer_walkthrough(walkthrough: Walkthrough, *, words: str, by: Person, at: datetime) -> None:
    """采纳情况: what was changed because of it, or why it was not."""
    held, said = _held(walkthrough, by, at), spoken(words)
    if len(held.sessions) == held.answered:
        raise CannotWalkThrough(_t("没有新的意见要答复"))
    if len(said) < WORDS_LEAST:
        raise CannotWalkThrough(_t("请写明改了什么，或为什么不改"))
    told = kinds.WalkthroughAnswered(words=said, answered_at=at, sessions=len(held.sessions))
    held.write(told, by=by, at=at)


def hosts(unit: Org, mine: Reach) -> bool:
    """Whether the person governs at the unit or above it."""
    return any(unit.path.startswith(place.path) for place in mine.places(GOVERN))


def _refuse_unless_hosts(unit: Org, mine: Reach) -> None:
    if not hosts(unit, mine):
        raise CannotWalkThrough(_t("只能为本单位和下级机构办理"))


def wrote(proposal: Proposal | None, measure: Measure | None, person: int) -> bool:
    """Whether the change is what the person proposed: as the proposal itself, or as the measure
    or problem that came of it."""
    if proposal is not None:
        return person in proposal.writers
    return measure is not None and own_measures(person).filter(pk=measure.pk).exists()


def own_measures(person: int) -> QuerySet[Measure]:
    """Those that came of what the person proposed."""
    mine = Proposal.objects.filter(writers__contains=[person]).order_by()
    named = Q(pk__in=mine.filter(measure__isnull=False).values("measure"))
    entered = Q(problem__in=mine.filter(problem__isnull=False).values("problem"))
    return Measure.objects.filter(named | entered)


def _refuse_own(proposal: Proposal | None, measure: Measure | None, by: Person) -> None:
    if wrote(proposal, measure, by.pk):
        raise CannotWalkThrough(_t("提出的人不能主持自己建议的评审"))


def _held(walkthrough: Walkthrough, by: Person, at: datetime) -> Walkthrough:
    rows = Walkthrough.objects.select_for_update(of=("self",))
    rows = rows.select_related("unit", "proposal", "measure")
    held = rows.get(pk=walkthrough.pk)
    _refuse_unless_hosts(held.unit, reach.of(by, at))
    _refuse_own(held.proposal, held.measure, by)
    return held


def inform_of_walkthrough(entry: Entry) -> None:
    """Whoever wrote the proposal hears what customers say of it, and what was changed."""
    found = Walkthrough.objects.select_related("proposal").get(pk=entry.subject_id)
    if found.proposal is not None:
        tell_writers(found.proposal, entry)
