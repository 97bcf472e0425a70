"""A teller takes a complaint in while the customer stands there."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sujin.channels.fields import is_resident_number
from sujin.channels.intake import latest_answer
from sujin.complaints import kinds
from sujin.complaints.acts.receive import receive
from sujin.complaints.acts.register import code_hash
from sujin.complaints.draft import Draft, PartyDraft
from sujin.complaints.models import Complaint, Contact
from sujin.engine.digits import is_luhn
from sujin.lab.cast import BRANCH2_A, OUTLET_A, OUTLET_A_NEXT_DOOR, OUTLET_B
from sujin.platform.models import Attachment, Entry, Org, Person, Post

INTAKE = "/intake/"
READING = "/intake/reading"
FEE = "我的信用卡在网点办理时被多收了300元年费，要求退还。"
ANGRY = "信用卡被扣300元年费，再不退费我就打12378投诉。"
SignIn = Callable[[Person], Client]


@pytest.fixture
def teller(
    cast: SimpleNamespace, signed_in: SignIn, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> Client:
    """Wang Xiuying at her window, at noon."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    return signed_in(cast.wang_xiuying)


def filled(text: object = FEE, **changes: object) -> dict[str, object]:
    """The form as a browser sends it when only the words were typed."""
    return {
        "text": text,
        "kind": "complaint",
        "spoken_by": "self",
        "origin": OUTLET_A,
        "token": "a1b2c3d4e5f60718293a4b5c6d7e8f90",
        **changes,
    }


def page(response: Any) -> str:
    return str(response.content.decode())


def told_at(outlet: str, by: Person, at: datetime, phone: str, text: str = FEE) -> Complaint:
    draft = Draft("counter", text, at, outlet, parties=(PartyDraft(name="张伟", phone=phone),))
    return receive(draft, by=by, at=at).complaint


def test_an_ordinary_complaint_is_hers_before_the_customer_has_left(
    teller: Client, cast: SimpleNamespace, noon: datetime
) -> None:
    response = teller.post(INTAKE, filled(name="张伟", phone="138 0000 1234"))
    case = Complaint.objects.get()
    assert response["Location"] == reverse("counter:done", args=[case.number])
    assert [entry.kind for entry in case.entries.order_by("pk")] == [
        kinds.Registered.code,
        kinds.Triaged.code,
        kinds.Routed.code,
        kinds.Claimed.code,
    ]
    assert (case.channel, case.kind, case.tier) == ("counter", "complaint", "ordinary")
    assert case.desk == Org.objects.get(code=OUTLET_A)
    assert case.accountable == cast.wang_xiuying
    assert case.parties.get().phone == "13800001234"
    due = latest_answer(case, at=noon)
    assert due is not None and due.isoformat() == "2026-03-17T23:59:59+08:00"


def test_one_who_speaks_of_the_regulator_goes_to_the_branch_and_she_stays_accountable(
    teller: Client, cast: SimpleNamespace
) -> None:
    teller.post(INTAKE, filled(ANGRY))
    case = Complaint.objects.get()
    assert case.entries.of(kinds.Routed).get().data["row"] == "r15"
    assert (case.tier, case.desk) == ("complex", Org.objects.get(code=BRANCH2_A))
    assert (case.accountable, case.claimed_at) == (cast.wang_xiuying, None)


def test_the_customer_gets_a_tracking_code_that_is_shown_once(teller: Client) -> None:
    first = page(teller.post(INTAKE, filled(), follow=True))
    case = Complaint.objects.get()
    code = "".join(re.findall(r"<span>(\d{4})</span>", first))
    assert case.number in first and "2026年3月17日" in first
    assert code_hash(case.number, code) == case.code_hash
    again = page(teller.get(reverse("counter:done", args=[case.number])))
    assert case.number in again and "receipt-code" not in again


