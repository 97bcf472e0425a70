"""Who shares a telephone is not one customer: households, homes and agents' clients keep a case, a
number, a code and clocks of their own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps

from sujin.complaints.acts.merge import CannotMerge, merge
from sujin.complaints.acts.receive import receive, receive_all
from sujin.complaints.arrival import Reception
from sujin.complaints.draft import Declared, Draft, PartyDraft, PartyRole
from sujin.complaints.models import Complaint
from sujin.complaints.models.party import customer_keys, identifying, known_of
from sujin.complaints.rulebook import rulebook
from sujin.lab.cast import OUTLET_A
from sujin.lab.dice import dice
from sujin.lab.people import id_number
from tests.complaints.conftest import Told

PHONE = "13900001111"
TEXT = "我的信用卡在网点办理时被多收了{}元年费，柜员说系统升级不能退，要求退还。"
FEES = Declared(business="card.credit.fees")


def person(name: str, *, phone: str = PHONE, numbered: bool = True) -> PartyDraft:
    born = date(1980, 1, 1) + timedelta(days=sum(map(ord, name)) % 3000)
    number = id_number(dice("identity", name), born, woman=False) if numbered else ""
    return PartyDraft(name=name, phone=phone, id_number=number)


def draft(who: PartyDraft, amount: int, at: datetime) -> Draft:
    return Draft("counter", TEXT.format(amount), at, OUTLET_A, parties=(who,), declared=FEES)


def took(cast: SimpleNamespace, drafts: Sequence[Draft]) -> list[Reception]:
    by = cast.wang_xiuying
    return [receive(one, by=by, at=one.received_at).reception for one in drafts]


def household(noon: datetime, *, numbered: bool = True) -> list[Draft]:
    told = enumerate((("张三", 300), ("李四", 9800), ("王五", 51000)))
    return [
        draft(person(name, numbered=numbered), amount, noon + timedelta(hours=3 * n))
        for n, (name, amount) in told
    ]


@pytest.mark.parametrize("numbered", [True, False], ids=["by number", "by name"])
def test_a_household_with_one_telephone_is_as_many_cases_as_people(
    cast: SimpleNamespace, noon: datetime, *, numbered: bool
) -> None:
    drafts = household(noon, numbered=numbered)
    receipts = [receive(one, by=cast.wang_xiuying, at=one.received_at) for one in drafts]
    assert [one.reception for one in receipts] == [Reception.NEW] * 3
    assert len({one.code for one in receipts}) == len({one.number for one in receipts}) == 3
    assert all(one.code for one in receipts)
    cases = list(Complaint.objects.order_by("received_at"))
    assert [case.amount for case in cases] == [300, 9800, 51000]
    assert [case.received_at for case in cases] == [one.received_at for one in drafts]
    assert all(case.repeat_of is None and case.counted and case.level == 0 for case in cases)
    assert [case.parties.get().name for case in cases] == ["张三", "李四", "王五"]


def test_they_are_told_apart_within_one_batch_too(cast: SimpleNamespace, noon: datetime) -> None:
    receipts = receive_all(household(noon), by=cast.wang_xiuying, at=noon)
    assert [one.reception for one in receipts] == [Reception.NEW] * 3


def test_weeks_later_another_of_the_household_is_no_repeat(
    cast: SimpleNamespace, noon: datetime
) -> None:
    took(cast, household(noon))
    later = noon + timedelta(days=20)
    case = receive(draft(person("赵六"), 1200, later), by=cast.wang_xiuying, at=later).complaint
    assert (case.repeat_of, case.counted, case.level) == (None, True, 0)
    own = receive(draft(person("李四"), 9800, later), by=cast.wang_xiuying, at=later).complaint
    assert own.repeat_of is not None
    assert own.repeat_of.parties.get().name == "李四"


def test_without_the_rows_that_tell_apart_they_are_swallowed(
    cast: SimpleNamespace, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known-bad control: any shared key makes one customer of them."""
    book = replace(rulebook(), identities=tuple(r for r in rulebook().identities if not r.differ))
    monkeypatch.setattr("sujin.complaints.acts.recognise.rulebook", lambda: book)
    assert took(cast, household(noon)) == [Reception.NEW, Reception.JOINED, Reception.JOINED]


