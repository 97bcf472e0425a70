"""A customer's words find what the house knows, and a forbidden item is never told."""

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin import packs
from sujin.engine import retrieval_query
from sujin.engine.retrieval import Doc, Field, Hit, Index, Learned
from sujin.engine.retrieval_confidence import confidences
from sujin.engine.synonyms import Synonyms, read_rows
from sujin.engine.tables import BadTable

SYNONYMS = read_rows(packs.rows("cn_bank", "knowledge/synonyms"))
FROZEN, REPAY, FEE, SWALLOWED, CODE, RECORD, INHERIT, HOURS = range(101, 109)
TEXTS = {
    FROZEN: (
        "账户被冻结怎么处理",
        "账户冻结分为司法冻结和风险管控两种，请持身份证到网点核实后解冻。",
    ),
    REPAY: (
        "提前还款的预约和违约金",
        "个人住房贷款提前还款请提前一个月预约，是否收取违约金看合同。",
    ),
    FEE: ("信用卡年费减免", "一年内刷满六笔，次年的年费减免；没有刷满的按标准收取手续费。"),
    SWALLOWED: ("柜员机吞卡", "自动柜员机吞卡后，请于三个工作日内凭证件到所属网点领取。"),
    CODE: ("手机银行报错E1234", "出现错误代码E1234时，请更新证书后重新登录，仍不成功请联系客服。"),
    RECORD: ("征信异议", "对征信报告有异议的，可以提出更正，银行在二十日内核查并回复。"),
    INHERIT: (
        "亲人去世后存款怎么取",
        "小额存款继承可以不办公证，请继承人带证件和亲属关系证明办理。",
    ),
    HOURS: ("网点营业时间", "各网点的营业时间请在手机银行查询，周末是否营业以公告为准。"),
}
DOCS = [Doc(key, title, (Field(text, 1.0),)) for key, (title, text) in TEXTS.items()]
CHARACTERS = st.characters(codec="utf-8")
WORDS = st.lists(
    st.sampled_from(
        ["冻结", "还款", "年费", "征信", "网点", "E1234", "的", "怎么办", "😀", "锁了"]
    ),
    max_size=6,
)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(DOCS, synonyms=SYNONYMS)


@pytest.fixture(scope="module")
def without_synonyms() -> Index:
    return Index.build(DOCS, synonyms=Synonyms())


def first(index: Index, query: str) -> int | None:
    hits = index.search(query)
    return hits[0].key if hits else None


def keys(hits: tuple[Hit, ...]) -> list[int]:
    return [hit.key for hit in hits]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("帐户动结了怎么办", FROZEN),  # sounds alike, twice
        ("正信有问题想改", RECORD),
        ("年废能不能免", FEE),
        ("前提还款", REPAY),  # swapped
        ("营时间", HOURS),  # one left out
        ("咔被机器吞咔", SWALLOWED),  # looks alike
        ("请问卡被锁了怎么弄", FROZEN),  # expressions
        ("房贷想一次结清", REPAY),
        ("取款机吃卡", SWALLOWED),
        ("爹老汉过世了钱咋个取", INHERIT),  # dialect
        ("帳戶凍結", FROZEN),  # traditional
        ("提前還款違約金", REPAY),
        ("Ｅ１２３４", CODE),  # full width
        ("e-1234是啥", CODE),
        ("E 1234", CODE),
    ],
)
def test_what_a_customer_writes_finds_what_she_means(index: Index, asked: str, meant: int) -> None:
    assert first(index, asked) == meant


@pytest.mark.parametrize("asked", ["卡被锁了", "刷机器吃卡", "折子本人过世"])
def test_without_the_expressions_their_bridge_is_gone(
    index: Index, without_synonyms: Index, asked: str
) -> None:
    """The known-bad control of expressions: with them, and only with them, a bridge is told."""
    bridged = [why for hit in index.search(asked) for why in hit.because if why.asked != why.found]
    assert bridged
    plain = without_synonyms.search(asked)
    assert not [why for hit in plain for why in hit.because if why.asked != why.found]


