"""The night looks for what must never be so; here an insider plants each of it by SQL."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from sujin.complaints import kinds
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.close import call_back, close
from sujin.complaints.acts.decide import grant
from sujin.complaints.acts.examine import examine
from sujin.complaints.acts.hand_over import hand_over
from sujin.complaints.acts.inform import inform_examiners
from sujin.complaints.acts.reply import send, submit
from sujin.complaints.invariants import INVARIANTS
from sujin.complaints.jobs import examine_house
from sujin.complaints.models import Approval, Breach, Complaint, Examination, Letter
from sujin.complaints.replaying import differing
from sujin.complaints.tally import recount
from sujin.lab.cast import BRANCH_A
from sujin.platform.acts.appoint import dismiss
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Entry, Notice, Org, Person, Post
from tests.complaints.conftest import TOLD, Told
from tests.complaints.test_answering import COMPLEX, a_letter, answered, fresh, look_into

Browser = Callable[[Person], Client]


@contextmanager
def insider() -> Iterator[Callable[..., None]]:
    """Somebody with the database's own password, past every act and every trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield lambda statement, *values: cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def case(cast: SimpleNamespace, told: Told, noon: datetime) -> Complaint:
    """A complex complaint in Chen Li's hands."""
    found = told(COMPLEX, phone="13912345678")
    claim(found, by=cast.chen_li, at=noon)
    return fresh(found)


@pytest.fixture
def ended(cast: SimpleNamespace, case: Complaint, noon: datetime) -> Complaint:
    """The same, played to its end by the rules."""
    answered(cast, case, noon)
    call_back(case, satisfied="yes", note="", by=cast.zhao_min, at=noon)
    close(case, by=cast.chen_li, at=noon)
    return fresh(case)


def looked(at: datetime, **how: object) -> list[tuple[str, str, list[str]]]:
    examine(by=system_person(), at=at, **how)  # type: ignore[arg-type]
    rows = Breach.objects.standing().order_by("rule", "about")
    return [(one.rule, one.about, one.points) for one in rows]


def test_a_clean_bank_has_no_breach(ended: Complaint, told: Told, noon: datetime) -> None:
    told()
    told(COMPLEX)
    assert looked(noon, everything=True) == []
    run = Examination.objects.get()
    assert run.looked == Complaint.objects.count() == 3
    assert run.replay() == {
        name: getattr(run, name) for name in ("looked", "last_entry", "last_case")
    }


@pytest.mark.parametrize(
    ("kind", "column", "point"),
    [
        (kinds.Investigated, "investigated_at", "investigated"),
        (kinds.Answered, "answered_at", "answered"),
        (kinds.CalledBack, "called_back_at", "called_back"),
    ],
)
def test_a_case_closed_without_a_step_is_found_by_row_and_by_docket(
    ended: Complaint, noon: datetime, kind: type, column: str, point: str
) -> None:
    entry = ended.entries.of(kind).get()
    with insider() as sql:
        sql("DELETE FROM platform_entry WHERE id = %s", entry.pk)
    assert ("closed_incomplete", ended.number, [point]) in looked(noon)
    entry.save(force_insert=True)
    assert looked(noon) == []
    Complaint.objects.filter(pk=ended.pk).update(**{column: None})
    found = looked(noon)
    assert ("closed_incomplete", ended.number, [point]) in found
    assert ("row_differs", ended.number, [column]) in found


def test_a_case_closed_without_its_cause_is_found(ended: Complaint, noon: datetime) -> None:
    Complaint.objects.filter(pk=ended.pk).update(fault="")
    assert ("closed_incomplete", ended.number, ["coded"]) in looked(noon)


