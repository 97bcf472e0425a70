"""No open complaint ever has nobody accountable: walks of fifty steps each, as many as ``WALKS``.

Each walk throws the dice over everything that can happen to custody: claimed and put back, handed
over, taken, refused and taken back, recused, withdrawn and reinstated, merged and unmerged, people
leaving, posts running out, people away with a deputy or without, back early, and new people. After
every step the rule is asked of the database itself, and each night the house relieves whoever
could do nothing for a case any more.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from sujin.complaints.acts.claim import claim, put_back
from sujin.complaints.acts.hand_over import accept, decline, hand_over, take_back
from sujin.complaints.acts.merge import merge, unmerge
from sujin.complaints.acts.pause import agree
from sujin.complaints.acts.receive import receive
from sujin.complaints.acts.recuse import recuse
from sujin.complaints.acts.relieve import relieve_leavers
from sujin.complaints.acts.reread import reread
from sujin.complaints.acts.respond import respond
from sujin.complaints.acts.withdraw import reinstate, withdraw
from sujin.complaints.desks import Desks
from sujin.complaints.draft import Draft, PartyDraft
from sujin.complaints.invariants import nobody_acts
from sujin.complaints.models import Complaint
from sujin.lab.cast import BRANCH2_A, BRANCH2_B, BRANCH_A, BRANCH_B, OUTLET_A, OUTLET_B
from sujin.platform import reach
from sujin.platform.acts.appoint import appoint, dismiss
from sujin.platform.acts.organise import system_person
from sujin.platform.acts.stand_in import come_back, go_away
from sujin.platform.models import Absence, Org, Person, Post
from sujin.platform.refusal import Refusal

WALKS, STEPS, A_LOT = int(os.environ.get("WALKS", "50")), 50, 50
DESKS = (OUTLET_A, BRANCH2_A, BRANCH_A, OUTLET_B, BRANCH2_B, BRANCH_B)
CONFIRMED = "来电核对过卡号"
COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"
Step = Callable[["Walk"], None]


class Walk:
    """One bank on one road: two matters, seven people, and a die."""

    def __init__(self, cast: SimpleNamespace, at: datetime, chance: Random) -> None:
        self.at, self.chance = at, chance
        self.people: list[Person] = [
            cast.wang_xiuying,
            cast.li_jianguo,
            cast.chen_li,
            cast.shen_qiu,
            cast.zhou_tao,
            cast.ma_jun,
            cast.sun_qian,
        ]
        self.boss, self.admin = cast.zheng_gang, cast.kong_mingyu
        self.cases = [self._told(OUTLET_A), self._told(OUTLET_B)]
        self.done: Counter[str] = Counter()

    def _told(self, origin: str) -> Complaint:
        parties = (PartyDraft(name="张伟", phone="13912345678"),)
        draft = Draft("counter", COMPLEX, self.at, origin, parties=parties)
        self.at += timedelta(days=2)
        return receive(draft, by=self.people[0], at=self.at - timedelta(days=2)).complaint

    @property
    def case(self) -> Complaint:
        return self.chance.choice(self.cases)

    @property
    def person(self) -> Person:
        return self.chance.choice(self.people)

    @property
    def desk(self) -> Org:
        return Org.objects.get(code=self.chance.choice(DESKS))

    def step(self) -> None:
        before = timezone.localdate(self.at)
        self.at += timedelta(minutes=self.chance.randrange(1, 600))
        if timezone.localdate(self.at) > before:
            relieve_leavers(by=system_person(), at=self.at)
        act = self.chance.choice(STEPS_OF_CUSTODY)
        try:
            with transaction.atomic():
                act(self)
        except Refusal:
            return
        self.done[act.__name__] += 1


def claims(walk: Walk) -> None:
    claim(walk.case, by=walk.person, at=walk.at)


def hands_over(walk: Walk) -> None:
    hand_over(
        walk.case,
        to=walk.desk,
        because="换人",
        told="已告知客户",
        promised_at=walk.at + timedelta(days=1),
        by=walk.person,
        at=walk.at,
    )


def accepts(walk: Walk) -> None:
    accept(walk.case, by=walk.person, at=walk.at)


def takes_back(walk: Walk) -> None:
    take_back(walk.case, by=walk.person, at=walk.at)


def puts_back(walk: Walk) -> None:
    """Only the holder can, and only straight after taking it: by chance alone, a lot of walks might
    never see it succeed."""
    case = Complaint.objects.get(pk=walk.case.pk)
    staff = Desks(walk.at).staff(case.desk) if case.desk and case.claimed_at is None else []
    for one in staff[:1]:
        claim(case, by=one, at=walk.at)
        case.refresh_from_db()
    put_back(case, by=case.accountable or walk.person, at=walk.at)


def declines(walk: Walk) -> None:
    decline(walk.case, because="不归我", by=walk.person, at=walk.at)


def stands_aside(walk: Walk) -> None:
    person = walk.person
    recuse(walk.case, person=person, because="亲属", by=person, at=walk.at)


def holder_stands_aside(walk: Walk) -> None:
    """Whoever answers for it, or stands in for them: refused only while it is in their hands."""
    case = Complaint.objects.get(pk=walk.case.pk)
    holder = case.accountable or walk.person
    recuse(case, person=holder, because="亲属", by=holder, at=walk.at)


def withdraws(walk: Walk) -> None:
    withdraw(walk.case, because="误登", by=walk.boss, at=walk.at)


def reinstates(walk: Walk) -> None:
    reinstate(walk.case, because="登错了", by=walk.boss, at=walk.at)


def merges(walk: Walk) -> None:
    one, other = walk.chance.sample(walk.cases, 2)
    merge(one, into=other, because="同一事项", identity=CONFIRMED, by=walk.boss, at=walk.at)


def unmerges(walk: Walk) -> None:
    unmerge(walk.case, because="并错了", by=walk.boss, at=walk.at)


def leaves(walk: Walk) -> None:
    """The last day of one post, or a post that runs out in a few days."""
    held = Post.objects.held_at(walk.at).filter(person__in=walk.people, stands_in_for=None)
    post = walk.chance.choice(list(held.order_by("pk")))
    last = timezone.localdate(walk.at) + timedelta(days=walk.chance.randrange(3))
    dismiss(post, until=last, by=walk.admin, at=walk.at)


def goes_away(walk: Walk) -> None:
    """With a deputy or without, from today or from tomorrow on."""
    person = walk.person
    since = timezone.localdate(walk.at) + timedelta(days=walk.chance.randrange(2))
    until = since + timedelta(days=walk.chance.randrange(4))
    deputy = walk.person if walk.chance.random() < 0.7 else None
    go_away(person, deputy=deputy, since=since, until=until, because="", by=person, at=walk.at)


def comes_back(walk: Walk) -> None:
    away = list(Absence.objects.from_now(walk.at).order_by("pk"))
    if not away:
        raise Refusal
    come_back(walk.chance.choice(away), by=walk.admin, at=walk.at)


def comes(walk: Walk) -> None:
    """Back, elsewhere, or in somebody's place."""
    role = walk.chance.choice(["teller", "handler", "supervisor"])
    today = timezone.localdate(walk.at)
    appoint(walk.person, org=walk.desk, role=role, since=today, by=walk.admin, at=walk.at)


