"""How the engine reads a complaint's words: one spelling, search tokens, how many people."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin.engine.folding import _fold_thoroughly
from sujin.engine.text import fold, people, query_tokens, search_tokens, tsquery

PATIENT = settings(deadline=None)  # the first call of all compiles

# Characters of every kind that meet in complaints, and the awkward ones that meet nowhere else.
AWKWARD = (
    "，。：（）！？　ＡｂＣ１２ abcÀß \t\n\r\x00\u200b\ufeff\u00ad\u0301\u3099\ufe0f\ud800"
    "還沒現乾坤著名坏打卡钱İﬁ½…①㈱︰가ㄅ𠮷😀"
)
texts = st.text(alphabet=st.one_of(st.sampled_from(AWKWARD), st.characters()), max_size=40)
words = st.text(alphabet="信用卡盗刷还款催收银行abz019 ，。", max_size=60)


# --- one spelling -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＡＴＭ　取款１００元，没吐钞！", "atm 取款100元,没吐钞!"),
        ("信用卡還款後沒有到賬", "信用卡还款后没有到账"),
        ("銀\u200b行\ufeff卡", "银行卡"),
        ("  多   空\r\n格 ", "多 空 格"),
        ("①②③", "123"),
        ("", ""),
    ],
)
def test_a_customer_may_write_as_she_likes(written: str, folded: str) -> None:
    assert fold(written) == folded


@PATIENT
@given(texts)
def test_a_folded_text_is_folded_for_good(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@PATIENT
@given(texts)
def test_the_short_way_and_the_long_way_fold_alike(text: str) -> None:
    assert fold(text) == _fold_thoroughly(text)


def test_every_single_character_folds_alike_both_ways_and_for_good() -> None:
    for point in range(0x10000):
        written = f"卡{chr(point)}a"
        assert fold(written) == _fold_thoroughly(written) == fold(fold(written)), hex(point)


@PATIENT
@given(texts)
def test_nothing_invisible_survives_and_everything_can_be_stored(text: str) -> None:
    folded = fold(text)
    folded.encode()
    assert not {unicodedata.category(char) for char in folded} & {"Cc", "Cf", "Cs"}


def test_a_simplified_word_is_the_same_word_beside_a_traditional_one() -> None:
    # The phrase list of the simplifier turns 打坏 into another word when left to itself.
    assert fold("还打坏了") == fold("還打坏了") == "还打坏了"


# --- search tokens ------------------------------------------------------------------------------


def test_a_complaint_is_found_by_pairs_words_and_the_last_character_of_a_run() -> None:
    assert search_tokens("信用卡Visa，盗刷") == ["visa", "信用", "刷", "卡", "用卡", "盗刷"]


def test_rare_characters_of_names_are_searchable() -> None:
    assert search_tokens("𠮷野家") == sorted(["𠮷野", "野家", "家"])


def naive_tokens(text: str) -> set[str]:
    found, folded = set(), fold(text) + " "
    for at, char in enumerate(folded[:-1]):
        if "一" <= char <= "鿿":
            after = folded[at + 1]
            found.add(char + after if "一" <= after <= "鿿" else char)
    latin = "".join(char if char.isascii() and char.isalnum() else " " for char in folded)
    return found | set(latin.split())


@PATIENT
@given(words)
def test_tokens_are_those_a_slow_reader_would_list(text: str) -> None:
    assert search_tokens(text) == sorted(naive_tokens(text))


def matches(query: str, text: str) -> bool:
    """As PostgreSQL would: every token present, one Chinese character as a beginning."""
    tokens = search_tokens(text)
    return all(
        any(token.startswith(wanted) if ":*" in part else token == wanted for token in tokens)
        for part in tsquery(query).split(" & ")
        for wanted in [part.split("'")[1]]
    )


@PATIENT
@given(words, st.data())
def test_every_piece_of_a_text_finds_it(text: str, data: st.DataObject) -> None:
    folded = fold("".join(char for char in text if not char.isascii()))
    start = data.draw(st.integers(0, len(folded)))
    piece = folded[start : data.draw(st.integers(start, len(folded)))]
    if query_tokens(piece):
        assert matches(piece, folded)


def test_a_word_that_is_not_there_finds_nothing() -> None:
    assert not matches("房贷", "信用卡被盗刷")
    assert not matches("行", "信用卡被盗刷")


def test_a_query_cannot_break_out_of_its_quotes() -> None:
    assert tsquery("a' | b\\ :* & 盗") == "'a' & 'b' & '盗':*"
    assert tsquery("，。！") == ""


def test_an_endless_letter_is_indexed_by_its_beginning() -> None:
    letter = "".join(chr(0x4E00 + i % 5000) for i in range(6000))
    tokens = search_tokens(letter, limit=100)
    assert len(tokens) <= 100
    assert set(query_tokens(letter[:50])) <= set(tokens)


def test_a_word_too_long_for_the_index_is_cut_alike_in_text_and_query() -> None:
    assert search_tokens("x" * 5000) == query_tokens("x" * 5000) == ["x" * 64]


# --- people -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("我们20多人都买了这个产品", 20),
        ("共15户业主联名反映", 15),
        ("三名客户同时来到网点", 3),
        ("张三等30余人要求退款", 30),
        ("涉及数百人，金额很大", 100),
        ("２０名储户集体投诉", 20),
        ("我们夫妻二人一起签的字", 2),
        ("被骗人员80余人", 80),
    ],
)
def test_people_who_complain_together_are_counted(text: str, number: int) -> None:
    assert people(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "扣了我15000人民币",
        "拨打95588人工客服",
        "他们来了5个人上门催收",
        "3名催收人员堵在门口",
        "前面有40多个人排队",
        "全国20000名用户都能参加",
        "两名客户经理态度很差",
        "我一个人来的",
        "",
    ],
)
def test_people_who_only_appear_in_a_complaint_are_not_counted(text: str) -> None:
    assert people(text) == 1
