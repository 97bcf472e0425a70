"""The same customer in other words: said, explained, never done by itself."""

import csv
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from sujin.complaints import kinds, pair_model
from sujin.complaints.acts.distinguish import CannotDistinguish, distinguish
from sujin.complaints.acts.merge import merge, unmerge
from sujin.complaints.decided_pairs import decided_pairs
from sujin.complaints.models import Complaint
from sujin.complaints.suggestions import suggestions
from sujin.lab.cast import OUTLET_B
from sujin.platform import reach
from tests.complaints.conftest import Told
from tests.engine.test_pairs import invented

PHONE = "13912345678"
CARD = "信用卡年费300元多收了，要求退还年费。"
APP = "手机银行里信用卡年费300元多收了，请退还，APP也没有提示。"
OTHER = "理财经理把保险当成存款卖给我母亲。"
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def untrained(settings: object, tmp_path: Path) -> None:
    settings.MODELS_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def two(told: Told, noon: datetime) -> tuple[Complaint, Complaint]:
    """One matter under two numbers: the first outlet called it another class of business."""
    first = told(CARD, phone=PHONE)
    second = told(APP, phone=PHONE, at=noon + timedelta(days=3))
    Complaint.objects.filter(pk=second.pk).update(repeat_of=None, business="", tier="ordinary")
    return first, Complaint.objects.get(pk=second.pk)


def everywhere(case: Complaint, whoever: reach.Reach) -> list[str]:
    return [one.case.number for one in suggestions(case, reach=whoever)]


def test_the_same_customers_other_case_is_suggested_with_reasons(
    cast: SimpleNamespace, two: tuple[Complaint, Complaint], noon: datetime, told: Told
) -> None:
    first, second = two
    other = told(OTHER, phone=PHONE, at=noon + timedelta(days=1))
    (found,) = suggestions(second, reach=reach.of(cast.zhou_tao, noon))
    assert (found.case, found.is_learnt) == (first, False)
    assert found.percent >= 40
    assert "年费300元多收了" in found.said[0]
    assert everywhere(other, reach.of(cast.zhou_tao, noon)) == []