def test_a_case_whose_accountable_person_has_left_is_found_until_it_is_handed_on(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    post = Post.objects.get(person=cast.chen_li)
    dismiss(post, until=noon.date(), by=cast.kong_mingyu, at=noon)
    later = noon + timedelta(days=1)
    assert looked(later) == [("nobody_acts", case.number, [])]
    Post.objects.filter(pk=post.pk).update(until=None)
    assert looked(later) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("due_at", datetime.fromisoformat("2027-01-01T00:00:00+08:00")),
        ("amount", Decimal("1.00")),
        ("business", "savings"),
        ("accountable_id", 1),
        ("seen_by", ["o:1"]),
        ("tier", "ordinary"),
        ("closed_at", datetime.fromisoformat("2026-03-02T12:00:00+08:00")),
    ],
)
def test_a_column_altered_by_sql_is_named_and_gone_when_put_back(
    cast: SimpleNamespace, case: Complaint, noon: datetime, column: str, value: object
) -> None:
    examine(by=system_person(), at=noon)
    before = getattr(case, column)
    value = cast.ma_jun.pk if column == "accountable_id" else value
    Complaint.objects.filter(pk=case.pk).update(**{column: value})
    assert ("row_differs", case.number, [column]) in looked(noon)
    Complaint.objects.filter(pk=case.pk).update(**{column: before})
    assert looked(noon) == []
    gone = Breach.objects.get(rule="row_differs")
    assert gone.gone_at == noon and gone.points == [column]


def test_a_docket_that_was_cut_off_or_garbled_is_found(case: Complaint, noon: datetime) -> None:
    registered = case.entries.of(kinds.Registered).get()
    with insider() as sql:
        sql("UPDATE platform_entry SET data = '{}' WHERE id = %s", registered.pk)
    assert differing([case.pk]) == {case.pk: ["unreadable"]}
    with insider() as sql:
        sql("DELETE FROM platform_entry WHERE id = %s", registered.pk)
    assert differing([case.pk]) == {case.pk: ["no_docket"]}