def test_expressions_alone_find_it_and_without_them_nothing_does() -> None:
    doc = Doc(1, "账户冻结", (Field("请到柜台申请解除。", 1.0),))
    groups = Synonyms.of([["冻结", "锁了"]])
    assert keys(Index.build([doc], synonyms=groups).search("锁了")) == [1]
    assert Index.build([doc], synonyms=Synonyms()).search("锁了") == ()


def test_a_slip_alone_finds_it_and_without_bridging_nothing_does(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert first(index, "懂节") == FROZEN
    monkeypatch.setattr(retrieval_query, "meant", lambda *_: [])
    assert first(index, "懂节") is None


def test_another_code_is_not_taken_for_the_code(index: Index) -> None:
    assert CODE not in keys(index.search("E1235"))


def test_a_question_in_figures_meets_the_number_in_characters(index: Index) -> None:
    assert first(index, "20日内回复吗") == RECORD


def test_the_reasons_name_both_sides_and_their_shares(index: Index) -> None:
    hit = index.search("卡被锁了，动结多久")[0]
    told = {why.asked: why.found for why in hit.because}
    assert told["动结"] == "冻结"
    assert told["被锁"] == "冻结" or told["锁了"] == "冻结"
    assert 1 <= len(hit.because) <= 5
    shares = [why.share for why in hit.because]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1 + 1e-6


@given(words=WORDS, allowed=st.lists(st.booleans(), min_size=8, max_size=8))
@settings(max_examples=60, deadline=None)
def test_what_is_not_allowed_is_never_found(words: list[str], allowed: list[bool]) -> None:
    index = _INDEX
    found = keys(index.search(" ".join(words), allowed=np.array(allowed)))
    assert set(found) <= {doc.key for doc, may in zip(DOCS, allowed, strict=True) if may}
    everything = keys(index.search(" ".join(words)))
    assert found == [key for key in everything if key in found]


def test_a_forbidden_document_does_not_make_the_answer_surer(index: Index) -> None:
    mask = np.array([doc.key != FROZEN for doc in DOCS])
    assert FROZEN not in keys(index.search("账户冻结", allowed=mask))
    assert not index.search("账户冻结", allowed=np.zeros(len(DOCS), np.bool_))


@given(text=st.text(CHARACTERS, max_size=80))
@settings(max_examples=80, deadline=None)
def test_whatever_is_typed_gets_the_same_clean_answer_twice(text: str) -> None:
    hits = _INDEX.search(text)
    assert hits == _INDEX.search(text)
    assert all(0 <= hit.confidence <= 1 and hit.score > 0 for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("asked", ["", "  ", "😀🎉", "。，！？", "\x00\u200b", "zzzz"])
def test_what_says_nothing_finds_nothing(index: Index, asked: str) -> None:
    assert index.search(asked) == ()


def test_chatter_alone_is_answered_without_confidence(index: Index) -> None:
    assert all(hit.confidence < 0.5 for hit in index.search("请问一下怎么办呢谢谢"))


def test_an_index_of_nothing_answers_nothing() -> None:
    assert Index.build([], synonyms=SYNONYMS).search("冻结") == ()
    assert Index.build([Doc(1, "", ())], synonyms=SYNONYMS).search("冻结") == ()
    with pytest.raises(ValueError, match="same key"):
        Index.build([DOCS[0], DOCS[0]], synonyms=SYNONYMS)


def test_a_book_costs_no_more_than_a_page(index: Index) -> None:
    page, book = "懂节的卡被锁了怎么办啊，" * 80, "懂节的卡被锁了怎么办啊，" * 9000

    def spent(text: str) -> float:
        index.search(text)
        started = time.process_time()
        for _ in range(5):
            index.search(text)
        return time.process_time() - started

    assert spent(book) < 3 * spent(page) + 0.05


def test_what_was_chosen_lifts_an_item_for_like_questions_and_for_no_others() -> None:
    plain = Index.build(DOCS, synonyms=SYNONYMS)
    chosen = [Learned("网点卡被冻结", HOURS, 40.0)]
    taught = Index.build(DOCS, synonyms=SYNONYMS, learned=chosen)
    assert first(plain, "网点卡被冻结") == FROZEN
    assert first(taught, "网点卡被冻结") == HOURS
    assert taught.search("网点卡被冻结")[0].because[0].found == "网点卡被冻结"
    for other in ("征信异议", "年费减免", "提前还款", "吞卡"):
        assert taught.search(other) == plain.search(other)


def test_a_thousand_choices_weigh_hardly_more_than_fifty() -> None:
    def score(weight: float) -> float:
        learned = [Learned("征信异议", HOURS, weight)]
        hits = Index.build(DOCS, synonyms=SYNONYMS, learned=learned).search("征信异议")
        return next(hit.score for hit in hits if hit.key == HOURS)

    assert score(1000) < 1.1 * score(50)
    assert score(50) > 1.3 * score(1)


def test_a_popular_item_does_not_win_where_another_was_chosen() -> None:
    many = [Learned(f"问题{n}卡号{n}", HOURS, 500.0) for n in range(40)]
    index = Index.build(DOCS, synonyms=SYNONYMS, learned=[*many, Learned("征信", RECORD, 1.0)])
    assert first(index, "征信有异议") == RECORD
    assert first(index, "账户冻结") == FROZEN
    assert (
        Index.build(DOCS, synonyms=SYNONYMS, learned=[Learned("征信", 999, 9.0)]).learned_queries
        == ()
    )


def test_asks_find_an_item_in_the_customers_own_words() -> None:
    plain = Index.build(DOCS, synonyms=Synonyms())
    asked = [replace(doc, asks=("票子拿不出来",)) if doc.key == FROZEN else doc for doc in DOCS]
    assert first(plain, "票子拿不出来哦") != FROZEN
    assert first(Index.build(asked, synonyms=Synonyms()), "票子拿不出来哦") == FROZEN


def test_a_part_of_no_weight_is_not_searched() -> None:
    doc = Doc(1, "年费", (Field("刷六次免年费", 1.0), Field("别说蝴蝶", 0.0)))
    assert Index.build([doc], synonyms=SYNONYMS).search("蝴蝶") == ()


def test_the_surer_the_further_ahead_and_the_more_is_covered() -> None:
    assert confidences(1.0, [1.0, 0.2])[0] > confidences(1.0, [1.0, 0.9])[0]
    assert confidences(0.9, [1.0, 0.5])[0] > confidences(0.2, [1.0, 0.5])[0]
    assert confidences(0.05, [0.1])[0] < 0.3
    assert sum(confidences(0.5, [1.0, 0.9, 0.9, 0.8])) <= 1
    assert confidences(0.0, []) == ()


def test_ten_thousand_documents_answer_in_milliseconds() -> None:
    index = Index.build(list(_many(10_000)), synonyms=SYNONYMS)
    asked = ["卡被锁了怎么办", "提前还款要多少违约金，我想这个月就还", "正信异议", "E1234"] * 25
    index.search(asked[0])
    spent = []
    for query in asked:
        started = time.process_time()
        index.search(query)
        spent.append(time.process_time() - started)
    # The figure claimed is 5 ms; several runs share this machine.
    assert np.percentile(spent, 95) <= 0.025


def test_the_banks_expressions_are_many_and_each_in_order() -> None:
    assert len(SYNONYMS.groups) >= 150
    good = {"row": "y1", "words": "冻结|锁了", "kind": "same"}
    assert read_rows([good]).groups == (("冻结", "锁了"),)
    for wrong in ({"words": "冻结"}, {"words": "冻结||锁了"}, {"words": "凍結|冻结"}):
        with pytest.raises(BadTable, match="column words"):
            read_rows([good | wrong])
    with pytest.raises(BadTable, match="column kind"):
        read_rows([good | {"kind": "slang"}])


def _many(size: int) -> list[Doc]:
    chance = np.random.default_rng(5)
    pool = "".join(title + text for title, text in TEXTS.values())
    docs = []
    for key in range(size):
        cuts = chance.integers(0, len(pool) - 60, 4).tolist()
        text = "，".join(pool[cut : cut + 55] for cut in cuts)
        docs.append(Doc(key, pool[cuts[0] : cuts[0] + 12], (Field(text, 1.0),)))
    return docs


_INDEX = Index.build(DOCS, synonyms=SYNONYMS)
