"""Several rows of the queue of corrections at once: each on its own docket, undone as it was."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DataError
from django.forms import model_to_dict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sujin.complaints import kinds
from sujin.complaints.acts import confirm
from sujin.complaints.acts.ask_again import CannotAskAgain, ask_again
from sujin.complaints.acts.claim import MustStandAside
from sujin.complaints.acts.do_many import CannotDoMany, Errand, do_each, undo_many
from sujin.complaints.acts.hand_over import hand_over
from sujin.complaints.acts.recode import recode
from sujin.complaints.acts.recuse import recuse
from sujin.complaints.acts.suspect import suspect_all
from sujin.complaints.coders import judgements
from sujin.complaints.forms_corrections import Tick
from sujin.complaints.models import Batch, Complaint, Suspect
from sujin.lab.cast import BRANCH_A, OUTLET_B
from sujin.platform.models import Org, Person
from tests.complaints.conftest import TOLD, Told

Browser = Callable[[Person], Client]
RUDE = "柜员态度恶劣，服务态度差，推诿敷衍"
URL = "complaints:correction_batches"
CACHED = ("business", "cause", "touchpoint", "demand", "line", "accountable_id", "desk_id")


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def slips(cast: SimpleNamespace, told: Told, now: datetime) -> list[Complaint]:
    """Three matters about service that a hand slipped into pricing."""
    cases = [told(f"{RUDE}{n}", phone=f"1390000000{n}", at=now) for n in range(3)]
    for case in cases:
        recode(case, codes={"cause": "pricing"}, because="手滑", by=cast.shen_qiu, at=now)
    suspect_all(at=now)
    return cases


def of(case: Complaint, axis: str = "cause") -> Suspect:
    return Suspect.objects.get(complaint=case, axis=axis)


def post(client: Client, rows: list[Suspect], verdict: str = "machine", **more: Any) -> Any:
    given = {"verdict": verdict, "because": "同一类，逐条看过", "query": "why=people"}
    return client.post(reverse(URL), {**given, **more, "row": [str(Tick.of(row)) for row in rows]})


def state(cases: list[Complaint]) -> list[tuple[object, ...]]:
    """What an undo must restore, whole: the rows of the cases and of the queue."""
    found: list[tuple[object, ...]] = []
    for case in Complaint.objects.filter(pk__in=[one.pk for one in cases]).order_by("pk"):
        asked = [model_to_dict(one, exclude=["id"]) for one in case.suspects.order_by("axis", "pk")]
        row = {field: getattr(case, field) for field in CACHED}
        found.append((row, sorted(case.seen_by), asked))
        told = case.replay()
        assert {field: told[field] for field in ("cause", "line")} == {
            field: row[field] for field in ("cause", "line")
        }
    return found


def test_the_page_offers_what_is_suspected_alike(
    slips: list[Complaint], cast: SimpleNamespace, signed_in: Browser
) -> None:
    client, url = signed_in(cast.chen_li), reverse("complaints:corrections")
    page = client.get(url, {"axis": "cause", "why": "people"})
    assert [(line["here"], line["alike"]) for line in page.context["lines"]] == [(3, 3)] * 3
    body = page.content.decode()
    assert body.count('name="row"') == 3
    assert "勾选本页同样的 3 条" in body
    alike = client.get(url, {"alike": "cause:pricing:service"})
    assert [line["case"] for line in alike.context["lines"]] == [
        line["case"] for line in page.context["lines"]
    ]
    assert not client.get(url, {"alike": "cause:pricing:facility"}).context["lines"]


def test_one_reason_corrects_all_on_their_own_dockets_and_the_undo_restores_exactly(
    slips: list[Complaint], cast: SimpleNamespace, signed_in: Browser
) -> None:
    before, client = state(slips), signed_in(cast.chen_li)
    answer = post(client, [of(case) for case in slips])
    batch = Batch.objects.get()
    assert answer["Location"] == f"{batch.get_absolute_url()}?why=people"
    for case in slips:
        entry = case.entries.of(kinds.Recoded).latest("pk")
        assert (entry.by, entry.data["because"]) == (cast.chen_li, "同一类，逐条看过")
        assert (entry.data["cause"], entry.data["settles"]) == ("service", ["cause"])
    assert state(slips) != before
    page = client.get(answer["Location"]).content.decode()
    assert reverse("complaints:corrections") + "?why=people" in page
    back = client.post(reverse("complaints:undoing", args=[batch.pk]), {"query": "why=people"})
    assert back["Location"] == answer["Location"]
    assert state(slips) == before
    # The undo is told, nothing is erased, and nobody learns from what was taken back.
    assert slips[0].entries.of(kinds.Recoded).count() == 2
    assert slips[0].entries.of(kinds.CodeRestored).get().by == cast.chen_li
    assert {one.by for one in judgements("cause")} == {cast.shen_qiu.pk}
    suspect_all(at=batch.at)
    assert of(slips[0]).why == "people"


def test_what_is_not_taken_back_is_learnt_and_not_asked_again(
    slips: list[Complaint], cast: SimpleNamespace, signed_in: Browser, now: datetime
) -> None:
    """The known-bad control of the undo: without it the judgements count."""
    post(signed_in(cast.chen_li), [of(case) for case in slips], "keep")
    assert {one.by for one in judgements("cause")} == {cast.shen_qiu.pk, cast.chen_li.pk}
    suspect_all(at=now)
    assert not Suspect.objects.filter(complaint__in=slips, axis="cause").exists()


def test_what_has_no_fault_is_kept_and_that_is_undone_too(
    slips: list[Complaint], cast: SimpleNamespace, signed_in: Browser, now: datetime
) -> None:
    before = state(slips)
    post(signed_in(cast.chen_li), [of(case) for case in slips], "keep")
    assert slips[1].entries.of(kinds.CodeConfirmed).get().data["because"] == "同一类，逐条看过"
    batch = Batch.objects.get()
    assert undo_many(batch, by=cast.chen_li, at=batch.at + timedelta(minutes=5)) == 3
    assert state(slips) == before


def test_two_axes_of_one_case_are_put_back_as_they_were(
    slips: list[Complaint], cast: SimpleNamespace, signed_in: Browser, now: datetime
) -> None:
    case = slips[0]
    asked = {"why": "unsure", "score": 0.5, "confidence": 0.5, "machine": "card", "words": ["年费"]}
    row, _new = Suspect.objects.update_or_create(
        complaint=case, axis="business", defaults={**asked, "code": case.business}
    )
    before = state([case])
    post(signed_in(cast.chen_li), [row, of(case)])
    assert Batch.objects.get().lines.filter(refused="").count() == 2
    undo_many(Batch.objects.get(), by=cast.chen_li, at=timezone.now())
    assert state([case]) == before


def test_what_changed_meanwhile_is_refused_and_named_and_the_rest_goes_on(
    slips: list[Complaint], cast: SimpleNamespace, signed_in: Browser, now: datetime
) -> None:
    rows = [of(case) for case in slips]
    recode(slips[0], codes={"cause": "facility"}, because="另看过", by=cast.shen_qiu, at=now)
    Suspect.objects.filter(pk=rows[1].pk).update(machine="disclosure")
    count = slips[0].entries.count()
    answer = post(signed_in(cast.chen_li), rows)
    refused = {line.complaint: line.refused for line in Batch.objects.get().lines.all()}
    assert [bool(refused[case]) for case in slips] == [True, True, False]
    assert "已经变了" in refused[slips[0]]
    assert slips[0].entries.count() == count
    page = signed_in(cast.chen_li).get(answer["Location"]).content.decode()
    assert slips[0].number in page
    assert "2 件没有做" in page


def test_whoever_stands_aside_is_refused_row_by_row_and_alone(
    slips: list[Complaint], cast: SimpleNamespace, signed_in: Browser, now: datetime
) -> None:
    recuse(slips[0], person=cast.chen_li, because="亲属", by=cast.chen_li, at=now)
    client, row = signed_in(cast.chen_li), of(slips[0])
    post(client, [of(case) for case in slips])
    refused = {line.complaint: line.refused for line in Batch.objects.get().lines.all()}
    assert "须回避" in refused[slips[0]]
    assert not refused[slips[1]]
    client.post(reverse("complaints:correction", args=[row.pk]), {"verdict": "machine"})
    assert Complaint.objects.get(pk=slips[0].pk).cause == "pricing"
    # A colleague without an interest does it: the control.
    confirm.correct(slips[0], axis="cause", code="service", by=cast.shen_qiu, at=now)
    with pytest.raises(MustStandAside):
        ask_again(slips[0], axis="cause", asked={}, done_at=now, by=cast.chen_li, at=now)


def test_who_may_not_recode_is_refused_and_other_branches_are_not_spoken_of(
    slips: list[Complaint], cast: SimpleNamespace, told: Told, signed_in: Browser, now: datetime
) -> None:
    rows = [of(case) for case in slips]
    for person in (cast.wang_xiuying, cast.qian_wei):
        assert post(signed_in(person), rows).status_code == 403
    answer = post(signed_in(cast.ma_jun), rows)
    assert answer["Location"] == reverse("complaints:corrections") + "?why=people"
    assert not Batch.objects.exists()
    theirs = told(RUDE, origin=OUTLET_B, by=cast.ma_jun, at=now)
    recode(theirs, codes={"cause": "pricing"}, because="手滑", by=cast.ma_jun, at=now)
    suspect_all(at=now)
    post(signed_in(cast.chen_li), [of(theirs), of(slips[0])])
    assert [line.complaint for line in Batch.objects.get().lines.all()] == [slips[0]]
    assert Complaint.objects.get(pk=theirs.pk).cause == "pricing"


def test_another_code_goes_only_to_rows_of_its_axis(
    slips: list[Complaint], cast: SimpleNamespace, signed_in: Browser
) -> None:
    client = signed_in(cast.chen_li)
    row = of(slips[1])
    Suspect.objects.create(
        complaint=slips[0], axis="demand", why="unsure", score=0.5, confidence=0.5, machine="refund"
    )
    post(client, [of(slips[0], "demand"), row], "other", code="cause:facility")
    refused = {line.axis: line.refused for line in Batch.objects.get().lines.all()}
    assert "不适用" in refused["demand"]
    assert not refused["cause"]
    assert Complaint.objects.get(pk=slips[1].pk).cause == "facility"


@pytest.mark.parametrize("wrong", [{"because": ""}, {"verdict": "other"}, {"row": []}])
def test_what_was_typed_wrong_does_nothing_and_says_so(
    wrong: dict[str, Any], slips: list[Complaint], cast: SimpleNamespace, signed_in: Browser
) -> None:
    given = {"verdict": "machine", "because": "看过", "row": [str(Tick.of(of(slips[0])))]} | wrong
    answer = signed_in(cast.chen_li).post(reverse(URL), given, follow=True)
    assert [str(one) for one in answer.context["messages"]]
    assert not Batch.objects.exists()
    assert Complaint.objects.get(pk=slips[0].pk).cause == "pricing"


def test_without_another_code_of_the_machine_nothing_is_cleared(
    slips: list[Complaint], cast: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(confirm.CannotConfirm, match="另选"):
        confirm.correct(slips[0], axis="cause", code="", by=cast.chen_li, at=now)


def test_what_was_judged_again_since_stays_and_the_undo_is_ones_own(
    slips: list[Complaint], cast: SimpleNamespace, signed_in: Browser, now: datetime
) -> None:
    post(signed_in(cast.chen_li), [of(case) for case in slips])
    batch = Batch.objects.get()
    with pytest.raises(CannotDoMany, match="只有本人"):
        undo_many(batch, by=cast.shen_qiu, at=batch.at)
    later = batch.at + timedelta(minutes=1)
    recode(slips[0], codes={"cause": "facility"}, because="是设备", by=cast.shen_qiu, at=later)
    recode(slips[0], codes={"cause": "service"}, because="又改回", by=cast.shen_qiu, at=later)
    assert undo_many(batch, by=cast.chen_li, at=later) == 2
    assert "后来又" in batch.lines.get(complaint=slips[0]).kept
    assert Complaint.objects.get(pk=slips[0].pk).cause == "service"
    with pytest.raises(CannotAskAgain):
        ask_again(slips[1], axis="cause", asked={}, done_at=batch.at, by=cast.chen_li, at=later)


def test_a_code_corrected_under_an_offer_leaves_it_in_sight_of_who_is_asked(
    slips: list[Complaint], cast: SimpleNamespace, now: datetime
) -> None:
    branch = Org.objects.get(code=BRANCH_A)
    told = TOLD | {"promised_at": now + timedelta(days=1)}
    hand_over(slips[0], to=branch, because="请分行牵头", **told, by=cast.chen_li, at=now)
    confirm.correct(slips[0], axis="cause", code="service", by=cast.chen_li, at=now)
    assert set(branch.tokens) <= set(Complaint.objects.get(pk=slips[0].pk).seen_by)


def test_a_batch_that_breaks_off_leaves_nothing_done_that_cannot_be_undone(
    slips: list[Complaint], cast: SimpleNamespace, now: datetime
) -> None:
    given = {"axis": "cause", "code": "service", "because": "看过"}
    good = Errand(slips[0], given, "cause", model_to_dict(of(slips[0]), exclude=["id"]))
    # The database refuses the line: longer than an axis can be.
    broken = Errand(slips[1], given, "x" * 17)
    with pytest.raises(DataError):
        do_each("correct", [broken], by=cast.chen_li, at=now)
    assert Complaint.objects.get(pk=slips[1].pk).cause == "pricing"
    do_each("correct", [good], by=cast.chen_li, at=now)
    assert Complaint.objects.get(pk=slips[0].pk).cause == "service"
