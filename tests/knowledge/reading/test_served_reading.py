"""What was handed out is read and asked about as long as it is served to the very reader."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from sujin.knowledge.acts.distribute import CannotDistribute, distribute, keep_up
from sujin.knowledge.acts.draft import draft_next
from sujin.knowledge.acts.edit import edit
from sujin.knowledge.acts.read import CannotRead, open_reading, take_quiz, understand
from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.stage import Plan
from sujin.knowledge.acts.submit import submit
from sujin.knowledge.acts.withdraw import withdraw
from sujin.knowledge.audience import ALL_STAFF, STAFF, Audience
from sujin.knowledge.models import Distribution, Issue, Usage
from sujin.knowledge.quiz import drawn, sources_of
from sujin.knowledge.standing import fallen
from sujin.lab.cast import BRANCH_A, OUTLET_B
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Person, Post
from tests.knowledge.reading.conftest import Released, reading_of
from tests.knowledge.reading.test_pages_of_reading import url

SignedIn = Callable[[Person], Client]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands where the fixtures' does."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)


def by_next_week(noon: datetime) -> date:
    return (noon + 7 * DAY).date()


def test_whoever_moved_to_another_branch_reads_the_old_branchs_text_no_longer(
    released: Released, cast: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    teller, branch = cast.wang_xiuying, Org.objects.get(code=BRANCH_A)
    local = released("local", "江南专用", orgs=[branch.pk])
    made = distribute(local, orgs=[branch], read_by=by_next_week(noon), by=cast.lin_lan, at=noon)
    client = signed_in(teller)
    assert "江南专用按公布" in client.get(made.get_absolute_url()).content.decode()
    Post.objects.filter(person=teller).update(org=Org.objects.get(code=OUTLET_B))
    body = client.get(made.get_absolute_url()).content.decode()
    assert "江南专用按公布" not in body and "不用再学" in body
    with pytest.raises(CannotRead, match="停用"):
        understand(reading_of(made, teller), by=teller, at=noon)


def test_a_branch_that_has_the_new_text_is_sent_there_and_one_that_waits_reads_the_old(
    released: Released, cast: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    old = released("fee", "质疑年费")
    both = list(Org.objects.filter(kind="branch1"))
    made = distribute(old, orgs=both, read_by=by_next_week(noon), by=cast.lin_lan, at=noon)
    fresh = draft_next(old.item, because="改", by=cast.liu_yang, at=noon)
    edit(fresh, {"title": "新版年费"}, by=cast.liu_yang, at=noon)
    submit(fresh, by=cast.liu_yang, at=noon)
    release(fresh, plan=Plan(2, 4, by_lot=False), by=cast.zheng_gang, at=noon)
    shown = {}
    for person in (cast.zhou_tao, cast.sun_qian):
        body = signed_in(person).get(made.get_absolute_url()).content.decode()
        shown[person.name] = ("质疑年费按公布" in body, "新版年费" in body)
    # In the order of the codes: branch B has it first, branch A waits.
    assert shown == {"周涛": (True, False), "孙倩": (False, True)}


def test_nobody_is_asked_about_what_was_withdrawn(
    sent: Distribution, shelf: SimpleNamespace, cast: SimpleNamespace, noon: datetime
) -> None:
    teller = cast.wang_xiuying
    reading = reading_of(sent, teller)
    open_reading(reading, by=teller, at=noon)
    withdraw(shelf.fee, because="写错了", by=cast.zheng_gang, at=noon)
    asked = drawn(reading, sources_of(sent, ALL_STAFF, noon))
    assert {one.title for one in asked} == {"额度下调"}
    said = {one.name: str(one.right) for one in asked}
    assert [one.asked.title for one in take_quiz(reading, said, by=teller, at=noon)] == ["额度下调"]
    assert reading_of(sent, teller).understood_at == noon


def test_where_every_question_fell_a_word_is_enough(
    sent: Distribution,
    shelf: SimpleNamespace,
    cast: SimpleNamespace,
    signed_in: SignedIn,
    noon: datetime,
) -> None:
    teller, client = cast.wang_xiuying, signed_in(cast.wang_xiuying)
    for one in (shelf.fee, shelf.limit):
        withdraw(one, because="写错了", by=cast.zheng_gang, at=noon)
    body = client.get(sent.get_absolute_url()).content.decode()
    assert "以下条目已停用" in body and "我已读完" in body and "交卷" not in body
    assert set(Usage.objects.filter(person=teller).values_list("version", flat=True)) == {
        shelf.phone.pk
    }
    assert client.post(url("reading_understood", sent.pk)).status_code == 302
    with pytest.raises(CannotDistribute, match="小测"):
        distribute(
            Issue.objects.get(), orgs=[Org.objects.get(code=BRANCH_A)],
            read_by=by_next_week(noon), wants_quiz=True, by=cast.lin_lan, at=noon,
        )  # fmt: skip


def test_who_left_the_units_has_nothing_to_read_any_more(
    sent: Distribution, cast: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    teller, client = cast.wang_xiuying, signed_in(cast.wang_xiuying)
    assert len(client.get(url("readings")).context["waiting"]) == 1
    Post.objects.filter(person=teller).update(org=Org.objects.get(code="HO-CARD"))
    keep_up(sent, by=system_person(), at=noon)
    assert reading_of(sent, teller).excused_at == noon
    assert client.get(url("readings")).context["waiting"] == []
    assert client.post(url("reading_understood", sent.pk)).status_code == 404
    with pytest.raises(CannotRead, match="不用再学"):
        open_reading(reading_of(sent, teller), by=teller, at=noon)


def test_what_fell_is_found_in_a_long_issue_too(
    released: Released, cast: SimpleNamespace, noon: datetime
) -> None:
    """More than the screens may ask for at once."""
    gone = released("gone", "撤回的")
    withdraw(gone, because="写错了", by=cast.zheng_gang, at=noon)
    keys = [*range(-210, 0), gone.pk]
    assert gone.pk in {one.pk for one in fallen(keys, Audience(STAFF, everywhere=True), noon)}


@pytest.fixture
def one_fell(signed: Issue, shelf: SimpleNamespace, cast: SimpleNamespace, noon: datetime) -> Issue:
    """The signed compilation, of which the telephone was withdrawn."""
    withdraw(shelf.phone, because="号码错了", by=cast.zheng_gang, at=noon)
    return signed


def test_a_file_with_what_fell_in_it_is_had_only_by_who_says_so(
    one_fell: Issue, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(cast.wang_xiuying)
    body = client.get(one_fell.get_absolute_url()).content.decode()
    assert "以下条目已停用" in body and "挂失电话" in body.split('id="fallen"')[1][:600]
    for form in ("pdf", "docx"):
        page = url("issue_paper", one_fell.pk, form)
        asked = client.get(page)
        assert (asked.status_code, asked["Location"]) == (
            302, f"{one_fell.get_absolute_url()}#fallen",
        )  # fmt: skip
        file = client.get(page, {"with": "fallen"})
        assert file.status_code == 200 and len(file.content) > 1000
        assert "%E5%B7%B2%E5%81%9C%E7%94%A8" in file["Content-Disposition"]


def test_the_file_itself_stays_the_same_to_the_byte(
    signed: Issue,
    shelf: SimpleNamespace,
    cast: SimpleNamespace,
    signed_in: SignedIn,
    noon: datetime,
) -> None:
    client, page = signed_in(cast.wang_xiuying), url("issue_paper", signed.pk, "docx")
    before = client.get(page)
    assert "%E5%B7%B2%E5%81%9C%E7%94%A8" not in before["Content-Disposition"]
    withdraw(shelf.fee, because="写错了", by=cast.zheng_gang, at=noon)
    assert client.get(page, {"with": "fallen"}).content == before.content


def test_an_issue_in_which_nothing_fell_says_nothing_of_it(
    signed: Issue, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    """The known-bad control of the two tests above."""
    body = signed_in(cast.wang_xiuying).get(signed.get_absolute_url()).content.decode()
    assert "以下条目已停用" not in body and "with=" not in body


@pytest.mark.parametrize("figures", ["9" * 5000, "9" * 30, "²"])
def test_a_key_that_is_none_is_no_fault_of_the_server(
    draft: Issue, cast: SimpleNamespace, signed_in: SignedIn, figures: str
) -> None:
    client = signed_in(cast.lin_lan)
    told = {"version": figures, "chapter": "0"}
    assert client.post(url("issue_lines", draft.pk), told).status_code == 422
    told = {"line": figures, "title": "一", "name": draft.name}
    assert client.post(url("issue_arrangement", draft.pk), told).status_code == 302
    assert not draft.lines.exists()
