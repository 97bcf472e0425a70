"""Sittings with the customer: invited, held, followed up; and no escalation averted by claim."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from sujin.complaints import escalation, kinds
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.close import missing
from sujin.complaints.acts.confer import give_opinion
from sujin.complaints.acts.hold import CannotClaimAvoided, FollowUp, check_avoidance, hold
from sujin.complaints.acts.meet import CannotMeet, Guest, book, cancel, move
from sujin.complaints.acts.remind import inform_host, remind_hosts
from sujin.complaints.models import Complaint, Session
from sujin.lab.orgs import COMPANY
from sujin.platform import journal, reach
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Notice, Org, Person
from tests.complaints.conftest import Told

COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"
OUTSIDER = "罕见氏"
Sitting = Callable[..., Session]


@pytest.fixture
def case(cast: SimpleNamespace, told: Told, noon: datetime) -> Complaint:
    """A complaint of outlet A in Chen Li's hands."""
    found = told(COMPLEX, phone="13912345678")
    claim(found, by=cast.chen_li, at=noon)
    return fresh(found)


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


@pytest.fixture
def sitting(cast: SimpleNamespace, case: Complaint, noon: datetime) -> Sitting:
    """Chen Li books a telephone call for three hours later; changes as given."""

    def arrange(**changes: object) -> Session:
        given: dict[str, object] = {
            "kind": "direct",
            "way": "phone",
            "starts_at": noon + timedelta(hours=3),
            "minutes_planned": 30,
            "place": "网点二楼",
            "host": cast.chen_li,
            "orgs": [],
            "persons": [],
            "guests": [],
            "consent": True,
            "risk": "regulator",
            "risk_words": "说再不退就打12378",
            "by": cast.chen_li,
            "at": noon,
        }
        return book(case, **{**given, **changes})  # type: ignore[arg-type]

    return arrange


def write_minutes(session: Session, at: datetime, **changes: object) -> None:
    given: dict[str, object] = {
        "held_at": session.starts_at,
        "attended": list(session.invited.values_list("pk", flat=True)),
        "minutes": "客户同意先核对流水",
        "outcome": "agreed",
        "plan": "三日内退回年费",
        "follow_ups": [],
        "by": session.host,
        "at": at,
    }
    hold(session, **{**given, **changes})  # type: ignore[arg-type]


def sees(person: Person, case: Complaint, at: datetime) -> bool:
    return Complaint.objects.within(reach.of(person, at)).filter(pk=case.pk).exists()


def test_three_parties_sit_down_and_the_invited_company_sees_the_case_from_then_on(
    cast: SimpleNamespace, case: Complaint, sitting: Sitting, noon: datetime
) -> None:
    company = Org.objects.get(code=COMPANY)
    assert not sees(cast.gao_xiang, case, noon)
    session = sitting(kind="three_party", orgs=[company], guests=[Guest(OUTSIDER, "律师")])
    assert sees(cast.gao_xiang, case, noon)
    assert set(session.invited.values_list("side", flat=True)) == {
        "bank", "channel", "company", "customer", "other",
    }  # fmt: skip
    told = case.entries.of(kinds.SessionBooked).get()
    assert OUTSIDER not in str(told.data) and "律师" in told.what().sentence()
    assert fresh(case).replay()["seen_by"] == tuple(fresh(case).seen_by)


def test_a_sitting_of_three_needs_the_company(sitting: Sitting) -> None:
    with pytest.raises(CannotMeet, match="子公司"):
        sitting(kind="three_party")


def test_nothing_is_booked_in_the_past_without_consent_or_twice(
    sitting: Sitting, noon: datetime
) -> None:
    with pytest.raises(CannotMeet, match="已经过去"):
        sitting(starts_at=noon)
    with pytest.raises(CannotMeet, match="客户同意"):
        sitting(consent=False)
    with pytest.raises(CannotMeet, match="为什么"):
        sitting(risk_words="")
    first = sitting()
    with pytest.raises(CannotMeet, match="还没有开"):
        sitting()
    cancel(first, because="客户出差", by=first.host, at=noon)
    assert sitting().pk != first.pk
    assert Session.objects.count() == 2


