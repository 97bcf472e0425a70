"""How plainly a letter speaks: published figures, and what may never make it worse."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin import packs
from sujin.engine import flesch, plain
from sujin.engine.tables import BadTable

RULES = plain.read_rules(
    packs.rows("cn_bank", "plain_measures"), packs.rows("cn_bank", "plain_words")
)
ZH, EN = RULES["zh"], RULES["en"]
PHRASES = st.sampled_from(
    [
        *(
            "我们查了您的账单",
            "经核查您的账单",
            "这300元系因系统出错多收",
            "您未被告知",
            "三天内退给您",
        ),
        *(
            "鉴于您在合同上签了字",
            "不得不予以退还",
            "依据《信用卡领用合约》第八条",
            "于2026年3月2日",
        ),
        *(
            "您可以自收到之日起三十日内向我行江南分行申请核查",
            "特此函复",
            "囹圄之忧",
            "据此",
            "该笔",
        ),
        "工作人员在办理信用卡时没有就年费的收取标准和收取时间向您作出清楚的说明",
    ]
)
TEXTS = st.lists(PHRASES, min_size=1, max_size=12)
ENGLISH = st.lists(
    st.sampled_from(
        [
            *("we looked at your account", "pursuant to the agreement", "you paid two fees"),
            *("in the event that you disagree", "the remuneration was incorrect", "we are sorry"),
        ]
    ),
    min_size=2,
    max_size=12,
)


@pytest.mark.parametrize(
    ("text", "ease", "school"),
    [
        # Figures given with the formula in general reference works, and worked out by hand:
        # 6 words, 6 syllables; 16 and 23; 13 and 24.
        ("The cat sat on the mat.", 116.1, -1.4),
        (
            "This sentence, taken as a reading passage unto itself, "
            "is being used to prove a point.",
            69.0,
            7.6,
        ),
        (
            "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.",
            37.5,
            11.3,
        ),
    ],
)
def test_english_reads_as_easily_as_flesch_and_kincaid_say(
    text: str, ease: float, school: float
) -> None:
    assert flesch.ease(text) == pytest.approx(ease, abs=0.06)
    assert flesch.school(text) == pytest.approx(school, abs=0.06)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *(("charges", 2), ("makes", 1), ("table", 2), ("used", 1), ("wanted", 2), ("being", 2)),
        *(("people", 2), ("300", 1), ("Ombudsman", 3), ("the", 1), ("www.afca.org.au", 1)),
    ],
)
def test_syllables_are_counted(word: str, count: int) -> None:
    assert flesch.syllables(word) == count


def test_everyday_characters_are_those_of_level_one_of_gb_2312() -> None:
    everyday = [sign for sign in map(chr, range(0x4E00, 0xA000)) if plain.is_everyday(sign)]
    assert len(everyday) == 3755
    assert all(map(plain.is_everyday, "您的账户被多收了年费")) and not plain.is_everyday("囹")
    assert not plain.is_everyday("㐀") and not plain.is_everyday("銀")


@given(TEXTS, st.data())
@settings(max_examples=300, deadline=None)
def test_splitting_a_sentence_at_a_pause_never_lowers_the_score(
    parts: list[str], data: st.DataObject
) -> None:
    whole = "，".join(parts) + "。"
    pauses = [match.start() for match in re.finditer("，", whole)]
    if not pauses:
        return
    at = data.draw(st.sampled_from(pauses))
    split = f"{whole[:at]}。{whole[at + 1 :]}"
    assert plain.judge(split, ZH).score >= plain.judge(whole, ZH).score


@given(TEXTS, st.data())
@settings(max_examples=300, deadline=None)
def test_a_plain_word_for_an_official_one_never_lowers_the_score(
    parts: list[str], data: st.DataObject
) -> None:
    text = "，".join(parts) + "。"
    found = list(ZH.terms.finditer(text))
    if not found:
        return
    match = data.draw(st.sampled_from(found))
    plainer = text[: match.start()] + ZH.words[match[0]].plain + text[match.end() :]
    assert plain.judge(plainer, ZH).score >= plain.judge(text, ZH).score


@given(ENGLISH, st.data())
@settings(max_examples=200, deadline=None)
def test_the_same_holds_in_english(parts: list[str], data: st.DataObject) -> None:
    text = " and ".join(parts) + "."
    at = data.draw(st.sampled_from([one.start() for one in re.finditer(" and ", text)]))
    split = f"{text[:at]}. And {text[at + 5 :]}"
    assert plain.judge(split, EN).score >= plain.judge(text, EN).score
    for match in EN.terms.finditer(text):
        word = EN.words[match[0].casefold()].plain
        plainer = text[: match.start()] + word + text[match.end() :]
        assert plain.judge(plainer, EN).score >= plain.judge(text, EN).score


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_gets_a_score_and_no_error(text: str) -> None:
    for rules in RULES.values():
        verdict = plain.judge(text, rules)
        assert 0 <= verdict.score <= 100 and len(verdict.costly) <= plain.SHOWN


def test_the_dearest_sentences_come_first_with_what_to_write_instead() -> None:
    letter = "# 答复\n\n您好。经核查，该笔年费系因系统出错。\n\n〔写明〕\n\n三天内退给您。"
    verdict = plain.judge(letter, ZH)
    (worst,) = verdict.costly
    assert worst.sentence == "经核查，该笔年费系因系统出错"
    instead = {fault.found: fault.plain for fault in worst.faults if fault.measure == "term"}
    assert instead == {"经核查": "我们查了", "该笔": "这笔", "系因": "是因为"}
    assert plain.judge("年费三天内退。", ZH).faults[0].measure == "unaddressed"


def test_the_name_of_a_contract_costs_nothing_however_long() -> None:
    named = "依据《某某银行股份有限公司个人信用卡（含附属卡）领用合约及分期付款业务章程》退给您。"
    assert plain.judge(named, ZH).score == plain.judge("依据合约退给您。", ZH).score


def test_a_table_that_would_not_help_is_refused_or_named() -> None:
    words = packs.rows("cn_bank", "plain_words")
    circular = [{**words[0], "plain": "兹此，囹"}, *words[1:]]
    measures = packs.rows("cn_bank", "plain_measures")
    assert len(plain.lint(plain.read_rules(measures, circular))) == 2
    assert plain.lint(RULES) == []
    with pytest.raises(BadTable, match="no row for hard"):
        plain.read_rules([row for row in measures if row["row"] != "z4"], words)
