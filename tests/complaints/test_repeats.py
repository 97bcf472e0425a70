"""Never asked twice, never counted twice: the same matter is recognised through every door."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from sujin.complaints import clock, kinds
from sujin.complaints.acts.hand_over import hand_over
from sujin.complaints.acts.merge import CannotMerge, merge, unmerge
from sujin.complaints.acts.pause import agree
from sujin.complaints.acts.receive import receive
from sujin.complaints.acts.unlink import CannotUnlink, unlink
from sujin.complaints.acts.withdraw import withdraw
from sujin.complaints.arrival import Reception
from sujin.complaints.draft import CaseKind, Draft, Lane, PartyDraft, RegulatorDraft
from sujin.complaints.models import Complaint
from sujin.complaints.models.party import UNVERIFIED
from sujin.lab.cast import BRANCH2_A, BRANCH2_B, BRANCH_A, BRANCH_B, OUTLET_A, OUTLET_B
from sujin.platform.models import Org, Person
from tests.complaints.conftest import FEE, TOLD, Told

PHONE = "13912345678"
CONFIRMED = "来电核对过卡号"
AGAIN = "信用卡年费300元到现在还没有退给我，你们到底管不管！"


def test_three_channels_in_a_day_are_one_case_with_three_contacts(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    first = told(phone=PHONE)
    told(AGAIN, phone=PHONE, by=cast.zhao_min, channel="hotline", at=noon + timedelta(hours=2))
    case = told(AGAIN + "请尽快。", phone=PHONE, channel="web_form", at=noon + timedelta(hours=5))
    assert case == first
    assert Complaint.objects.count() == 1
    assert [contact.channel for contact in case.contacts.order_by("at")] == [
        "counter",
        "hotline",
        "web_form",
    ]
    assert {contact.text for contact in case.contacts.all()} == {FEE, AGAIN, AGAIN + "请尽快。"}
    assert case.entries.of(kinds.Contacted).count() == 2


def test_a_joined_contact_is_found_by_its_own_words(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    first = told(phone=PHONE)
    told(AGAIN, phone=PHONE, at=noon + timedelta(hours=2))
    assert list(Complaint.objects.mentioning("到底管不管")) == [first]


def test_a_second_call_next_week_is_linked_counted_once_and_rises_one_level(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    first = told(phone=PHONE)
    second = told(AGAIN, phone=PHONE, at=noon + timedelta(days=7))
    assert second.repeat_of == first
    assert not second.counted
    assert second.level == 1
    assert first.desk is not None and second.desk is not None
    assert first.desk.code == OUTLET_A
    assert second.desk.code == BRANCH2_A
    third = told(AGAIN, phone=PHONE, at=noon + timedelta(days=14))
    assert third.repeat_of == first
    assert third.desk is not None
    assert third.desk.code == BRANCH_A


def test_another_matter_of_the_same_customer_is_a_case_of_its_own(told: Told) -> None:
    told(phone=PHONE)
    other = told("手机银行转账五千元一直没有到账，钱去哪了？", phone=PHONE)
    assert other.repeat_of is None
    assert other.counted
    assert Complaint.objects.count() == 2


def test_other_customers_in_the_same_words_are_grouped_and_never_refused(told: Told) -> None:
    words = "本人要求贵行立即停止违规催收行为并出具非恶意逾期证明，否则将向有关部门逐级反映。"
    first = told(words, phone="13500000001")
    second = told(words + "此致。", phone="13500000002")
    assert second.group == first
    assert second.counted
    assert second.desk is not None


def test_a_regulators_transfer_of_an_open_case_moves_it_to_the_regulators_lane(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    told(phone=PHONE)
    letter = RegulatorDraft("12378", "2026-0088", noon, noon + timedelta(days=10))
    draft = Draft(
        "regulator",
        AGAIN,
        noon + timedelta(hours=6),
        OUTLET_A,
        lane=Lane.REGULATOR,
        regulator=letter,
        parties=(PartyDraft(phone=PHONE),),
    )
    receipt = receive(draft, by=cast.wu_tong, at=noon + timedelta(hours=6))
    assert receipt.reception is Reception.JOINED
    case = Complaint.objects.get(pk=receipt.complaint.pk)
    assert case.lane == "regulator"
    assert case.regulator_due_at == noon + timedelta(days=10)
    assert case.offered_to is not None
    assert case.accountable == cast.wang_xiuying


def test_the_same_delivery_twice_is_known(cast: SimpleNamespace, noon: datetime) -> None:
    draft = Draft("counter", FEE, noon, OUTLET_A, source="test", external_id="A-1")
    first = receive(draft, by=cast.wang_xiuying, at=noon)
    second = receive(draft, by=cast.wang_xiuying, at=noon)
    assert second.reception is Reception.KNOWN
    assert second.number == first.number


def test_a_merge_is_undone_and_the_clock_runs_as_if_it_had_never_been(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    one = told(phone="13500000003")
    two = told("信用卡年费的事情，我又来了，300元请退回来。")
    before = Complaint.objects.values().get(pk=two.pk)
    merge(two, into=one, because="同一笔年费", identity=CONFIRMED, by=cast.zhou_tao, at=noon)
    two.refresh_from_db()
    assert (two.merged_into, two.is_open, two.counted) == (one, False, False)
    unmerge(two, because="不是同一笔", by=cast.zhou_tao, at=noon + timedelta(hours=1))
    assert Complaint.objects.values().get(pk=two.pk) == before
    assert two.entries.of(kinds.Merged).count() == 1


def test_a_case_cannot_be_merged_into_a_finished_one(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    one, two = told(), told("手机银行登录不上去，客服也打不通。")
    withdraw(one, because="客户来电撤回", by=cast.wang_xiuying, at=noon)
    with pytest.raises(CannotMerge, match="办理期"):
        merge(two, into=one, because="同一事项", identity=CONFIRMED, by=cast.zhou_tao, at=noon)


def test_a_matter_is_counted_once_whichever_number_goes_on(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    first = told(phone=PHONE)
    again = told(AGAIN, phone=PHONE, at=noon + timedelta(days=7))
    assert (first.counted, again.counted) == (True, False)
    # Not before its limit is the later one: an earlier one would not go on under ``again``.
    agree(first, until=noon + timedelta(days=40), because="客户同意", by=cast.zhou_tao, at=noon)
    merge(first, into=again, because="同一事项", by=cast.zhou_tao, at=noon + timedelta(days=8))
    assert counts(first, again) == [False, True]
    unmerge(first, because="并错了", by=cast.zhou_tao, at=noon + timedelta(days=9))
    assert counts(first, again) == [True, False]


def counts(*cases: Complaint) -> list[bool]:
    return [Complaint.objects.get(pk=case.pk).counted for case in cases]


def test_a_merged_case_cannot_be_unlinked_into_a_second_count(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    told(phone=PHONE)
    again = told(AGAIN, phone=PHONE, at=noon + timedelta(days=7))
    other = told(AGAIN + "尽快", phone=PHONE, at=noon + timedelta(days=14))
    merge(other, into=again, because="同一事项", by=cast.zhou_tao, at=noon + timedelta(days=15))
    with pytest.raises(CannotUnlink, match="撤销并案"):
        unlink(other, because="不是一回事", by=cast.zhou_tao, at=noon + timedelta(days=15))


def test_what_a_second_contact_tells_about_the_same_person_is_kept(
    told: Told, noon: datetime
) -> None:
    told(phone=PHONE)
    more = PartyDraft(name="张伟", phone=PHONE, card="6222021234567894")
    case = told(AGAIN, at=noon + timedelta(hours=1), parties=(more,))
    assert [party.card for party in case.parties.order_by("pk")] == ["", "6222021234567894"]
    case = told(AGAIN, at=noon + timedelta(hours=2), parties=(more,))
    assert case.parties.count() == 2


def test_a_raised_case_says_why_it_is_where_it_is(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    told(phone=PHONE, origin=BRANCH2_B, by=cast.ma_jun)
    again = told(AGAIN, phone=PHONE, at=noon + timedelta(days=7))
    assert again.desk == Org.objects.get(code=BRANCH_B)
    assert "上一级" in again.entries.of(kinds.Routed).get().what().sentence()


def test_strangers_and_lighter_cases_cannot_take_a_case_in(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    one = told(phone="13500000005")
    stranger = told("手机银行登录不上去，客服也打不通。", phone="13500000006")
    with pytest.raises(CannotMerge, match="同一客户"):
        merge(stranger, into=one, because="一起办", by=cast.zhou_tao, at=noon)
    letter = RegulatorDraft("12378", "2026-0099", noon, noon + timedelta(days=5))
    heavy = told(
        "手机银行转账五千元没有到账。",
        by=cast.wu_tong,
        channel="regulator",
        lane=Lane.REGULATOR,
        regulator=letter,
    )
    with pytest.raises(CannotMerge, match="监管转办件不能并入普通件"):
        merge(heavy, into=one, because="一起办", by=cast.zhou_tao, at=noon)


@pytest.mark.parametrize("known", ["one", "other", "neither"])
def test_a_case_of_nobody_known_is_merged_only_with_a_word_on_who_it_is(
    cast: SimpleNamespace, told: Told, noon: datetime, known: str
) -> None:
    one = told(phone=PHONE if known == "one" else "")
    other = told("手机银行登录不上去，客服也打不通。", phone=PHONE if known == "other" else "")
    for said in ("", "  ", "是的"):
        with pytest.raises(CannotMerge, match="怎样核实"):
            merge(other, into=one, because="一起办", identity=said, by=cast.zhou_tao, at=noon)
    said = "回拨13912345678，客户确认两件都是本人"
    merge(other, into=one, because="同一事项", identity=said, by=cast.zhou_tao, at=noon)
    entry = other.entries.of(kinds.Merged).get()
    assert "客户确认两件都是本人" in entry.what().sentence()
    assert PHONE not in str(entry.data)


def test_a_word_makes_no_one_person_of_two_known_ones(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    one = told(phone="13500000005")
    stranger = told("手机银行登录不上去，客服也打不通。", phone="13500000006")
    with pytest.raises(CannotMerge, match="同一客户"):
        merge(stranger, into=one, because="一起办", identity=CONFIRMED, by=cast.zhou_tao, at=noon)


def test_the_form_of_the_merge_asks_who_it_is(
    cast: SimpleNamespace, told: Told, noon: datetime, signed_in: Callable[[Person], Client]
) -> None:
    one, other = told(phone=PHONE), told("手机银行登录不上去，客服也打不通。")
    client = signed_in(cast.zhou_tao)
    page = client.get(other.get_absolute_url(), {"merge": one.number}).content.decode()
    assert "怎样核实是同一客户" in page and one.number in page
    form = {"merger-into": one.number, "merger-because": "同一事项"}
    url = reverse("complaints:merger", args=[other.number])
    refused = client.post(url, form)
    assert refused.status_code == 422 and "请写明怎样核实" in refused.content.decode()
    assert client.post(url, {**form, "merger-identity": CONFIRMED}).status_code == 302
    other.refresh_from_db()
    assert other.merged_into == one


def test_a_complaint_is_never_swallowed_by_an_open_enquiry(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    asked = told(FEE, phone=PHONE, kind=CaseKind.CONSULTATION)
    complained = told(AGAIN, phone=PHONE, at=noon + timedelta(hours=1))
    assert complained != asked
    assert (complained.kind, complained.counted, complained.level) == ("complaint", True, 0)
    assert "decision" in {reading.clock for reading in clock.of(complained, now=noon)}
    letter = RegulatorDraft("12378", "2026-0099", noon, None)
    told(AGAIN, phone=PHONE, kind=CaseKind.CONSULTATION, at=noon + timedelta(hours=2))
    sent = told(
        AGAIN,
        phone="13911112222",
        at=noon + timedelta(hours=2),
        lane=Lane.REGULATOR,
        regulator=letter,
    )
    assert sent.kind == "complaint"


def test_an_enquiry_about_an_open_complaint_is_one_more_contact(told: Told, noon: datetime) -> None:
    complained = told(phone=PHONE)
    asked = told(AGAIN, phone=PHONE, kind=CaseKind.CONSULTATION, at=noon + timedelta(hours=1))
    assert asked == complained


def test_a_theft_is_not_swallowed_by_the_same_customers_open_fee_complaint(
    told: Told, noon: datetime
) -> None:
    fee = told("信用卡年费300元没有退还。", phone=PHONE)
    theft = told(
        "信用卡昨晚在境外被盗刷了20000元，我要报警。", phone=PHONE, at=noon + timedelta(hours=1)
    )
    assert theft.pk != fee.pk
    assert theft.amount == 20000


def test_who_joins_a_case_under_another_name_is_marked_unverified(
    told: Told, noon: datetime
) -> None:
    told(parties=(PartyDraft(name="李先生", phone=PHONE),))
    stranger = PartyDraft(name="李四", phone=PHONE)
    case = told(AGAIN, at=noon + timedelta(hours=1), parties=(stranger,))
    marks = {party.name: party.authority for party in case.parties.all()}
    assert marks == {"李先生": "", "李四": UNVERIFIED}


def test_a_call_that_began_before_the_counter_but_arrived_later_joins(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    first = told(phone=PHONE)
    late = told(FEE, phone=PHONE, channel="hotline", at=noon - timedelta(minutes=30))
    assert late == first


def test_a_teller_elsewhere_who_hears_the_same_matter_gets_no_sight_of_the_case(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    first = told(phone=PHONE)
    told(FEE, phone=PHONE, by=cast.ma_jun, origin=OUTLET_B, at=noon + timedelta(hours=1))
    hand_over(
        first,
        to=Org.objects.get(code=BRANCH2_A),
        because="请协助",
        **TOLD,
        by=cast.wang_xiuying,
        at=noon + timedelta(hours=2),
    )
    first.refresh_from_db()
    assert cast.ma_jun.token not in first.seen_by


def test_a_further_contact_raises_the_sum_and_the_tier(told: Told, noon: datetime) -> None:
    first = told(phone=PHONE)
    told(
        "信用卡年费的事，加上利息现在一共涉及90000元，请退还年费。",
        phone=PHONE,
        at=noon + timedelta(hours=1),
    )
    first.refresh_from_db()
    assert first.contacts.count() == 2
    assert first.amount == 90000
    assert first.tier == "complex"