def test_the_database_too_refuses_a_second_booking(case: Complaint, sitting: Sitting) -> None:
    session = sitting()
    session.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        session.save(force_insert=True)


def test_a_moved_sitting_keeps_its_first_hour_on_the_docket(
    case: Complaint, sitting: Sitting, noon: datetime
) -> None:
    session = sitting()
    later = noon + timedelta(days=2)
    move(session, starts_at=later, because="客户改期", by=session.host, at=noon)
    told = case.entries.of(kinds.SessionMoved).get().what()
    assert isinstance(told, kinds.SessionMoved)
    assert (told.before, told.starts_at) == (noon + timedelta(hours=3), later)


def test_what_follows_from_it_is_the_desks_work_and_must_be_done_before_closing(
    cast: SimpleNamespace, case: Complaint, sitting: Sitting, noon: datetime
) -> None:
    session = sitting()
    assert any("预约" in point or "纪要" in point for point in missing(fresh(case)))
    card = Org.objects.get(code="HO-CARD")
    due = noon + timedelta(days=2)
    tasks = [FollowUp("退回年费", card, due), FollowUp("核对扣费时点", card, due)]
    write_minutes(session, noon + timedelta(hours=4), follow_ups=tasks)
    assert sees(cast.liu_yang, case, noon)
    assert case.assignments.open().filter(step="follow_up", desk=card).count() == 2
    assert any("没有回来" in point for point in missing(fresh(case)))
    for answer in ("已退", "已核对"):
        give_opinion(case, answer=answer, by=cast.liu_yang, at=noon + timedelta(hours=5))
    assert not any("没有回来" in point for point in missing(fresh(case)))


def test_who_came_and_who_did_not_is_counted(
    case: Complaint, sitting: Sitting, noon: datetime
) -> None:
    session = sitting(orgs=[Org.objects.get(code="HO-CARD")])
    customer = session.invited.get(side="customer")
    write_minutes(session, noon + timedelta(hours=4), attended=[customer.pk])
    told = case.entries.of(kinds.SessionHeld).get().what()
    assert isinstance(told, kinds.SessionHeld)
    assert (told.attended, told.absent) == (1, 2)


def test_minutes_need_their_words_and_a_time_that_can_be_true(
    sitting: Sitting, noon: datetime
) -> None:
    session, after = sitting(), noon + timedelta(hours=4)
    with pytest.raises(CannotMeet, match="召开时间"):
        write_minutes(session, after, held_at=noon)
    with pytest.raises(CannotMeet, match="召开时间"):
        write_minutes(session, noon + timedelta(hours=1))
    with pytest.raises(CannotMeet, match="办法"):
        write_minutes(session, after, plan="")
    with pytest.raises(CannotMeet, match="纪要"):
        write_minutes(session, after, minutes=" ")
    write_minutes(session, after)
    with pytest.raises(CannotMeet, match="已经开过"):
        write_minutes(session, after)


@pytest.fixture
def held(sitting: Sitting, noon: datetime) -> Session:
    """A sitting held over a stated risk; quiet until now."""
    session = sitting()
    write_minutes(session, noon + timedelta(hours=4))
    return Session.objects.get(pk=session.pk)


def check(session: Session, at: datetime, avoided: str = "yes", evidence: str = "问过12378") -> str:
    check_avoidance(session, avoided=avoided, evidence=evidence, by=session.host, at=at)
    return Session.objects.get(pk=session.pk).avoided


def test_averted_is_what_was_feared_before_and_did_not_come_with_evidence(
    case: Complaint, held: Session, noon: datetime
) -> None:
    assert held.check_due_at is not None
    with pytest.raises(CannotClaimAvoided, match="观察期"):
        check(held, held.check_due_at - timedelta(seconds=1))
    with pytest.raises(CannotClaimAvoided, match="证据"):
        check(held, held.check_due_at, evidence=" ")
    assert check(held, held.check_due_at) == "yes"
    with pytest.raises(CannotClaimAvoided, match="核对过"):
        check(held, held.check_due_at)


