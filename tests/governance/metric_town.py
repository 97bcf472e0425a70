"""Cases of every sort at every place, drawn with a seed; and what may happen to them afterwards."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
from django.db.models import F

from sujin.complaints.models import Complaint, Course, Overrun, Promise, Review, Rung
from sujin.engine.text import search_tokens
from sujin.platform.models import Org

DAYS, CASES = 100, 320
LINES = ("", "card", "personal")
CAUSES = ("", "system", "attitude")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TEXT = "年费收取前没有通知"


def settle(cast: SimpleNamespace, now: datetime, *, seed: int = 11) -> list[Complaint]:
    """Cases up to ``now`` with all that is counted of them."""
    rng = np.random.default_rng(seed)
    orgs = list(Org.objects.order_by("path"))
    made = Complaint.objects.bulk_create([_case(rng, orgs, now, number) for number in range(CASES)])
    for case in made:
        if rng.random() < 0.15:
            case.repeat_of = made[int(rng.integers(len(made)))]
            case.repeat_of = None if case.repeat_of == case else case.repeat_of
        if rng.random() < 0.08 and case.closed_at and not case.repeat_of:
            case.merged_into, case.counted = made[0] if case != made[0] else made[1], False
    Complaint.objects.bulk_update(made, ["repeat_of", "merged_into", "counted"])
    Course.objects.bulk_create([_course(rng, case, orgs) for case in made])
    for case in made:
        _beside(rng, case, orgs, cast, now)
    return made


def _case(rng: np.random.Generator, orgs: list[Org], now: datetime, number: int) -> Complaint:
    at = now - DAY * float(rng.uniform(0, DAYS))
    closed = at + DAY * float(rng.exponential(9))
    called = closed - HOUR if rng.random() < 0.6 else None
    is_closed = closed < now
    return Complaint(
        number=f"2004-{number:07}", kind=str(rng.choice(["complaint"] * 9 + ["consultation"])),
        lane=str(rng.choice(["ordinary", "ordinary", "regulator"])),
        channel=str(rng.choice(["counter", "hotline", "web_form", "assistant"])), text=TEXT,
        tokens=search_tokens(TEXT), received_at=at, origin=orgs[int(rng.integers(len(orgs)))],
        business=str(rng.choice(["", "card.credit.annual", "loan.mortgage"])),
        cause=str(rng.choice(CAUSES)), touchpoint=str(rng.choice(["", "outlet"])),
        line=str(rng.choice(LINES)), vulnerable=bool(rng.random() < 0.2),
        desk=orgs[0], accountable=None, claimed_at=at,
        fault=str(rng.choice(["", "none", "process"])),
        finding=str(rng.choice(["", "upheld", "partly", "not_upheld"])),
        closed_at=closed if is_closed else now - HOUR / 2,
        called_back_at=called if is_closed else None,
        satisfied=str(rng.choice(["yes", "no", "unreached"])) if called and is_closed else "",
    )  # fmt: skip


def _course(rng: np.random.Generator, case: Complaint, orgs: list[Org]) -> Course:
    contacted = case.received_at + DAY * float(rng.exponential(1))
    answered = case.received_at + DAY * float(rng.exponential(6))
    return Course(
        complaint=case, entry=1, is_history=bool(rng.random() < 0.1),
        first_desk=case.origin if rng.random() < 0.5 else orgs[0],
        layer_first=int(rng.integers(1, 3)), on_the_spot=bool(rng.random() < 0.3),
        hops=int(rng.integers(0, 5)), hand_backs=int(rng.random() < 0.2),
        outlet_minutes=int(rng.integers(0, 90)),
        contacted_at=contacted if rng.random() < 0.8 else None,
        answered_at=answered if rng.random() < 0.8 else None,
    )  # fmt: skip


def _beside(
    rng: np.random.Generator, case: Complaint, orgs: list[Org], cast: SimpleNamespace, now: datetime
) -> None:
    desk = orgs[int(rng.integers(len(orgs)))]
    due = case.received_at + DAY * float(rng.uniform(1, 20))
    if rng.random() < 0.7:
        Overrun.objects.create(complaint=case, desk=desk, clock="decision", due_at=due)
    if rng.random() < 0.3:
        row = str(rng.choice(["f1", "f3"]))
        Rung.objects.create(complaint=case, row=row, due_at=due, at=due)
    if rng.random() < 0.3:
        told: dict[str, Any] = [
            {"kept_at": due - HOUR}, {"missed_at": due + HOUR}, {"released_at": due - HOUR},
        ][int(rng.integers(3))]  # fmt: skip
        Promise.objects.create(
            complaint=case, kind="call_back", what="回电", due_at=due, desk=desk,
            made_by=cast.wang_xiuying, made_at=due - DAY, **told,
        )  # fmt: skip
    if rng.random() < 0.2:
        decided = due if due < now else None
        Review.objects.create(
            complaint=case, answered_at=due, answered_desk=desk, asked_at=due, asked_words="不服",
            desk=orgs[0], decided_at=decided, verdict="changed" if rng.random() < 0.4
            else "upheld_decision", reasons="查证", way="letter", proof="挂号",
            decided_by=cast.zhou_tao if decided else None,
        )  # fmt: skip


def happen(cast: SimpleNamespace, now: datetime, *, seed: int = 23) -> None:
    """Whatever may change afterwards what a figure says: of each sort some, by bulk statements and
    one by one."""
    rng = np.random.default_rng(seed)
    orgs = list(Org.objects.order_by("path"))
    cases = list(Complaint.objects.order_by("pk"))

    def some(count: int = 6) -> list[Complaint]:
        return [cases[int(one)] for one in rng.choice(len(cases), count, replace=False)]

    for told in (
        {"origin": orgs[-1]}, {"line": "card"}, {"kind": "consultation"}, {"lane": "regulator"},
        {"channel": "web_form"}, {"vulnerable": True}, {"cause": ""}, {"fault": ""},
        {"finding": "upheld"}, {"satisfied": "yes"}, {"closed_at": now - 3 * DAY},
        {"received_at": now - 40 * DAY}, {"counted": False},
        {"called_back_at": now - 2 * DAY, "satisfied": "unreached"},
    ):  # fmt: skip
        Complaint.objects.filter(pk__in=[case.pk for case in some()]).update(**told)
    first, second, third, *_rest = some()
    Complaint.objects.filter(pk=first.pk).update(repeat_of=second)
    Complaint.objects.filter(pk=third.pk).update(merged_into=second)
    for case in some():
        Course.objects.filter(complaint=case).update(
            answered_at=now - 5 * DAY, contacted_at=now - 6 * DAY, hops=7, on_the_spot=True
        )
    Course.objects.filter(complaint__in=some()).update(is_history=True)
    Course.objects.filter(complaint__in=some(2)).delete()
    Overrun.objects.filter(complaint__in=some(40)).update(due_at=now - 60 * DAY)
    Overrun.objects.filter(complaint__in=some(40)).delete()
    Rung.objects.filter(complaint__in=some(40)).delete()
    Promise.objects.filter(
        complaint__in=some(40), kept_at=None, released_at=None, due_at__lt=now
    ).update(missed_at=now)
    Promise.objects.filter(complaint__in=some(30), kept_at=None, missed_at=None).update(
        due_at=F("due_at") + DAY, desk=orgs[1]
    )
    Review.objects.filter(complaint__in=some(60)).update(answered_desk=orgs[1], verdict="changed")
    later = some(1)[0]
    Complaint.objects.create(
        number="2005-0000001", kind="complaint", lane="ordinary", channel="counter", text=TEXT,
        tokens=search_tokens(TEXT), received_at=later.closed_at or now, origin=later.origin,
        accountable=cast.wang_xiuying, repeat_of=later,
    )  # fmt: skip