STEPS_OF_CUSTODY: list[Step] = [
    *(claims, claims, hands_over, hands_over, accepts, accepts, declines, stands_aside),
    holder_stands_aside,
    *(takes_back, puts_back, puts_back, goes_away, goes_away, comes_back),
    *(withdraws, reinstates, merges, unmerges, leaves, comes, comes),
]


def orphans() -> int:
    return Complaint.objects.open().filter(accountable__isnull=True).count()


def held_by_barred(at: datetime) -> list[str]:
    """Open cases whose accountable person stands aside."""
    return could_be_passed_on(
        [case for case in Complaint.objects.open() if case.accountable_id in case.recused], at
    )


def forgotten(at: datetime) -> list[str]:
    """Open cases for which nobody could do anything by the house's own rule."""
    found = [one.complaint for one in nobody_acts(at) if one.complaint]
    return could_be_passed_on(Complaint.objects.filter(pk__in=found), at)


def could_be_passed_on(cases: Iterable[Complaint], at: datetime) -> list[str]:
    """Those that somebody else should have; where nobody is left, the head stays named."""
    desks = Desks(at)
    return [
        case.number
        for case in cases
        if case.accountable != desks.successor(case.desk or case.origin, case.recused)
    ]


def unanswered(at: datetime) -> list[str]:
    """Open cases whose accountable person is not there today and has nobody standing in."""
    there = set()
    for post in Post.objects.on_duty_at(at).select_related("stands_in_for"):
        there |= {post.person_id, post.stands_in_for.person_id if post.stands_in_for else None}
    rows = Complaint.objects.open().values_list("number", "accountable_id")
    return [number for number, person in rows if person not in there]