def test_a_telephone_alone_still_finds_its_case_and_then_knows_whose_it_is(
    cast: SimpleNamespace, noon: datetime
) -> None:
    nameless = draft(PartyDraft(phone=PHONE), 300, noon)
    told = [draft(person(name), 300, noon + timedelta(hours=1)) for name in ("张三", "李四")]
    assert took(cast, [nameless, *told]) == [Reception.NEW, Reception.JOINED, Reception.NEW]


def test_in_one_batch_too_the_first_to_join_says_whose_it_is(
    cast: SimpleNamespace, noon: datetime
) -> None:
    told = [draft(person(name), 300, noon + timedelta(hours=1)) for name in ("张三", "李四")]
    drafts = [draft(PartyDraft(phone=PHONE), 300, noon), *told]
    receipts = receive_all(drafts, by=cast.wang_xiuying, at=noon)
    assert [one.reception for one in receipts] == [
        Reception.NEW,
        Reception.JOINED,
        Reception.NEW,
    ]


def test_a_customer_is_known_by_the_number_behind_a_busy_telephone(
    cast: SimpleNamespace, noon: datetime
) -> None:
    """A home for the aged leaves one telephone for all: more of them than are looked through."""
    first = draft(person("张三"), 300, noon)
    others = [draft(person(f"住户{n}"), 300, noon + timedelta(minutes=n)) for n in range(1, 40)]
    receive_all([first, *others], by=cast.wang_xiuying, at=noon)
    again = draft(person("张三"), 300, noon + timedelta(hours=20))
    receipt = receive(again, by=cast.wang_xiuying, at=again.received_at)
    assert receipt.reception is Reception.JOINED
    assert [party.name for party in receipt.complaint.parties.all()] == ["张三"]


def test_forms_of_address_tell_the_surname_and_agents_nothing() -> None:
    for name in ("张先生", "王女士", "张*", "李某", "陈XX", "张总", "小张", "老张"):
        (known,) = known_of([PartyDraft(name=name)])
        assert known.startswith("surname:")
    for name in ("匿名", "不详", "客户", "某先生", "李女士的儿子"):
        assert known_of([PartyDraft(name=name)]) == []
    agent = PartyDraft(PartyRole.AGENT, "赵六", phone=PHONE, authority="委托书")
    assert known_of([agent]) == []
    assert len(known_of([PartyDraft(name="Alex Xu"), PartyDraft(name="张三")])) == 3


PLACEHOLDERS = {
    "id_number": ("无", "未提供", "110***********002X", "00000", "XXXXX", "12345"),
    "card": ("8888", "6222********8888", "000000000000", "6222021234567895"),
    "phone": ("无", "00000000000", "139****5678", "12345"),
    "account": ("无", "000000", "6222****8888"),
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, many in PLACEHOLDERS.items() for value in many]
)
def test_a_placeholder_makes_no_two_strangers_one(
    cast: SimpleNamespace, noon: datetime, field: str, value: str
) -> None:
    who = replace(PartyDraft(), **{field: value})  # type: ignore[arg-type]
    assert customer_keys([who]) == known_of([who]) == []
    told = [draft(who, 300, noon + timedelta(hours=n)) for n in range(2)]
    assert took(cast, told) == [Reception.NEW] * 2


SPELLINGS = {
    "id_number": ("11010519491231002X", "110105 19491231 002x", "110105491231002"),
    "card": ("6222021234567894", "6222 0212 3456 7894"),
    "phone": ("13900001111", "+86 139-0000-1111", "008613900001111", "8613900001111（儿子）"),
    "name": ("买买提·艾力", "买买提•艾力", "买买提艾力", "本人买买提艾力", "买买提艾力（男）"),
}


@pytest.mark.parametrize("field", SPELLINGS)
def test_a_value_is_the_same_however_it_is_spelt(field: str) -> None:
    index = {identifying(field, value) for value in SPELLINGS[field]}
    assert len(index) == 1 and "" not in index


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("张三", "李女士", False),
        ("张先生", "李女士", False),
        ("张先生", "李*", False),
        ("李女士", "张三", False),
        ("张先生", "张三", True),
        ("张*", "小张", True),
    ],
)
def test_a_household_as_staff_write_it_is_told_apart_by_surname(
    cast: SimpleNamespace, noon: datetime, first: str, second: str, *, joined: bool
) -> None:
    drafts = [
        draft(person(name, numbered=len(name) == 2 and "*" not in name), 300, at)
        for name, at in ((first, noon), (second, noon + timedelta(hours=1)))
    ]
    drafts[1] = replace(drafts[1], parties=(PartyDraft(name=second, phone=PHONE),))
    assert took(cast, drafts)[1] is (Reception.JOINED if joined else Reception.NEW)


