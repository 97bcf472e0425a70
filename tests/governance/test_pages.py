"""Who sees an evidence file, how much of it, and that every look is written down."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from sujin.governance.acts.close_file import close_file
from sujin.governance.acts.review_file import review_file
from sujin.governance.drawing import CASES_MAX, Mark, draw
from sujin.governance.models import EvidenceFile
from sujin.lab.cast import BRANCH_A, CAST
from sujin.platform.acts.appoint import appoint
from sujin.platform.models import Org, Person
from tests.governance.conftest import AGENT_PHONE
from tests.governance.test_evidence import REASON

SignedIn = Callable[[Person], Client]
READERS = {"林岚", "郑刚", "钱卫"}


def test_only_head_office_reads_evidence_and_only_some_of_it(
    evidence: EvidenceFile, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    people = Person.objects.filter(staff_no__in=[spec.staff_no for spec in CAST])
    pages = [reverse("governance:evidence"), evidence.get_absolute_url()]
    allowed = {p.name for p in people if signed_in(p).get(pages[0]).status_code == 200}
    assert allowed == READERS
    for person in people.exclude(name__in=READERS):
        client = signed_in(person)
        assert client.get(pages[1]).status_code == 403, person
        for name in ("verdict", "objection", "closing"):
            address = reverse(f"governance:evidence_{name}", args=[evidence.pk])
            assert client.post(address).status_code == 403, person
    assert not evidence.entries.filter(kind="evidence.viewed").exists()


def test_every_look_is_an_entry_and_shows_nothing_in_the_clear(
    evidence: EvidenceFile, town: SimpleNamespace, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(cast.lin_lan)
    body = client.get(evidence.get_absolute_url()).content.decode()
    assert all(case.number in body for case in town.ring)
    assert town.twin.number not in body
    assert all(word not in body for word in (AGENT_PHONE, "贾中介", "张伟"))
    assert all(word in body for word in ("系统不知道的", "用途与保存", "同样对待", "<svg"))
    viewed = evidence.entries.filter(kind="evidence.viewed")
    assert [(one.by, one.data) for one in viewed] == [(cast.lin_lan, {"form": "page", "cases": 6})]


@pytest.mark.parametrize(("form", "starts"), [("pdf", b"%PDF-"), ("docx", b"PK")])
def test_the_document_is_as_masked_as_the_page_and_leaves_an_entry(
    evidence: EvidenceFile, cast: SimpleNamespace, signed_in: SignedIn, form: str, starts: bytes
) -> None:
    address = reverse("governance:evidence_paper", args=[evidence.pk, form])
    made = signed_in(cast.qian_wei).post(address)
    assert made.content.startswith(starts)
    assert evidence.entries.get(kind="evidence.viewed").data["form"] == form


def test_an_analyst_of_branch_a_sees_only_what_is_hers(
    evidence: EvidenceFile,
    town: SimpleNamespace,
    cast: SimpleNamespace,
    signed_in: SignedIn,
    noon: datetime,
) -> None:
    branch = Org.objects.get(code=BRANCH_A)
    since = noon.date()
    appoint(cast.qin_lan, org=branch, role="analyst", since=since, by=cast.kong_mingyu, at=noon)
    client = signed_in(cast.qin_lan)
    body = client.get(evidence.get_absolute_url()).content.decode()
    *hers, other = town.ring
    assert all(case.number in body for case in hers)
    assert other.number not in body
    assert "6 件" not in body and "6 名" not in body
    assert "经办人员看不到" in body
    assert evidence.entries.get(kind="evidence.viewed").data["cases"] == 5


def test_two_people_judge_on_the_page_and_the_auditor_cannot(
    evidence: EvidenceFile, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    address = reverse("governance:evidence_verdict", args=[evidence.pk])
    said = {"verdict": "organised", "because": REASON}
    assert signed_in(cast.qian_wei).post(address, said).status_code == 403
    assert signed_in(cast.lin_lan).post(address, said).status_code == 302
    again = signed_in(cast.lin_lan).post(address, said)
    assert again.status_code == 422
    assert "另一人" in again.content.decode()
    assert signed_in(cast.zheng_gang).post(address, said).status_code == 302
    assert EvidenceFile.objects.get(pk=evidence.pk).state == "organised"


def test_the_number_of_queries_does_not_grow_with_the_file(
    evidence: EvidenceFile,
    cast: SimpleNamespace,
    signed_in: SignedIn,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    client = signed_in(cast.lin_lan)
    client.get(evidence.get_absolute_url())
    for address in (evidence.get_absolute_url(), reverse("governance:evidence")):
        with django_assert_max_num_queries(24):  # type: ignore[attr-defined]
            client.get(address)


def test_the_list_says_what_it_costs_in_false_alarms(
    evidence: EvidenceFile, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    page = signed_in(cast.lin_lan).get(reverse("governance:evidence"))
    assert (page.context["opened"], page.context["wrong"]) == (1, 0)
    assert 0 < float(page.context["allowed"]) < 0.1 * 2
    assert "不超过" in page.content.decode()


def test_a_closed_file_is_out_of_sight_when_its_time_is_over(
    evidence: EvidenceFile, cast: SimpleNamespace, noon: datetime
) -> None:
    review_file(evidence, verdict="not_organised", because=REASON, by=cast.lin_lan, at=noon)
    close_file(evidence, because="不再核查", by=cast.lin_lan, at=noon)
    kept = EvidenceFile.objects.kept(noon + timedelta(days=729))
    assert evidence in kept
    assert evidence not in EvidenceFile.objects.kept(noon + timedelta(days=730))


def test_a_large_file_is_drawn_in_part_and_says_so() -> None:
    cases = [(key, f"2026-{key:07d}") for key in range(CASES_MAX + 5)]
    drawing = draw(cases, [Mark("电话", "people", frozenset(range(CASES_MAX + 5)))])
    assert (len(drawing.cases), drawing.left_out) == (CASES_MAX, 5)
    assert len(drawing.lines) == CASES_MAX
    assert max(node.y for node in drawing.cases) < drawing.height
