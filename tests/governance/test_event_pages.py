"""Who opens which page of an event, what it shows, and what each button does."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sujin.governance.acts.attach_line import attach_line
from sujin.governance.acts.watch_events import watch_events
from sujin.governance.models import Event, FlashReport, Mention
from sujin.knowledge.acts.distribute import distribute
from sujin.knowledge.models import Acknowledgement
from sujin.lab.cast import CAST, OUTLET_A, OUTLET_B
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Person
from tests.governance.test_events import (
    announced,
    complaints,
    history,
    line,
    mention,
    released,
    told,
)

SignIn = Callable[[Person], Client]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
READERS = {
    *("李建国", "陈立", "沈秋", "周涛", "孙倩", "马骏", "何静", "刘洋", "高翔", "宋雅"),
    *("林岚", "郑刚", "吴桐", "钱卫", "田野", "秦兰"),
}


def form(at: datetime, **changes: Any) -> dict[str, Any]:
    return {**told(at), "starts_at": at.strftime("%Y-%m-%dT%H:%M"), **changes}


def at_noon(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    """Pages are asked at a moment of the story."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)


@pytest.fixture
def event(cast: SimpleNamespace, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> Event:
    """Points: announced at noon, its line live an hour later, complaints of both branches."""
    history(noon, weeks=13)
    found = announced(cast, noon, cause=[], customers=1000, customers_by="银行卡部")
    version = released(cast, line(cast, noon), noon + HOUR)
    attach_line(found.requests.get(), version, by=cast.liu_yang, at=noon + HOUR)
    complaints(noon + 5 * HOUR, 4, OUTLET_A)
    complaints(noon + 6 * HOUR, 3, OUTLET_B)
    mention(found, cast, noon, title="积分缩水")
    watch_events(by=system_person(), at=noon + DAY)
    at_noon(monkeypatch, noon + DAY)
    return Event.objects.get(pk=found.pk)


def test_whoever_answers_for_more_than_single_cases_reads_and_nobody_else(
    event: Event, signed_in: SignIn
) -> None:
    pages = [
        reverse("governance:events"), event.get_absolute_url(), reverse("governance:flashes"),
        reverse("governance:mentions"), reverse("governance:event_cases", args=[event.pk]),
    ]  # fmt: skip
    people = Person.objects.filter(staff_no__in=[spec.staff_no for spec in CAST])
    for page in pages:
        allowed = {one.name for one in people if signed_in(one).get(page).status_code == 200}
        assert allowed == READERS, page


def test_every_button_of_those_who_announce_is_refused_to_others(
    event: Event, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    before = event.entries.count()
    verbs = ["announcement", "asking", "mention", "import", "closure", "report"]
    pages = [reverse("governance:event_verb", args=[event.pk, verb]) for verb in verbs]
    pages += [reverse("governance:event_new"), reverse("governance:event_move")]
    pages += [reverse("governance:event_edit", args=[event.pk])]
    for person in (cast.chen_li, cast.qian_wei, cast.wang_xiuying, cast.kong_mingyu, cast.tian_ye):
        client = signed_in(person)
        assert [client.post(page, {}).status_code for page in pages] == [403] * len(pages), person
    # Those who write note what is said outside, and no more.
    codes = [signed_in(cast.zhou_tao).post(page, {}).status_code for page in pages]
    assert codes == [403, 403, 422, 422, 403, 403, 403, 403, 403]
    assert event.entries.count() == before and Event.objects.count() == 1


def test_a_draft_is_seen_by_those_who_announce_alone(
    cast: SimpleNamespace, noon: datetime, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_noon(monkeypatch, noon)
    lin = signed_in(cast.lin_lan)
    wrong = lin.post(reverse("governance:event_new"), form(noon, before_after="只有一格"))
    assert wrong.status_code == 422 and "每行写三格" in wrong.content.decode()
    made = lin.post(reverse("governance:event_new"), form(noon, before_after="有效期｜五年｜三年"))
    assert made.status_code == 302
    event = Event.objects.get()
    assert event.before_after == [{"what": "有效期", "before": "五年", "after": "三年"}]
    assert signed_in(cast.liu_yang).get(event.get_absolute_url()).status_code == 404
    assert event.title not in signed_in(cast.liu_yang).get("/events").content.decode()
    page = lin.get(event.get_absolute_url()).content.decode()
    assert "通报以后" in page and "五年" in page and "口径提前量" not in page
    verb = reverse("governance:event_verb", args=[event.pk, "announcement"])
    assert lin.post(verb, {}).status_code == 422, "nothing by a slip of the hand"
    assert lin.post(verb, {"sure": "on"}).status_code == 302
    assert Event.objects.get().state == "live"
    assert signed_in(cast.liu_yang).get(event.get_absolute_url()).status_code == 200


def test_the_war_room_shows_lead_curve_study_forecast_and_opens_its_cases(
    event: Event, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    client = signed_in(cast.lin_lan)
    page = client.get(event.get_absolute_url())
    body = page.content.decode()
    assert "+4 小时" in body and "口径早于第一件投诉" in body
    assert page.context["room"].received == 7 == page.context["room"].mine
    assert "同类事件只有 0 起" in body and "银行卡部" in body and "积分缩水" in body
    assert '<svg class="event-curve"' in body
    cases = client.get(reverse("governance:event_cases", args=[event.pk]))
    assert cases.context["listing"].count == 7
    day = client.get(reverse("governance:event_cases", args=[event.pk]), {"day": "2026-03-02"})
    assert day.context["listing"].count == 7
    none = client.get(reverse("governance:event_cases", args=[event.pk]), {"day": "2026-03-03"})
    assert none.context["listing"].count == 0
    asking = client.get(
        reverse("governance:event_cases", args=[event.pk]), {"kind": "consultation"}
    )
    assert asking.context["listing"].count == 0


def test_a_branch_opens_its_own_cases_and_is_told_that_there_are_more(
    event: Event, cast: SimpleNamespace, signed_in: SignIn, noon: datetime
) -> None:
    from sujin.complaints.models import Complaint

    for code, outlet in ((cast.zhou_tao, OUTLET_A), (cast.sun_qian, OUTLET_B)):
        org = Org.objects.get(code=outlet)
        seen = list(org.tokens)
        Complaint.objects.filter(origin=org).update(seen_by=seen, desk=org)
        room = signed_in(code).get(event.get_absolute_url()).context["room"]
        assert (room.received, room.mine) == (7, 4 if outlet == OUTLET_A else 3)
    listing = signed_in(cast.sun_qian).get(reverse("governance:event_cases", args=[event.pk]))
    assert listing.context["listing"].count == 3


def test_the_owner_acknowledges_and_attaches_on_the_page(
    cast: SimpleNamespace, noon: datetime, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = announced(cast, noon, lines=["card", "personal"])
    version = released(cast, line(cast, noon), noon)
    at_noon(monkeypatch, noon + HOUR)
    mine = event.requests.get(line="card")
    other = event.requests.get(line="personal")
    liu = signed_in(cast.liu_yang)
    receipt = reverse("governance:event_line", args=[event.pk, mine.pk, "receipt"])
    assert liu.post(receipt).status_code == 302
    assert liu.post(receipt).status_code == 422, "twice is refused aloud"
    foreign = reverse("governance:event_line", args=[event.pk, other.pk, "receipt"])
    assert liu.post(foreign).status_code == 403
    attach = reverse("governance:event_line", args=[event.pk, mine.pk, "version"])
    assert liu.post(attach, {"version": "999999"}).status_code == 422
    page = liu.get(event.get_absolute_url()).content.decode()
    assert f'value="{version.pk}"' in page
    assert liu.post(attach, {"version": str(version.pk)}).status_code == 302
    assert event.requests.get(line="card").live_at == noon + HOUR


def test_mentions_are_imported_on_the_page_and_rejects_are_shown(
    event: Event, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    head, good = "日期,媒体或平台,标题,传播量,倾向", "2026-03-02,甲网,积分说明到位,5,正面"
    rows = "\n".join([head, good, "x,甲网,坏行,1,负面"])
    sent = {"file": SimpleUploadedFile("舆情.csv", rows.encode())}
    address = reverse("governance:event_verb", args=[event.pk, "import"])
    page = signed_in(cast.zhou_tao).post(address, sent)
    assert page.status_code == 422 and "第 3 行" in page.content.decode()
    assert event.mentions.count() == 2
    by_hand = {"on": "2026-03-02", "outlet": "乙网", "title": "中性报道", "readers": 0}
    verb = reverse("governance:event_verb", args=[event.pk, "mention"])
    assert signed_in(cast.zhou_tao).post(verb, {**by_hand, "tone": "neutral"}).status_code == 302
    assert event.mentions.count() == 3


def test_a_mention_of_a_case_is_noted_and_seen_within_reach_alone(
    event: Event, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    from sujin.complaints.models import Complaint

    case = Complaint.objects.filter(origin__code=OUTLET_B).latest("pk")
    case.seen_by = list(case.origin.tokens)
    case.save(update_fields=["seen_by"])
    said = {"case": case.number, "on": "2026-03-02", "outlet": "某网", "title": "乙行的事"}
    said |= {"readers": "3", "tone": "negative"}
    page = reverse("governance:mentions")
    refused = signed_in(cast.zhou_tao).post(page, said)
    assert refused.status_code == 422 and not Mention.objects.filter(complaint=case).exists()
    assert signed_in(cast.chen_li).post(page, said).status_code == 403
    assert signed_in(cast.sun_qian).post(page, said).status_code == 302
    assert "乙行的事" in signed_in(cast.sun_qian).get(page).content.decode()
    assert "乙行的事" not in signed_in(cast.zhou_tao).get(page).content.decode()


def test_the_lines_reading_is_told_branch_by_branch(
    event: Event, cast: SimpleNamespace, noon: datetime, signed_in: SignIn
) -> None:
    version = event.requests.get().version
    assert version is not None
    orgs = list(Org.objects.filter(code__in=["JN", "BC"]))
    until = (noon + 3 * DAY).date()
    made = distribute(version, orgs=orgs, read_by=until, by=cast.lin_lan, at=noon + 2 * HOUR)
    mine = Acknowledgement.objects.get(distribution=made, person=cast.chen_li)
    Acknowledgement.objects.filter(pk=mine.pk).update(read_at=noon, understood_at=noon)
    room = signed_in(cast.lin_lan).get(event.get_absolute_url()).context["room"]
    told = {one.org.code: (one.opened, one.understood) for one in room.branches}
    assert told == {"JN": (1, 1), "BC": (0, 0)}
    assert all(one.people > 1 for one in room.branches)
    hers = signed_in(cast.sun_qian).get(event.get_absolute_url()).context["room"]
    assert [one.org.code for one in hers.branches] == ["BC"]


def test_a_move_on_the_page_opens_an_event_by_itself(
    cast: SimpleNamespace, noon: datetime, signed_in: SignIn
) -> None:
    address = reverse("governance:event_move")
    said = {"product": "稳健一号", "move": "-2.5", "source": "估值系统", "lines": ["wealth"]}
    assert signed_in(cast.lin_lan).post(address, {**said, "move": "x"}).status_code == 422
    assert signed_in(cast.lin_lan).post(address, said).status_code == 302
    assert Event.objects.get().state == "live"


def test_an_event_is_closed_on_the_page_once_its_writer_has_confirmed(
    event: Event, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    address = reverse("governance:event_verb", args=[event.pk, "closure"])
    lin = signed_in(cast.lin_lan)
    assert lin.post(address, {"because": "影响已经消退"}).status_code == 422
    assert lin.post(address, {"because": "影响已经消退", "sure": "on"}).status_code == 302
    closed = Event.objects.get(pk=event.pk)
    assert closed.state == "closed" and closed.closed_at == closed.entries.latest("pk").at
    body = lin.get(event.get_absolute_url()).content.decode()
    assert "结束事件</button>" not in body


def test_the_number_of_queries_does_not_grow_with_the_event(
    event: Event,
    cast: SimpleNamespace,
    noon: datetime,
    signed_in: SignIn,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    client = signed_in(cast.lin_lan)
    first = FlashReport.objects.count()
    for page in (event.get_absolute_url(), reverse("governance:events")):
        client.get(page)
    with django_assert_max_num_queries(45) as small:
        client.get(event.get_absolute_url())
    with django_assert_max_num_queries(20) as short:
        client.get(reverse("governance:events"))
    for nth in range(4):
        announced(cast, noon, title=f"另一件{nth}", lines=["card", "personal"])
        mention(event, cast, noon, outlet=f"网{nth}")
    complaints(noon + 7 * HOUR, 20)
    with django_assert_max_num_queries(len(small.captured_queries)):
        client.get(event.get_absolute_url())
    with django_assert_max_num_queries(len(short.captured_queries)):
        client.get(reverse("governance:events"))
    assert FlashReport.objects.count() == first


def test_a_mention_is_offered_for_the_day_of_the_house_past_midnight(
    event: Event, cast: SimpleNamespace, noon: datetime, signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    late = noon.astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=1) + 2 * DAY
    assert late.astimezone(UTC).date() == late.date() - DAY, "elsewhere it is still yesterday"
    at_noon(monkeypatch, late)
    page = signed_in(cast.lin_lan).get(event.get_absolute_url()).content.decode()
    (field,) = re.findall(r'<input[^>]*name="on"[^>]*>', page)
    assert late.date().isoformat() in field