def test_a_receipt_that_somebody_altered_shows_nothing(teller: Client) -> None:
    teller.post(INTAKE, filled())
    teller.cookies["receipt"] = teller.cookies["receipt"].value[:-2] + "00"
    url = reverse("counter:done", args=[Complaint.objects.get().number])
    assert "receipt-code" not in page(teller.get(url))


def test_the_receipt_of_another_branch_does_not_exist(
    teller: Client, cast: SimpleNamespace, noon: datetime
) -> None:
    case = told_at(OUTLET_B, cast.ma_jun, noon, "13900005678")
    assert teller.get(reverse("counter:done", args=[case.number])).status_code == 404


def test_sent_twice_it_is_one_case(teller: Client) -> None:
    teller.post(INTAKE, filled())
    second = page(teller.post(INTAKE, filled(), follow=True))
    assert Complaint.objects.count() == Contact.objects.count() == 1
    assert "没有重复登记" in second


def test_the_same_matter_told_again_joins_the_open_case(teller: Client) -> None:
    teller.post(INTAKE, filled(phone="13800001234"))
    again = filled(phone="13800001234", token="f" * 32)
    assert "已并入该件" in page(teller.post(INTAKE, again, follow=True))
    assert (Complaint.objects.count(), Contact.objects.count()) == (1, 2)


def test_a_bud_takes_one_sentence_and_one_tap(teller: Client) -> None:
    response = teller.post(
        INTAKE,
        {"bud-text": "两位大妈说手机银行字太小", "bud-token": "b" * 32, "bud-origin": OUTLET_A},
        follow=True,
    )
    case = Complaint.objects.get()
    assert (case.kind, case.origin.code) == ("bud", OUTLET_A)
    assert case.number in page(response)


def test_an_empty_bud_is_refused_and_the_rest_of_the_page_is_there(teller: Client) -> None:
    response = teller.post(INTAKE, {"bud-text": " ", "bud-token": "b" * 32, "bud-origin": OUTLET_A})
    assert response.status_code == 422
    assert "还没有写客户说了什么" in page(response) and 'id="id_text"' in page(response)
    assert not Complaint.objects.exists()


