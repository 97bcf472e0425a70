"""A contact that was taken for one more of a case leaves it: a case of its own, told by both."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from sujin.channels.intake import take_in
from sujin.channels.tracking.words import steps
from sujin.complaints import clock, kinds
from sujin.complaints.acts.attach import attach
from sujin.complaints.acts.claim import MustStandAside, claim
from sujin.complaints.acts.merge import merge
from sujin.complaints.acts.part import CannotPart, part
from sujin.complaints.acts.receive import Receipt, receive
from sujin.complaints.acts.recuse import recuse
from sujin.complaints.acts.register import code_hash
from sujin.complaints.acts.withdraw import withdraw
from sujin.complaints.arrival import Reception
from sujin.complaints.draft import Declared, Draft, Lane, PartyDraft, RegulatorDraft
from sujin.complaints.models import Complaint, Contact
from sujin.complaints.remembered import draft_of, remembered
from sujin.complaints.replaying import differing
from sujin.lab.cast import OUTLET_A
from sujin.platform.files import Checked
from sujin.platform.models import Attachment, Person
from tests.complaints.conftest import FEE

PHONE = "13912345678"
MINE = PartyDraft(name="李先生", phone=PHONE)
OTHER = PartyDraft(name="李四", phone=PHONE, id_number="11010519491231002X")
THEIRS = "我的信用卡在网点办理时被多收了9800元年费，要求退还，我没有办过这张卡。"
WHY = "来电的是另一位客户，共用一个电话"
LETTER = RegulatorDraft("12378", "2026-0188")

SignIn = Callable[[Person], Client]


def one(noon: datetime) -> Draft:
    return Draft("counter", FEE, noon, OUTLET_A, parties=(MINE,))


def two(noon: datetime, **changes: object) -> Draft:
    at = noon + timedelta(hours=3)
    told = Draft(
        "hotline", THEIRS, at, OUTLET_A, source="calls", external_id="C-1", parties=(OTHER,)
    )
    return replace(told, **changes)  # type: ignore[arg-type]


def swallowed(cast: SimpleNamespace, noon: datetime, **changes: object) -> tuple[Complaint, int]:
    """A case of 李先生 that has taken 李四 in; the contact that should not be there."""
    case = receive(one(noon), by=cast.wang_xiuying, at=noon).complaint
    told = two(noon, **changes)
    receipt = receive(told, by=cast.wang_xiuying, at=told.received_at)
    assert receipt.reception is Reception.JOINED
    return fresh(case), Contact.objects.get(external_id="C-1").pk


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def parted(case: Complaint, contact: int, cast: SimpleNamespace, noon: datetime) -> Receipt:
    at = noon + timedelta(days=1)
    return part(case, contact=contact, because=WHY, by=cast.zhou_tao, at=at)


def test_it_becomes_what_it_had_been_had_it_come_alone(
    cast: SimpleNamespace, noon: datetime
) -> None:
    case, contact = swallowed(cast, noon)
    assert (str(case.amount), case.parties.count()) == ("9800.00", 2)
    receipt = parted(case, contact, cast, noon)
    new = fresh(receipt.complaint)
    assert (new.number, new.code_hash) != (case.number, case.code_hash)
    assert new.code_hash == code_hash(new.number, receipt.code)
    assert (new.text, str(new.amount), new.channel) == (THEIRS, "9800.00", "hotline")
    assert new.counted
    assert new.received_at == noon + timedelta(hours=3)
    assert [party.name for party in new.parties.all()] == ["李四"]
    assert [(c.pk, c.told) for c in new.contacts.all()] == [(contact, "")]
    assert list(Complaint.objects.mentioning("没有办过")) == [new]
    # The limits count from the day of the contact, not from the day it was told apart.
    day_one = clock.due(new, now=new.received_at, ticks=new.ticks())
    assert new.due_at == day_one.at is not None
    alone = receive(two(noon, external_id="C-2", parties=()), by=cast.wang_xiuying, at=noon)
    assert fresh(alone.complaint).customer_keys == []
    assert (new.tier, new.business) == (alone.complaint.tier, alone.complaint.business)


def test_the_case_keeps_its_own_people_and_words_and_says_what_left(
    cast: SimpleNamespace, noon: datetime
) -> None:
    case, contact = swallowed(cast, noon)
    alone = (case.tier, case.lane)
    new = parted(case, contact, cast, noon).complaint
    case = fresh(case)
    assert [party.name for party in case.parties.all()] == ["李先生"]
    assert len(case.customer_keys) == 1 and len(case.known) == 2
    assert set(case.customer_keys) < set(new.customer_keys)
    assert (case.tier, case.lane) == alone
    said = case.entries.of(kinds.Parted).get().what().sentence()
    assert new.number in said and WHY in said
    told = new.entries.of(kinds.Separated).get().what().sentence()
    assert case.number in told and WHY in told
    assert is_replayed(case) and is_replayed(fresh(new))
    shown = [step.words for step in steps(case, customer=cast.wang_xiuying)]
    assert any("另外登记" in words for words in shown)
    assert not [words for words in shown if new.number in words or WHY in words]


def is_replayed(case: Complaint) -> bool:
    """Whether the row is what its docket says."""
    said = {name: plain(value) for name, value in case.replay().items()}
    return said == {name: plain(getattr(case, name)) for name in said}


def plain(value: object) -> object:
    return list(value) if isinstance(value, tuple | list) else value


def test_each_is_found_as_its_own_customers_from_then_on(
    cast: SimpleNamespace, noon: datetime
) -> None:
    case, contact = swallowed(cast, noon)
    new = parted(case, contact, cast, noon).complaint
    later = two(noon, external_id="C-3", received_at=noon + timedelta(hours=20))
    receipt = receive(later, by=cast.wang_xiuying, at=later.received_at)
    assert receipt.complaint == new
    again = two(noon, external_id="C-1")
    known = receive(again, by=cast.wang_xiuying, at=again.received_at)
    assert (known.reception, known.complaint) == (Reception.KNOWN, new)


def test_what_a_contact_that_stays_told_of_the_same_people_stays(
    cast: SimpleNamespace, noon: datetime
) -> None:
    case, contact = swallowed(cast, noon)
    stays = two(noon, external_id="C-2", received_at=noon + timedelta(hours=5))
    assert receive(stays, by=cast.wang_xiuying, at=stays.received_at).complaint == case
    assert case.parties.count() == 2
    new = parted(case, contact, cast, noon).complaint
    assert [party.name for party in case.parties.order_by("pk")] == ["李先生", "李四"]
    assert [party.name for party in new.parties.all()] == ["李四"]


def test_its_papers_go_with_it_and_no_others(cast: SimpleNamespace, noon: datetime) -> None:
    case = receive(one(noon), by=cast.wang_xiuying, at=noon).complaint
    attach(case, [paper("mine")], by=cast.wang_xiuying, at=noon)
    at = noon + timedelta(hours=3)
    take_in(two(noon), [paper("theirs")], by=cast.wang_xiuying, at=at)
    attach(case, [paper("later")], by=cast.wang_xiuying, at=at + timedelta(hours=1))
    new = parted(case, Contact.objects.get(external_id="C-1").pk, cast, noon).complaint
    names = {a.name: a.subject_id for a in Attachment.objects.all()}
    assert names == {"mine": case.pk, "theirs": new.pk, "later": case.pk}
    assert "theirs" in new.entries.of(kinds.Separated).get().what().sentence()


def paper(name: str) -> Checked:
    return Checked(name, "text/plain", name.encode())


def test_a_regulators_letter_goes_with_the_contact_that_brought_it(
    cast: SimpleNamespace, noon: datetime
) -> None:
    due = noon + timedelta(days=4)
    letter = replace(LETTER, transferred_at=noon, due_at=due)
    case, contact = swallowed(cast, noon, lane=Lane.REGULATOR, regulator=letter)
    assert (case.lane, case.regulator_due_at) == ("regulator", due)
    before = case.due_at
    new = fresh(parted(case, contact, cast, noon).complaint)
    assert (new.lane, new.regulator_due_at, new.transfers.count()) == ("regulator", due, 1)
    case = fresh(case)
    assert (case.lane, case.regulator_due_at, case.transfers.count()) == ("ordinary", None, 0)
    assert case.due_at != before
    assert is_replayed(case)


def test_an_ended_case_parts_too(cast: SimpleNamespace, noon: datetime) -> None:
    case, contact = swallowed(cast, noon)
    withdraw(case, because="客户来电撤回", by=cast.wang_xiuying, at=noon + timedelta(hours=5))
    new = fresh(parted(case, contact, cast, noon).complaint)
    assert new.is_open and new.accountable is not None
    assert not fresh(case).is_open


def test_merging_the_two_undoes_it(cast: SimpleNamespace, noon: datetime) -> None:
    case, contact = swallowed(cast, noon)
    new = parted(case, contact, cast, noon).complaint
    at = noon + timedelta(days=2)
    merge(new, into=case, because="核对后是同一位客户", by=cast.zhou_tao, at=at)
    assert fresh(new).merged_into == case


def test_what_cannot_leave_says_why(cast: SimpleNamespace, noon: datetime) -> None:
    case, contact = swallowed(cast, noon)
    first = case.contacts.order_by("pk")[0].pk
    for wrong, because, why in (
        (first, WHY, "就是由这次联系登记的"),
        (contact, "  ", "请写明"),
        (10**9, WHY, "不在这一件里"),
    ):
        with pytest.raises(CannotPart, match=why):
            part(case, contact=wrong, because=because, by=cast.zhou_tao, at=noon)
    recuse(case, person=cast.zhou_tao, because="亲属", by=cast.zhou_tao, at=noon)
    with pytest.raises(MustStandAside):
        parted(case, contact, cast, noon)
    assert Complaint.objects.count() == 1


def test_a_contact_from_before_drafts_were_kept_leaves_by_its_words(
    cast: SimpleNamespace, noon: datetime
) -> None:
    case, contact = swallowed(cast, noon)
    Contact.objects.filter(pk=contact).update(told="")
    new = fresh(parted(case, contact, cast, noon).complaint)
    assert (new.text, new.parties.count()) == (THEIRS, 0)


def test_a_draft_is_remembered_whole(cast: SimpleNamespace, noon: datetime) -> None:
    letter = replace(LETTER, due_at=noon)
    declared = Declared(business="card.credit.fees", amount=9800, people=3)  # type: ignore[arg-type]
    more = {"lane": Lane.REGULATOR, "regulator": letter, "declared": declared, "region": "江南"}
    told = two(noon, **more, attributes={"来源": "热线"})
    case, pk = swallowed(cast, noon, **more, attributes={"来源": "热线"})
    contact = case.contacts.select_related("complaint", "origin").get(pk=pk)
    assert draft_of(contact) == told
    assert OTHER.id_number not in str(contact.__dict__["attributes"])
    row = Contact.objects.filter(pk=pk).extra(select={"sealed": "told"}).values("sealed").get()
    assert OTHER.id_number.encode() not in bytes(row["sealed"])
    assert OTHER.id_number in remembered(told)


def test_beside_the_contact_stands_the_way_out(
    cast: SimpleNamespace, noon: datetime, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + timedelta(days=1))
    case, contact = swallowed(cast, noon)
    client, url = signed_in(cast.zhou_tao), reverse("complaints:parting", args=[case.number])
    page = client.get(case.get_absolute_url()).content.decode()
    assert page.count(f'action="{url}"') == 1
    assert f'name="parting-contact" value="{contact}"' in page
    refused = client.post(url, {"parting-contact": contact, "parting-because": " "})
    assert refused.status_code == 422
    done = client.post(url, {"parting-contact": contact, "parting-because": WHY})
    new = Complaint.objects.exclude(pk=case.pk).get()
    shown = done.content.decode()
    assert done.status_code == 200 and new.number in shown and "查询码" in shown
    code = "".join(done.context["code"])
    assert code_hash(new.number, code) == new.code_hash
    assert "查询码只在这里" not in client.get(new.get_absolute_url()).content.decode()
    gone = client.post(url, {"parting-contact": contact, "parting-because": WHY})
    assert gone.status_code == 422 and "不在这一件里" in gone.content.decode()


def test_whoever_stands_aside_from_the_case_does_from_what_parts_from_it(
    cast: SimpleNamespace, noon: datetime
) -> None:
    case, contact = swallowed(cast, noon)
    recuse(case, person=cast.chen_li, because="亲属", by=cast.chen_li, at=noon)
    new = fresh(parted(case, contact, cast, noon).complaint)
    assert new.recused == [cast.chen_li.pk] and new.accountable != cast.chen_li
    with pytest.raises(MustStandAside):
        claim(new, by=cast.chen_li, at=noon + timedelta(days=1))
    assert differing([case.pk, new.pk]) == {}


def test_a_true_repeat_stays_one_when_it_leaves_a_strangers_case(
    cast: SimpleNamespace, noon: datetime
) -> None:
    weeks = noon - timedelta(days=20)
    earlier = receive(two(noon, external_id="C-0", received_at=weeks), by=cast.zhao_min, at=weeks)
    nameless = replace(one(noon), parties=(PartyDraft(phone="13600001111"),))
    case = receive(nameless, by=cast.wang_xiuying, at=noon).complaint
    both = replace(OTHER, phone="13600001111")
    told = receive(two(noon, parties=(both,)), by=cast.wang_xiuying, at=noon + timedelta(hours=3))
    contact = Contact.objects.get(external_id="C-1")
    assert told.complaint == case == contact.complaint
    new = fresh(parted(case, contact.pk, cast, noon).complaint)
    assert (new.repeat_of, new.counted, new.level) == (earlier.complaint, False, 1)
    assert is_replayed(new)


def test_it_joins_no_other_case_and_repeats_not_the_one_it_leaves(
    cast: SimpleNamespace, noon: datetime
) -> None:
    case, contact = swallowed(cast, noon)
    new = fresh(parted(case, contact, cast, noon).complaint)
    assert (new.repeat_of, new.counted, new.level) == (None, True, 0)