def test_another_customers_case_is_no_suggestion(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    told(CARD, phone="13500000001")
    case = told(APP, phone=PHONE, at=noon + timedelta(days=3))
    assert everywhere(case, reach.of(cast.zhou_tao, noon)) == []
    assert everywhere(told(CARD), reach.of(cast.zhou_tao, noon)) == []


def test_another_branchs_case_is_never_named(
    cast: SimpleNamespace, told: Told, noon: datetime, signed_in: SignIn
) -> None:
    far = told(CARD, phone=PHONE, origin=OUTLET_B, by=cast.ma_jun)
    near = told(APP, phone=PHONE, at=noon + timedelta(days=3))
    Complaint.objects.filter(pk=near.pk).update(repeat_of=None)
    page = signed_in(cast.zhou_tao).get(near.get_absolute_url()).content.decode()
    assert far.number not in page
    assert "可能是同一件事" not in page


def test_not_the_same_sticks_on_both_sides(
    cast: SimpleNamespace, two: tuple[Complaint, Complaint], noon: datetime, signed_in: SignIn
) -> None:
    first, second = two
    client = signed_in(cast.zhou_tao)
    url = second.get_absolute_url()
    assert "可能是同一件事" in client.get(url).content.decode()
    assert client.post(f"{url}/distinction", {"distinction-other": first.number}).status_code == 302
    for case, other in ((first, second), (second, first)):
        assert case.entries.of(kinds.Distinguished).get().what() == kinds.Distinguished(
            other.pk, other.number
        )
        assert everywhere(case, reach.of(cast.zhou_tao, noon)) == []
    assert "可能是同一件事" not in client.get(url).content.decode()
    with pytest.raises(CannotDistinguish, match="已经登记过"):
        distinguish(second, other=first, by=cast.zhou_tao, at=noon)


def test_what_cannot_be_seen_cannot_be_told_apart(
    cast: SimpleNamespace, told: Told, noon: datetime, signed_in: SignIn
) -> None:
    far = told(CARD, phone=PHONE, origin=OUTLET_B, by=cast.ma_jun)
    near = told(APP, phone=PHONE, at=noon + timedelta(days=3))
    answer = signed_in(cast.zhou_tao).post(
        f"{near.get_absolute_url()}/distinction", {"distinction-other": far.number}
    )
    assert answer.status_code == 422
    assert not far.entries.of(kinds.Distinguished).exists()


def test_a_case_is_not_told_apart_from_itself_or_from_what_it_was_merged_with(
    cast: SimpleNamespace, two: tuple[Complaint, Complaint], noon: datetime
) -> None:
    first, second = two
    with pytest.raises(CannotDistinguish, match="自己"):
        distinguish(first, other=first, by=cast.zhou_tao, at=noon)
    merge(second, into=first, because="同一笔年费", by=cast.zhou_tao, at=noon)
    for case, other in ((first, second), (second, first)):
        with pytest.raises(CannotDistinguish, match="已经并案"):
            distinguish(case, other=other, by=cast.zhou_tao, at=noon)


def test_one_click_opens_the_merge_with_the_number_filled_in(
    cast: SimpleNamespace, two: tuple[Complaint, Complaint], noon: datetime, signed_in: SignIn
) -> None:
    first, second = two
    client = signed_in(cast.zhou_tao)
    url = second.get_absolute_url()
    assert f"{url}?merge={first.number}#action-merger" in client.get(url).content.decode()
    page = client.get(f"{url}?merge={first.number}").content.decode()
    assert f'value="{first.number}"' in page
    assert '<details class="action" name="action" id="action-merger" open>' in page
    client.post(f"{url}/merger", {"merger-into": first.number, "merger-because": "同一笔年费"})
    second.refresh_from_db()
    assert second.merged_into == first
    assert everywhere(second, reach.of(cast.zhou_tao, noon)) == []


def test_old_matters_are_left_alone(cast: SimpleNamespace, told: Told, noon: datetime) -> None:
    told(CARD, phone=PHONE)
    late = told(APP, phone=PHONE, at=noon + timedelta(days=91))
    assert late.repeat_of is None
    assert everywhere(late, reach.of(cast.zhou_tao, noon)) == []


def judged(folder: Path) -> Path:
    file = folder / "pairs.csv"
    with file.open("w", newline="") as target:
        rows = csv.writer(target)
        rows.writerow(["sentence1", "sentence2", "label"])
        rows.writerows([pair.one, pair.other, int(pair.is_same)] for pair in invented(1, 240))
    return file


def test_a_trained_model_serves_from_the_next_look_on(
    cast: SimpleNamespace, told: Told, noon: datetime, tmp_path: Path
) -> None:
    assert pair_model.model() is None
    first = told("信用上限太低能不能涨。", phone=PHONE)
    second = told("我怎样提高额度？", phone=PHONE, at=noon + timedelta(days=3))
    Complaint.objects.filter(pk=second.pk).update(repeat_of=None)
    second.refresh_from_db()
    assert everywhere(second, reach.of(cast.zhou_tao, noon)) == []
    call_command("train_pairs", str(judged(tmp_path)))
    card = json.loads((tmp_path / "pairs" / "card.json").read_text())
    assert (card["pairs"], card["same"], card["source"]) == (240, 120, "file")
    assert card["holdout_accuracy"] > 0.8
    assert not list((tmp_path / "pairs").glob(".*"))
    (found,) = suggestions(second, reach=reach.of(cast.zhou_tao, noon))
    assert (found.case, found.is_learnt) == (first, True)


def test_decisions_become_pairs_and_the_last_word_counts(
    cast: SimpleNamespace, told: Told, noon: datetime, two: tuple[Complaint, Complaint]
) -> None:
    first, second = two
    other = told(OTHER, phone=PHONE, at=noon + timedelta(days=1))
    merge(second, into=first, because="同一笔年费", by=cast.zhou_tao, at=noon)
    distinguish(other, other=first, by=cast.zhou_tao, at=noon)
    assert sorted(pair.is_same for pair in decided_pairs()) == [False, True]
    unmerge(second, because="并错了", by=cast.zhou_tao, at=noon + timedelta(hours=1))
    assert [pair.is_same for pair in decided_pairs()] == [False, False]
    with pytest.raises(CommandError, match="at least 50"):
        call_command("train_pairs", from_decisions=True)
    assert pair_model.model() is None