def test_without_a_risk_stated_before_nothing_was_averted(sitting: Sitting, noon: datetime) -> None:
    session = sitting(risk="none", risk_words="")
    write_minutes(session, noon + timedelta(hours=4))
    with pytest.raises(CannotClaimAvoided, match="没有事前研判"):
        check(session, noon + timedelta(days=99))


def test_a_customer_who_did_not_come_averts_nothing(sitting: Sitting, noon: datetime) -> None:
    session = sitting()
    write_minutes(session, noon + timedelta(hours=4), outcome="customer_absent", plan="")
    with pytest.raises(CannotClaimAvoided, match="没有开成"):
        check(session, noon + timedelta(days=99))


def test_a_customer_who_called_again_overrules_the_claim_and_is_named(
    cast: SimpleNamespace, case: Complaint, held: Session, told: Told, noon: datetime
) -> None:
    again = told(COMPLEX, phone="13912345678", at=noon + timedelta(hours=20))
    assert again.pk == case.pk
    assert held.check_due_at is not None
    assert check(held, held.check_due_at, evidence="") == "no"
    entry = case.entries.of(kinds.AvoidanceChecked).get().what()
    assert isinstance(entry, kinds.AvoidanceChecked)
    assert entry.found == ("contact",) and "又来联系" in entry.sentence()


@pytest.mark.parametrize("kind", ["Transferred", "Reopened", "ReviewAsked"])
def test_a_transfer_a_reopening_or_a_review_counts_from_the_day_the_risk_was_stated(
    cast: SimpleNamespace, case: Complaint, held: Session, noon: datetime, kind: str
) -> None:
    """Even between the booking and the sitting: it was not kept from happening."""
    what = getattr(kinds, kind)
    at = noon + timedelta(hours=1)
    entry = case.entry(kinds.Noted("占位"), by=cast.chen_li, at=at)
    entry.kind = what.code
    entry.save()
    assert escalation.since(held, noon + timedelta(days=40))


def test_a_linked_case_of_the_same_matter_counts(
    cast: SimpleNamespace, case: Complaint, held: Session, told: Told, noon: datetime
) -> None:
    assert held.check_due_at is not None
    assert escalation.since(held, held.check_due_at) == ()
    other = told("另一件事：理财到期没有到账", at=noon + timedelta(days=4))
    Complaint.objects.filter(pk=other.pk).update(repeat_of=case.pk)
    assert escalation.since(held, held.check_due_at) == ("linked",)


