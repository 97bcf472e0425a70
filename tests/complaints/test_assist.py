"""Beside a case: the right answer with its reason, what is read and used is noted, what helped."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sujin.complaints.acts.credit_knowledge import credit_knowledge
from sujin.complaints.acts.reply import draft
from sujin.complaints.models import Complaint
from sujin.knowledge.acts.draft import draft_item
from sujin.knowledge.acts.note_helped import note_helped
from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.submit import submit
from sujin.knowledge.acts.withdraw import withdraw
from sujin.knowledge.catalogue import forms
from sujin.knowledge.models import Question, Usage, Version
from sujin.knowledge.wording import Wording
from sujin.platform import journal
from sujin.platform.models import Org, Person, Post
from tests.complaints.conftest import Told

SignIn = Callable[[Person], Client]
Shelve = Callable[..., Version]
TEXTS = {
    "line": {"background": "年费", "answer": "口径：按合约收取", "script": "您好"},
    "scenario": {"situation": "客户问年费", "answer": "答复：查刷卡次数", "script": "我来查"},
    "guideline": {"trigger": "年费升级", "psychology": "觉得被骗", "script": "抱歉"},
    "standard": {"applies": "误收年费", "facts": "- 次数", "range": "- 全额退还"},
}  # fmt: skip


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def shelve(cast: SimpleNamespace, now: datetime) -> Shelve:
    """A version about the annual fee of credit cards, released by Zheng Gang."""

    def put(
        form: str, code: str = "", title: str = "信用卡年费", **scope: tuple[str, ...]
    ) -> Version:
        told = {"surfaces": ("staff",), "business": ("card",), **scope}
        needed = {part.code: "- 略" for part in forms()[form].parts if part.is_required}
        parts = {**needed, **TEXTS[form]}
        wording = Wording(code or f"fee-{form}", form, "card", title, parts, (), told)
        owner = Org.objects.get(parent__isnull=True)
        made = draft_item(wording, owner=owner, by=cast.liu_yang, at=now)
        submit(made, by=cast.liu_yang, at=now)
        release(made, by=cast.zheng_gang, at=now)
        return made

    return put


@pytest.fixture
def case(told: Told, now: datetime) -> Complaint:
    return told(at=now)


def body(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_a_handler_sees_one_of_each_and_why_and_that_is_noted(
    shelve: Shelve, case: Complaint, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    for form in TEXTS:
        shelve(form)
        shelve(form, code=f"loan-{form}", title="信用卡年费", business=("loan",))
    page = body(signed_in(cast.wang_xiuying).get(case.get_absolute_url()))
    panel = page.split('id="assist"')[1].split("</section>\n{%")[0]
    for said in (
        "口径：按合约收取",
        "答复：查刷卡次数",
        "觉得被骗",
        "全额退还",
        "业务：",
        "匹配：",
    ):
        assert said in panel
    shown = Usage.objects.filter(case=case.pk, way="shown", person=cast.wang_xiuying)
    assert {one.version.item.form for one in shown} == set(TEXTS)
    assert not shown.filter(version__item__code__startswith="loan").exists()


def test_what_is_not_in_force_stands_beside_no_case(
    shelve: Shelve, case: Complaint, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    version = shelve("line")
    teller = signed_in(cast.wang_xiuying)
    assert "口径：按合约收取" in body(teller.get(case.get_absolute_url()))
    withdraw(version, because="有误", by=cast.zheng_gang, at=now)
    assert "口径：按合约收取" not in body(teller.get(case.get_absolute_url()))
    url = f"{case.get_absolute_url()}/knowledge"
    assert teller.post(url, {"version": version.pk, "way": "used"}).status_code == 404


def test_reading_and_using_are_noted_at_the_case_and_taught_to_the_search(
    shelve: Shelve, case: Complaint, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    version = shelve("line")
    url, teller = f"{case.get_absolute_url()}/knowledge", signed_in(cast.wang_xiuying)
    for way in ("read", "used", "used"):
        assert teller.post(url, {"version": version.pk, "way": way}).status_code == 204
    noted = Usage.objects.filter(case=case.pk, version=version)
    assert sorted(noted.values_list("way", flat=True)) == ["read", "used"]
    (question,) = Question.objects.all()
    assert question.chosen == version and case.text[:8] not in question.words
    for wrong in ({"version": version.pk, "way": "helped"}, {"version": "x", "way": "used"}, {}):
        assert teller.post(url, wrong).status_code == 404
    assert (
        signed_in(cast.sun_qian).post(url, {"version": version.pk, "way": "used"}).status_code
        == 404
    )


def test_what_was_used_has_helped_once_the_case_was_answered_and_only_once(
    shelve: Shelve, case: Complaint, cast: SimpleNamespace, now: datetime
) -> None:
    version, other = shelve("line"), shelve("scenario")
    for one, way in ((version, "used"), (other, "read")):
        Usage.objects.create(
            version=one, person=cast.wang_xiuying, case=case.pk, way=way, day=now.date(), at=now
        )
    entry = case.entries.order_by("pk")[0]
    credit_knowledge(entry)
    credit_knowledge(entry)
    assert note_helped(case.pk, at=now + timedelta(days=1)) == 0
    helped = Usage.objects.get(way="helped")
    assert (helped.version, helped.person, helped.case) == (version, cast.wang_xiuying, case.pk)
    for kind in ("complaint.answered", "complaint.closed"):
        assert credit_knowledge in journal.reactions_to(kind)


def test_the_letter_has_the_same_panel_until_it_waits_for_approval(
    shelve: Shelve, case: Complaint, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    shelve("line")
    letter = draft(case, kind="decision", by=cast.wang_xiuying, at=now)
    page = body(signed_in(cast.wang_xiuying).get(letter.get_absolute_url()))
    assert 'data-insert="id_body"' in page and "口径：按合约收取" in page


def test_the_panel_costs_the_same_however_much_there_is(
    shelve: Shelve, case: Complaint, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    teller, costs = signed_in(cast.wang_xiuying), []
    for number in range(3):
        for form in TEXTS:
            shelve(form, code=f"{form}-{number}")
        teller.get(case.get_absolute_url())
        with CaptureQueriesContext(connection) as asked:
            teller.get(case.get_absolute_url())
        costs.append(len(asked))
    assert len(set(costs)) == 1, costs


@pytest.fixture
def auditor(cast: SimpleNamespace, now: datetime) -> Person:
    """Sees every case and has nothing to write at any."""
    person: Person = cast.gu_wen
    person.posts.all().delete()
    head = Org.objects.get(parent__isnull=True)
    Post.objects.create(person=person, org=head, role="auditor", since=now - timedelta(days=1))
    return person


def used_by(person: Person, version: Version, case: Complaint, signed_in: SignIn) -> int:
    given = {"version": version.pk, "way": "used"}
    answer = signed_in(person).post(f"{case.get_absolute_url()}/knowledge", given)
    return answer.status_code


def test_only_who_works_on_an_open_case_uses_what_is_about_it(
    shelve: Shelve, case: Complaint, cast: SimpleNamespace, auditor: Person, signed_in: SignIn
) -> None:
    version, strange = shelve("line"), shelve("line", code="loan-line", business=("loan",))
    teller = cast.wang_xiuying
    assert used_by(auditor, version, case, signed_in) == 403
    assert used_by(teller, strange, case, signed_in) == 404
    Complaint.objects.filter(pk=case.pk).update(closed_at=case.received_at)
    assert used_by(teller, version, case, signed_in) == 403
    assert not Usage.objects.filter(way="used").exists() and not Question.objects.exists()
    Complaint.objects.filter(pk=case.pk).update(closed_at=None)
    assert used_by(teller, version, case, signed_in) == 204, "the control"


def test_what_an_onlooker_reads_is_no_part_of_the_case(
    shelve: Shelve, case: Complaint, auditor: Person, signed_in: SignIn
) -> None:
    version, browser = shelve("line"), signed_in(auditor)
    assert "口径：按合约收取" in body(browser.get(case.get_absolute_url()))
    given = {"version": version.pk, "way": "read"}
    assert browser.post(f"{case.get_absolute_url()}/knowledge", given).status_code == 204
    assert Usage.objects.filter(person=auditor).count() == 2
    assert not Usage.objects.filter(case=case.pk).exists()
