"""Words that people type: masked before they are kept, and read only by whom they are for."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from sujin.knowledge.acts.compile_issue import abandon
from sujin.knowledge.acts.measure_up import write_measure
from sujin.knowledge.acts.revise import CannotRevise, begin_revision, give_feedback, refuse_revision
from sujin.knowledge.acts.reward import claim_reward, decide_reward
from sujin.knowledge.models import Distribution, Feedback, Issue, Revision, Version
from sujin.lab.cast import OUTLET_A
from sujin.platform.models import Entry, Org, Person
from tests.knowledge.reading.test_pages_of_reading import url

SignedIn = Callable[[Person], Client]
# Made up: the check digit is right, the person is not.
ID_NUMBER = "11010519491231002X"
PHONE = "13812345678"
CASE = "2026-0000417"


@pytest.fixture(autouse=True)
def at_noon(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands where the fixtures' does."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)


@pytest.mark.parametrize("typed", [ID_NUMBER, PHONE, "张伟", "2026-00004170", f"{CASE} 张伟"])
def test_nothing_but_the_number_of_a_case_is_kept_as_one(
    shelf: SimpleNamespace, cast: SimpleNamespace, noon: datetime, typed: str
) -> None:
    teller = cast.wang_xiuying
    with pytest.raises(CannotRevise, match="2026-0000417"):
        give_feedback(shelf.fee, reason="unclear", case=typed, by=teller, at=noon)
    assert not Revision.objects.exists()
    give_feedback(shelf.fee, reason="unclear", case=f" {CASE} ", by=teller, at=noon)
    assert Feedback.objects.get().case == CASE
    with pytest.raises(DatabaseError), transaction.atomic():
        Feedback.objects.update(case=typed)


def test_the_form_is_filled_with_a_case_and_with_nothing_else(
    shelf: SimpleNamespace, cast: SimpleNamespace, signed_in: SignedIn
) -> None:
    client, page = signed_in(cast.wang_xiuying), url("feedback", shelf.fee.pk)
    assert client.get(page, {"case": CASE}).context["form"].initial == {"case": CASE}
    for typed in (ID_NUMBER, PHONE):
        assert client.get(page, {"case": typed}).context["form"].initial == {}
    told = {"reason": "unclear", "case": ID_NUMBER}
    refused = client.post(page, told)
    assert refused.status_code == 422 and "投诉编号写作" in refused.content.decode()


def test_a_speaker_of_b_reads_no_word_of_who_spoke_before_her(
    shelf: SimpleNamespace, cast: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    first, second = cast.wang_xiuying, cast.sun_qian
    words = "江南的客户闹访"
    task = give_feedback(shelf.fee, reason="unclear", words=words, case=CASE, by=first, at=noon)
    give_feedback(
        shelf.fee, reason="wrong", words="北川的话", case="2026-0000999", by=second, at=noon
    )
    for page in (task.get_absolute_url(), url("revisions")):
        hers = signed_in(second).get(page).content.decode()
        assert words not in hers and CASE not in hers and "2026-0000999" not in hers, page
        owner = signed_in(cast.liu_yang).get(page).content.decode()
        assert words in owner, page
    assert "北川的话" in signed_in(second).get(task.get_absolute_url()).content.decode()
    both = signed_in(cast.liu_yang).get(task.get_absolute_url()).content.decode()
    assert CASE in both and "2026-0000999" in both


def test_answers_of_the_owner_are_masked_in_the_task_and_in_the_next_version(
    shelf: SimpleNamespace, cast: SimpleNamespace, noon: datetime
) -> None:
    task = give_feedback(shelf.fee, reason="unclear", by=cast.wang_xiuying, at=noon)
    written = begin_revision(task, words=f"已电 {PHONE}", by=cast.liu_yang, at=noon)
    assert PHONE not in Version.objects.get(pk=written.pk).change
    refuse_revision(task, words=f"客户 {ID_NUMBER} 已解释", by=cast.liu_yang, at=noon)
    assert "已解释" in Revision.objects.get(pk=task.pk).answer
    _nothing_kept()


def test_a_number_across_the_longest_length_is_masked_before_it_is_cut(
    shelf: SimpleNamespace, cast: SimpleNamespace, noon: datetime
) -> None:
    words = "好" * 491 + PHONE
    give_feedback(shelf.fee, reason="unclear", words=words, by=cast.wang_xiuying, at=noon)
    assert PHONE[:9] not in Feedback.objects.get().words


def test_measures_and_the_reason_of_giving_up_are_masked(
    sent: Distribution, cast: SimpleNamespace, noon: datetime
) -> None:
    outlet = Org.objects.get(code=OUTLET_A)
    made = write_measure(sent, unit=outlet, words=f"有事找 {PHONE}", by=cast.li_jianguo, at=noon)
    assert "有事找" in made.words and PHONE not in made.words
    _nothing_kept()


def test_the_reason_why_an_issue_was_given_up_is_masked(
    draft: Issue, cast: SimpleNamespace, noon: datetime
) -> None:
    abandon(draft, because=f"等 {PHONE} 回电", by=cast.lin_lan, at=noon)
    _nothing_kept()


def test_a_claim_and_its_decision_are_masked(
    shelf: SimpleNamespace, cast: SimpleNamespace, noon: datetime
) -> None:
    claim = claim_reward(
        shelf.fee.item, org=Org.objects.get(code=OUTLET_A), happened_on=noon.date(),
        amount=Decimal(1), story=f"拦下 {PHONE}", by=cast.wang_xiuying, at=noon,
    )  # fmt: skip
    decide_reward(claim, granted=True, because=f"已核 {PHONE}", by=cast.zheng_gang, at=noon)
    claim.refresh_from_db()
    assert "已核" in claim.because and PHONE not in claim.because + claim.story
    _nothing_kept()


def _nothing_kept() -> None:
    kept = " ".join(str(data) for data in Entry.objects.values_list("data", flat=True))
    assert kept and PHONE not in kept and ID_NUMBER not in kept