def test_an_offer_nobody_takes_is_found_when_its_limit_has_passed(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    to = Org.objects.get(code=BRANCH_A)
    hand_over(case, to=to, because="归省行", **TOLD, by=cast.chen_li, at=noon)
    assert looked(noon) == []
    assert ("offer_forgotten", case.number, []) in looked(noon + timedelta(days=20))


def test_an_approved_letter_left_lying_is_found_and_gone_once_sent(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    look_into(case, cast.chen_li, noon)
    letter = a_letter(case, cast.chen_li, noon)
    submit(letter, finding="upheld", remedy=Decimal(300), by=cast.chen_li, at=noon)
    grant(Approval.objects.get(), words="", by=cast.zhou_tao, at=noon)
    assert looked(noon + timedelta(days=3)) == []
    late = noon + timedelta(days=4)
    assert ("letter_forgotten", f"{case.number} #{letter.pk}", ["decision"]) in looked(late)
    send(letter, way="letter", proof="EMS 1", by=cast.chen_li, at=late)
    assert looked(late) == []


def test_a_letter_sent_past_the_four_eyes_is_found(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    letter = a_letter(case, cast.chen_li, noon)
    Letter.objects.filter(pk=letter.pk).update(
        approved_by=cast.zhou_tao, approved_at=noon, sent_by=cast.chen_li, sent_at=noon
    )
    named = ("letter_unapproved", f"{case.number} #{letter.pk}", ["decision"])
    assert looked(noon) == [named]
    case.write(kinds.Approved(letter=letter.pk, kind="decision"), by=cast.zhou_tao, at=noon)
    assert looked(noon) == [named], "an answer must stand on the docket, too"


def test_two_decisions_told_without_a_new_beginning_between_them_are_found(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    answered(cast, case, noon)
    told = case.entries.of(kinds.Answered).get()
    assert looked(noon) == []
    case.write(told.what(), by=cast.chen_li, at=noon)
    assert looked(noon) == [("decided_twice", case.number, [])]
    second = case.entries.of(kinds.Answered).latest("pk")
    with insider() as sql:
        sql("DELETE FROM platform_entry WHERE id = %s", second.pk)
    call_back(case, satisfied="no", note="不服", by=cast.zhao_min, at=noon)
    fresh(case).write(told.what(), by=cast.chen_li, at=noon)
    assert "decided_twice" not in {rule for rule, _about, _points in looked(noon)}


def test_a_case_removed_from_the_database_leaves_a_gap_that_is_found(
    told: Told, noon: datetime
) -> None:
    numbers = [told(f"{COMPLEX}第{n}次。").number for n in range(4)]
    assert looked(noon) == []
    lost = Complaint.objects.filter(number__in=numbers[1:3])
    kept = list(lost.values_list("pk", flat=True))
    with insider() as sql:
        sql("UPDATE complaints_complaint SET number = 'x' || id WHERE id = ANY(%s)", kept)
    assert looked(noon) == [("numbers_lost", f"{numbers[1]}–{numbers[2][5:]}", [])]
    for pk, number in zip(sorted(kept), numbers[1:3], strict=True):
        Complaint.objects.filter(pk=pk).update(number=number)
    assert looked(noon) == []


def test_counts_that_are_not_those_of_the_cases_are_found_until_they_are_counted_anew(
    told: Told, noon: datetime
) -> None:
    case = told()
    with insider() as sql:
        sql("DELETE FROM complaints_tally")
    about = f"2026-03-02 complaint {case.origin.code}"
    assert looked(noon) == [("tally_differs", about, [f"{case.business} -1"])]
    recount()
    assert looked(noon) == []


def test_every_invariant_is_planted_in_this_file() -> None:
    planted = Path(__file__).read_text(encoding="utf-8")
    assert [one.code for one in INVARIANTS if f'("{one.code}", ' not in planted] == []


def test_a_short_night_goes_on_where_the_last_one_stopped(
    told: Told, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sujin.complaints.acts.examine.OVERLAP", 0)
    cases = [told(f"{COMPLEX}第{n}次。") for n in range(5)]
    examine(by=system_person(), at=noon)
    altered = cases[4]
    Complaint.objects.filter(pk=altered.pk).update(tier="urgent")
    nights = [looked(noon, limit=2) for _night in range(3)]
    assert nights == [[], [], [("row_differs", altered.number, ["tier"])]]
    # What changed comes first, however far the walk has to go; what stands is asked every night.
    told("手机银行转账五千元没有到账。")
    Complaint.objects.filter(pk=altered.pk).update(tier=altered.tier)
    Complaint.objects.filter(pk=Complaint.objects.latest("pk").pk).update(line="x")
    (found,) = looked(noon, limit=12)
    assert found[2] == ["line"]


def test_a_breach_is_told_once_to_the_auditor_and_to_the_supervisors_above(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    Complaint.objects.filter(pk=case.pk).update(tier="ordinary")
    for _night in range(2):
        examine(by=system_person(), at=noon)
    assert Breach.objects.count() == 1
    runs = Entry.objects.of(kinds.Examined).order_by("pk")
    assert [run.data["new"] for run in runs] == [1, 0]
    for run in [*runs, *runs]:
        inform_examiners(run)
    told = set(Notice.objects.values_list("person__name", flat=True))
    assert {"钱卫", "周涛"} <= told and "马骏" not in told
    assert Notice.objects.filter(person=cast.qian_wei).count() == 1
    target = Notice.objects.get(person=cast.qian_wei).target
    assert target == reverse("complaints:examination", args=[runs[0].subject_id])


def test_the_page_shows_breaches_in_reach_and_when_it_was_last_looked(
    cast: SimpleNamespace, case: Complaint, noon: datetime, signed_in: Browser
) -> None:
    page = reverse("complaints:examinations")
    empty = signed_in(cast.qian_wei).get(page).content.decode()
    assert "没有发现不符" in empty and "还没有核对过" in empty
    Complaint.objects.filter(pk=case.pk).update(tier="ordinary")
    run = examine(by=system_person(), at=noon)
    full = signed_in(cast.qian_wei).get(page).content.decode()
    assert case.number in full and "分级" in full and "逐件核对 1 件" in full
    own = signed_in(cast.zhou_tao).get(run.get_absolute_url()).content.decode()
    assert case.number in own
    other = signed_in(cast.sun_qian).get(page)
    assert case.number not in other.content.decode()
    assert signed_in(cast.chen_li).get(page).status_code == 403


def test_the_command_ends_with_one_when_something_is_wrong(
    case: Complaint, noon: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("examine", "--all")
    assert "不符 0 项" in capsys.readouterr().out
    Complaint.objects.filter(pk=case.pk).update(tier="ordinary")
    with pytest.raises(CommandError) as wrong:
        call_command("examine")
    assert wrong.value.returncode == 1
    assert case.number in capsys.readouterr().out


def test_the_worker_examines_by_the_clock_of_the_wall(case: Complaint, noon: datetime) -> None:
    examine_house(timestamp=int(noon.timestamp()))
    assert Examination.objects.get().at == noon
