"""What each page shows, to whom, and with how many questions to the database."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from sujin.knowledge.acts.measure_up import write_measure
from sujin.knowledge.acts.revise import give_feedback
from sujin.knowledge.acts.withdraw import withdraw
from sujin.knowledge.audience import ALL_STAFF
from sujin.knowledge.models import Distribution, Issue, Revision
from sujin.knowledge.quiz import drawn, sources_of
from sujin.lab.cast import BRANCH_A, CAST, OUTLET_A
from sujin.platform.models import Entry, Org, Person
from tests.knowledge.reading.conftest import reading_of
from tests.knowledge.reading.test_reading import answers, passed

SignedIn = Callable[[Person], Client]
COMPILERS = {"林岚", "郑刚"}


@pytest.fixture(autouse=True)
def at_noon(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands where the fixtures' does."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)


def everybody() -> list[Person]:
    return list(Person.objects.filter(staff_no__in=[spec.staff_no for spec in CAST]))


def url(name: str, *args: object, **query: object) -> str:
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"knowledge:{name}", args=args) + (f"?{asked}" if asked else "")


def test_a_draft_opens_for_compilers_and_a_signed_issue_for_everybody(
    draft: Issue, shelf: SimpleNamespace, cast: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    for person in everybody():
        client = signed_in(person)
        is_compiler = person.name in COMPILERS
        assert client.get(url("issue", draft.pk)).status_code == (200 if is_compiler else 404)
        proof = client.get(url("issue_proof", draft.pk)).status_code
        assert proof == (200 if is_compiler else 403)
        assert client.get(url("issue_paper", draft.pk, "pdf")).status_code == 404
        shown = draft in client.get(url("issues")).context["listing"].page_rows
        assert shown == is_compiler
    chief = signed_in(cast.zheng_gang)
    assert chief.post(url("issue_verb", draft.pk, "signature")).status_code == 302
    for person in everybody():
        page = signed_in(person).get(url("issue", draft.pk))
        assert page.status_code == 200, person
        assert "质疑年费" in page.content.decode()


def test_nobody_else_compiles_signs_or_hands_out(
    draft: Issue, shelf: SimpleNamespace, signed_in: SignedIn
) -> None:
    before = Entry.objects.count()
    for person in everybody():
        if person.name in COMPILERS:
            continue
        client = signed_in(person)
        for name, args in (
            ("issue_new", ()), ("issue_lines", (draft.pk,)), ("issue_arrangement", (draft.pk,)),
            ("issue_verb", (draft.pk, "signature")), ("version_distribution", (shelf.fee.pk,)),
        ):  # fmt: skip
            assert client.post(url(name, *args)).status_code == 403, f"{person} {name}"
    assert Entry.objects.count() == before


def test_an_issue_is_made_of_what_was_ticked_and_signed_by_the_other(
    shelf: SimpleNamespace, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    analyst = signed_in(cast.lin_lan)
    told = {"series": "special", "name": "信用卡专刊", "chapters": "费用\n额度"}
    made = analyst.post(url("issue_new"), told)
    issue = Issue.objects.get()
    assert made["Location"] == issue.get_absolute_url()
    ticked = {"version": [shelf.fee.pk, shelf.limit.pk], "chapter": "0"}
    assert analyst.post(url("issue_lines", issue.pk), ticked).status_code == 302
    assert analyst.post(url("issue_lines", issue.pk), ticked).status_code == 422
    fee, limit = issue.lines.order_by("position")
    placed = {
        "name": "信用卡专刊", "title": ["费用", "额度", ""], "line": [fee.pk, limit.pk],
        f"place-{fee.pk}": 1, f"chapter-{fee.pk}": 0,
        f"place-{limit.pk}": 2, f"chapter-{limit.pk}": 1,
    }  # fmt: skip
    assert analyst.post(url("issue_arrangement", issue.pk), placed).status_code == 302
    assert list(issue.lines.values_list("chapter", flat=True)) == [0, 1]
    page = analyst.get(url("issue", issue.pk))
    assert "须由另一位" in page.content.decode()
    refused = analyst.post(url("issue_verb", issue.pk, "signature"))
    assert refused.status_code == 422
    assert (
        signed_in(cast.zheng_gang).post(url("issue_verb", issue.pk, "signature")).status_code == 302
    )
    file = analyst.get(url("issue_paper", issue.pk, "docx"))
    assert file.content.startswith(b"PK")
    assert file.content == analyst.get(url("issue_paper", issue.pk, "docx")).content


def test_a_line_moves_up_by_one_button(
    draft: Issue, shelf: SimpleNamespace, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    lines = list(draft.lines.all())
    told = {
        "name": draft.name, "title": draft.chapters, "line": [line.pk for line in lines],
        "move": f"{lines[1].pk}:up",
        **{f"place-{line.pk}": line.position for line in lines},
        **{f"chapter-{line.pk}": line.chapter for line in lines},
    }  # fmt: skip
    assert signed_in(cast.lin_lan).post(url("issue_arrangement", draft.pk), told).status_code == 302
    order = list(draft.lines.filter(chapter=0).values_list("pk", flat=True))
    assert order == [lines[1].pk, lines[0].pk]


def test_what_fell_after_the_signature_is_marked_on_the_page(
    signed: Issue,
    shelf: SimpleNamespace,
    cast: SimpleNamespace,
    signed_in: SignedIn,
    noon: datetime,
) -> None:
    teller = signed_in(cast.wang_xiuying)
    assert "已停用" not in teller.get(signed.get_absolute_url()).content.decode()
    withdraw(shelf.fee, because="写错了", by=cast.zheng_gang, at=noon)
    assert "已停用" in teller.get(signed.get_absolute_url()).content.decode()


def test_a_page_hides_the_right_answer_until_it_was_given(
    sent: Distribution, cast: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    client = signed_in(cast.wang_xiuying)
    page = client.get(sent.get_absolute_url())
    asked = drawn(reading_of(sent, cast.wang_xiuying), sources_of(sent, ALL_STAFF, noon))
    body = page.content.decode()
    assert all(one.answers[0] in body for one in asked)
    assert "正确答案" not in body and "[x]" not in body
    for said in {said for one in asked for said in one.answers}:
        # As often as it is offered and no more: nothing says which one is right.
        assert body.count(said) == sum(said in one.answers for one in asked)
    marked = client.post(url("reading_quiz", sent.pk), answers(asked, right=False))
    told = marked.content.decode()
    assert told.count("正确答案") == len(asked)
    assert all(one.answers[one.right] in told for one in asked)


def test_reading_is_noted_once_and_the_quiz_closes_it(
    sent: Distribution, cast: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    teller = cast.wang_xiuying
    client = signed_in(teller)
    assert str(sent) in client.get(url("library")).content.decode()
    assert len(client.get(url("readings")).context["waiting"]) == 1
    client.get(sent.get_absolute_url())
    client.get(sent.get_absolute_url())
    reading = reading_of(sent, teller)
    assert reading.read_at == noon
    assert reading.entries.count() == 1
    refused = client.post(url("reading_understood", sent.pk))
    assert (refused.status_code, reading_of(sent, teller).understood_at) == (422, None)
    client.post(
        url("reading_quiz", sent.pk), answers(drawn(reading, sources_of(sent, ALL_STAFF, noon)))
    )
    assert reading_of(sent, teller).understood_at == noon
    assert client.get(url("readings")).context["waiting"] == []
    assert (
        "knowledge/partials/my_reading.html"
        and "要学的" not in client.get(url("library")).content.decode()
    )


def test_the_manager_writes_measures_and_the_teller_does_not(
    sent: Distribution, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    told = {"words": "晨会讲一遍"}
    assert (
        signed_in(cast.wang_xiuying).post(url("reading_measure", sent.pk), told).status_code == 404
    )
    assert signed_in(cast.li_jianguo).post(url("reading_measure", sent.pk), told).status_code == 302
    assert sent.measures.get().unit.code == OUTLET_A
    assert "晨会讲一遍" in signed_in(cast.zhou_tao).get(sent.map_url).content.decode()
    assert "晨会讲一遍" not in signed_in(cast.sun_qian).get(sent.map_url).content.decode()


def test_a_supervisor_of_b_sees_nobody_of_a_on_any_page(
    sent: Distribution, cast: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    passed(sent, cast.wang_xiuying, noon)
    outlet = Org.objects.get(code=OUTLET_A)
    write_measure(sent, unit=outlet, words="甲行举措", by=cast.li_jianguo, at=noon)
    mine, other = signed_in(cast.zhou_tao), signed_in(cast.sun_qian)
    pages = [
        sent.map_url, url("distribution_people", sent.pk), url("distribution_export", sent.pk),
        url("distribution_people", sent.pk, unit=outlet.pk), url("distributions"),
    ]  # fmt: skip
    theirs = [page for page in pages if "临江" in mine.get(page).content.decode()]
    assert len(theirs) == 4
    for page in pages:
        body = other.get(page).content.decode()
        assert not any(word in body for word in ("临江", "王秀英", "甲行举措", "江南")), page
    for person in (cast.wang_xiuying, cast.zhao_min, cast.kong_mingyu):
        client = signed_in(person)
        assert client.get(sent.map_url).status_code == 403
        assert client.get(url("distributions")).status_code == 403
        assert client.post(url("distribution_urging", sent.pk)).status_code == 403
    assert signed_in(cast.gao_xiang).get(sent.map_url).status_code == 404


def test_the_scope_removed_turns_the_test_above_red(
    sent: Distribution,
    cast: SimpleNamespace,
    signed_in: SignedIn,
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from sujin.knowledge.models.reading import AcknowledgementQuerySet

    monkeypatch.setattr(AcknowledgementQuerySet, "within", lambda rows, reach: rows)
    with pytest.raises(AssertionError):
        test_a_supervisor_of_b_sees_nobody_of_a_on_any_page(sent, cast, signed_in, noon)


def test_the_silent_units_come_first_and_urging_is_answered(
    sent: Distribution, cast: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    passed(sent, cast.wang_xiuying, noon)
    client = signed_in(cast.lin_lan)
    page = client.get(sent.map_url)
    codes = [unit.org.code for unit in page.context["units"]]
    assert codes[0] == "BC"
    assert codes.index("BC-01") < codes.index(BRANCH_A)
    body = page.content.decode()
    assert body.index("还没有一个人读懂的单位") < body.index('id="map"')
    shown = client.get(f"{sent.map_url}?show=silent").context["units"]
    assert OUTLET_A not in [unit.org.code for unit in shown]
    client.post(url("distribution_urging", sent.pk), {"unit": Org.objects.get(code="BC").pk})
    urged = sent.entries.get(kind="distribution.urged")
    assert set(urged.data["people"]) <= set(
        sent.readings.filter(unit__code__startswith="BC").values_list("person", flat=True)
    )


def test_the_file_is_on_the_record(
    sent: Distribution, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    answer = signed_in(cast.lin_lan).get(url("distribution_export", sent.pk))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["机构号", "机构", "人数"]
    assert {row[0] for row in rows[1:]} >= {"JN", "BC"}
    told = Entry.objects.get(kind="person.exported")
    assert told.data == {"what": "readings", "rows": len(rows) - 1}


def test_feedback_goes_to_the_owner_and_comes_back(
    shelf: SimpleNamespace, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    teller, owner = signed_in(cast.wang_xiuying), signed_in(cast.liu_yang)
    assert (
        url("feedback", shelf.fee.pk)
        in teller.get(shelf.fee.item.get_absolute_url()).content.decode()
    )
    assert teller.get(url("feedback", shelf.fee.pk)).status_code == 200
    assert teller.post(url("feedback", shelf.fee.pk), {"reason": "effect"}).status_code == 422
    told = {"reason": "unclear", "words": "看不懂，我的电话13812345678"}
    assert teller.post(url("feedback", shelf.fee.pk), told).status_code == 302
    task = Revision.objects.get()
    for page in (task.get_absolute_url(), url("revisions")):
        body = owner.get(page).content.decode()
        assert "13812345678" not in body and "看不懂" in body
    assert "看不懂" in signed_in(cast.zheng_gang).get(task.get_absolute_url()).content.decode()
    assert teller.post(url("revision_answer", task.pk, "refusal")).status_code == 403
    chief = signed_in(cast.zheng_gang).post(url("revision_answer", task.pk, "refusal"))
    assert chief.status_code == 403
    answer = {"refusal-words": "步骤二已写明系统"}
    assert owner.post(url("revision_answer", task.pk, "refusal"), answer).status_code == 302
    assert "步骤二已写明系统" in teller.get(task.get_absolute_url()).content.decode()
    assert signed_in(cast.ma_jun).get(task.get_absolute_url()).status_code == 404


def test_what_is_not_served_to_the_reader_takes_no_feedback(
    shelf: SimpleNamespace, cast: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    withdraw(shelf.fee, because="写错了", by=cast.zheng_gang, at=noon)
    assert signed_in(cast.wang_xiuying).get(url("feedback", shelf.fee.pk)).status_code == 404


def test_one_version_is_handed_out_from_its_item(
    shelf: SimpleNamespace, cast: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    client = signed_in(cast.lin_lan)
    branch = Org.objects.get(code=BRANCH_A)
    page = url("version_distribution", shelf.fee.pk)
    assert client.get(page).status_code == 200
    told = {"orgs": [branch.pk], "read_by": (noon + timedelta(days=5)).date().isoformat()}
    made = client.post(page, told)
    one = Distribution.objects.get()
    assert made["Location"] == one.map_url
    body = signed_in(cast.wang_xiuying).get(one.get_absolute_url()).content.decode()
    assert "质疑年费按公布的标准办理" in body


def test_pages_answer_within_a_fixed_number_of_questions(
    sent: Distribution,
    shelf: SimpleNamespace,
    cast: SimpleNamespace,
    signed_in: SignedIn,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    give_feedback(shelf.fee, reason="wrong", by=cast.wang_xiuying, at=sent.sent_at)
    client = signed_in(cast.lin_lan)
    assert sent.issue is not None
    most = {
        url("issues"): 12,
        sent.issue.get_absolute_url(): 16,
        url("distributions"): 12,
        sent.map_url: 14,
        url("distribution_people", sent.pk): 14,
        url("revisions"): 14,
        url("readings"): 12,
    }
    for page, count in most.items():
        client.get(page)
        with django_assert_max_num_queries(count):  # type: ignore[attr-defined]
            assert client.get(page).status_code == 200, page
    teller = signed_in(cast.wang_xiuying)
    teller.get(sent.get_absolute_url())
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
        teller.get(sent.get_absolute_url())
