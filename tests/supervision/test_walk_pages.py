"""The telephone's side of an inspection, and the pages of plans, lists and accountability."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sujin.lab.cast import OUTLET_A, OUTLET_A_NEXT_DOOR
from sujin.platform.models import Attachment, Notice, Org, Person, Post
from sujin.supervision.acts.ask_recording import (
    CannotAsk,
    ask_recording,
    miss_recording,
    provide_recording,
    see_recording,
)
from sujin.supervision.inspectionbook import checklist
from sujin.supervision.kinds import inspection as kinds
from sujin.supervision.models import Inspection, InspectionPlan, Recording
from tests.supervision.inspection_town import DAY, PNG, handed_in, inspection_at, marked, plan_of

SignIn = Callable[[Person], Client]
HOUR = timedelta(hours=1)


@pytest.fixture
def at(bank: None) -> datetime:
    """Pages live now."""
    return timezone.now()


@pytest.fixture
def plan(cast: SimpleNamespace, at: datetime) -> InspectionPlan:
    return plan_of(Org.objects.get(parent=None), by=cast.lin_lan, at=at)


@pytest.fixture
def one(plan: InspectionPlan) -> Inspection:
    return inspection_at(OUTLET_A, plan)


def sent(client: Client, one: Inspection, notes: Any) -> Any:
    body = json.dumps({"notes": notes}) if not isinstance(notes, bytes) else notes
    return client.post(
        f"/inspections/{one.pk}/marks", data=body, content_type="application/json"
    )  # fmt: skip


def told(item: str, mark: str, at: datetime, **other: Any) -> dict[str, Any]:
    made = {"key": str(uuid4()), "item": item, "mark": mark, "words": "", "at": at.isoformat()}
    return {**made, **other}


def test_a_telephone_sends_what_it_kept_and_hands_the_list_in(
    one: Inspection, at: datetime, signed_in: SignIn
) -> None:
    assert one.inspector is not None
    client = signed_in(one.inspector)
    notes = [told(item.code, "pass", at) for item in checklist("flight")]
    notes[3] = told(notes[3]["item"], "fail", at, words="没有公示")
    answer = sent(client, one, notes)
    assert answer.json()["kept"] == [note["key"] for note in notes]
    early = client.post(f"/inspections/{one.pk}/submission")
    assert early.status_code == 422 and "照片" in early.json()["why"]
    for _time in range(2):
        picture = SimpleUploadedFile("墙.png", PNG.content, "image/png")
        data = {"key": "0" * 32, "item": notes[3]["item"], "at": at.isoformat(), "photo": picture}
        assert client.post(f"/inspections/{one.pk}/photos", data).status_code == 200
    state = client.get(f"/inspections/{one.pk}/standing").json()
    assert len(state["marks"]) == len(notes) and len(state["photos"]) == 1
    for _time in range(2):
        answer = client.post(f"/inspections/{one.pk}/submission")
        assert answer.json() == {"url": f"/inspections/{one.pk}"}
    assert one.shortcomings.count() == 1


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        (b"[" * 50_000, "读不懂"), (b'{"notes": [{"words": "\\ud83d"}]}', "words"),
        ([{"key": "0" * 32, "item": "greet", "mark": "pass", "at": "0001-01-01T00:00:00+14:00"}],
         "时间"),
        (b"{", "读不懂"), (b'{"notes": 3}', "1 到"), ([], "1 到"), ([7], "每一条"),
        ([{"key": "x", "item": "greet", "mark": "pass", "words": ""}], "UUID"),
        ([{"key": "0" * 32, "item": "greet", "mark": "pass", "words": "", "at": "x"}], "时间"),
        ([{"key": "0" * 32, "item": 3, "mark": "pass", "words": "", "at": "2026-03-02"}], "item"),
        ([{"key": "0" * 32, "item": "greet", "mark": "pass", "words": "\0", "at": "2026-03-02"}],
         "words"),
        ([{"key": "0" * 32, "item": "nope", "mark": "pass", "words": "", "at": "2026-03-02"}],
         "nope"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_whole_and_the_field_is_named(
    one: Inspection, signed_in: SignIn, notes: Any, said: str
) -> None:
    assert one.inspector is not None
    answer = sent(signed_in(one.inspector), one, notes)
    assert answer.status_code == 422 and said in answer.json()["why"]
    assert not one.marks.exists()


def test_nobody_else_writes_into_an_inspection_or_knows_of_it(
    one: Inspection, at: datetime, signed_in: SignIn, cast: SimpleNamespace
) -> None:
    for person in (cast.li_jianguo, cast.wang_xiuying, cast.lin_lan):
        if person == one.inspector:
            continue
        client = signed_in(person)
        assert sent(client, one, [told("greet", "pass", at)]).status_code in (403, 404)
        assert client.post(f"/inspections/{one.pk}/submission").status_code in (403, 404)
        assert client.get(f"/inspections/{one.pk}/walk").status_code in (403, 404)
        assert client.get(f"/inspections/{one.pk}/standing").status_code in (403, 404)
    assert not one.marks.exists()


def test_the_form_works_without_a_script(one: Inspection, at: datetime, signed_in: SignIn) -> None:
    assert one.inspector is not None
    client = signed_in(one.inspector)
    data: dict[str, Any] = {f"mark-{item.code}": "pass" for item in checklist("flight")}
    data |= {"mark-channels": "fail", "words-channels": "没有公示", "submit": "yes"}
    wrong = client.post(f"/inspections/{one.pk}/walk", data)
    assert wrong.status_code == 422 and "照片" in wrong.content.decode()
    assert one.marks.count() == len(checklist("flight"))
    data["photo-channels"] = SimpleUploadedFile("墙.png", PNG.content, "image/png")
    done = client.post(f"/inspections/{one.pk}/walk", data)
    assert done.status_code == 302 and done["Location"] == f"/inspections/{one.pk}"
    assert one.entries.of(kinds.InspectionNoted).count() == 1


def test_the_worker_may_keep_inspections_and_nothing_else(
    one: Inspection, signed_in: SignIn
) -> None:
    assert one.inspector is not None
    answer = signed_in(one.inspector).get("/inspections/worker.js")
    assert answer["Content-Type"] == "text/javascript"
    assert "Service-Worker-Allowed" not in answer


def test_pages_cost_as_many_questions_for_one_as_for_all(
    cast: SimpleNamespace, at: datetime, signed_in: SignIn
) -> None:
    head = Org.objects.get(parent=None)
    client, counts = signed_in(cast.lin_lan), []
    for times in (1, 3):
        drawn = [plan_of(head, by=cast.lin_lan, at=at, seed=seed) for seed in range(times)]
        for one in drawn[0].inspections.select_related("plan", "outlet", "inspector"):
            handed_in(one, at, bad=["channels", "privacy"])
        counts.append([_asked(client, path) for path in PAGES])
    assert counts[0] == counts[1]
    assert max(counts[0]) < 30


PAGES = ("/inspections", "/inspections/plans", "/rectifications", "/accountabilities")


def _asked(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_a_plan_is_drawn_on_its_page_and_can_be_checked_when_it_is_over(
    cast: SimpleNamespace, at: datetime, signed_in: SignIn
) -> None:
    client, today = signed_in(cast.lin_lan), timezone.localdate(at)
    head = Org.objects.get(parent=None)
    data = {"org": head.pk, "name": "二季度飞行检查", "sort": "flight", "visits": 3,
            "first": today + DAY, "last": today + 20 * DAY}  # fmt: skip
    assert client.get("/inspections/plans/new").status_code == 200
    too_many = client.post("/inspections/plans/new", {**data, "visits": 4000})
    assert too_many.status_code == 422 and "少抽几家" in too_many.content.decode()
    done = client.post("/inspections/plans/new", data)
    shown = client.get(done["Location"]).content.decode()
    drawn = InspectionPlan.objects.get()
    assert drawn.inspections.count() == 3 and drawn.digest in shown
    assert str(drawn.seed) not in shown
    for who in (cast.zhou_tao, cast.sun_qian):
        assert signed_in(who).get(done["Location"]).status_code == 404
    assert signed_in(cast.wang_xiuying).get("/inspections/plans").status_code == 403


def test_a_shortcoming_goes_from_echo_to_look_on_its_page(
    one: Inspection, at: datetime, signed_in: SignIn, cast: SimpleNamespace
) -> None:
    found = handed_in(one, at, bad=["channels"])[0]
    client, path = signed_in(cast.li_jianguo), found.get_absolute_url()
    assert "没有公示投诉电话" in client.get(path).content.decode()
    bare = client.post(f"{path}/echo", {"answer": "已经贴好了"})
    assert bare.status_code == 422
    picture = SimpleUploadedFile("墙.png", PNG.content, "image/png")
    assert client.post(f"{path}/echo", {"answer": "已经贴好", "papers": picture}).status_code == 302
    own = client.post(f"{path}/mending", {"look": "visit", "because": "看过了吧"})
    assert own.status_code == 422
    looker = signed_in(cast.lin_lan)
    paper = Attachment.objects.get(subject="shortcoming", subject_id=found.pk)
    assert looker.get(f"{path}/papers/{paper.pk}").status_code == 200
    assert signed_in(cast.gao_xiang).get(f"{path}/papers/{paper.pk}").status_code in (403, 404)
    assert looker.post(
        f"{path}/mending", {"look": "visit", "because": "到场看过"}
    ).status_code == 302  # fmt: skip
    assert signed_in(cast.wang_xiuying).get(path).status_code in (403, 404)


def test_papers_and_photographs_are_downloads_for_whoever_may_see_them(
    one: Inspection, at: datetime, signed_in: SignIn, cast: SimpleNamespace
) -> None:
    handed_in(one, at, bad=["channels"])
    file = one.photos.get().file_id
    manager = signed_in(cast.li_jianguo).get(f"/inspections/{one.pk}/photos/{file}")
    assert manager.status_code == 200 and "attachment" in manager["Content-Disposition"]
    assert "sandbox" in manager["Content-Security-Policy"]
    assert signed_in(cast.gao_xiang).get(f"/inspections/{one.pk}/photos/{file}").status_code in (
        403, 404,
    )  # fmt: skip


def test_a_recording_is_asked_for_in_a_window_that_can_still_be_there(
    one: Inspection, at: datetime, cast: SimpleNamespace
) -> None:
    by, why = one.inspector, "核对销售过程"
    assert by is not None
    day = at - 3 * DAY
    with pytest.raises(CannotAsk, match="以免网点先知道"):
        ask_recording(
            one, camera="二号柜台", since=day, until=day + HOUR, why=why, by=by, at=at
        )  # fmt: skip
    handed_in(one, at)
    for since, until, said in (
        (day, day, "止要晚于起"), (day, at + HOUR, "已经过去"), (day, day + 5 * HOUR, "最多调阅"),
        (at - 91 * DAY, at - 91 * DAY + HOUR, "只保留"),
    ):  # fmt: skip
        with pytest.raises(CannotAsk, match=said):
            ask_recording(one, camera="二号柜台", since=since, until=until, why=why, by=by, at=at)
    with pytest.raises(CannotAsk, match="检查人"):
        ask_recording(
            one, camera="二号柜台", since=day, until=day + HOUR, why=why, by=cast.li_jianguo, at=at
        )
    made = ask_recording(
        one, camera="二号柜台", since=day, until=day + HOUR, why=why, by=by, at=at
    )  # fmt: skip
    with pytest.raises(CannotAsk, match="提供"):
        provide_recording(made, answer="在机房三号盘", by=cast.gao_xiang, at=at)
    provide_recording(made, answer="在机房三号盘", by=cast.li_jianguo, at=at)
    with pytest.raises(CannotAsk, match="已经答复"):
        miss_recording(made, answer="坏了没有录上", by=cast.li_jianguo, at=at)
    with pytest.raises(CannotAsk, match="检查人"):
        see_recording(made, words="没有异常", by=cast.li_jianguo, at=at)
    see_recording(made, words="客户经理说了不保本", by=by, at=at)
    made.refresh_from_db()
    assert made.state == "seen"


def test_the_outlet_that_is_asked_for_a_recording_finds_it_on_its_workbench(
    one: Inspection, at: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    by = one.inspector
    assert by is not None
    since = at - 3 * DAY
    handed_in(one, at)
    ask_recording(
        one, camera="大堂东侧", since=since, until=since + HOUR, why="核对引导", by=by, at=at
    )
    assert "大堂东侧" in signed_in(cast.li_jianguo).get("/").content.decode()
    assert Recording.objects.count() == 1


def test_an_accountability_is_played_through_on_its_pages(
    one: Inspection, at: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    found = handed_in(one, at, bad=["channels"])[0]
    picture = SimpleUploadedFile("墙.png", PNG.content, "image/png")
    signed_in(cast.li_jianguo).post(
        f"{found.get_absolute_url()}/echo", {"answer": "已经贴好", "papers": picture}
    )
    opener = signed_in(cast.lin_lan)
    opener.post(f"{found.get_absolute_url()}/mending", {"look": "visit", "because": "到场看过"})
    new = f"/accountabilities/new?shortcoming={found.pk}"
    assert "李建国" in opener.get(new).content.decode()
    data = {"person": cast.li_jianguo.pk, "measure": "remind", "evidence": "三次抽查都没有公示电话"}
    graver = opener.post(new, {**data, "measure": "discipline"})
    assert graver.status_code == 422 and "升档" in graver.content.decode()
    path = opener.post(new, data)["Location"]
    assert (
        opener.post(f"{path}/decision", {"measure": "remind", "because": "清楚"}).status_code == 403
    )
    person = signed_in(cast.li_jianguo)
    assert person.post(f"{path}/statement", {"words": "我承认管理不到位"}).status_code == 302
    judge = signed_in(cast.zhou_tao)
    assert (
        judge.post(f"{path}/decision", {"measure": "remind", "because": "事实清楚"}).status_code
        == 302
    )
    assert person.post(f"{path}/appeal", {"words": "牌子被装修拆下"}).status_code == 302
    third = signed_in(cast.zheng_gang)
    heard = {"verdict": "set_aside", "measure": "", "because": "装修属实"}
    assert judge.post(f"{path}/hearing", heard).status_code == 403
    assert third.post(f"{path}/hearing", heard).status_code == 302
    assert "撤销原决定" in person.get(path).content.decode()
    assert signed_in(cast.sun_qian).get(path).status_code == 404
    assert signed_in(cast.wang_xiuying).get(path).status_code == 404


def test_what_is_left_out_of_the_worlds_reach_is_not_told(
    one: Inspection, at: datetime, signed_in: SignIn, cast: SimpleNamespace
) -> None:
    marked(one, at)
    assert not Notice.objects.filter(person=cast.li_jianguo, number=str(one.pk)).exists()
    body = signed_in(cast.li_jianguo).get("/inspections").content.decode()
    assert f'/inspections/{one.pk}"' not in body
    other = one.plan.inspections.get(outlet__code=OUTLET_A_NEXT_DOOR)
    assert f'/inspections/{other.pk}"' not in body or other.inspector == cast.li_jianguo


def test_a_telephone_whose_clock_is_slow_is_heard_when_it_saw_what_stands(
    one: Inspection, at: datetime, signed_in: SignIn
) -> None:
    assert one.inspector is not None
    client = signed_in(one.inspector)
    client.post(f"/inspections/{one.pk}/walk", {"mark-greet": "pass"})
    known = str(one.marks.get().key)
    slow = at - timedelta(minutes=5)
    late = told("greet", "fail", slow, words="没有人招呼")
    assert sent(client, one, [late]).json()["stands"]["greet"]["mark"] == "pass"
    answer = sent(client, one, [{**late, "key": str(uuid4()), "replaces": known}])
    assert answer.json()["stands"]["greet"]["mark"] == "fail"


def test_who_came_to_the_outlet_after_the_draw_does_not_inspect_it(
    one: Inspection, at: datetime, signed_in: SignIn
) -> None:
    assert one.inspector is not None
    Post.objects.create(
        person=one.inspector, org=one.outlet, role="outlet_manager",
        since=timezone.localdate(at) - DAY,
    )  # fmt: skip
    answer = sent(signed_in(one.inspector), one, [told("greet", "pass", at)])
    assert answer.status_code == 422 and "不能检查这个网点" in answer.json()["why"]
    assert not one.marks.exists()


def test_words_without_a_mark_are_not_lost_in_silence(one: Inspection, signed_in: SignIn) -> None:
    assert one.inspector is not None
    answer = signed_in(one.inspector).post(
        f"/inspections/{one.pk}/walk", {"words-greet": "没有人招呼"}
    )
    assert answer.status_code == 422 and "请先选" in answer.content.decode()
