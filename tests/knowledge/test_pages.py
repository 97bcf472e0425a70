"""Who reads what, who may do what, and that a page costs the same however much there is."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sujin.knowledge.acts.edit import edit
from sujin.knowledge.acts.note_usage import note_usage
from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.submit import submit
from sujin.knowledge.acts.withdraw import withdraw
from sujin.knowledge.models import Usage, Version
from sujin.platform.models import Org, Person
from tests.knowledge.conftest import PARTS, Write

SignIn = Callable[[Person], Client]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def test_a_teller_reads_what_is_released_and_is_noted_once(
    released: Write, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    version = released(at=now)
    teller = signed_in(cast.wang_xiuying)
    for _time in range(2):
        page = teller.get("/knowledge/items/card-fee-line")
        assert page.status_code == 200 and "年费按领用合约收取" in page.content.decode()
    assert Usage.objects.filter(version=version, person=cast.wang_xiuying, way="read").count() == 1


def test_a_draft_is_not_there_for_a_teller(
    drafted: Write, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    drafted(at=now)
    teller = signed_in(cast.wang_xiuying)
    assert teller.get("/knowledge/items/card-fee-line").status_code == 404
    assert teller.get("/knowledge/items/card-fee-line/versions/1").status_code == 404
    assert "年费" not in teller.get("/knowledge").content.decode()
    owner = signed_in(cast.liu_yang)
    assert owner.get("/knowledge/items/card-fee-line/versions/1").status_code == 200


def test_what_was_withdrawn_says_so_where_it_was(
    released: Write, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    version = released(at=now)
    withdraw(version, because="标准有误", by=cast.zheng_gang, at=now)
    teller = signed_in(cast.wang_xiuying)
    page = teller.get("/knowledge/items/card-fee-line").content.decode()
    assert "没有有效的版本" in page and "年费按领用合约收取" not in page
    told = teller.get(f"/knowledge/standing?v={version.pk}&v=x&v=999999999999999999").json()
    assert [one["version"] for one in told["fallen"]] == [version.pk]


def test_a_branch_does_not_read_what_another_branch_keeps_for_itself(
    released: Write, drafted: Write, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    branch = Org.objects.get(code="BC")
    version = released(at=now, orgs=[branch.pk])
    here, there = signed_in(cast.chen_li), signed_in(cast.ma_jun)
    assert here.get("/knowledge/items/card-fee-line").status_code == 404
    assert here.get("/knowledge/items/card-fee-line/versions/1").status_code == 404
    assert there.get("/knowledge/items/card-fee-line").status_code == 200
    fallen = here.get(f"/knowledge/standing?v={version.pk}").json()["fallen"]
    assert [one["title"] for one in fallen] == [""], "and no word of it"


def test_why_something_ended_is_told_to_those_for_whom_it_was_and_to_nobody_else(
    released: Write, drafted: Write, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    """What another branch had, a draft and what there never was look the same from outside."""
    foreign, draft = drafted("bc-only", at=now), drafted("in-work", at=now)
    edit(foreign, {"orgs": [Org.objects.get(code="BC").pk]}, by=cast.liu_yang, at=now)
    submit(foreign, by=cast.liu_yang, at=now)
    release(foreign, by=cast.zheng_gang, at=now)
    ours = released(at=now)
    for version in (foreign, ours):
        withdraw(version, because="内部原因", by=cast.zheng_gang, at=now)
    asked = f"v={foreign.pk}&v={draft.pk}&v=987654321&v={ours.pk}"
    told = signed_in(cast.wang_xiuying).get(f"/knowledge/standing?{asked}").json()["fallen"]
    why = {one["version"]: (one["why"], one["title"]) for one in told}
    assert why.pop(ours.pk) == ("已撤回，请勿再用：内部原因", "")
    assert set(why) == {foreign.pk, draft.pk, 987654321}
    assert set(why.values()) == {("请勿再用", "")}
    there = signed_in(cast.ma_jun).get(f"/knowledge/standing?{asked}").json()["fallen"]
    assert any("内部原因" in one["why"] for one in there if one["version"] == foreign.pk)


def test_how_often_it_was_used_is_counted_by_the_database(
    released: Write, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    version = released(at=now)
    for case in range(5):
        note_usage([version], "used", by=cast.chen_li, at=now, case=case)
    teller = signed_in(cast.wang_xiuying)
    with CaptureQueriesContext(connection) as asked:
        page = teller.get("/knowledge/items/card-fee-line")
    assert [n for _label, n in page.context["used"]] == [0, 1, 5, 0]
    of_it = [one["sql"] for one in asked if '"knowledge_usage"."version_id" =' in one["sql"]]
    assert of_it and all("COUNT(" in sql for sql in of_it)


@pytest.mark.parametrize("verb", ["submission", "release", "return", "withdrawal", "wording"])
def test_who_has_no_part_in_it_does_nothing_to_it(
    drafted: Write, cast: SimpleNamespace, signed_in: SignIn, now: datetime, verb: str
) -> None:
    drafted(at=now)
    for person in (cast.wang_xiuying, cast.he_jing, cast.qian_wei):
        answer = signed_in(person).post(f"/knowledge/items/card-fee-line/versions/1/{verb}")
        assert answer.status_code in {403, 404}, person
    assert Version.objects.get().state == "draft"


def test_the_whole_way_through_the_pages(
    bank: None, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    """Liu Yang writes, Zheng Gang sends it back, then releases; both see only what they may do."""
    writer, boss = signed_in(cast.liu_yang), signed_in(cast.zheng_gang)
    given = {"title": "补发新卡口径", "code": "card-reissue", "line": "card"}
    assert writer.post("/knowledge/items/new/line", given).status_code == 302
    here = "/knowledge/items/card-reissue/versions/1"
    empty = writer.post(f"{here}/submission")
    assert empty.status_code == 422 and "还没有写" in empty.content.decode()
    words = {f"part-{code}": said for code, said in PARTS.items()}
    form = {"title": "补发新卡口径", "asks": "新卡怎么还没到", "surfaces": ["staff"], **words}
    assert writer.post(f"{here}/wording", form).status_code == 302
    assert writer.post(f"{here}/submission").status_code == 302
    assert "release" not in writer.get(here).content.decode()
    assert boss.post(f"{here}/return", {"return-because": "写短些"}).status_code == 302
    assert writer.post(f"{here}/wording", {**form, "title": "补卡口径"}).status_code == 302
    assert writer.post(f"{here}/submission").status_code == 302
    assert boss.post(f"{here}/release").status_code == 302
    page = signed_in(cast.wang_xiuying).get("/knowledge/items/card-reissue").content.decode()
    assert "补卡口径" in page


def test_the_pages_ask_the_database_no_more_for_more(
    released: Write, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    reader = signed_in(cast.liu_yang)
    paths = ["/knowledge", "/knowledge/care?state=released", "/knowledge/items/item-0"]

    def count() -> list[int]:
        told = []
        for path in paths:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert reader.get(path).status_code == 200
            told.append(len(asked))
        return told

    released("item-0", at=now)
    count()
    few = count()
    for nth in range(1, 12):
        released(f"item-{nth}", at=now)
    # The first to ask after a release has the index made anew.
    count()
    assert count() == few


def test_a_submitted_wording_shows_what_changed(
    released: Write, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    version = released(at=now)
    writer = signed_in(cast.liu_yang)
    asked = writer.post(f"/knowledge/items/{version.item.code}/versions", {"because": "改标准"})
    assert asked.status_code == 302
    here = asked["Location"]
    words = {f"part-{code}": said for code, said in {**PARTS, "script": "请您稍等。"}.items()}
    form = {"title": version.title, "surfaces": ["staff"], **words}
    assert writer.post(f"{here}/wording", form).status_code == 302
    submit(Version.objects.get(number=2), by=cast.liu_yang, at=now)
    page = signed_in(cast.zheng_gang).get(here).content.decode()
    assert "<del>您好，我来帮您查。</del>" in page and "<ins>请您稍等。</ins>" in page


def test_an_old_version_is_a_heading_without_text_for_who_does_not_care_for_it(
    released: Write, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    version = released(at=now)
    withdraw(version, because="有误", by=cast.zheng_gang, at=now)
    here = "/knowledge/items/card-fee-line/versions/1"
    teller = signed_in(cast.wang_xiuying).get(here).content.decode()
    assert "年费按领用合约收取" not in teller and "不供使用" in teller
    assert "年费按领用合约收取" in signed_in(cast.liu_yang).get(here).content.decode()