NOT_A_RESIDENT = "110101199001011234"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"text": " \n"}, "还没有写客户说了什么"),
        ({"text": "我" * 200_000}, "超过 20000 字的上限"),
        ({"kind": "praise"}, "praise"),
        ({"phone": "打给我"}, "不是电话号码"),
        ({"id_number": NOT_A_RESIDENT}, "末位校验不符"),
        ({"id_number": "ab"}, "5 到 20 位"),
        ({"card": "6222020000000001"}, "末位校验不符"),
        ({"card": "622202"}, "12 到 19 位"),
        ({"amount": "-5"}, "0"),
        ({"amount": "很多"}, "数字"),
        ({"people": "0"}, "1"),
        ({"business": "no.such"}, "no.such"),
        ({"vulnerable": ["rich"]}, "rich"),
        ({"received_at": "2090-01-01T09:00"}, "不能晚于现在"),
        ({"received_at": "1999-12-31T09:00"}, "不能早于 2000 年"),
        ({"received_at": "0001-01-01T00:00"}, "不能早于 2000 年"),
        ({"received_at": "9999-12-31T23:59"}, "不能晚于现在"),
        ({"received_at": "昨天"}, "日期"),
        ({"received_at": "2026-02-20T09:00"}, "请写明补录原因"),
        ({"spoken_by": "agent", "other_name": "刘律师"}, "第十四条"),
        ({"spoken_by": "agent", "authority": "委托书"}, "没有姓名"),
        ({"spoken_by": "heir"}, "没有姓名"),
        ({"representatives": "\n".join("甲乙丙丁戊己")}, "不能超过 5 人"),
        ({"representatives": f"王芳 {NOT_A_RESIDENT}"}, "末位校验不符"),
        ({"origin": OUTLET_B}, OUTLET_B),
        ({"token": ""}, "token"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(
    teller: Client, changes: dict[str, object], says: str
) -> None:
    response = teller.post(INTAKE, filled(**changes))
    html = page(response)
    assert response.status_code == 422
    assert says in html
    assert "error-summary" in html
    assert str(changes.get("text", FEE))[:40].strip() in html
    assert not Complaint.objects.exists()


def test_a_control_the_same_form_without_the_fault_is_accepted(teller: Client) -> None:
    full = filled(
        phone="010-66018888",
        id_number=valid_resident(),
        card=valid_card(),
        amount="300",
        people="2",
        received_at="2026-03-02T09:30",
        spoken_by="agent",
        other_name="刘律师",
        authority="授权委托书原件，2026-03-01",
        representatives="甲\n乙\n丙\n丁\n戊",
    )
    assert teller.post(INTAKE, full).status_code == 302
    roles = sorted(Complaint.objects.get().parties.values_list("role", flat=True))
    assert roles == ["agent", "complainant", *["representative"] * 5]


def valid_resident() -> str:
    """A number whose check digit agrees; it belongs to nobody (area code 000000)."""
    body = "00000019900101123"
    return next(body + last for last in "0123456789X" if is_resident_number(body + last))


def valid_card() -> str:
    """A card number whose check digit agrees."""
    body = "622202000000000000"
    return next(f"{body}{last}" for last in range(10) if is_luhn(f"{body}{last}"))


def test_emoji_and_characters_beyond_the_first_plane_survive(teller: Client) -> None:
    words = "𠮷野家的𪚥先生说：😡👨‍👩‍👧 存款被扣年费！"
    teller.post(INTAKE, filled(words, name="𠮷𪚥"))
    case = Complaint.objects.get()
    assert case.text == case.contacts.get().text == words
    assert case.parties.get().name == "𠮷𪚥"


def test_what_breaks_a_page_or_a_database_is_left_out_of_the_words(teller: Client) -> None:
    response = teller.post(INTAKE, filled("存款被\0扣年费\u202e费年扣\u2066！"))
    assert response.status_code == 302
    assert Complaint.objects.get().text == "存款被扣年费费年扣！"


def test_a_number_too_large_for_the_memory_is_an_answer_and_not_a_crash(teller: Client) -> None:
    response = teller.post(INTAKE, filled(FEE, amount="1e99999999", amount_read="1e99999999"))
    assert response.status_code == 422
    assert not Complaint.objects.exists()


def test_who_gives_a_name_and_a_number_is_not_asked_again(teller: Client) -> None:
    words = "我叫刘芳，手机13900112233，卡被多扣了300元年费。"
    panel = page(teller.post(READING, filled(words), headers={"HX-Request": "true"}))
    assert 'data-fills="id_name" value="刘芳"' in panel
    assert 'data-fills="id_phone" value="13900112233"' in panel
    whole = page(teller.post(READING, filled(words)))
    assert 'name="name" value="刘芳"' in whole and 'value="13900112233"' in whole


def test_two_numbers_are_not_guessed_between_and_what_was_typed_stays(teller: Client) -> None:
    words = "我叫刘芳，13900112233，让我打13800001111找经理。"
    whole = page(teller.post(READING, filled(words, name="刘芬")))
    assert 'data-fills="id_phone"' not in whole
    assert 'name="name" value="刘芬"' in whole


def test_a_matter_received_last_week_says_why_it_is_late(teller: Client) -> None:
    late = filled(received_at="2026-02-24T10:00", late_because="系统停机，客户13800001234来电补录")
    assert teller.post(INTAKE, late).status_code == 302
    kept = Contact.objects.get().attributes
    assert "系统停机" in kept["补录原因"] and "13800001234" not in kept["补录原因"]
    assert Complaint.objects.get().received_at.isoformat() == "2026-02-24T02:00:00+00:00"


def test_papers_come_in_with_the_case(teller: Client) -> None:
    paper = SimpleUploadedFile("账单.pdf", b"%PDF-1.7 bill", content_type="application/pdf")
    teller.post(INTAKE, filled(papers=[paper]))
    case = Complaint.objects.get()
    assert Attachment.objects.get(subject_id=case.pk).name == "账单.pdf"
    assert case.entries.of(kinds.Attached).exists()


def test_a_paper_of_a_wrong_kind_is_refused_with_the_form_kept(teller: Client) -> None:
    paper = SimpleUploadedFile("账单.exe", b"MZ")
    response = teller.post(INTAKE, filled(papers=[paper]))
    assert response.status_code == 422 and FEE in page(response)
    assert not Complaint.objects.exists()


def tables() -> list[int]:
    return [model.objects.count() for model in (Complaint, Contact, Entry)]


def test_reading_the_words_writes_nothing(teller: Client) -> None:
    before = tables()
    with CaptureQueriesContext(connection) as asked:
        html = page(teller.post(READING, filled(ANGRY), headers={"HX-Request": "true"}))
    verbs = {query["sql"].split()[0] for query in asked.captured_queries}
    assert verbs <= {"SELECT", "SET"}
    assert tables() == before
    assert "复杂" in html and "12378" in html and "300" in html
    assert str(Org.objects.get(code=BRANCH2_A)) in html
    assert "<html" not in html


def test_the_days_and_the_anger_of_the_words_are_shown(teller: Client) -> None:
    said = "2025年3月5日去柜台被多收年费😡腊月廿三又去，没有人管。"
    html = page(teller.post(READING, filled(said), headers={"HX-Request": "true"}))
    assert "2025-03-05" in html and "情绪激动" in html
    assert "腊月廿三" in html and "农历，没有换算" in html
    calm = page(teller.post(READING, filled(FEE), headers={"HX-Request": "true"}))
    assert "说到的日期" not in calm and "情绪激动" not in calm


def test_what_is_foretold_is_what_happens(teller: Client) -> None:
    html = page(teller.post(READING, filled(ANGRY), headers={"HX-Request": "true"}))
    teller.post(INTAKE, filled(ANGRY))
    case = Complaint.objects.get()
    assert f'value="{case.business}" selected' in html
    assert f'value="{case.cause}" selected' in html
    assert str(case.desk) in html


def test_without_a_script_the_page_comes_back_filled_in(teller: Client) -> None:
    html = page(teller.post(READING, filled(ANGRY, phone="13800001234", representatives="甲\n乙")))
    assert "<html" in html and ANGRY in html
    assert 'value="13800001234"' in html and "甲\n乙" in html
    assert "error-summary" not in html


def test_an_unfinished_form_can_be_read(teller: Client) -> None:
    html = page(teller.post(READING, filled(FEE, phone="13", received_at="x", people="-")))
    assert 'value="13"' in html and "普通" in html


def test_a_refused_form_comes_back_with_what_was_read(teller: Client) -> None:
    html = page(teller.post(INTAKE, filled(phone="x")))
    assert 'name="amount" value="300"' in html and "card.credit" in html.split("selected")[0]


def test_a_text_too_long_to_read_says_so(teller: Client) -> None:
    response = teller.post(READING, filled("我" * 20_001), headers={"HX-Request": "true"})
    assert "20000" in page(response)


def test_a_corrected_class_outranks_the_words_and_survives_reading_again(teller: Client) -> None:
    corrected = filled(business="loan.mortgage", business_read="card.credit.other", amount="80000",
                       amount_read="300")  # fmt: skip
    html = page(teller.post(READING, corrected, headers={"HX-Request": "true"}))
    assert 'value="loan.mortgage" selected' in html and "已由人更正" in html
    teller.post(INTAKE, corrected)
    case = Complaint.objects.get()
    assert (case.business, str(case.amount), case.tier) == ("loan.mortgage", "80000.00", "complex")
    assert case.entries.of(kinds.Triaged).get().data["confidence"]["business"] == 1.0


def test_a_value_left_as_it_was_read_is_not_declared(teller: Client) -> None:
    teller.post(INTAKE, filled(amount="300.00", amount_read="300", people="1", people_read="1"))
    assert Complaint.objects.get().amount == 300
    assert Complaint.objects.get().entries.of(kinds.Triaged).get().data["confidence"] != 1.0


def test_an_emptied_amount_means_that_none_is_at_stake(teller: Client) -> None:
    words = "柜员说起80000元的事，与我的投诉无关，我投诉的是态度"
    teller.post(INTAKE, filled(words, amount="", amount_read="80000"))
    case = Complaint.objects.get()
    assert (str(case.amount), case.tier) == ("0.00", "ordinary")


def test_the_teller_hears_of_an_open_case_she_may_see(
    teller: Client, cast: SimpleNamespace, noon: datetime
) -> None:
    earlier = told_at(OUTLET_A, cast.wang_xiuying, noon - timedelta(days=3), "13800001234")
    html = page(teller.post(READING, filled("存折打印机坏了", phone="13800001234")))
    assert earlier.number in html


def test_of_another_branchs_case_she_hears_nothing_not_even_that_there_is_one(
    teller: Client, cast: SimpleNamespace, noon: datetime
) -> None:
    earlier = told_at(OUTLET_B, cast.ma_jun, noon - timedelta(days=3), "13800001234")
    html = page(teller.post(READING, filled("存折打印机坏了", phone="13800001234")))
    assert earlier.number not in html
    nobody = page(teller.post(READING, filled("存折打印机坏了", phone="13900001234")))
    assert ("正在办理" in html) == ("正在办理" in nobody)


def test_a_person_with_two_desks_says_at_which_one(
    teller: Client, cast: SimpleNamespace, noon: datetime
) -> None:
    assert 'type="hidden" name="origin"' in page(teller.get(INTAKE))
    next_door = Org.objects.get(code=OUTLET_A_NEXT_DOOR)
    Post.objects.create(person=cast.wang_xiuying, org=next_door, role="teller", since=noon.date())
    assert '<select name="origin"' in page(teller.get(INTAKE))
    teller.post(INTAKE, filled(origin=OUTLET_A_NEXT_DOOR))
    assert Complaint.objects.get().origin == next_door


@pytest.mark.parametrize("who", ["qian_wei", "kong_mingyu", "he_jing", "lin_lan"])
def test_who_may_not_receive_is_shown_the_door(
    cast: SimpleNamespace, signed_in: SignIn, who: str
) -> None:
    client = signed_in(getattr(cast, who))
    assert client.get(INTAKE).status_code == 403
    assert client.post(INTAKE, filled()).status_code == 403
    assert client.post(READING, filled()).status_code == 403
    assert not Complaint.objects.exists()


def test_a_stranger_is_asked_to_sign_in(client: Client, bank: None) -> None:
    assert client.get(INTAKE).status_code == 302
    assert client.post(READING, filled()).status_code == 302


def queries(client: Client, url: str, data: dict[str, object] | None = None) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(url) if data is None else client.post(url, data)
    return len(asked)


def test_the_pages_ask_the_database_equally_often_however_many_cases_there_are(
    teller: Client, cast: SimpleNamespace, noon: datetime
) -> None:
    before = queries(teller, INTAKE), queries(teller, READING, filled(phone="13800001234"))
    for hour in range(12):
        at = noon - timedelta(hours=hour)
        told_at(OUTLET_A, cast.wang_xiuying, at, "13800001234", f"第{hour}件别的事情")
    after = queries(teller, INTAKE), queries(teller, READING, filled(phone="13800001234"))
    assert after[0] == before[0] <= 12
    assert after[1] - before[1] in {0, 1}
