"""The pages of finding: what they show, what they remember, what they cost, who may do what."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sujin.knowledge.acts.ask import note_question
from sujin.knowledge.acts.draft import CannotDraft, draft_item
from sujin.knowledge.acts.gather_gaps import gather_gaps
from sujin.knowledge.acts.reward import CannotReward, claim_reward, decide_reward
from sujin.knowledge.acts.withdraw import withdraw
from sujin.knowledge.models import Question, RewardClaim, Usage, Version
from sujin.knowledge.snippets import marked, snippet
from sujin.knowledge.wording import Wording
from sujin.platform.models import Org, Person
from tests.knowledge.conftest import PARTS, Write

SignIn = Callable[[Person], Client]
SCAM = {
    "trick": "冒充领导", "signs": "- [5] 新账号要求付款\n- [4] 催得很急\n- [1] 金额整数",
    "duties": "- 柜员", "counter": "- 请客户回拨", "script": "先打个电话",
}  # fmt: skip
LOCK = {
    "error_code": "R0310 账户冻结", "scene": "有权机关冻结", "kind": "司法冻结",
    "where": "账户综合查询—冻结信息", "lift": "- 联系冻结机关", "script": "我来帮您看",
    "note": "您的账户由有权机关冻结", "documents": "- 身份证",
}  # fmt: skip
GUIDE = {"scene": "排队", "first_minute": "- 安抚", "steps": "- 增开", "script": "您好"}
PHONE = {
    "phone": "021-12345678", "region": "上海", "use": "社保卡咨询", "verified_on": "2026-01-05",
}  # fmt: skip


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def teller(cast: SimpleNamespace, signed_in: SignIn) -> Client:
    return signed_in(cast.wang_xiuying)


def body(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def ask(client: Client, words: str, where: str = "search", **narrow: str) -> str:
    """The page of answers to these words, as the box leads to it."""
    return body(client.post(f"/knowledge/{where}", {"q": words, **narrow}, follow=True))


# Search.


def test_a_teller_finds_the_script_and_sees_why(
    released: Write, teller: Client, now: datetime
) -> None:
    released(at=now, asks=("年费怎么收",))
    page = ask(teller, "年费怎么收")
    assert "匹配：" in page and "<mark>年费</mark>" in page
    assert "您好，我来帮您查。" in page


def test_what_was_typed_comes_back_escaped(teller: Client, released: Write, now: datetime) -> None:
    evil = '<script>alert(1)</script>"><mark>年费'
    released(at=now, title="年费 <b>口径</b>")
    page = ask(teller, evil)
    assert "<script>alert" not in page and "<b>口径" not in page
    assert "&lt;b&gt;" in page


def test_a_search_is_noted_and_so_is_what_was_chosen(
    released: Write, teller: Client, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    version = released(at=now)
    ask(teller, "年费 13812345678")
    question = Question.objects.get()
    assert "13812345678" not in question.words and question.person == cast.wang_xiuying
    assert question.best == version and question.org is not None
    assert teller.head(f"/knowledge/search/{question.pk}").status_code == 200
    chosen = f"/knowledge/search/{question.pk}/{version.pk}"
    assert signed_in(cast.chen_li).get(chosen).status_code == 404
    assert teller.get(chosen).headers["Location"] == "/knowledge/items/card-fee-line"
    question.refresh_from_db()
    assert question.chosen == version
    withdraw(version, because="标准有误", by=cast.zheng_gang, at=now)
    assert teller.get(chosen).status_code == 404


def test_filters_survive_and_what_they_hid_is_offered_as_the_nearest(
    released: Write, teller: Client, now: datetime
) -> None:
    released(at=now)
    page = ask(teller, "信用卡年费口径", form="scenario")
    assert '<option value="scenario" selected>' in page
    assert "已记为缺口" in page and "以下不限体裁和条线" in page and "年费口径" in page
    strange = ask(teller, "年费", form="nonsense")
    assert "selected" not in strange.split("find-narrow")[1].split("</form>")[0]


def test_nothing_found_says_that_it_is_a_gap(teller: Client) -> None:
    page = ask(teller, "火星开户")
    assert "已记为缺口" in page and "换一种说法" in page
    assert "输入客户的原话" in body(teller.get("/knowledge/search"))


def test_a_snippet_marks_the_words_where_they_stand(released: Write, now: datetime) -> None:
    version = released(at=now)
    pieces = snippet(version, ["年费", "合约"])
    assert "".join(piece.text for piece in pieces) == "年费按领用合约收取。"
    assert [piece.text for piece in pieces if piece.is_hit] == ["年费", "合约"]
    assert [(one.text, one.is_hit) for one in marked("ＡＴＭ 吞卡", ["atm"])] == [
        ("ＡＴＭ", True), (" 吞卡", False),
    ]  # fmt: skip
    assert marked("年费", []) == marked("年费", ["  "])


@pytest.mark.parametrize(
    "address",
    ["/knowledge/search/年费", "/knowledge/restrictions/R0310", "/knowledge/scams",
     "/knowledge/directory", "/knowledge/rewards", "/knowledge/gaps", "/"],
)  # fmt: skip
def test_a_page_costs_the_same_however_much_there_is(
    address: str,
    released: Write,
    cast: SimpleNamespace,
    signed_in: SignIn,
    now: datetime,
) -> None:
    reader = signed_in(cast.liu_yang if "gaps" in address else cast.wang_xiuying)
    box, _slash, words = address.removeprefix("/knowledge/").partition("/")
    if words:
        address = reader.post(f"/knowledge/{box}", {"q": words}).headers["Location"]
    costs = []
    for batch in range(3):
        for form, parts in (
            ("line", PARTS), ("restriction", LOCK), ("scam", SCAM), ("contact", PHONE),
            ("guide", GUIDE),
        ):  # fmt: skip
            version = released(f"{form}-{batch}", form=form, parts=parts, at=now)
            if form == "scam":
                _claimed(version, cast, now)
        _asked(f"没有答案的问题{batch}", cast.chen_li, now)
        gather_gaps(at=now)
        reader.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert reader.get(address).status_code == 200
        costs.append(len(asked))
    assert costs[0] >= costs[1] == costs[2], costs


def _claimed(version: Version, cast: SimpleNamespace, now: datetime) -> RewardClaim:
    return claim_reward(
        version.item, org=Org.objects.get(code="JN-01-01-01"), happened_on=timezone.localdate(now),
        amount=Decimal(50_000), story="客户电话 13812345678，劝住了", by=cast.wang_xiuying, at=now,
    )  # fmt: skip


def _asked(words: str, person: Person, now: datetime) -> Question:
    post = person.posts.first()
    return note_question(
        words, surface="staff", found=0, confidence=0.0, best=None, by=person, at=now,
        org=post.org if post else None,
    )  # fmt: skip


def test_no_words_stand_in_an_address_and_no_number_is_kept(
    released: Write, teller: Client, now: datetime
) -> None:
    released(at=now)
    pasted = "客户说 6222021234567890123 年费\0 账号 4444 5555 6666 1，提示R0301"
    for box in ("search", "restrictions"):
        answer = teller.post(f"/knowledge/{box}", {"q": pasted, "form": "line", "line": "x"})
        question = Question.objects.get()
        kept = "?form=line" if box == "search" else ""
        assert answer.headers["Location"] == f"/knowledge/{box}/{question.pk}{kept}"
        page = body(teller.get(answer.headers["Location"]))
        for number in ("6222021234567890123", "4444 5555 6666", "444455556666"):
            assert number not in page and number not in question.words
        assert "R0301" in question.words and "年费" in page
    half = "问" * 190 + "6222021234567890123"
    teller.post("/knowledge/search", {"q": half})
    assert "62220212" not in Question.objects.latest("pk").words


@pytest.mark.parametrize("address", ["/knowledge", "/knowledge/search", "/knowledge/restrictions"])
def test_every_box_sends_its_words_in_the_body(teller: Client, address: str) -> None:
    page = body(teller.get(address, {"q": "年费"}))
    boxes = [form for form in page.split("<form ")[1:] if "/knowledge/" in form.split(">")[0]]
    boxes = [form for form in boxes if 'name="q"' in form.split("</form>")[0]]
    assert len(boxes) == 2
    assert all('method="post"' in form.split(">")[0] for form in boxes)
    assert all("csrfmiddlewaretoken" in form.split("</form>")[0] for form in boxes)
    assert not Question.objects.exists()


def test_a_question_is_its_askers_alone(
    released: Write, teller: Client, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    released(at=now)
    ask(teller, "年费")
    question = Question.objects.get()
    for box in ("search", "restrictions"):
        address = f"/knowledge/{box}/{question.pk}"
        assert teller.get(address).status_code == 200
        assert signed_in(cast.chen_li).get(address).status_code == 404
        assert signed_in(cast.lin_lan).get(address).status_code == 404
    Question.objects.update(surface="assist")
    assert teller.get(f"/knowledge/search/{question.pk}").status_code == 404


def test_only_what_was_shown_to_a_question_can_be_chosen_for_it(
    released: Write, teller: Client, now: datetime
) -> None:
    released(at=now)
    other = {"background": "甲", "answer": "完全无关", "script": "乙", "dont_say": "- 丙"}
    strange = released("unrelated", at=now, title="别的", parts=other)
    ask(teller, "年费")
    question = Question.objects.get()
    assert teller.get(f"/knowledge/search/{question.pk}/{strange.pk}").status_code == 404
    question.refresh_from_db()
    assert question.chosen is None


# Restrictions.


def test_a_code_answers_everything_and_the_note_holds_only_what_may_be_quoted(
    released: Write, teller: Client, now: datetime
) -> None:
    released("r0310", form="restriction", parts=LOCK, title="司法冻结", at=now)
    page = ask(teller, "r0310", "restrictions")
    for told in ("司法冻结", "账户综合查询", "联系冻结机关", "我来帮您看"):
        assert told in page
    printed = "/knowledge/restrictions/r0310/note"
    note = body(teller.get(printed))
    assert not Usage.objects.filter(way="used").exists()
    assert teller.post(printed).headers["Location"] == printed
    assert "您的账户由有权机关冻结" in note and "联系冻结机关" in note
    assert "账户综合查询" not in note and "我来帮您看" not in note and "R0310" not in note
    assert Usage.objects.filter(way="used").count() == 1
    assert teller.get("/knowledge/restrictions/r9999/note").status_code == 404


# Scams.


def test_ticked_signs_give_the_call_and_what_to_do(
    released: Write, teller: Client, now: datetime
) -> None:
    version = released("scam-boss", form="scam", parts=SCAM, title="冒充领导", at=now)
    asked = body(teller.get("/knowledge/scams"))
    assert "新账号要求付款" in asked and "金额整数" not in asked
    one = body(teller.get("/knowledge/scams", {"type": "scam-boss"}))
    assert "金额整数" in one and "勾选要点后" in one
    ticked = {"type": "scam-boss", "s": [f"{version.pk}-0", f"{version.pk}-1", "x", "9-9"]}
    high = body(teller.get("/knowledge/scams", ticked))
    assert not Usage.objects.filter(way="used").exists()
    assert "风险高" in high and "请客户回拨" in high and "先打个电话" in high
    medium = body(teller.get("/knowledge/scams", {"s": f"{version.pk}-0"}))
    assert "有疑点" in medium


def test_a_claim_is_decided_by_the_desk_that_answers_and_never_by_oneself(
    released: Write, teller: Client, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    released("scam-boss", form="scam", parts=SCAM, title="冒充领导", at=now)
    given = {"scam": "scam-boss", "happened_on": f"{timezone.localdate(now)}", "amount": "50000",
             "story": "客户 13812345678 要转账，劝住了"}  # fmt: skip
    assert teller.post("/knowledge/rewards", given).status_code == 302
    claim = RewardClaim.objects.get()
    assert Usage.objects.filter(way="used", version__item=claim.scam).count() == 1
    assert "13812345678" not in claim.story and claim.entries.count() == 1
    decision = f"/knowledge/rewards/{claim.pk}/decision"
    granted = {"granted": "yes", "because": "录像属实"}
    assert teller.post(decision, granted).status_code == 403
    assert signed_in(cast.sun_qian).post(decision, granted).status_code == 404
    assert "录像属实" not in body(signed_in(cast.chen_li).get("/knowledge/rewards"))
    assert signed_in(cast.liu_yang).post(decision, granted).status_code == 302
    claim.refresh_from_db()
    assert (claim.state, claim.decided_by, claim.because) == ("granted", cast.liu_yang, "录像属实")
    assert claim.replay().items() <= {
        "state": "granted", "decided_by_id": cast.liu_yang.pk, "because": "录像属实"
    }.items()  # fmt: skip
    assert "录像属实" in body(teller.get("/knowledge/rewards"))
    with pytest.raises(CannotReward, match="已经"):
        decide_reward(claim, granted=False, because="再想想", by=cast.liu_yang, at=now)


def test_nobody_grants_the_own_reward_nor_one_of_tomorrow(
    released: Write, cast: SimpleNamespace, now: datetime
) -> None:
    version = released("scam-boss", form="scam", parts=SCAM, at=now)
    claim = _claimed(version, cast, now)
    with pytest.raises(CannotReward, match="自己"):
        decide_reward(claim, granted=True, because="好", by=cast.wang_xiuying, at=now)
    with pytest.raises(CannotReward, match="理由"):
        decide_reward(claim, granted=True, because=" ", by=cast.liu_yang, at=now)
    with pytest.raises(CannotReward, match="今天"):
        claim_reward(
            version.item, org=claim.org, happened_on=timezone.localdate(now) + timedelta(days=1),
            amount=Decimal(1), story="x", by=cast.wang_xiuying, at=now,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        RewardClaim.objects.filter(pk=claim.pk).update(decided_by=cast.wang_xiuying, because="x")


# The directory.


def test_a_number_holds_until_its_day_and_longer_once_it_was_rung_again(
    released: Write, teller: Client, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    soon = now + timedelta(days=2)
    version = released("tel", form="contact", parts=PHONE, title="社保热线", at=now, valid_to=soon)
    page = body(teller.get("/knowledge/directory"))
    assert "021-12345678" in page and "2026-01-05" in page and "再次核实" not in page
    assert "021-12345678" not in body(teller.get("/knowledge/directory", {"region": "北京"})) or (
        "没有“北京”这一项" in body(teller.get("/knowledge/directory", {"region": "北京"}))
    )
    verify = "/knowledge/directory/tel/verification"
    assert teller.post(verify, {"because": "已拨通"}).status_code == 403
    # Liu Yang wrote it: somebody else of the desk or above has rung the number.
    owner = signed_in(cast.zheng_gang)
    assert "再次核实" in body(owner.get("/knowledge/directory"))
    assert owner.post(verify, {"because": "已拨通"}).status_code == 302
    version.refresh_from_db()
    assert version.valid_to is not None and version.valid_to > now + timedelta(days=150)
    assert f"{timezone.localdate(now)}" in body(teller.get("/knowledge/directory"))


def test_a_number_past_its_day_is_not_served(
    released: Write, teller: Client, now: datetime
) -> None:
    ago = now - timedelta(days=9)
    released("tel", form="contact", parts=PHONE, at=ago, valid_to=now - timedelta(days=1))
    assert "021-12345678" not in body(teller.get("/knowledge/directory"))


# Gaps.


def test_what_nobody_answered_becomes_a_draft_with_the_words_of_the_askers(
    cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    for words, person in (
        ("数字钱包怎么注销", cast.wang_xiuying),
        ("注销数字钱包", cast.chen_li),
        ("外币能存吗", cast.zhao_min),
    ):
        _asked(words, person, now)
    gather_gaps(at=now)
    owner = signed_in(cast.liu_yang)
    page = owner.get("/knowledge/gaps")
    first, second = page.context["gaps"]
    assert (first.n, second.n) == (2, 1) and first.weekly[-1] == 2
    given = {"question": first.questions[0], "form": "scenario", "line": "card"}
    assert owner.post("/knowledge/gaps", given).status_code == 302
    made = Version.objects.get(state="draft")
    assert set(made.asks) == {"数字钱包怎么注销", "注销数字钱包"}
    assert Question.objects.filter(answered_by=made.item.code).count() == 2
    assert [gap.title for gap in owner.get("/knowledge/gaps").context["gaps"]] == ["外币能存吗"]


def test_who_comes_second_to_a_gap_is_told_so(
    cast: SimpleNamespace, signed_in: SignIn, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = _asked("数字钱包怎么注销", cast.wang_xiuying, now)
    gather_gaps(at=now)
    given = {"question": question.pk, "form": "scenario", "line": "card"}
    owner = signed_in(cast.liu_yang)
    assert owner.post("/knowledge/gaps", given).status_code == 302
    assert "已有人在起草" in body(owner.post("/knowledge/gaps", given, follow=True))
    made = Version.objects.get().item
    # Both looked whether the code is free before either had taken it.
    monkeypatch.setattr(QuerySet, "exists", lambda rows: False)
    taken = Wording(made.code, "scenario", "card", "数字钱包", {}, (), {})
    with pytest.raises(CannotDraft, match="已经有了"):
        draft_item(taken, owner=made.owner, by=cast.liu_yang, at=now)


def test_gaps_are_gathered_apart_from_the_page_and_paged(
    cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    for nth in range(35):
        _asked(f"{chr(0x5000 + 7 * nth)}{chr(0x6000 + 11 * nth)}", cast.wang_xiuying, now)
    owner = signed_in(cast.liu_yang)
    early = owner.get("/knowledge/gaps")
    assert early.context["count"] == 0
    assert "还没有归类：有 35 句" in body(early) and "都有答案" not in body(early)
    gather_gaps(at=now)
    gather_gaps(at=now)
    first = owner.get("/knowledge/gaps")
    second = owner.get("/knowledge/gaps", {"page": "2"})
    assert (first.context["count"], len(first.context["gaps"])) == (35, 30)
    assert len(second.context["gaps"]) == 5 and 'rel="next"' in body(first)


def test_gaps_are_for_those_who_write_and_a_branch_sees_its_own(
    teller: Client, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    assert teller.get("/knowledge/gaps").status_code == 403
    _asked("江南的事", cast.wang_xiuying, now)
    gather_gaps(at=now)
    seen = {
        person.name: [gap.title for gap in signed_in(person).get("/knowledge/gaps").context["gaps"]]
        for person in (cast.zhou_tao, cast.sun_qian, cast.lin_lan)
    }
    assert seen == {"周涛": ["江南的事"], "孙倩": [], "林岚": ["江南的事"]}
    assert "都有答案" in body(signed_in(cast.sun_qian).get("/knowledge/gaps"))


def test_what_was_answered_or_chosen_is_no_gap(
    released: Write, teller: Client, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    version = released(at=now)
    ask(teller, "年费")
    question = Question.objects.get()
    Question.objects.update(confidence=0.0)
    assert gather_gaps(at=now + timedelta(hours=1)) > 0
    teller.get(f"/knowledge/search/{question.pk}/{version.pk}")
    assert gather_gaps(at=now + timedelta(hours=1)) == 0
    assert signed_in(cast.liu_yang).get("/knowledge/gaps").context["gaps"] == []


# The desk of an outlet.


def test_an_outlet_has_the_guides_on_its_desk_and_nobody_else(
    released: Write, teller: Client, cast: SimpleNamespace, signed_in: SignIn, now: datetime
) -> None:
    released("guide-queue", form="guide", parts=GUIDE, title="排队太长", at=now)
    assert "/knowledge/items/guide-queue" in body(teller.get("/"))
    assert "guide-queue" not in body(signed_in(cast.liu_yang).get("/"))
