"""A caller tells an agent, or the telephone system tells us of the call."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sujin.channels.hotline.receive import TO_VERIFY
from sujin.complaints import kinds
from sujin.complaints.acts.register import code_hash
from sujin.complaints.draft import CaseKind
from sujin.complaints.models import Complaint, Contact
from sujin.lab.cast import BRANCH2_A, OUTLET_A, ZHAO_MIN
from sujin.lab.orgs import CENTRE
from sujin.platform.models import Org, Person

INTAKE = "/hotline/"
READING = "/hotline/reading"
CALLS = "/hotline/calls"
FEE = "我的信用卡被多收了300元年费，要求退还。"
ANGRY = "信用卡被扣300元年费，再不退费我就打12378投诉。"
SignIn = Callable[[Person], Client]


@pytest.fixture
def noon_now(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)


@pytest.fixture
def agent(cast: SimpleNamespace, signed_in: SignIn, noon_now: None) -> Client:
    """Zhao Min at her headset, at noon."""
    return signed_in(cast.zhao_min)


def filled(**changes: object) -> dict[str, object]:
    return {"text": FEE, "kind": "complaint", "token": "c" * 32, "phone": "13800001234", **changes}


def call(**changes: object) -> dict[str, Any]:
    return {
        "call_id": "gw-20260302-0001",
        "started_at": "2026-03-02T11:40:00+08:00",
        "agent": ZHAO_MIN.staff_no,
        "caller": "13800001234",
        "transcript": FEE,
        "customer": {"name": "张伟"},
        "branch": OUTLET_A,
        "kind": "complaint",
        **changes,
    }


def post(client: Client, body: object, **headers: str) -> Any:
    """As the telephone system posts it; a header given as "" is left out."""
    sent = {"Authorization": f"Bearer {settings.HOTLINE_TOKEN}", "Idempotency-Key": "k1"} | headers
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    content_type = sent.pop("Content-Type", "application/json")
    kept = {name: value for name, value in sent.items() if value}
    return client.post(CALLS, raw, content_type=content_type, headers=kept)


def page(response: Any) -> str:
    return str(response.content.decode())


def test_an_agent_takes_a_call_for_the_customers_branch(
    agent: Client, cast: SimpleNamespace
) -> None:
    outlet = Org.objects.get(code=OUTLET_A)
    html = page(agent.post(INTAKE, filled(text=ANGRY, branch=outlet.name), follow=True))
    case = Complaint.objects.get()
    assert case.entries.of(kinds.Routed).get().data["row"] == "r15"
    assert (case.channel, case.origin) == ("hotline", outlet)
    assert case.desk == Org.objects.get(code=BRANCH2_A)
    assert (case.accountable, case.claimed_at) == (cast.zhao_min, None)
    code = "".join(re.findall(r"<span>(\d{4})</span>", html))
    assert code_hash(case.number, code) == case.code_hash


def test_a_caller_who_does_not_know_the_branch_belongs_to_the_centre(agent: Client) -> None:
    agent.post(INTAKE, filled(branch=""))
    assert Complaint.objects.get().origin.code == CENTRE


def test_the_phone_is_asked_first_and_the_words_fill_the_form(agent: Client) -> None:
    html = page(agent.get(INTAKE))
    assert html.index('name="phone"') < html.index('name="branch"') < html.index('name="text"')
    asked = filled(text=ANGRY, branch=OUTLET_A)
    read = page(agent.post(READING, asked, headers={"HX-Request": "true"}))
    assert str(Org.objects.get(code=BRANCH2_A)) in read and "300" in read


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"branch": "没有的网点"}, "没有机构"),
        ({"text": ""}, "还没有写客户说了什么"),
        ({"phone": "x"}, "不是电话号码"),
        ({"received_at": "2090-01-01T00:00"}, "不能晚于现在"),
        ({"spoken_by": "agent", "other_name": "刘律师"}, "第十四条"),
        ({"representatives": "\n".join("甲乙丙丁戊己")}, "不能超过 5 人"),
    ],
)
def test_an_agents_slip_is_named_and_nothing_is_lost(
    agent: Client, changes: dict[str, object], says: str
) -> None:
    response = agent.post(INTAKE, filled(**changes))
    assert response.status_code == 422 and says in page(response)
    assert f'value="{changes.get("phone", "13800001234")}"' in page(response)
    assert not Complaint.objects.exists()


def test_a_branch_is_suggested_by_a_part_of_its_name(agent: Client) -> None:
    outlet = Org.objects.get(code=OUTLET_A)
    assert outlet.name in page(agent.get("/hotline/branches", {"branch": outlet.name[:3]}))
    assert "option" not in page(agent.get("/hotline/branches", {"branch": ""}))


def test_two_organisations_of_one_name_are_not_guessed_between(agent: Client) -> None:
    outlet = Org.objects.get(code=OUTLET_A)
    Org.objects.create(code="X1", parent=outlet, kind="outlet", name=outlet.name, path="9/")
    assert "2 个机构" in page(agent.post(INTAKE, filled(branch=outlet.name)))
    assert agent.post(INTAKE, filled(branch=OUTLET_A)).status_code == 302


def test_who_may_not_receive_takes_no_calls(cast: SimpleNamespace, signed_in: SignIn) -> None:
    auditor = signed_in(cast.qian_wei)
    assert auditor.get(INTAKE).status_code == 403
    assert auditor.post(READING, filled()).status_code == 403


def test_a_call_becomes_a_case_at_the_customers_branch(
    client: Client, cast: SimpleNamespace, noon_now: None
) -> None:
    response = post(client, call(transcript=ANGRY))
    case = Complaint.objects.get()
    assert case.entries.of(kinds.Registered).get().by == cast.zhao_min
    assert response.status_code == 201
    assert response.json() == {
        "number": case.number,
        "desk": BRANCH2_A,
        "desk_name": Org.objects.get(code=BRANCH2_A).name,
        "tier": "complex",
        "due_at": "2026-03-02T19:40:00+08:00",
        "reception": "new",
        "warnings": [],
    }
    assert case.received_at.isoformat() == "2026-03-02T03:40:00+00:00"
    assert case.parties.get().name == "张伟"


def test_the_same_call_sent_again_is_the_same_case(
    client: Client, cast: SimpleNamespace, noon_now: None
) -> None:
    first, second = post(client, call()), post(client, call(), **{"Idempotency-Key": "k2"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["number"] == second.json()["number"]
    assert second.json()["reception"] == "known"
    assert Contact.objects.count() == 1


def test_the_same_call_with_another_story_is_a_conflict(
    client: Client, cast: SimpleNamespace, noon_now: None
) -> None:
    post(client, call())
    response = post(client, call(caller="13900001234"))
    assert response.status_code == 409
    assert response.json()["error"]["field"] == "call_id"
    assert Contact.objects.count() == 1


def test_the_header_stands_in_for_a_call_without_an_identity(
    client: Client, cast: SimpleNamespace, noon_now: None
) -> None:
    assert post(client, call(call_id=None)).status_code == 201
    assert post(client, call(call_id=None)).status_code == 200
    assert Contact.objects.get().external_id == "k1"


def test_an_endless_call_id_is_kept_as_its_hash(
    client: Client, cast: SimpleNamespace, noon_now: None
) -> None:
    assert post(client, call(call_id="x" * 150)).status_code == 201
    assert post(client, call(call_id="x" * 150)).status_code == 200
    assert len(Contact.objects.get().external_id) == 64


def test_the_matter_told_in_a_second_call_joins_the_first(
    client: Client, cast: SimpleNamespace, noon_now: None
) -> None:
    post(client, call())
    second = post(client, call(call_id="gw-2"))
    assert second.status_code == 201 and second.json()["reception"] == "joined"
    assert (Complaint.objects.count(), Contact.objects.count()) == (1, 2)


@pytest.mark.parametrize("kind", list(CaseKind))
def test_every_kind_may_come_by_telephone(
    client: Client, cast: SimpleNamespace, noon_now: None, kind: CaseKind
) -> None:
    assert post(client, call(kind=kind.value)).status_code == 201
    case = Complaint.objects.get()
    assert case.kind == kind
    assert case.parties.exists() is (kind is not CaseKind.BUD)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Bearer 错"}, 401),
        ({"Authorization": f"Basic {settings.HOTLINE_TOKEN}"}, 401),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_strangers_and_strange_types_are_refused(
    client: Client, cast: SimpleNamespace, headers: dict[str, str], status: int
) -> None:
    response = post(client, call(), **headers)
    assert response.status_code == status
    assert set(response.json()["error"]) == {"field", "message", "remedy"}
    assert not Complaint.objects.exists()


def test_only_post_is_spoken_here(client: Client, bank: None) -> None:
    response = client.get(CALLS)
    assert (response.status_code, response["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "body", [b" ", b"{", b"[]", b"null", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000]
)
def test_what_is_not_a_json_object_is_a_bad_request(
    client: Client, cast: SimpleNamespace, body: bytes
) -> None:
    assert post(client, body).status_code == 400


def test_a_call_nobody_can_tell_apart_is_a_bad_request(
    client: Client, cast: SimpleNamespace
) -> None:
    response = post(client, call(call_id=""), **{"Idempotency-Key": ""})
    assert (response.status_code, response.json()["error"]["field"]) == (400, "Idempotency-Key")


def test_a_body_larger_than_a_megabyte_is_not_read(client: Client, cast: SimpleNamespace) -> None:
    response = post(client, call(transcript="x" * 1024 * 1024))
    assert response.status_code == 413 and "1024 KB" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"transcript": ""}, "text", "还没有写"),
        ({"transcript": 7}, "transcript", "不是文本"),
        ({"transcript": "a\0b"}, "transcript", "不是文本"),
        ({"transcript": "我" * 200_000}, "text", "20000"),
        ({"customer": ["张伟"]}, "customer", "对象"),
        ({"customer": {"name": {}}}, "customer.name", "不是文本"),
        ({"call_id": "x" * 300}, "call_id", "200"),
    ],
)
@pytest.mark.usefixtures("cast", "noon_now")
def test_a_field_that_cannot_be_is_named_with_its_remedy(
    client: Client, changes: dict[str, object], field: str, says: str
) -> None:
    response = post(client, call(**changes))
    error = response.json()["error"]
    assert (response.status_code, error["field"]) == (422, field)
    assert says in error["message"] and error["remedy"]
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"started_at": "2026-03-02T11:40:00"}, "started_at", "时区"),
        ({"started_at": "昨天"}, "started_at", "时区"),
        ({"started_at": ""}, "started_at", ""),
        ({"started_at": "2090-01-01T00:00:00Z"}, "started_at", "晚于现在"),
        ({"started_at": "1999-01-01T00:00:00Z"}, "started_at", "早于"),
        ({"started_at": "0001-01-01T00:00:00+14:00"}, "started_at", ""),
        ({"agent": "999999"}, "agent", "999999"),
        ({"agent": "100116"}, "agent", "100116"),
        ({"agent": "channel:hotline"}, "agent", "channel"),
        ({"caller": "anonymous"}, "caller", "电话"),
        ({"branch": "没有"}, "branch", "没有机构"),
        ({"kind": "praise"}, "kind", "praise"),
        ({"customer": {"card": "123"}}, "customer.card", "校验"),
        ({"customer": {"id_number": "110101199001011234"}}, "customer.id_number", "校验"),
    ],
)
@pytest.mark.usefixtures("cast", "noon_now")
def test_a_call_is_taken_in_whatever_else_is_wrong_with_it(
    client: Client, changes: dict[str, object], field: str, says: str
) -> None:
    response = post(client, call(**changes))
    assert response.status_code == 201
    [warning] = response.json()["warnings"]
    assert warning["field"] == field and says in warning["message"] and warning["remedy"]
    case = Complaint.objects.get()
    told = case.contacts.get().attributes[TO_VERIFY]
    assert told and "anonymous" not in told
    assert case.accountable is not None and case.due_at is not None


def test_a_call_of_an_agent_nobody_knows_is_delivered_again_and_known(
    client: Client, cast: SimpleNamespace, noon_now: None
) -> None:
    first = post(client, call(agent="999999"))
    again = post(client, call(agent="999999"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]


def test_half_a_character_is_refused_before_the_database_sees_it(
    client: Client, cast: SimpleNamespace, noon_now: None
) -> None:
    raw = json.dumps(call(transcript="PLACE")).replace("PLACE", r"\ud83d").encode()
    assert post(client, raw).status_code == 422


def test_an_agent_who_has_left_takes_no_calls(
    client: Client, cast: SimpleNamespace, noon_now: None
) -> None:
    Person.objects.filter(pk=cast.zhao_min.pk).update(is_active=False)
    assert post(client, call()).json()["warnings"][0]["field"] == "agent"
    assert Complaint.objects.get().contacts.get().taken_by.is_service


def test_a_clock_a_minute_fast_means_now(
    client: Client, cast: SimpleNamespace, noon: datetime, noon_now: None
) -> None:
    assert post(client, call(started_at="2026-03-02T12:01:00+08:00")).status_code == 201
    assert Complaint.objects.get().received_at == noon


def test_emoji_survive_the_line(client: Client, cast: SimpleNamespace, noon_now: None) -> None:
    post(client, call(transcript="𠮷先生😡年费"))
    assert Complaint.objects.get().text == "𠮷先生😡年费"


def test_calls_ask_the_database_equally_often_however_many_came_before(
    client: Client, cast: SimpleNamespace, noon_now: None
) -> None:
    def queries(number: int) -> int:
        text = "".join(chr(0x4E00 + (number * 997 + step * 31) % 8000) for step in range(60))
        body = call(call_id=f"n{number}", caller=f"1380000{number:04d}", transcript=text)
        with CaptureQueriesContext(connection) as asked:
            assert post(client, body).status_code == 201
        return len(asked)

    first = queries(1)
    for number in range(2, 10):
        queries(number)
    assert queries(10) == first