def test_a_telephone_of_two_people_says_not_whose_a_nameless_call_is(
    cast: SimpleNamespace, noon: datetime
) -> None:
    at = noon + timedelta(hours=2)
    told = [draft(person(name), 300, noon) for name in ("张三", "李四")]
    assert took(cast, told) == [Reception.NEW] * 2
    receipt = receive(draft(PartyDraft(phone=PHONE), 300, at), by=cast.wang_xiuying, at=at)
    assert (receipt.reception, receipt.complaint.repeat_of) == (Reception.NEW, None)


def test_without_that_rule_it_is_given_to_the_latest(
    cast: SimpleNamespace, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known-bad control."""
    monkeypatch.setattr("sujin.engine.identity.are_several", lambda customers, table: False)
    told = [draft(person(name), 300, noon) for name in ("张三", "李四")]
    at = noon + timedelta(hours=2)
    nameless = draft(PartyDraft(phone=PHONE), 300, at)
    assert took(cast, [*told, nameless]) == [Reception.NEW, Reception.NEW, Reception.JOINED]


def test_whose_number_is_told_is_found_behind_a_telephone_of_two_people(
    cast: SimpleNamespace, noon: datetime
) -> None:
    mine = person("张三")
    took(cast, [draft(mine, 300, noon), draft(person("李四", numbered=False), 300, noon)])
    at = noon + timedelta(hours=2)
    again = draft(replace(mine, name=""), 300, at)
    receipt = receive(again, by=cast.wang_xiuying, at=at)
    assert receipt.reception is Reception.JOINED
    assert {party.id_number for party in receipt.complaint.parties.all()} == {mine.id_number}


def test_cases_from_before_are_told_whose_they_are(cast: SimpleNamespace, noon: datetime) -> None:
    case = receive(draft(person("张三"), 300, noon), by=cast.wang_xiuying, at=noon).complaint
    receive(draft(PartyDraft(), 300, noon), by=cast.wang_xiuying, at=noon)
    before = Complaint.objects.values("customer_keys", "known").get(pk=case.pk)
    Complaint.objects.update(known=[])
    Complaint.objects.filter(pk=case.pk).update(customer_keys=["spelt as before"])
    import_module("sujin.complaints.migrations.0018_whose_it_is").tell(apps, None)
    assert Complaint.objects.values("customer_keys", "known").get(pk=case.pk) == before
    at = noon + timedelta(hours=1)
    assert took(cast, [draft(person("李四"), 300, at)]) == [Reception.NEW]


def test_what_came_before_names_were_known_is_found_by_any_shared_key(
    told: Told, noon: datetime
) -> None:
    first = told(phone=PHONE)
    Complaint.objects.update(known=[])
    assert told(parties=(person("李四"),), at=noon + timedelta(hours=1)) == first


@pytest.mark.parametrize("numbered", [True, False], ids=["by number", "by name"])
def test_two_of_a_household_are_merged_on_a_word_alone_and_with_two_numbers_never(
    cast: SimpleNamespace, noon: datetime, *, numbered: bool
) -> None:
    told = [draft(person(name, numbered=numbered), 300, noon) for name in ("张三", "李四")]
    one, other = (receive(each, by=cast.wang_xiuying, at=noon).complaint for each in told)
    said = {"because": "同一笔年费", "by": cast.zhou_tao, "at": noon}
    with pytest.raises(CannotMerge, match="不是同一客户" if numbered else "可能是一家人"):
        merge(other, into=one, **said)
    word = "来电核对，客户说登记时报了家人的名字"
    if numbered:
        with pytest.raises(CannotMerge, match="不是同一客户"):
            merge(other, into=one, identity=word, **said)
    else:
        merge(other, into=one, identity=word, **said)
        assert Complaint.objects.get(pk=other.pk).merged_into_id == one.pk