@pytest.mark.parametrize("lot", range(WALKS // A_LOT))
def test_after_every_step_of_every_walk_somebody_is_accountable(
    cast: SimpleNamespace, noon: datetime, lot: int
) -> None:
    done: Counter[str] = Counter()
    for number in range(A_LOT):
        with transaction.atomic():
            walk = Walk(cast, noon, Random(lot * 1000 + number))
            for _step in range(STEPS):
                walk.step()
                assert orphans() == 0
                assert held_by_barred(walk.at) == []
            relieve_leavers(by=system_person(), at=walk.at)
            assert unanswered(walk.at) == []
            assert forgotten(walk.at) == []
            assert all(replays(case) for case in walk.cases)
            done.update(walk.done)
            transaction.set_rollback(True)
    # A walk that refuses everything would prove nothing.
    assert set(done) == {act.__name__ for act in STEPS_OF_CUSTODY}, done


def replays(case: Complaint) -> bool:
    row = Complaint.objects.get(pk=case.pk)
    return all(
        getattr(row, column) == (list(value) if isinstance(value, tuple) else value)
        for column, value in row.replay().items()
    )


def test_the_known_bad_control_a_recusal_that_relieves_nobody_is_seen(
    cast: SimpleNamespace, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sujin.complaints.acts.recuse.relieve_if_lost", lambda *_, **__: False)
    walk = Walk(cast, noon, Random(1))
    case = walk.cases[0]
    held = case.accountable
    assert held is not None and case.claimed_at is None
    recuse(case, person=held, because="亲属", by=held, at=walk.at)
    assert held_by_barred(walk.at) == forgotten(walk.at) == [case.number]


def test_a_handler_who_leaves_is_answered_for_by_whoever_is_there(
    cast: SimpleNamespace, noon: datetime
) -> None:
    walk = Walk(cast, noon, Random(1))
    case = walk.cases[0]
    claim(case, by=cast.chen_li, at=walk.at)
    # Answered for the first time, so that the desk's own limit is the one that runs out next.
    respond(case, way="phone", note="已联系", by=cast.chen_li, at=walk.at)
    hand_over(
        case,
        to=Org.objects.get(code=BRANCH_B),
        because="移交",
        told="已告知客户",
        promised_at=walk.at + timedelta(days=1),
        by=cast.chen_li,
        at=walk.at,
    )
    post = Post.objects.get(person=cast.chen_li)
    dismiss(post, until=timezone.localdate(walk.at), by=cast.kong_mingyu, at=walk.at)
    assert relieve_leavers(by=system_person(), at=walk.at) == 0
    tomorrow = walk.at + timedelta(days=1)
    assert relieve_leavers(by=system_person(), at=tomorrow) == 1
    case.refresh_from_db()
    assert (case.accountable, case.claimed_at) == (cast.shen_qiu, None)
    assert relieve_leavers(by=system_person(), at=tomorrow) == 0
    assert Complaint.objects.within(reach.of(cast.sun_qian, tomorrow)).contains(case)
    # The limits run on, and reading them again finds nothing to move.
    assert reread(by=system_person(), at=tomorrow) == 0


def test_the_night_passes_nothing_on_to_somebody_who_stands_aside(
    cast: SimpleNamespace, noon: datetime
) -> None:
    walk = Walk(cast, noon, Random(1))
    case = walk.cases[0]
    claim(case, by=cast.chen_li, at=walk.at)
    recuse(case, person=cast.shen_qiu, because="亲属", by=cast.shen_qiu, at=walk.at)
    post = Post.objects.get(person=cast.chen_li)
    dismiss(post, until=timezone.localdate(walk.at), by=cast.kong_mingyu, at=walk.at)
    tomorrow = walk.at + timedelta(days=1)
    assert relieve_leavers(by=system_person(), at=tomorrow) == 1
    case.refresh_from_db()
    assert case.accountable is not None and case.may_be_handled_by(case.accountable)
    assert unanswered(tomorrow) == []


def test_who_left_meanwhile_does_not_get_back_what_comes_back(
    cast: SimpleNamespace, noon: datetime
) -> None:
    walk = Walk(cast, noon, Random(1))
    case = walk.cases[0]
    claim(case, by=cast.chen_li, at=walk.at)
    withdraw(case, because="客户来电撤回", by=cast.chen_li, at=walk.at)
    post = Post.objects.get(person=cast.chen_li)
    dismiss(post, until=timezone.localdate(walk.at), by=cast.kong_mingyu, at=walk.at)
    tomorrow = walk.at + timedelta(days=1)
    reinstate(case, because="登错了", by=cast.shen_qiu, at=tomorrow)
    case.refresh_from_db()
    assert (case.is_open, case.accountable) == (True, cast.shen_qiu)
    assert unanswered(tomorrow) == [] and replays(case)


def test_who_left_meanwhile_does_not_get_back_what_was_merged(
    cast: SimpleNamespace, noon: datetime
) -> None:
    walk = Walk(cast, noon, Random(1))
    case, other = walk.cases[:2]
    claim(case, by=cast.chen_li, at=walk.at)
    # Told first, it may end inside the other only once its own limit is the later one.
    until = walk.at + timedelta(days=30)
    agree(case, until=until, because="客户同意", by=cast.chen_li, at=walk.at)
    merge(case, into=other, because="同一件事", identity=CONFIRMED, by=cast.chen_li, at=walk.at)
    post = Post.objects.get(person=cast.chen_li)
    dismiss(post, until=timezone.localdate(walk.at), by=cast.kong_mingyu, at=walk.at)
    tomorrow = walk.at + timedelta(days=1)
    unmerge(case, because="并错了", by=cast.shen_qiu, at=tomorrow)
    case.refresh_from_db()
    assert (case.is_open, case.accountable) == (True, cast.shen_qiu)
    assert replays(case)


def test_the_known_bad_control_a_walk_without_the_night_leaves_strangers(
    cast: SimpleNamespace, noon: datetime
) -> None:
    walk = Walk(cast, noon, Random(1))
    claim(walk.cases[0], by=cast.chen_li, at=walk.at)
    for post in Post.objects.filter(person=cast.chen_li):
        dismiss(post, until=timezone.localdate(walk.at), by=cast.kong_mingyu, at=walk.at)
    assert unanswered(walk.at + timedelta(days=1)) == [walk.cases[0].number]