def test_a_blind_check_would_believe_anything(
    case: Complaint, held: Session, told: Told, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known-bad control: when the docket is not asked, the claim stands."""
    told(COMPLEX, phone="13912345678", at=noon + timedelta(hours=20))
    monkeypatch.setattr(escalation, "since", lambda session, at: ())
    assert held.check_due_at is not None
    assert check(held, held.check_due_at) == "yes"


@pytest.mark.parametrize("spoilt", ["risk", "stated", "early", "words"])
def test_the_database_is_the_last_guard_of_a_claim(held: Session, spoilt: str) -> None:
    assert held.check_due_at is not None and held.held_at is not None
    good = {"avoided": "yes", "checked_at": held.check_due_at, "evidence": "问过"}
    bad: dict[str, object] = {
        "risk": {"risk": "none"},
        "stated": {"risk_stated_at": held.held_at},
        "early": {"checked_at": held.check_due_at - timedelta(days=1)},
        "words": {"evidence": ""},
    }[spoilt]  # type: ignore[assignment]
    rows = Session.objects.filter(pk=held.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**{**good, **bad})
    assert rows.update(**good) == 1


def notices(person: Person) -> int:
    return Notice.objects.to(person).filter(entry__kind=kinds.SessionReminded.code).count()


def run_reminders(case: Complaint, at: datetime) -> int:
    given = remind_hosts(by=system_person(), at=at)
    for entry in case.entries.of(kinds.SessionReminded):
        assert inform_host in journal.reactions_to(entry.kind)
        inform_host(entry)
    return given


def test_the_host_is_reminded_of_each_thing_once(
    cast: SimpleNamespace, case: Complaint, sitting: Sitting, noon: datetime
) -> None:
    session = sitting()
    assert run_reminders(case, noon) == 0
    assert run_reminders(case, noon + timedelta(hours=1, minutes=1)) == 1
    assert run_reminders(case, noon + timedelta(hours=1, minutes=16)) == 0
    assert run_reminders(case, session.starts_at + timedelta(hours=23)) == 0
    assert run_reminders(case, session.starts_at + timedelta(hours=25)) == 1
    write_minutes(session, session.starts_at + timedelta(hours=26))
    assert run_reminders(case, noon + timedelta(days=20)) == 0
    assert run_reminders(case, noon + timedelta(days=40)) == 1
    assert run_reminders(case, noon + timedelta(days=41)) == 0
    assert notices(cast.chen_li) == 3


SignIn = Callable[[Person], Client]


def test_she_books_it_writes_minutes_and_finds_it_on_the_page(
    cast: SimpleNamespace, case: Complaint, signed_in: SignIn
) -> None:
    browser = signed_in(cast.chen_li)
    sent = browser.post(
        reverse("complaints:session", args=[case.number]),
        {
            "session-kind": "direct", "session-way": "phone",
            "session-starts_at": "2099-01-05T10:00", "session-minutes_planned": "30",
            "session-host": cast.chen_li.staff_no, "session-risk": "media",
            "session-risk_words": "说要发到网上", "session-consent": "on",
        },
    )  # fmt: skip
    assert sent.status_code == 302
    page = browser.get(case.get_absolute_url()).content.decode()
    assert "说要发到网上" in page and "session-minutes" in page
    listed = browser.get(reverse("complaints:sessions"), {"state": "upcoming"})
    assert [line["session"].complaint_id for line in listed.context["lines"]] == [case.pk]
    assert "2099" in listed.content.decode()


def test_figures_open_what_they_count(
    cast: SimpleNamespace, case: Complaint, held: Session, signed_in: SignIn
) -> None:
    assert held.check_due_at is not None
    check(held, held.check_due_at)
    page = signed_in(cast.zhou_tao).get(reverse("complaints:sessions"), {"period": "all"})
    figures = page.context["figures"]
    assert {one.value: one.count for one in figures["kinds"]} == {"direct": 1, "three_party": 0}
    assert (figures["avoided"].hits, figures["avoided"].of) == (1, 1)
    assert figures["avoided"].low < 25 and figures["avoided"].high == 100
    for one in [*figures["kinds"], *figures["outcomes"], *figures["branches"]]:
        asked = {"period": "all", "state": "held", one.field: one.value}
        opened = signed_in(cast.zhou_tao).get(reverse("complaints:sessions"), asked)
        assert opened.context["listing"].count == one.count, one


def test_the_page_of_another_branch_is_empty(
    cast: SimpleNamespace, held: Session, signed_in: SignIn
) -> None:
    page = signed_in(cast.sun_qian).get(reverse("complaints:sessions"), {"period": "all"})
    assert page.context["listing"].count == 0
    assert page.context["figures"]["total"] == 0


def test_a_calendar_names_nobody(
    cast: SimpleNamespace, case: Complaint, sitting: Sitting, signed_in: SignIn
) -> None:
    session = sitting(place="客户家中 幸福路8号", guests=[Guest(OUTSIDER, "家属")])
    url = reverse("complaints:session_ics", args=[case.number, session.pk])
    text = signed_in(cast.chen_li).get(url).content.decode()
    assert "DTSTART:20260302T070000Z" in text and text.endswith("END:VCALENDAR\r\n")
    for secret in ("张伟", OUTSIDER, "幸福路", "12378", "13912345678"):
        assert secret not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_the_place_and_the_names_from_outside_are_sealed_where_they_lie(
    sitting: Sitting, django_db_blocker: object
) -> None:
    from django.db import connection

    sitting(place="幸福路8号", guests=[Guest(OUTSIDER, "家属")])
    with connection.cursor() as cursor:
        cursor.execute("select place from complaints_session")
        assert "幸福路".encode() not in bytes(cursor.fetchone()[0])
        cursor.execute("select name from complaints_participant where role = '家属'")
        assert OUTSIDER.encode() not in bytes(cursor.fetchone()[0])
